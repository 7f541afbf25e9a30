"""Dates that are dates with day and month in each other's place too."""

from __future__ import annotations

import pandas as pd

from ..cells import without_century
from ..counts import counted
from .trained_column import RowNote, TrainedColumn

FEWEST_DAYS = 5
"""So many different days are all up to the 12th by chance in 1 of 100 files."""


def swapped(format: str) -> str:
    """The format with day and month in each other's place; the same where the year comes first."""
    if format.startswith("%Y"):
        return format
    return format.replace("%m", "%?").replace("%d", "%m").replace("%?", "%d")


def order_words(format: str) -> str:
    """Which of day and month comes first in a format of both."""
    return "month" if format.find("%m") < format.find("%d") else "day"


def day_order_notes(values: pd.Series, column: TrainedColumn) -> tuple[RowNote, ...]:
    """A note where all dates of a new column could be read with day and month swapped, and one would change.

    Args:
        values: raw cells, any length; texts are looked at.
    """
    format = without_century(column.format)
    other = swapped(format)
    if other == format or pd.api.types.is_numeric_dtype(values.dtype):
        return ()
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return ()
    texts = values.dropna().astype("str").str.strip()
    read = pd.to_datetime(texts, format=format, errors="coerce", utc=True)
    dates = read.dropna()
    turned = pd.to_datetime(texts[dates.index], format=other, errors="coerce", utc=True)
    if turned.isna().any() or (turned == dates).all():
        return ()
    example = str(texts[dates.index][turned != dates].iloc[0])[:40]
    text = (
        f"{column.name!r}: {counted(len(dates), 'date')}, such as {example!r}, may be day or month first; "
        f"read {order_words(format)} first, as in training."
    )
    if dates.dt.normalize().nunique() < FEWEST_DAYS:
        return (RowNote("DAY_ORDER", column.name, text, "info", len(dates)),)
    return (RowNote("AMBIGUOUS_DATE", column.name, text, "warn", len(dates)),)
