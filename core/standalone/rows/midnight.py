"""New times at midnight where those of training were not: a day without a time is read as midnight."""

from __future__ import annotations

import re

import pandas as pd

from ..cells import without_century
from ..counts import agreeing, counted
from .trained_column import RowNote, TrainedColumn

CLOCK_IN_FORMAT = re.compile(r"%[HIXcT]")
BY_CHANCE = 0.05
"""Where this many new files in a hundred would hold nothing but midnights, they are nothing odd."""


def midnight_share(times: pd.Series) -> float | None:
    """Share of times at midnight to two digits, 0 to 1; None where there are none.

    Args:
        times: datetimes of any length, without missing ones.
    """
    return round(float(_at_midnight(times).mean()), 2) if len(times) else None


def midnight_notes(times: pd.Series, column: TrainedColumn) -> list[RowNote]:
    """A note when more of the new times stand at midnight than those of training let expect.

    Args:
        times: datetimes of any length, as the model reads them.
    """
    present = times.dropna()
    count, share = int(_at_midnight(present).sum()), column.midnight
    if not count or not _is_odd(count, len(present), column):
        return []
    of_training = "those of training had times of day" if share is None else f"in training {share:.0%} were"
    are = agreeing("is", count)
    text = (
        f"{count:,} of {counted(len(present), 'time')} of {column.name!r} {are} at midnight, {of_training}. "
        "A day without a time is read as midnight: give the time of day, as in training."
    )
    return [RowNote("TIME_OF_DAY", column.name, text, "warn", count)]


def _at_midnight(times: pd.Series) -> pd.Series:
    return times == times.dt.normalize()


def _is_odd(count: int, present: int, column: TrainedColumn) -> bool:
    """Whether so many midnights are more than chance gives, by the share in training where that is known."""
    share = column.midnight
    if share is None:
        return count == present and _had_clock(column)
    if count == present and share**present <= BY_CHANCE:
        return True
    return count / present > share + 3 * (max(share, 1 / present) * (1 - share) / present) ** 0.5


def _had_clock(column: TrainedColumn) -> bool:
    """Whether the times of training had a time of day, by how they were written or by their ends."""
    ends = [pd.Timestamp(str(end)) for end in (column.low, column.high) if end is not None]
    is_written = CLOCK_IN_FORMAT.search(without_century(column.format)) is not None
    return is_written or any(end != end.normalize() for end in ends)
