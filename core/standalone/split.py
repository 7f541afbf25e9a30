"""Which rows are the test set: drawn at random, by whole groups, or the last in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from .cells import as_datetime, as_number, as_text, with_joined, without
from .group_draw import draw_groups
from .plan import HoldOut
from .strata import draw_rows
from .time_split import first_and_last


def times_of(frame: pd.DataFrame, how: HoldOut) -> pd.Series | None:
    """What the rows of a table are ordered by, or None when no column says so."""
    if not how.time:
        return None
    return as_order(frame[how.time], how.time_kind, how.time_format, how.decimal, how.time_missing)


def groups_in(frame: pd.DataFrame, how: HoldOut) -> np.ndarray | None:
    """(n,) the group of each row of a table as text, or None when no column says so."""
    return as_groups(frame[how.group], how.group_missing, dict(how.group_joined)) if how.group else None


def train_and_test(
    frame: pd.DataFrame, rows: np.ndarray, values: np.ndarray, how: HoldOut
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the training rows and of the test rows.

    Rows of one time are not divided. With a time and groups, rows before the test set whose group comes again
    in it are in neither part.

    Args:
        frame: every row of the table.
        rows: positions of the rows that have a target, in the order in which they are taken.
        values: the target of every row.
    """
    times, groups = times_of(frame, how), groups_in(frame, how)
    mine = None if groups is None else groups[rows]
    if times is not None:
        first, last = first_and_last(places_in_time(times.iloc[rows]), how.share, mine)
        return rows[first], rows[last]
    classes = values[rows] if how.proportional else None
    if mine is not None:
        train, test = draw_groups(mine, classes, how.share, how.seed)
        return rows[train], rows[test]
    train, test = draw_rows(classes, len(rows), how.share, how.seed)
    return rows[np.sort(train)], rows[np.sort(test)]


def as_order(
    values: pd.Series, kind: str, format: str = "", decimal: str = ".", own: Sequence[str] = ()
) -> pd.Series:
    """A typed column as that by which its rows are ordered: texts of times and of numbers become these.

    Args:
        kind: ``datetime``, ``numeric`` or another.
        format, decimal: how times and numbers are written as text.
        own: texts that mean "no value" in this column.
    """
    present = without(values, own, own, decimal, format)
    if not pd.api.types.is_string_dtype(values.dtype) or kind not in ("datetime", "numeric"):
        return present
    return as_datetime(present, format) if kind == "datetime" else as_number(present, decimal)


def places_in_time(values: pd.Series) -> np.ndarray:
    """(n,) the place of each row's time among the distinct ones, -1 without a time."""
    return pd.factorize(values, sort=True)[0]


def as_groups(values: pd.Series, own: Sequence[str], joined: Mapping[str, str]) -> np.ndarray:
    """The group of each row as text; the rows without one form the group ``""``.

    Args:
        own: texts that mean "no value" in this column.
        joined: name -> the one that it is another spelling of.
    """
    return with_joined(as_text(without(values, own, own)), joined).fillna("").to_numpy(dtype=object)
