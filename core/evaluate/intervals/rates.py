"""Intervals of shares of rows, and of the mean of several."""

from __future__ import annotations

import numpy as np

from core.scoring.pairs import Codes, Floats

Z = 1.959963984540054
RARE = {1: 0.051293, 2: 0.355361, 3: 0.817691}
"""Hits -> the mean of a Poisson count that gives so many or more in 5 %: Wilson's end is too high there."""


def share_ends(hits: Floats, rows: Floats) -> tuple[Floats, Floats]:
    """95 % intervals of shares: Wilson's, with exact ends where one to three rows are hit or missed.

    Source: Brown, Cai and DasGupta 2001, section 4.1.1. ``rows`` must be positive.
    """
    share = hits / rows
    centre = (share + Z**2 / (2 * rows)) / (1 + Z**2 / rows)
    half = Z / (1 + Z**2 / rows) * np.sqrt(share * (1 - share) / rows + Z**2 / (4 * rows**2))
    low, high = np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)
    for few, mean in RARE.items():
        low = np.where(hits == few, np.minimum(low, mean / rows), low)
        high = np.where(rows - hits == few, np.maximum(high, 1 - mean / rows), high)
    return low, high


def share_interval(hits: int, rows: int) -> tuple[float, float]:
    """``share_ends`` of one share."""
    low, high = share_ends(np.array([hits], dtype=np.float64), np.array([rows], dtype=np.float64))
    return float(low[0]), float(high[0])


def mean_of_shares(hits: Floats, rows: Floats) -> tuple[float, float]:
    """95 % interval of the mean of independent shares, from the intervals of each (Zou and Donner 2008)."""
    low, high = share_ends(hits, rows)
    shares, value = hits / rows, float(np.mean(hits / rows))
    below = float(np.sqrt(np.sum((shares - low) ** 2))) / len(shares)
    above = float(np.sqrt(np.sum((high - shares) ** 2))) / len(shares)
    return max(0.0, value - below), min(1.0, value + above)


def mean_of_f1(truth: Codes, called: Codes, classes: int) -> tuple[float, float]:
    """95 % interval of the mean of the F1 of several classes; each must have a row or be called once.

    F1 of a class is a function of the share of hits among rows that are of it or called so. A row that is
    taken for another class lowers two of them, so that the intervals are put together with the correlations
    of their errors (Zou and Donner 2008).

    Args:
        truth, called: (n,) positions of the classes, 0 to ``classes`` - 1.
    """
    columns = np.arange(classes)
    true, named = truth[:, None] == columns, called[:, None] == columns
    hits, either = (
        (true & named).sum(axis=0).astype(np.float64),
        (true | named).sum(axis=0).astype(np.float64),
    )
    low, high, value = (2 * share / (1 + share) for share in (*share_ends(hits, either), hits / either))
    moved = 2.0 * (true & named) - value * (1.0 * true + named)
    together = moved.T @ moved
    sizes = np.sqrt(np.diag(together))
    alike = np.divide(together, np.outer(sizes, sizes), out=np.eye(classes), where=np.outer(sizes, sizes) > 0)
    below, above = (
        float(np.sqrt(max(0.0, lengths @ alike @ lengths))) / classes
        for lengths in (value - low, high - value)
    )
    return max(0.0, float(value.mean()) - below), min(1.0, float(value.mean()) + above)
