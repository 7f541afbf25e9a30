"""Checks of single columns and of pairs of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.checks.finding import Finding, Fix, Severity, Subject, leave_out
from core.data.kinds import LEAST_ID_ROWS, SAMPLE, named_like_id, number_share
from core.data.profile import correlated, label, some_rows
from core.data.table import MISSING_WORDS, Column
from core.spec import CLASSIFICATION, WITH_LEVELS

STAND_INS = (-1, -9, -99, -999, -9999, -99999, 97, 98, 99, 997, 998, 999, 9999, 99999, 999999)
FAR = 1.5
LEAST_ROWS = 5
LEAST_SHARE = 0.001
SHARE_OF_MINUS_ONE = 0.01
SIGNS = (
    "?",
    "-",
    "--",
    "---",
    ".",
    "..",
    "_",
    "/",
    "#",
    "*",
    "n.a.",
    "n.a",
    "#n/a",
    "n/a",
    "na",
    "null",
    "nan",
)
WORDS = (
    "unknown", "missing", "undefined", "unspecified", "not available", "not applicable", "not known",
    "not specified", "no data", "tbd", "tba", "xxx", "(blank)", "blank", "empty", "nil",
)  # fmt: skip
TWIN_ROWS = 20_000
LONG = 16
"""Digits from which an integer may be beyond what float64 holds exactly."""
MOST_LEVELS = 10_000
SPELLINGS = tuple(
    form for word in (*SIGNS, *WORDS) for form in {word, word.upper(), word.capitalize(), word.title()}
)


def constant(subject: Subject) -> list[Finding]:
    """Columns with one value or none; no model sees them."""
    return [
        Finding(code="CONSTANT", severity="info", column=c.name, reason=f"{c.reason} It is left out.".strip())
        for c in subject.columns
        if c.kind == "constant" and c.name != subject.target
    ]


def id_like(subject: Subject, share: float) -> list[Finding]:
    """Columns that name the row instead of describing it."""
    findings = []
    used = {c.name for c in subject.features("numeric", "categorical")}
    for column in subject.columns:
        if column.name == subject.target:
            continue
        if column.kind == "id":
            reason = f"{column.reason or 'Its values name the row.'} It is left out."
            findings.append(Finding(code="ID_LIKE", severity="info", column=column.name, reason=reason))
        elif column.name in used and _names_rows(subject, column, share):
            reason = (
                f"{column.unique:,} of {len(subject.frame) - column.missing:,} values are different: a model "
            )
            reason += "would learn the rows by heart."
            fix = leave_out(column.name)
            findings.append(
                Finding(code="ID_LIKE", severity="warn", column=column.name, reason=reason, fix=fix)
            )
    return findings


def _names_rows(subject: Subject, column: Column, share: float) -> bool:
    present = len(subject.frame) - column.missing
    if present < LEAST_ID_ROWS or column.unique < share * present:
        return False
    if column.physical == "text":
        return number_share(subject.frame[column.name].dropna().head(SAMPLE)) < 0.95
    values = subject.frame[column.name].dropna().to_numpy()
    if column.unique < present or np.any(values % 1):
        return False
    steps = np.diff(values)
    return named_like_id(column.name) or bool(np.all(steps > 0) or np.all(steps < 0))


def high_missing(subject: Subject, share: float) -> list[Finding]:
    """Features with few values."""
    rows = max(1, len(subject.frame))
    return [
        Finding(
            code="HIGH_MISSING",
            severity="warn",
            column=c.name,
            reason=f"{c.missing / rows:.0%} of the rows have no value.",
            fix=leave_out(c.name),
        )
        for c in subject.features()
        if c.missing > share * rows
    ]


def disguised_missing(subject: Subject) -> list[Finding]:
    """Values such as -999 or ``?`` that stand for "no value".

    A number must look like a stand-in, lie far from the other values and be frequent for its place, as in
    DataRobot's disguised missing values; a text must be a known sign or word.
    """
    findings = []
    for column in subject.features("numeric"):
        if column.physical == "number":
            findings += [_stand_in(column, label(v), n) for v, n in _odd_numbers(subject.frame[column.name])]
    for column in subject.features(*WITH_LEVELS):
        if column.physical == "text":
            findings += _odd_texts(subject.frame[column.name], column)
    if subject.task in CLASSIFICATION and subject.goal.physical == "text":
        findings += _word_classes(subject.frame[subject.target], subject.goal)
    return findings


def _word_classes(values: pd.Series, goal: Column) -> list[Finding]:
    """Classes of the target that may stand for "no value"."""
    counts = values[values.isin((*SPELLINGS, *MISSING_WORDS))].value_counts()
    return [
        Finding(
            code="DISGUISED_MISSING",
            severity="warn",
            column=goal.name,
            reason=f"{level} stands in {count:,} rows of the target and counts as a class of its own. If it "
            "means that there is no value, read it as missing.",
            fix=_as_missing(goal.name, str(level)),
        )
        for level, count in counts.items()
    ]


def _as_missing(column: str, value: str) -> Fix:
    return Fix(edit="add_missing", args={"column": column, "value": value}, label=f"Read {value} as missing")


def _odd_numbers(values: pd.Series) -> list[tuple[float, int]]:
    present = values.dropna().to_numpy()
    stand_ins = np.isin(present, STAND_INS)
    others = present[~stand_ins]
    if not stand_ins.any() or len(np.unique(others[:SAMPLE])) < 4:
        return []
    low, high = np.quantile(others, (0.01, 0.99))
    odd = []
    for value, count in zip(*np.unique(present[stand_ins], return_counts=True), strict=True):
        share = count / len(present)
        far = value > high + FAR * (high - low) or value < low - FAR * (high - low)
        only_negative = value < 0 <= others.min() and (value != -1 or share >= SHARE_OF_MINUS_ONE)
        if count >= LEAST_ROWS and share >= LEAST_SHARE and (far or only_negative):
            odd.append((float(value), int(count)))
    return odd


def _odd_texts(values: pd.Series, column: Column) -> list[Finding]:
    counts = values[values.isin(SPELLINGS)].value_counts()
    return [_stand_in(column, str(level), int(count)) for level, count in counts.items()]


def _stand_in(column: Column, value: str, count: int) -> Finding:
    return Finding(
        code="DISGUISED_MISSING",
        severity="info" if value.strip().casefold() in WORDS else "warn",
        column=column.name,
        reason=f"{value} stands in {count:,} rows and looks like a sign for “no value”.",
        fix=_as_missing(column.name, value),
    )


def mixed_types(subject: Subject, share: float) -> list[Finding]:
    """Text columns that hold numbers but for a few values."""
    findings = []
    for column in subject.features("categorical", "text"):
        if column.physical != "text" or column.unique < 3:
            continue
        sample = some_rows(subject.frame[[column.name]].dropna(), SAMPLE, subject.seed)[column.name]
        numbers = number_share(sample)
        if numbers >= share and not changed_as_numbers(sample):
            fix = Fix(
                edit="set_kind", args={"column": column.name, "kind": "numeric"}, label="Read it as numbers"
            )
            reason = f"{numbers:.1%} of its values are numbers; the rest would become missing."
            findings.append(
                Finding(code="MIXED_TYPES", severity="warn", column=column.name, reason=reason, fix=fix)
            )
    return findings


def changed_as_numbers(texts: pd.Series) -> bool:
    """Whether texts would not survive as float64: codes with a leading zero, integers too long for it."""
    return bool(texts.str.fullmatch(rf"\s*[+-]?(?:0\d.*|\d{{{LONG},}})\s*").any())


def lookalike_levels(subject: Subject) -> list[Finding]:
    """Levels that differ only in case, blanks or a stop at the end, in the target or in a category."""
    goal = [subject.goal] if subject.task in CLASSIFICATION else []
    findings = []
    for column in (*goal, *subject.features(*WITH_LEVELS)):
        if column.physical != "text" or column.unique > MOST_LEVELS:
            continue
        levels = pd.Series(subject.frame[column.name].dropna().unique(), dtype="str")
        key = levels.str.casefold().str.replace(r"\s+", " ", regex=True).str.strip(" .,;:")
        alike = levels[key.duplicated(keep=False)]
        if not len(alike):
            continue
        pair = alike[key[alike.index] == key[alike.index[0]]]
        reason = f"{pair.iloc[0]!r} and {pair.iloc[1]!r} look like one value written in two ways."
        severity: Severity = "error" if column.name == subject.target else "info"
        findings.append(Finding(code="LOOKALIKE", severity=severity, column=column.name, reason=reason))
    return findings


def repeated_columns(subject: Subject) -> list[Finding]:
    """Features that say what an earlier one says: ranks that go together, or levels that match one to one."""
    pairs = [
        (pair.a, pair.b, f"Its ranks follow those of {pair.a} (Spearman {pair.spearman:.2f}).")
        for pair in correlated(subject.frame, subject.features("numeric"), subject.target, subject.seed)
    ]
    pairs += _twins(subject)
    reasons: dict[str, str] = {}
    for _, second, reason in pairs:
        reasons.setdefault(second, reason)
    return [
        Finding(code="CORRELATED", severity="info", column=name, reason=reason, fix=leave_out(name))
        for name, reason in reasons.items()
    ]


def _twins(subject: Subject) -> list[tuple[str, str, str]]:
    rows = some_rows(subject.frame, TWIN_ROWS, subject.seed)
    seen: dict[bytes, str] = {}
    twins = []
    for column in subject.features(*WITH_LEVELS):
        codes = pd.factorize(rows[column.name])[0].astype("int32").tobytes()
        if codes in seen:
            twins.append((seen[codes], column.name, f"Its levels match those of {seen[codes]} one to one."))
        else:
            seen[codes] = column.name
    return twins
