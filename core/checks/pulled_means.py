"""Means of a class by level, pulled to the mean of all rows, where the level is no column any more."""

from __future__ import annotations

import numpy as np

PULLS = (0.5, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 100, 200, 300)
"""Rows of the mean of all that are usual to be added to each level."""
LEAST_VALUES, LEAST_ROWS = 10, 60
EXPLAINED = 0.97
"""Share of the values."""
OFF, SURE = 1e-6, 0.1
"""By how much a number of levels may miss a whole one beside rounding, and most by rounding."""


def pulled_to_the_mean(values: np.ndarray, target: np.ndarray, step: float) -> bool:
    """Whether each value is (n r + m p) / (n + m): r a class's share in a level, p that in all, m one number.

    Several levels may have one value v. Of all their N rows K are of the class, and so
    K = v N + (v - p) m G with G the number of these levels, which must be whole.

    Args:
        values: (rows,) finite.
        target: (rows,) 0 or 1.
        step: to which values are rounded.
    """
    middle = float(target.mean())
    if not 0 < middle < 1 or len(values) < LEAST_ROWS or values.min() < 0 or values.max() > 1:
        return False
    each, codes = np.unique(values, return_inverse=True)
    counts = np.bincount(codes)
    members = np.bincount(codes, weights=target)
    with np.errstate(divide="ignore", invalid="ignore"):
        return any(_levels_are_whole(each, members, counts, middle, pull, step) for pull in PULLS)


def _levels_are_whole(
    values: np.ndarray, members: np.ndarray, counts: np.ndarray, middle: float, pull: float, step: float
) -> bool:
    away = pull * (values - middle)
    levels = (members - values * counts) / away
    off = (counts + pull * np.abs(levels)) * step / 2 / np.abs(away) + OFF * counts
    sure = np.isfinite(levels) & (off <= SURE) & (counts > 1)
    whole = (np.abs(levels - np.round(levels)) <= off) & (np.round(levels) >= 1) & (levels <= counts + off)
    return bool(sure.sum() >= LEAST_VALUES and whole[sure].mean() >= EXPLAINED)
