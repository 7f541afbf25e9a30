"""Cells of a new column that the model cannot read: how many, an example, and when they are too many."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from ..cells import as_datetime, as_number, as_text, holds_durations, is_infinite, without_century
from ..counts import agreeing, counted, counted_of
from ..files.decimal_mark import MARK_WORDS
from .trained_column import RowNote, TrainedColumn

FEWEST_LOST = 5
MOST_LOST = 0.5
"""Share of the cells of a column that may be lost; with more, the other columns alone would predict."""


def infinite_note(name: str, count: int) -> str:
    """The sentence about the infinite cells of a column."""
    return f"{name!r}: {counted(count, 'infinite value', 'was')} taken as missing."


def given_cells(values: pd.Series, column: TrainedColumn, missing: Sequence[str]) -> pd.Series:
    """The cells of a column without those that mean "no value"; texts trimmed.

    Args:
        values: raw or typed cells, any length.
        missing: texts that mean "no value" in every column.
    """
    if pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values
    if column.physical == "number" and holds_durations(values):
        return as_number(values)
    text = as_text(values)
    return text.mask(text.isin([*missing, *column.missing]))


def read_cells(given: pd.Series, column: TrainedColumn, decimal: str) -> pd.Series:
    """What the model reads of the cells of a column of numbers, or of dates; missing where nothing."""
    if column.kind == "numeric":
        return as_number(given, decimal, column.marks)
    return as_datetime(given, column.format)


def lost_notes(given: pd.Series, lost: pd.Series, column: TrainedColumn, decimal: str) -> list[RowNote]:
    """Cells that hold something which is no number, or no date of the format of the others."""
    infinite = lost & is_infinite(given, decimal) if column.kind == "numeric" else lost & False
    odd = lost & ~infinite
    notes = []
    if infinite.any():
        count = int(infinite.sum())
        notes.append(RowNote("INFINITE", column.name, infinite_note(column.name, count), "warn", count))
    if odd.any():
        count, example = int(odd.sum()), _example(given[odd])
        cells = f"{counted(count, 'cell')} of {column.name!r} {agreeing('is', count)}"
        text = f"{cells} no {_wanted(column, example)}, such as {example!r}: taken as missing."
        notes.append(RowNote("TYPE", column.name, text, "warn", count))
    return notes


def mostly_lost(
    values: pd.Series, column: TrainedColumn, missing: Sequence[str], decimal: str
) -> tuple[str, str] | None:
    """The problem and a remedy where most cells of a column of numbers, or of dates, cannot be read.

    Args:
        values: raw or typed cells, any length.
        missing, decimal: as in ``column_notes``.
    """
    if column.kind not in ("numeric", "datetime") or column.levels:
        return None
    given = given_cells(values, column, missing)
    lost = given.notna() & read_cells(given, column, decimal).isna()
    if column.kind == "numeric":
        lost &= ~is_infinite(given, decimal)
    count, present = int(lost.sum()), int(given.notna().sum())
    if count < FEWEST_LOST or count <= MOST_LOST * present:
        return None
    example = _example(given[lost])
    are = f"{column.name!r}: {counted_of(count, present, 'cell', 'is')}"
    problem = (
        f"{are} no {_wanted(column, example)}, such as {example!r}: most of the column would be missing."
    )
    return problem, _remedy_of(column, decimal)


def _example(cells: pd.Series) -> str:
    return str(as_text(cells.iloc[:1]).iloc[0])[:40]


def _wanted(column: TrainedColumn, example: str) -> str:
    """What a cell should be; one with digits may be a number, or a date of another form, to a person."""
    has_digits = any(map(str.isdigit, example))
    if column.kind == "numeric":
        return "plain number" if has_digits else "number"
    is_other = _shape(example) != _shape(pd.Timestamp("2024-12-31").strftime(_form(column)))
    return f"date of the form {_form(column)}" if has_digits and is_other else "date"


def _shape(text: str) -> str:
    return re.sub(r"\d+", "9", text)


def _form(column: TrainedColumn) -> str:
    format = without_century(column.format)
    return format if "%" in format else "2024-12-31"


def _remedy_of(column: TrainedColumn, decimal: str) -> str:
    if column.kind == "datetime":
        form = _form(column)
        also = " or like 2024-12-31" if "%" in form else ""
        return f"Write them as in training ({form}){also}."
    mark = MARK_WORDS[decimal]
    return f"Write them as in training: plain numbers with a decimal {mark}, without signs and units."
