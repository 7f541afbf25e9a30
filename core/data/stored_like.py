"""Rows that are typed already, brought to how an earlier table was read."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.data.table import Column, EarlierTable, Note
from core.data.types.date_formats import ISO, follow
from core.standalone.cells import as_datetime, as_number, without_century
from core.standalone.rows.as_trained import as_trained
from core.standalone.rows.trained_column import TrainedColumn


def stored_like(
    frame: pd.DataFrame, columns: Sequence[Column], earlier: EarlierTable
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """The rows with dates by the earlier format, yes and no in the earlier spelling, and what cannot be told.

    A date that was read month first stands for one text only: written by its own format and read by the
    earlier one it is what the earlier table would have held.

    Args:
        frame: a typed table.
        columns: how its columns were read; none for rows that were typed in.
    """
    before = {column.name: column for column in columns}
    decimal = earlier.read.decimal if earlier.read else "."
    changed, notes = {}, list[Note]()
    for name in map(str, frame.columns):
        trained = earlier.trained(name)
        if trained is not None:
            changed[name], of_column = _like(frame[name], before.get(name), trained, decimal)
            notes += of_column
    return frame.assign(**changed), tuple(notes)


def _like(
    values: pd.Series, column: Column | None, trained: TrainedColumn, decimal: str
) -> tuple[pd.Series, tuple[Note, ...]]:
    if trained.physical == "datetime" and pd.api.types.is_datetime64_any_dtype(values.dtype):
        return _times_like(values, column, trained)
    like, found = as_trained(values, trained, decimal)
    notes = tuple(Note(code=note.code, text=note.text, column=note.column) for note in found)
    is_number = trained.physical == "number" and like is not values
    return (_as_numbers(like, decimal) if is_number else like), notes


def _as_numbers(values: pd.Series, decimal: str) -> pd.Series:
    """Numbers where every text is one, else the texts."""
    numbers = as_number(values, decimal)
    return values if (numbers.isna() & values.notna()).any() else numbers


def _times_like(
    values: pd.Series, column: Column | None, trained: TrainedColumn
) -> tuple[pd.Series, tuple[Note, ...]]:
    notes = []
    zoned = column.zoned if column else False
    if zoned is not None and trained.zoned is not None and zoned != trained.zoned and values.notna().any():
        text = f"The times of {trained.name!r} {WITH[zoned]}, those of the earlier table {WITH[not zoned]}: "
        text += "they were taken in UTC. Bring both to one zone."
        notes.append(Note(code="TIME_ZONE", text=text, column=trained.name))
    own = column.format if column else ""
    if own in ("", ISO, trained.format) or trained.format in ("", ISO) or zoned:
        return values, tuple(notes)
    written = values.dt.strftime(without_century(own)).astype("str")
    if not follow(written.dropna(), without_century(trained.format)):
        return values, tuple(notes)
    return as_datetime(written, trained.format), tuple(notes)


WITH = {True: "carry a zone", False: "carry none"}
