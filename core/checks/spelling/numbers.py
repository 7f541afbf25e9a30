"""Columns of text that are numbers or dates but for what stands beside or between them."""

from __future__ import annotations

import pandas as pd

from core.checks.finding import Finding, Fix, Subject, leave_out
from core.data.kinds import SAMPLE
from core.data.profile import some_rows
from core.data.table import Column, Marks
from core.data.types.marked import marks_of
from core.data.types.number_shares import commonest, mixed_numbers, number_marks, numeric_share
from core.data.types.odd_dates import dates_of
from core.standalone.cells import as_number
from core.standalone.counts import counted

MARKED_SHARE = 0.8
"""Share of the texts that must be numbers with their marks before a click is offered that reads them."""
LONG = 16
"""Digits from which an integer may be beyond what float64 holds exactly."""


def mixed_types(subject: Subject, share: float) -> list[Finding]:
    """Text columns that hold numbers or dates but for some values, or numbers with signs or units."""
    findings = []
    for column in subject.features("categorical", "text"):
        if column.physical != "text" or column.unique < 3:
            continue
        present = subject.frame[column.name].dropna()
        sample = some_rows(present.to_frame(), SAMPLE, subject.seed)[column.name]
        numbers = float(as_number(sample, subject.decimal).notna().mean()) if len(sample) else 0.0
        if numbers >= share and not changed_as_numbers(sample):
            reason = f"{numbers:.1%} of its values are numbers; the rest would be missing."
            fix = _read_as(column, "Read it as numbers", kind="numeric")
            findings.append(_finding(column, reason, fix))
        elif numbers < share:
            findings += (
                _marked(column, sample, subject.decimal)
                or _dates(column, present)
                or _mixed(column, present, subject.decimal)
            )
    return findings


def _marked(column: Column, sample: pd.Series, decimal: str) -> list[Finding]:
    """Numbers with signs or units, which a model takes as words."""
    read = number_marks(sample, decimal) if sample.str.contains(r"\d").mean() >= MARKED_SHARE else ""
    if read and numeric_share(sample, decimal, read) >= MARKED_SHARE:
        return [_finding(column, *_with_marks(column, sample, decimal, read))]
    marks = marks_of(sample)
    if marks is None:
        return []
    units = f" in {counted(len(marks.units), 'unit')}" if len(marks.units) > 1 else ""
    reason = (
        f"It holds numbers{units} with signs beside them ({marks.words()}): a model takes each as a word. "
        f"Write plain numbers{' of one unit' if units else ''} in the file, or leave the column out."
    )
    return [_finding(column, reason, leave_out(column.name))]


def _dates(column: Column, present: pd.Series) -> list[Finding]:
    """Dates beside other texts, or dates that are not read."""
    dates = dates_of(present)
    if dates is None:
        return []
    if dates.odd is None:
        reason = f"It {dates.words}: a model takes each as a word. {dates.remedy}"
        return [_finding(column, reason, leave_out(column.name))]
    share = 1 - len(dates.odd) / len(present)
    reason = (
        f"{share:.1%} of its values are dates: it {dates.words} ({commonest(dates.odd)}). Read as dates, "
        "these would be missing; as it stands, a model takes each value as a word."
    )
    fix = _read_as(column, "Read it as dates", kind="datetime", format=dates.format)
    return [_finding(column, reason, fix)]


def _mixed(column: Column, present: pd.Series, decimal: str) -> list[Finding]:
    """Numbers beside other texts."""
    mixed = mixed_numbers(present, decimal)
    if mixed is None or changed_as_numbers(present):
        return []
    reason = (
        f"{mixed.words}. Read as numbers, these would be missing; as it stands, a model takes each "
        "value as a word."
    )
    fix = _read_as(column, "Read it as numbers", kind="numeric", marks=mixed.marks)
    return [_finding(column, reason, fix)]


def _with_marks(column: Column, sample: pd.Series, decimal: str, marks: Marks) -> tuple[str, Fix]:
    """What a person is told of amounts that can be read with marks of thousands, and the click that does."""
    numbers = as_number(sample, decimal, marks)
    at = numbers[as_number(sample, decimal).isna() & numbers.notna()].index[0]
    lost = int(numbers.isna().sum())
    rest = f", and {lost / len(sample):.1%} of the values would be missing" if lost else ""
    reason = (
        "It holds numbers with marks of thousands or signs, kept as text: a model takes each as a word. Read "
        f"as numbers, {str(sample[at])[:40]!r} is {numbers[at]:.15g}{rest}."
    )
    return reason, _read_as(column, "Read it as numbers", kind="numeric", marks=marks)


def _read_as(column: Column, label: str, **how: str) -> Fix:
    return Fix(edit="set_kind", args={"column": column.name, **how}, label=label)


def _finding(column: Column, reason: str, fix: Fix) -> Finding:
    return Finding(code="MIXED_TYPES", severity="warn", column=column.name, reason=reason, fix=fix)


def is_measured(texts: pd.Series, decimal: str) -> bool:
    """Whether texts are numbers, signs and units beside them or not, or dates: no keys."""
    numbers = as_number(texts, decimal).notna().mean() if len(texts) else 0.0
    return bool(
        numbers >= 0.95
        or marks_of(texts) is not None
        or dates_of(texts) is not None
        or mixed_numbers(texts, decimal) is not None
    )


def changed_as_numbers(texts: pd.Series) -> bool:
    """Whether texts would not survive as float64: codes with a leading zero, integers too long for it."""
    return bool(texts.str.fullmatch(rf"\s*[+-]?(?:0\d.*|\d{{{LONG},}})\s*").any())
