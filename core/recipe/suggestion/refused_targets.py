"""Targets that are refused, named for what they are, with what to do."""

from __future__ import annotations

import pandas as pd

from core.data.table import Column, Marks
from core.data.types.marked import marks_of
from core.data.types.number_shares import mixed_numbers
from core.data.types.number_text import common_unit
from core.data.types.odd_dates import dates_of
from core.data.types.written_marks import written_marks
from core.errors import FoldlineError
from core.standalone.counts import counted

MANY_CLASSES = 100
DATES = "Choose another target, or write in the file what is to be predicted as a number, such as days."
UNIT = "Leave {!r} out in the file, so that the column holds numbers, or choose another target."
ONE_UNIT = "Write plain numbers of one unit in the file, or choose another target."
MIXED = (
    "Choose regression as the task to learn from the rows with a number, correct the others in the file, or "
    "choose another target."
)
CLOCK = "Write them as numbers in the file, such as minutes, or choose another target."
MEASURED = (
    "If they are measured, choose regression as the task: they are then read to 15 digits. Else choose "
    "another target."
)
LONG_NUMBER = r"\s*[+-]?\d{16,}\s*"
MOSTLY_LONG = 0.5
ONE_WAY = "Write all numbers in one way in the file, without marks of thousands, or choose another target."


def refuse_measured(column: Column, texts: pd.Series, decimal: str) -> None:
    """Refuse texts that are measured numbers or dates and no classes, named for what they are."""
    refuse_units(column.name, texts, common_unit(texts) if too_many(column) else "")
    if not too_many(column):
        return
    if texts.str.fullmatch(LONG_NUMBER).mean() >= MOSTLY_LONG:
        problem = (
            f"has {counted(column.unique, 'different whole number')} of more than 15 digits, as keys have."
        )
        raise refused_target(column.name, problem, MEASURED)
    mixed = mixed_numbers(texts, decimal)
    if mixed is not None:
        raise refused_target(column.name, f"holds numbers beside other texts: {mixed.words}.", MIXED)
    dates = dates_of(texts)
    if dates is not None:
        raise refused_target(column.name, f"{dates.words}.", DATES)


def refuse_units(name: str, texts: pd.Series, unit: str) -> None:
    """Refuse numbers with units or currencies, and clock times, named for what they are.

    Args:
        unit: that stands behind nearly all, or empty.
    """
    if unit:
        raise refused_target(name, f"is written with {unit!r} behind its numbers.", UNIT.format(unit))
    marks = marks_of(texts)
    if marks is not None and marks.clock:
        raise refused_target(name, f"holds clock times or durations ({marks.words()}).", CLOCK)
    if marks is not None and marks.units:
        several = f" in {counted(len(marks.units), 'unit')} or currencies" if len(marks.units) > 1 else ""
        raise refused_target(name, f"holds numbers{several} ({marks.words()}).", ONE_UNIT)


def refuse_two_readings(name: str, texts: pd.Series, marks: Marks) -> None:
    """Refuse numbers in which both marks stand before three digits, as two ways of writing thousands do."""
    if not marks:
        return
    written = written_marks(texts, marks)
    if written.grouped[0] and written.open[0]:
        problem = (
            f"is written in two ways: {marks[0]!r} marks thousands in {written.grouped[1]!r} and "
            f"{counted(written.grouped[0] - 1, 'other cell')}, and {marks[1]!r} may do so in "
            f"{written.open[1]!r} and {written.open[0] - 1:,} others."
        )
        raise refused_target(name, problem, ONE_WAY)


def too_many(column: Column) -> bool:
    """Whether a column of texts has more of them than classes have."""
    texts = column.physical != "number" and column.unique > 2
    return texts and (column.kind in ("id", "text") or column.unique > MANY_CLASSES)


def refused_target(name: str, problem: str, remedy: str) -> FoldlineError:
    """The refusal of a target, as one sentence after its name."""
    return FoldlineError("TARGET", f"The target {name!r} {problem}", remedy, name)
