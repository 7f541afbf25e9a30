"""A few rows with their predictions, as they are written down to test a model by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd


def sample_frame(
    columns: Sequence[str], physical: Sequence[str], rows: Sequence[Sequence[Any]]
) -> pd.DataFrame:
    """Rows that were written down, as the typed table that they were.

    Args:
        columns, physical: names and types (``number``, ``text`` or ``datetime``) of the columns.
        rows: one list of cells a row, each as ``sample_cell`` gives it.
    """
    cells = zip(*rows, strict=True) if rows else [() for _ in columns]
    parts = zip(columns, physical, cells, strict=True)
    return pd.DataFrame({name: _sample_column(values, type) for name, type, values in parts})


def _sample_column(cells: Sequence[Any], physical: str) -> pd.Series:
    if physical == "number":
        return pd.Series([np.nan if cell is None else float(cell) for cell in cells], dtype="float64")
    if physical == "datetime":
        return pd.Series(pd.to_datetime(list(cells), format="ISO8601"), dtype="datetime64[us]")
    return pd.Series(list(cells), dtype="str")


def sample_cell(cell: Any) -> float | str | None:
    """A cell as JSON has it: numbers exact, infinities as text, times as ISO 8601, None without a value."""
    if pd.isna(cell):
        return None
    if isinstance(cell, str):
        return cell
    if isinstance(cell, pd.Timestamp):
        return str(cell.isoformat())
    number = float(cell)
    return number if np.isfinite(number) else str(number)


def other_predictions(predictions: pd.DataFrame, stored: Mapping[str, Sequence[Any]]) -> int:
    """How many predictions differ from those that were written down, bit for bit; 0 means none.

    Where the columns are not the same, every prediction differs.
    """
    if list(predictions.columns) != list(stored):
        return len(predictions) * max(1, len(stored))
    columns = ((predictions[name], stored[name]) for name in stored)
    pairs = (pair for column, cells in columns for pair in zip(column, cells, strict=True))
    return sum(sample_cell(cell) != other for cell, other in pairs)
