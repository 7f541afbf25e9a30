"""One row made ready for a model, at a fraction of what a table costs; what comes out is the same.

A number within its range of training says nothing and needs no look. What else a cell comes to depends on the
cell alone, so that it is remembered: levels and dates come again and again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from ..rows.as_trained import as_trained
from ..rows.checks import column_notes, row_notes
from ..rows.trained_column import RowNote, TrainedColumn
from ..table import typed_column
from .bodies import LARGEST, cells_of

REMEMBERED = 4_096
LONGEST_CELL = 200
"""Longer texts are not remembered."""
Ready = tuple[Any, tuple[RowNote, ...], tuple[RowNote, ...], bool]
"""A typed column of one cell, what is told of its writing and of its value, and whether it has a value."""


class SingleRow:
    """The columns of a model, to make rows ready one by one; safe to use from several threads.

    Args:
        missing, decimal: as in ``column_notes``.
    """

    def __init__(self, columns: Mapping[str, TrainedColumn], missing: Sequence[str], decimal: str) -> None:
        self._columns, self._missing, self._decimal = columns, missing, decimal
        self._ranges = {name: _range(column) for name, column in columns.items() if _is_plain(column)}
        self._remembered = lru_cache(REMEMBERED, typed=True)(self._ready)

    def made(self, cells: Mapping[str, Sequence[Any]]) -> tuple[pd.DataFrame, list[RowNote]]:
        """The row as the model takes it, and what is different about it.

        Args:
            cells: column -> its one value as JSON has it.

        Raises:
            RefusedRequestError: as ``cells_of``.
        """
        made, zones, notes, says = {}, list[RowNote](), list[RowNote](), False
        for name in self._columns:
            cell = cells[name][0]
            if self._says_nothing(name, cell):
                made[name], says = [float(cell)], True
                continue
            look = self._remembered if _is_short(cell) else self._ready
            made[name], of_zone, of_value, has_value = look(name, cell)
            zones += of_zone
            notes += of_value
            says = says or has_value
        rows = pd.DataFrame(made, index=range(1))
        if not says:
            notes += row_notes(rows)
        return rows, zones + notes

    def _says_nothing(self, name: str, cell: Any) -> bool:
        """Whether a cell is a number within the range of a column of numbers."""
        if type(cell) not in (int, float) or name not in self._ranges:
            return False
        low, high = self._ranges[name]
        return low <= cell <= high and abs(cell) <= LARGEST

    def _ready(self, name: str, cell: Any) -> Ready:
        column = self._columns[name]
        given, of_zone = as_trained(cells_of([cell], name), column, self._decimal)
        of_value = column_notes(given, column, self._missing, self._decimal)
        typed = typed_column(given, column.physical, column.format, self._missing, self._decimal)
        return typed.array, of_zone, tuple(of_value), bool(typed.notna().any())


def _is_plain(column: TrainedColumn) -> bool:
    """Whether a column holds numbers that stand for nothing but themselves."""
    is_levels = column.complete or bool(column.levels) or column.rare is not None
    return column.kind == "numeric" and column.physical == "number" and not is_levels


def _range(column: TrainedColumn) -> tuple[float, float]:
    if column.low is None or column.high is None:
        return -float(LARGEST), float(LARGEST)
    return float(column.low), float(column.high)


def _is_short(cell: Any) -> bool:
    return (
        cell is None or isinstance(cell, int | float) or (isinstance(cell, str) and len(cell) <= LONGEST_CELL)
    )
