"""Numbers so far outside a range that no tail of it reaches there: a unit, a sensor or an entry is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from core.drift.profile.document import ColumnProfile, Numbers
from core.drift.tests import number_distances as numbers
from core.drift.tests.aspects import independent

FAR = 10.0
OUTER, FEWEST_OUTER = 0.005, 10
"""Outer share of the old numbers from where the tail is told, and the rows beyond it at least."""
INNER, WIDER = 0.1, 4.0
"""Share from where on its growth is told, of that outer share so many times at least."""
FEWEST = 50
BY_CHANCE = 0.003
"""How often numbers that lie as the tail goes on may be named, for each end of a column."""
STEADY, STEEP = 1.5, 10.0
"""Growth of a tail from an outer share to a tenth of it: the least, and the one where none is told."""
RATES = np.logspace(-8, -0.3, 400)


@dataclass(frozen=True)
class FarValues:
    """New numbers far outside the old range.

    Attributes:
        count: how many lie where the tail hardly reaches.
        farthest: the one farthest from the old median, of those that lie FAR times as far out as any before;
            0 where none does.
        luck: how often, at most, so many are new although they were always as rare as they are.
        by_tail: how often so many lie out there where the tail goes on as it grew.
    """

    count: int = 0
    farthest: float = 0.0
    luck: float = 1.0
    by_tail: float = 1.0


def far_values(old: ColumnProfile, new: ColumnProfile) -> FarValues:
    """How many new numbers lie far outside the old range, and whether the old rows may just have missed them.

    Far is at least FAR times as far from the median as the extreme, and where so many are hardly expected
    if the tail goes on as it grew from an inner to an outer share of the old numbers (a Pareto tail, from
    the median on; lighter tails reach less far). One number must lie farther out for that than several do.
    """
    few = old.kind != "numeric" or old.present < FEWEST or not len(old.values) or not len(new.values)
    if few or old.low is None or old.high is None:
        return FarValues()
    outer = max(OUTER, FEWEST_OUTER / old.present)
    inner = min(0.4, max(INNER, WIDER * outer))
    low, less, middle, more, high = _quantiles(old, np.array([outer, inner, 0.5, 1 - inner, 1 - outer]))
    part = 1 / np.log10(inner / outer)
    tails = (
        _Tail(outer, middle - low, middle - less, middle - old.low, part),
        _Tail(outer, high - middle, more - middle, old.high - middle, part),
    )
    sides = (middle - new.values, new.values - middle)
    found = [tail.beyond(new, side) for tail, side in zip(tails, sides, strict=True)]
    count, distance = sum(one.count for one in found), max(one.farthest for one in found)
    if not distance:
        return FarValues()
    farthest = new.values[np.abs(np.abs(new.values - middle) - distance).argmin()]
    rows = (independent(old, old.present), independent(new, new.present), max(1, independent(new, count)))
    return FarValues(count, float(farthest), luck(*rows), min(one.by_tail for one in found))


def luck(old: int, new: int, count: int) -> float:
    """How often at most none of the old rows and ``count`` or more of the new ones are of a kind.

    Of all shares that the kind may have had all along, the one at which this is likeliest.
    """
    absent = np.exp(old * np.log1p(-RATES))
    return float((absent * stats.binom.sf(count - 1, new, RATES)).max())


def _quantiles(old: ColumnProfile, ranks: Numbers) -> Numbers:
    """Quantiles; of a bundle, between the edges of its bins, whose shares are known."""
    if not len(old.edges):
        return numbers.quantiles(old, ranks)
    return np.interp(ranks, numbers.cumulative(old)[1:-1], old.edges)


@dataclass(frozen=True)
class _Tail:
    """One end of the old numbers, in distances from their median.

    Attributes:
        share: of the numbers that lie beyond ``outer``.
        extreme: the farthest.
        part: one by the decades between the shares beyond ``inner`` and ``outer``.
    """

    share: float
    outer: float
    inner: float
    extreme: float
    part: float

    def beyond(self, new: ColumnProfile, distances: Numbers) -> FarValues:
        """The most new numbers beyond this end that are hardly there by chance; without any, the farthest.

        Args:
            distances: of the values of the new numbers, negative on the other side of the median.
        """
        farthest = max(self.outer, self.extreme)
        order = np.argsort(-distances, kind="stable")
        order = order[distances[order] > FAR * farthest] if farthest > 0 else order[:0]
        if not len(order):
            return FarValues()
        counts = np.cumsum(new.weights[order]) * (new.present / new.weights.sum())
        expected = self._share_beyond(distances[order], farthest) * new.present
        lots = new.design or 1.0
        ps = stats.poisson.sf(np.maximum(1, np.floor(counts / lots)) - 1, expected / lots)
        places = np.flatnonzero(ps <= BY_CHANCE)
        count = round(float(counts[places[-1]])) if len(places) else 0
        return FarValues(count, float(distances[order[0]]), by_tail=float(ps.min()))

    def _share_beyond(self, distances: Numbers, farthest: float) -> Numbers:
        """Share of the rows beyond each distance; where nearly all rows are equal, a steep tail is taken."""
        if self.inner <= 0 or self.outer <= 0:
            return np.asarray(self.share / (distances / farthest) ** (1 / np.log10(STEEP)))
        growth = max(STEADY, (self.outer / self.inner) ** self.part)
        return np.asarray(self.share / 10.0 ** (np.log(distances / self.outer) / np.log(growth)))
