"""The cells of a new column written as in training, before they are given their type."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .booleans import in_trained_spelling
from .trained_column import RowNote, TrainedColumn
from .zones import in_trained_zone


def as_trained(values: pd.Series, column: TrainedColumn) -> tuple[pd.Series, tuple[RowNote, ...]]:
    """A column with yes and no in the spelling of training, and times in its zone.

    Args:
        values: raw or typed cells, any length.
    """
    if column.physical == "datetime":
        return in_trained_zone(values, column.name, column.zoned)
    return in_trained_spelling(values, column.levels if column.complete else ()), ()


def table_as_trained(
    frame: pd.DataFrame, columns: Mapping[str, TrainedColumn]
) -> tuple[pd.DataFrame, list[RowNote]]:
    """The table with the columns that training had as ``as_trained`` gives them; the others as they stand."""
    notes: list[RowNote] = []
    changed = {}
    for name in frame.columns:
        if name in columns:
            changed[name], of_column = as_trained(frame[name], columns[name])
            notes += of_column
    return frame.assign(**changed), notes
