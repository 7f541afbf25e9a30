"""Rows divided in time: what is learned from comes before what is judged, and no group is on both sides."""

from __future__ import annotations

import numpy as np


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


def first_and_last(
    places: np.ndarray, share: float, groups: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the rows to learn from and of the last share of rows, both in order of time.

    Args:
        places: (n,) the place of each row in time, -1 without one; those come first.
        groups: (n,) the group of each row, or None; rows whose group comes again later are not learned from.
    """
    order = np.argsort(places, kind="stable")
    cut = cut_in_time(places[order], share)
    before, after = order[:cut], order[cut:]
    return before if groups is None else without_groups_of(before, after, groups), after


def without_groups_of(before: np.ndarray, after: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The positions ``before`` of rows whose group has no row at the positions ``after``."""
    return before[~np.isin(groups[before].astype(str), groups[after].astype(str))]
