"""What a column looked like in training, out of its typed values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from ..cells import as_datetime, as_number, as_text, with_joined
from .midnight import midnight_share
from .trained_column import TrainedColumn
from .written_numbers import fine_share

KEPT_LEVELS = 200
LEVEL_KINDS = ("categorical", "boolean")


def learned(
    column: TrainedColumn, values: pd.Series, missing: Sequence[str] = (), decimal: str = "."
) -> TrainedColumn:
    """The column with the range of its numbers or times, or its levels.

    Args:
        values: typed training values, any length.
        missing, decimal: as in ``measured``.
    """
    if column.kind in LEVEL_KINDS:
        counts = with_joined(as_text(values.dropna()), column.joined).value_counts()
        levels = tuple(map(str, counts.index[:KEPT_LEVELS]))
        return replace(column, levels=levels, complete=len(counts) <= KEPT_LEVELS)
    read = measured(column, values, missing, decimal)
    if not len(read):
        return column
    if pd.api.types.is_datetime64_any_dtype(read.dtype):
        ends = {"low": read.min().isoformat(), "high": read.max().isoformat()}
        return replace(column, **ends, midnight=midnight_share(read))
    return replace(column, low=float(read.min()), high=float(read.max()), fine=fine_share(read))


def measured(column: TrainedColumn, values: pd.Series, missing: Sequence[str], decimal: str) -> pd.Series:
    """The numbers or times among the values as the model reads them, also where they are kept as text.

    Args:
        values: typed training values, any length.
        missing: texts that mean "no value" in every column.
        decimal: the decimal mark of numbers written as text.

    Returns:
        No value where the column holds neither.
    """
    present = values.dropna()
    if column.physical != "text":
        return present
    if column.kind not in ("numeric", "datetime"):
        return present.iloc[:0]
    texts = as_text(present)
    texts = texts[~texts.isin([*missing, *column.missing])].dropna()
    numbers = column.kind == "numeric"
    read = as_number(texts, decimal, column.marks) if numbers else as_datetime(texts, column.format)
    return read.dropna()
