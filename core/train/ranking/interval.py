"""A number with the range that is likely to hold its true value."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.digits import without_spread
from core.spec import Metric

LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """A mean and the range that is likely to hold its true value.

    Attributes:
        mean: the mean of the numbers.
        low, high: ends of the interval, which holds the mean; NaN when it is not available.
    """

    mean: float
    low: float = np.nan
    high: float = np.nan

    @property
    def available(self) -> bool:
        """Whether there was enough to tell (at least two folds, or rows to leave out)."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high))

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval is available and lies on one side of 0."""
        return self.available and not self.low <= 0 <= self.high

    def with_spread(self) -> Interval:
        """The interval, not available where nothing varied, which does not tell how far it may be off."""
        return Interval(self.mean) if self.available and without_spread(self.low, self.high) else self

    def turned(self) -> Interval:
        """The interval of the opposite difference."""
        return replace(self, mean=-self.mean, low=-self.high, high=-self.low)


def possible(low: float, high: float, metric: Metric) -> tuple[float, float]:
    """The ends of an interval of a score, cut where the score itself ends; NaN stays NaN."""
    return max(low, metric.low), min(high, metric.high)
