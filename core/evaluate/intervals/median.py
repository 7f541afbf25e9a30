"""The interval of a median."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtrit

from core.evaluate.intervals.jackknife import spread_of
from core.evaluate.intervals.units import Units
from core.scoring.pairs import Floats


def median_ends(losses: Floats, units: Units) -> tuple[float, float]:
    """95 % interval of the median of per-row losses (Woodruff 1952): where the share below it may be a half.

    Free of any form of distribution. NaN where rows in time are alike for too long.
    """
    below = (losses <= np.median(losses)).astype(np.float64)
    sums = np.bincount(units.codes, weights=below, minlength=units.count)
    without = (below.sum() - sums) / (len(losses) - units.sizes)
    spread = spread_of(without, units, skew=0.0)
    half = float(stdtrit(spread.freedom, 0.975)) * spread.error if spread.freedom else np.nan
    if np.isnan(half):
        return float("nan"), float("nan")
    places = (np.arange(len(losses)) + 0.5) / len(losses)
    low, high = np.interp([0.5 - half, 0.5 + half], places, np.sort(losses))
    return float(low), float(high)
