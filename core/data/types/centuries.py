"""The century that years of two digits lie in, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from core.standalone.counts import counted

TWO_DIGITS = "%y"
WIDE_GAP = 30
"""So many years without a date divide the hundred: the dates are those on one side."""
AHEAD = 10
"""New dates may lie so many years after today."""
FARTHEST = 30
"""Dates that are planned lie no farther ahead."""


def with_century(format: str, times: pd.Series) -> str:
    """The format with the last year of the hundred in which dates of two-digit years lie.

    They lie in the past, unless those after today follow on from it, such as dates of delivery, with at
    least thirty years without a date behind them. The format stays as it is where it reads the same dates.

    Args:
        times: read by the format.
    """
    years = np.unique(times.dt.year.dropna().to_numpy(dtype="int64"))
    if TWO_DIGITS not in format or not len(years):
        return format
    last = _last_year(sorted({int(year) % 100 for year in years}), date.today().year)
    moved = years[(years > last) | (years <= last - 100)]
    return f"{format}@{last}" if len(moved) else format


def _last_year(short: Sequence[int], today: int) -> int:
    """The last year of the hundred for years of two digits, ascending."""
    gaps = [(after - before - 1) % 100 for before, after in zip(short, [*short[1:], short[0]], strict=True)]
    at = int(np.argmax(gaps)) if len(short) > 1 else 0
    gap = gaps[at] if len(short) > 1 else 99
    if gap < WIDE_GAP:
        return today
    end, start = short[at], short[(at + 1) % len(short)]
    length = (end - start) % 100
    last = next(year for year in range(today + FARTHEST, 0, -1) if year % 100 == end)
    if last - length > today:
        last -= 100
    return min(max(last + gap // 2, today + AHEAD), last - length + 99)


def century_note(name: str, texts: pd.Series, times: pd.Series) -> str:
    """The sentence about how the two-digit years of a column were read.

    Args:
        texts, times: the cells before and after.
    """
    read = times.dropna()
    old, new = read.idxmin(), read.idxmax()
    before = int((read.dt.year < 2000).sum())
    return (
        f"{name!r}: years of two digits were read as {read.min().year} to {read.max().year} ({before:,} of "
        f"{counted(len(read), 'date')} before 2000), such as {texts[old]!r} as {read[old].date()} and "
        f"{texts[new]!r} as {read[new].date()}. If that is wrong, write years with four digits in the file."
    )
