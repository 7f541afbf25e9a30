"""The rows of a table in order of time, and in groups that stay together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .cells import as_datetime, as_number, as_text, without


def as_order(
    values: pd.Series, kind: str, format: str = "", decimal: str = ".", own: Sequence[str] = ()
) -> pd.Series:
    """A typed column as that by which its rows are ordered: texts of times and of numbers become these.

    Args:
        kind: ``datetime``, ``numeric`` or another.
        format, decimal: how times and numbers are written as text.
        own: texts that mean "no value" in this column.
    """
    known = without(values, own, own, decimal, format)
    if not pd.api.types.is_string_dtype(values.dtype) or kind not in ("datetime", "numeric"):
        return known
    return as_datetime(known, format) if kind == "datetime" else as_number(known, decimal)


def in_order(values: pd.Series, groups: np.ndarray | None = None) -> np.ndarray:
    """Positions of the rows in ascending order, those without a value first.

    Args:
        groups: (n,) group of each row; a group stays together, at the place of its first row with a value.
    """
    first = places_in_time(values, groups)
    if groups is None:
        return np.argsort(first, kind="stable")
    return np.lexsort((places_in_time(values), groups, first))


def places_in_time(values: pd.Series, groups: np.ndarray | None = None) -> np.ndarray:
    """(n,) the place of each row's time among the distinct ones, -1 without a time.

    Args:
        groups: (n,) group of each row; all rows of a group have the place of its first row with a time.
    """
    codes = pd.factorize(values, sort=True)[0]
    if groups is None:
        return codes
    known = pd.Series(codes).where(codes >= 0)
    return known.groupby(groups).transform("min").fillna(-1).to_numpy()


def cut_in_time(places: np.ndarray, share: float) -> int:
    """How many rows come before the last share of them, without a cut through rows of one place.

    Args:
        places: (n,) in ascending order.

    Returns:
        The change of place that is nearest to the share, the earlier of two; 0 when there is none.
    """
    edges = np.flatnonzero(np.diff(places)) + 1
    wanted = len(places) - round(share * len(places))
    return int(edges[np.argmin(np.abs(edges - wanted))]) if len(edges) else 0


def as_groups(values: pd.Series, own: Sequence[str] = ()) -> np.ndarray:
    """The group of each row as text; the rows without one form the group ``""``.

    Args:
        own: texts that mean "no value" in this column.
    """
    return as_text(without(values, own, own)).fillna("").to_numpy(dtype=object)
