"""Numbers so far outside a range that no tail of it reaches there: a unit, a sensor or an entry is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from core.drift.profile.document import ColumnProfile
from core.drift.tests import number_distances as numbers

FAR = 10.0
OUTER, INNER = 0.01, 0.1
FEWEST_OUTER = 10
FEWEST = 50
BY_CHANCE = 1e-4
STEADY, STEEP = 1.5, 10.0
RATES = np.logspace(-8, -0.3, 400)


@dataclass(frozen=True)
class FarValues:
    """New numbers far outside the old range.

    Attributes:
        count: how many.
        farthest: the one farthest from the old median.
        luck: how often, at most, so many are new although they were always as rare as they are.
    """

    count: int = 0
    farthest: float = 0.0
    luck: float = 1.0


def far_values(old: ColumnProfile, new: ColumnProfile) -> FarValues:
    """How many new numbers lie far outside the old range, and whether the old rows may just have missed them.

    Far is where, if the tail goes on as it grew from the outer 10 % to the outer 1 % (of ten rows at least),
    BY_CHANCE of the new numbers are expected, and at least FAR times as far from the median as the extreme.
    """
    few = old.kind != "numeric" or old.present < FEWEST or not len(old.values) or not len(new.values)
    if few or old.low is None or old.high is None:
        return FarValues()
    outer = max(OUTER, FEWEST_OUTER / old.present)
    inner = INNER if outer < INNER / 2 else 0.4
    low, less, middle, more, high = numbers.quantiles(
        old, np.array([outer, inner, 0.5, 1 - inner, 1 - outer])
    )
    decades = np.log10(outer * new.present / BY_CHANCE) + bool(len(old.edges))  # bins blur the tail
    part = 1 / np.log10(inner / outer)
    below = middle - _reach(middle - less, middle - low, middle - old.low, part, decades)
    above = middle + _reach(more - middle, high - middle, old.high - middle, part, decades)
    far = (new.values < below) | (new.values > above)
    if not far.any():
        return FarValues()
    farthest = new.values[far][np.abs(new.values[far] - middle).argmax()]
    count = round(float(new.weights[far].sum() / new.weights.sum() * new.present))
    return FarValues(count, float(farthest), luck(old.present, new.present, count))


def luck(old: int, new: int, count: int) -> float:
    """How often at most none of the old rows and ``count`` or more of the new ones are of a kind.

    Of all shares that the kind may have had all along, the one at which this is likeliest.
    """
    absent = np.exp(old * np.log1p(-RATES))
    return float((absent * stats.binom.sf(count - 1, new, RATES)).max())


def _reach(inner: float, outer: float, extreme: float, part: float, decades: float) -> float:
    """How far from the median a number may lie; where nearly all rows are equal, a steep tail is taken."""
    farthest = max(outer, extreme)
    if farthest <= 0:
        return float("inf")
    if inner <= 0 or outer <= 0:
        return float(FAR * farthest * STEEP ** max(1.0, decades - 1))
    growth = max(STEADY, (outer / inner) ** part)
    return float(max(outer * growth ** min(decades, 30.0), FAR * farthest))
