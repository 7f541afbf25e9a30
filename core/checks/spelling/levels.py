"""Levels that say one thing in several spellings, and units that are mixed in a column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import pandas as pd

from core.checks.finding import Finding, Fix, Severity, Subject
from core.data.table import Column
from core.spec import CLASSIFICATION, WITH_LEVELS
from core.standalone.counts import counted, first_of
from core.standalone.rows.booleans import truth

MOST_LEVELS = 10_000
"""Different values from which a category is no longer looked through; groups always are."""
LEAKING = 0.01
"""Share of rows in another spelling of their group from which scores mislead."""
SHOWN = 4
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
DASHES = re.compile("[\u2010-\u2015\u2212]")
WHOLE = re.compile(r"(?:\+|(?P<minus>-?))0*(?P<digits>\d+?)(?:[.,]0+)?")
UNITS = tuple(
    frozenset(words.split())
    for words in (
        "mm cm dm m km in inch inches ft foot feet yd yard yards mi mile miles µm um nm millimeter "
        "millimetre centimeter centimetre meter metre kilometer zoll pouce pulgada pollici",
        "mg g kg t lb lbs oz pound pounds gram grams kilogram ton tons tonne pfund",
        "c f k °c °f celsius fahrenheit kelvin degc degf",
        "ml cl dl l liter litre gal gallon gallons m3 cm3 ft3",
        "pa kpa hpa mpa bar mbar psi atm mmhg",
        "ms s sec second seconds min minute minutes h hr hour hours d day days",
        "eur usd gbp chf jpy cny inr sek nok dkk pln czk huf $ € £ ¥ euro dollar dollars euros",
        "j kj kcal cal wh kwh mwh",
        "m/s km/h mph kn knots",
        "mg/dl mmol/l g/l µg/l ug/l ng/ml g/dl",
    )
)
"""Units of one quantity, without regard to case; a column of them says in which unit others are written."""


def lookalike_levels(subject: Subject) -> list[Finding]:
    """Levels of target, group or category that differ in case, blanks, stops or zeros, or say yes or no."""
    goal = [subject.goal] if subject.task in CLASSIFICATION else []
    findings = []
    for column in (*goal, *subject.placing("group"), *subject.features(*WITH_LEVELS)):
        if column.physical != "text" or (column.unique > MOST_LEVELS and column.role != "group"):
            continue
        counts = subject.frame[column.name].value_counts()
        joined = spelled_alike([str(level) for level in counts.index])
        if joined:
            findings.append(_alike(subject, column, joined, counts))
    return findings


def spelled_alike(levels: Iterable[str]) -> dict[str, str]:
    """Level -> the commoner one that it is another spelling of; yes and no in any language are two levels.

    Args:
        levels: all of a column, the commonest first. Words for yes and no count where all levels are some.
    """
    listed = list(levels)
    truths = {level: truth(_plain(level)) for level in listed}
    is_truth = len(listed) > 2 and all(value is not None for value in truths.values())
    first: dict[object, str] = {}
    joined = {}
    for level in listed:
        key = truths[level] if is_truth else _plain(level)
        if first.setdefault(key, level) != level:
            joined[level] = first[key]
    return joined


def _plain(level: str) -> str:
    """A level without regard to case, blanks, stops at its ends, dashes and ways to write a letter.

    Of a whole number, leading zeros, a plus and decimals that are zero do not count either.
    """
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", level))
    plain = " ".join(DASHES.sub("-", text).casefold().split()).strip(" .,;:")
    whole = WHOLE.fullmatch(plain)
    return f"{whole['minus'] or ''}{whole['digits']}" if whole else plain


def _alike(subject: Subject, column: Column, joined: dict[str, str], counts: pd.Series) -> Finding:
    is_target = column.name == subject.target
    shown = [
        f"{level!r} ({int(counts[level]):,}) and {other!r} ({int(counts[other]):,})"
        for level, other in joined.items()
    ]
    reason = f"{first_of(shown, SHOWN)} look like one value written in two ways."
    if is_target:
        left = column.unique - len(joined)
        reason += f" As they stand they are {counted(column.unique, 'class')}; joined they are {left:,}."
    severity: Severity = "error" if is_target else "info"
    if column.role == "group":
        moved = int(counts[list(joined)].sum())
        severity = "error" if moved >= LEAKING * len(subject.frame) else "warn"
        reason += (
            f" As they stand they are {counted(column.unique, 'group')}, and rows of one may be on both "
            f"sides of the split; joined they are {column.unique - len(joined):,}."
        )
    rows: dict[str, int] = {}
    for level, count in counts.items():
        rows[joined.get(str(level), str(level))] = rows.get(joined.get(str(level), str(level)), 0) + int(
            count
        )
    args = {"column": column.name, "levels": joined, "counts": rows}
    fix = Fix(edit="join_levels", args=args, label="Join them")
    return Finding(code="LOOKALIKE", severity=severity, column=column.name, reason=reason, fix=fix)


def mixed_units(subject: Subject) -> list[Finding]:
    """Columns of units that are not the same in all rows: numbers beside them are not comparable."""
    findings = []
    for column in subject.columns:
        if column.physical != "text" or not 2 <= column.unique <= len(UNITS[0]):
            continue
        counts = subject.frame[column.name].value_counts()
        words = {str(level).strip().casefold() for level in counts.index}
        if len(words) > 1 and any(words <= units for units in UNITS):
            listed = ", ".join(f"{count:,} {str(level)!r}" for level, count in counts.items())
            reason = (
                f"Its values are units, and not the same in all rows ({listed}): the numbers they belong to "
                "cannot be compared as they stand. Convert them to one unit in the file."
            )
            findings.append(Finding(code="MIXED_UNITS", severity="warn", column=column.name, reason=reason))
    return findings
