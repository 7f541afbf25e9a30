"""What a column looked like in training, out of its typed values."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ..cells import as_text, with_joined
from .trained_column import TrainedColumn

KEPT_LEVELS = 200
LEVEL_KINDS = ("categorical", "boolean")


def learned(column: TrainedColumn, values: pd.Series) -> TrainedColumn:
    """The column with the range of its numbers or times, or its levels.

    Args:
        values: typed training values, any length.
    """
    present = values.dropna()
    if column.kind in LEVEL_KINDS:
        counts = with_joined(as_text(present), column.joined).value_counts()
        levels = tuple(map(str, counts.index[:KEPT_LEVELS]))
        return replace(column, levels=levels, complete=len(counts) <= KEPT_LEVELS)
    if not len(present) or column.physical == "text":
        return column
    if column.physical == "datetime":
        return replace(column, low=present.min().isoformat(), high=present.max().isoformat())
    return replace(column, low=float(present.min()), high=float(present.max()))
