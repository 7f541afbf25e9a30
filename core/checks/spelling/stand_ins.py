"""Values that stand for "no value", such as -999 or ``?``, in features and in the target."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.checks.finding import Finding, Fix, Severity, Subject
from core.checks.spelling.odd_days import odd_days
from core.data.kinds import SAMPLE
from core.data.profile import label
from core.data.table import MISSING_WORDS, Column
from core.spec import CLASSIFICATION, WITH_LEVELS, Role
from core.standalone.counts import counted

NINES = (-99, -999, -9999, -99999, 999, 9999, 99999, 999999)
STAND_INS = (
    *NINES, -1, -9, 97, 98, 99, 997, 998, -88, -888, -8888, 8888, -99.9, -999.9, -9999.9, 999.9, 9999.9,
    -999.25, -32768, 32767, -2147483648, 2147483647, 1e20, -1e20, 1e30, -1e30, 9.969209968386869e36,
)  # fmt: skip
"""Numbers that programs, surveys and instruments write where they have none."""
FAR = 1.5
CLEAR = 0.25
"""Widths of the others that lie between them and a number which many rows share."""
MANY_TIMES = 2
"""So many times as frequent as nine of ten others is a number that many rows share."""
LEAST_ROWS = 5
LEAST_SHARE = 0.001
FEWEST_OTHERS = 4
FEW_CODES = 10
"""A target of numbers with so few different ones holds codes or a scale."""
SHARE_OF_MINUS_ONE = 0.01
SIGNS = (
    "?", "-", "--", "---", ".", "..", "_", "/", "#", "*", "n.a.", "n.a", "#n/a", "n/a", "na", "null", "nan",
)  # fmt: skip
WORDS = (
    "unknown", "missing", "undefined", "unspecified", "not available", "not applicable", "not known",
    "not specified", "no data", "tbd", "tba", "xxx", "(blank)", "blank", "empty", "nil",
    "unbekannt", "keine angabe", "k.a.", "k. a.", "keine", "fehlt", "inconnu", "non renseigné", "aucune",
    "desconocido", "sin dato", "sin datos", "sconosciuto", "non disponibile", "desconhecido", "onbekend",
    "geen", "okänd", "ukjent", "ukendt", "nieznany", "brak", "neznámé", "неизвестно", "нет данных",
    "不明", "未知",
)  # fmt: skip
SPLIT_BY: dict[Role, str] = {
    "time": "As a time it makes these rows the latest, or the earliest; read as missing they count as the "
    "earliest, are never in the test set, and the split tells how many they are.",
    "group": "As a group it keeps rows together that have nothing in common; read as missing they still "
    "count as one group, and the split tells how many they are.",
}
"""What becomes of rows whose time or group is a sign for "no value"."""
PLUSES, MINUSES = ("+", "++", "+++"), ("-", "--", "---")
SIGNS_AND_WORDS = frozenset(word.casefold() for word in (*SIGNS, *WORDS))


def disguised_missing(subject: Subject) -> list[Finding]:
    """Values such as -999 or ``?`` that stand for "no value", in features, target, group and time.

    A number must look like a stand-in, lie far from the other values and be frequent for its place, as in
    DataRobot's disguised missing values, or be one that many rows share beyond all others; a text must be a
    known sign or word.
    """
    findings = []
    placing = subject.placing("group", "time")
    for column in (*_number_target(subject), *placing, *subject.features("numeric", "datetime")):
        values, is_goal = subject.frame[column.name], column.name == subject.target
        if column.physical == "number":
            odd = odd_numbers(values, 1 if is_goal or column.role in SPLIT_BY else LEAST_ROWS)
            findings += [_stand_in(subject, column, label(v), n) for v, n in odd]
        elif column.physical == "datetime":
            findings += [_stand_in(subject, column, day, n) for day, n in odd_days(values)]
    for column in (*subject.placing("group"), *subject.features(*WITH_LEVELS)):
        if column.physical == "text":
            findings += _odd_texts(subject, column)
    if subject.goal.physical == "number" and subject.goal.unique <= FEW_CODES:
        findings += _number_classes(subject)
    elif subject.task in CLASSIFICATION and subject.goal.physical == "text":
        findings += _word_classes(subject)
    return findings


def _number_target(subject: Subject) -> tuple[Column, ...]:
    is_measured = subject.task not in CLASSIFICATION and subject.goal.unique > FEW_CODES
    return (subject.goal,) if is_measured else ()


def odd_numbers(values: pd.Series, least: int) -> list[tuple[float, int]]:
    """The numbers of a column that look like signs for "no value", with their numbers of rows.

    Args:
        least: rows that a number of nines must stand in; the others need five.
    """
    present = values.dropna().to_numpy(dtype="float64")
    suspects = np.isin(present, STAND_INS) | _shared_end(present)
    others = present[~suspects]
    if not suspects.any() or len(np.unique(others[:SAMPLE])) < FEWEST_OTHERS:
        return []
    low, high = np.quantile(others, (0.01, 0.99))
    width, odd = high - low, []
    for value, count in zip(*np.unique(present[suspects], return_counts=True), strict=True):
        share = count / len(present)
        far = value > high + FAR * width or value < low - FAR * width
        only_negative = value < 0 <= others.min() and (value != -1 or share >= SHARE_OF_MINUS_ONE)
        clear = _is_clear(value, int(count), others, width)
        fewest = least if value in NINES and (far or only_negative) else LEAST_ROWS
        often = count >= fewest and (share >= LEAST_SHARE or fewest == 1)
        if often and (far or only_negative or clear):
            odd.append((float(value), int(count)))
    return odd


def _shared_end(present: np.ndarray) -> np.ndarray:
    """Which numbers are the smallest or the largest one and stand in many more rows than any other.

    One that most rows have, such as 0 of a count, is what is usual.
    """
    values, counts = np.unique(present, return_counts=True)
    if len(values) <= FEWEST_OTHERS:
        return np.zeros(len(present), dtype=bool)
    fewest = max(LEAST_ROWS, MANY_TIMES * np.quantile(counts, 0.9))
    ends = [values[end] for end in (0, -1) if fewest <= counts[end] <= len(present) / 2]
    return np.isin(present, ends)


def _is_clear(value: float, count: int, others: np.ndarray, width: float) -> bool:
    """Whether a number that many rows share lies clearly beyond all others."""
    _, counts = np.unique(others, return_counts=True)
    beyond = max(others.min() - value, value - others.max())
    return bool(beyond > CLEAR * width and count >= MANY_TIMES * np.quantile(counts, 0.9))


def _number_classes(subject: Subject) -> list[Finding]:
    """Classes of a target of codes that may stand for "no value", such as 9 or -999 beside 0 and 1."""
    counts = subject.frame[subject.target].value_counts()
    others = [float(value) for value in counts.index if value not in (*NINES, -1, -9, 9, 99)]
    suspects = [float(value) for value in counts.index if float(value) not in others]
    if len(others) < 2 or not suspects:
        return []
    width = max(others) - min(others)
    odd = [v for v in suspects if v < 0 <= min(others) or v > max(others) + max(2.0, width)]
    if subject.task in CLASSIFICATION:
        return [_class_finding(subject.goal, label(value), int(counts[value])) for value in odd]
    return [_stand_in(subject, subject.goal, label(value), int(counts[value])) for value in odd]


def _word_classes(subject: Subject) -> list[Finding]:
    """Classes of the target that may stand for "no value"."""
    values = _without_minuses(subject.frame[subject.target])
    numbers = tuple(str(number) for number in NINES)
    is_missing = values.str.casefold().isin([word.casefold() for word in MISSING_WORDS])
    counts = values[_are_signs(values) | is_missing | values.isin(numbers)].value_counts()
    return [_class_finding(subject.goal, str(level), int(count)) for level, count in counts.items()]


def _are_signs(values: pd.Series) -> pd.Series:
    """Which texts are a sign or word for "no value", whatever their case."""
    return values.str.casefold().isin(SIGNS_AND_WORDS)


def _without_minuses(values: pd.Series) -> pd.Series:
    """The texts without a minus that is the opposite of a plus, as in the result of a test."""
    return values[~(values.isin(MINUSES) & values.isin(PLUSES).any())]


def _class_finding(goal: Column, level: str, count: int) -> Finding:
    return Finding(
        code="DISGUISED_MISSING",
        severity="warn",
        column=goal.name,
        reason=f"{level} stands in {counted(count, 'row')} of the target and counts as a class of its own. "
        "If it means that there is no value, read it as missing.",
        fix=_as_missing(goal.name, level),
    )


def _as_missing(column: str, value: str) -> Fix:
    return Fix(edit="add_missing", args={"column": column, "value": value}, label=f"Read {value} as missing")


def _odd_texts(subject: Subject, column: Column) -> list[Finding]:
    values = _without_minuses(subject.frame[column.name])
    counts = values[_are_signs(values)].value_counts()
    return [_stand_in(subject, column, str(level), int(count)) for level, count in counts.items()]


def _stand_in(subject: Subject, column: Column, value: str, count: int) -> Finding:
    severity: Severity = "info" if value.strip().casefold() in (*WORDS, "0") else "warn"
    stands = f"{value} stands in {counted(count, 'row')}"
    fix = _as_missing(column.name, value)
    if column.name == subject.target:
        reason = (
            f"{stands} of the target and looks like a sign for “no value”: models learn it as a number. Read "
            "as missing, these rows would be left out."
        )
    else:
        reason = f"{stands} and looks like a sign for “no value”."
    if column.role in SPLIT_BY:
        severity, reason = "warn", f"{reason} {SPLIT_BY[column.role]}"
    return Finding(code="DISGUISED_MISSING", severity=severity, column=column.name, reason=reason, fix=fix)
