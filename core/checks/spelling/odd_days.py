"""Days that stand for no date, such as 9999-12-31: first or last ones of programs, or one that many share."""

from __future__ import annotations

import numpy as np
import pandas as pd

DAYS = (
    "1900-01-01", "1899-12-30", "1899-12-31", "1901-01-01", "1904-01-01", "1970-01-01", "1980-01-01",
    "1753-01-01", "1800-01-01", "1111-11-11", "2099-12-31",
)  # fmt: skip
"""The first or last days of programs, and those that are typed where there is none."""
AFTER_ALL = 2199
"""Dates of later years are none."""
CLEAR = 0.25
"""Spans of the other dates that lie between them and one that stands for none."""
MANY_TIMES = 2
"""So many times as frequent as nine of ten others is a date that many rows share."""
LEAST_ROWS = 5
FEWEST_OTHERS = 4


def odd_days(values: pd.Series) -> list[tuple[str, int]]:
    """The times of a column that look like signs for "no value", as ISO 8601, with their numbers of rows.

    All rows of one have the same time of day, and it lies clearly before or after all other dates.

    Args:
        values: datetime64.
    """
    present = values.dropna()
    times, counts = np.unique(present.to_numpy(dtype="datetime64[us]"), return_counts=True)
    if len(times) <= FEWEST_OTHERS:
        return []
    stamps = pd.Series(times)
    day = stamps.dt.normalize()
    is_listed = day.isin(pd.to_datetime(list(DAYS))) | (day.dt.year > AFTER_ALL) | (day.dt.year <= 1)
    suspects = (is_listed & ~day.duplicated(keep=False)).to_numpy() | _shared_ends(counts)
    others = stamps[~suspects]
    if not suspects.any() or len(others) < FEWEST_OTHERS:
        return []
    first, last = others.min(), others.max()
    return [
        (_written(stamps[at]), int(counts[at]))
        for at in np.flatnonzero(suspects)
        if max(first - stamps[at], stamps[at] - last) > CLEAR * (last - first)
    ]


def _shared_ends(counts: np.ndarray) -> np.ndarray:
    """Whether the first and the last time stand in many more rows than nine of ten others."""
    ends = np.zeros(len(counts), dtype=bool)
    ends[[0, -1]] = counts[[0, -1]] >= max(LEAST_ROWS, MANY_TIMES * np.quantile(counts, 0.9))
    return ends


def _written(stamp: pd.Timestamp) -> str:
    return str(stamp.date()) if stamp == stamp.normalize() else stamp.isoformat()
