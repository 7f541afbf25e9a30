"""The interval of a median."""

from __future__ import annotations

import numpy as np

from core.evaluate.intervals.jackknife import spread_of
from core.evaluate.intervals.units import Units
from core.scoring.pairs import Floats

SKEW_OF_SHARES = 2.0
"""How many times as large as it looks the skewness of a share by groups is taken to be."""


def median_ends(losses: Floats, units: Units) -> tuple[float, float]:
    """95 % interval of the median of per-row losses (Woodruff 1952): where the share below it may be a half.

    Free of any form of distribution. Where groups differ in size, the share is skewed: the places are those
    whose own interval reaches a half, so that the skewness is turned round. NaN where rows in time are alike
    for too long.
    """
    below = (losses <= np.median(losses)).astype(np.float64)
    sums = np.bincount(units.codes, weights=below, minlength=units.count)
    without = (below.sum() - sums) / (len(losses) - units.sizes)
    spread = spread_of(without, units, skew=SKEW_OF_SHARES)
    if np.isnan(spread.error):
        return float("nan"), float("nan")
    share_low, share_high = spread.ends(0.5)
    places = (np.arange(len(losses)) + 0.5) / len(losses)
    low, high = np.interp([1 - share_high, 1 - share_low], places, np.sort(losses))
    return float(low), float(high)
