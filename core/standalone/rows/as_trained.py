"""The cells of a new column written as in training, before they are given their type."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .booleans import in_trained_spelling
from .day_order import day_order_notes
from .trained_column import RowNote, TrainedColumn
from .written_numbers import numbers_as_trained
from .zones import in_trained_zone


def as_trained(
    values: pd.Series, column: TrainedColumn, decimal: str
) -> tuple[pd.Series, tuple[RowNote, ...]]:
    """A column with yes and no in the spelling of training, times in its zone, numbers without thousands.

    Args:
        values: raw or typed cells, any length.
        decimal: the decimal mark of training.
    """
    if column.physical == "datetime":
        times, notes = in_trained_zone(values, column.name, column.zoned)
        return times, (*notes, *day_order_notes(times, column))
    spelled = in_trained_spelling(values, column.levels if column.complete else ())
    return numbers_as_trained(spelled, column, decimal) if column.physical == "number" else (spelled, ())


def table_as_trained(
    frame: pd.DataFrame, columns: Mapping[str, TrainedColumn], decimal: str
) -> tuple[pd.DataFrame, list[RowNote]]:
    """The table with the columns that training had as ``as_trained`` gives them; the others as they stand."""
    notes: list[RowNote] = []
    changed = {}
    for name in frame.columns:
        if name in columns:
            changed[name], of_column = as_trained(frame[name], columns[name], decimal)
            notes += of_column
    return frame.assign(**changed), notes
