"""How far a score may be from its value on all rows of this kind: what it is without one unit at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from core.evaluate.intervals.units import Units
from core.scoring.pairs import Floats, Pairs, Sample
from core.spec import Metric

CHUNK = 2_000_000
SCALES = (1, 2, 4, 8)
SURE = 2.3
WAVES, UNITS_OF_WAVE = 6, 24
UNSEEN_SKEW = 1.5
"""Skewness of few rows comes out too small: by a third where a log-normal target needs it most."""
FLAT = 0.15
"""Waves for each unit that forgets at once; with more, the variance of a series is underrated by 10 %."""


@dataclass(frozen=True)
class Scale:
    """A scale on which a score is nearly normal: there and back."""

    to: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]


LOG = Scale(np.log, np.exp)
THIRD = Scale(
    lambda score: -(score ** (-2 / 3)), lambda scaled: np.maximum(-scaled, np.finfo(np.float64).tiny) ** -1.5
)
"""On which a root of a mean of squares is as near to normal as may be (Wilson and Hilferty 1931)."""
PLAIN = Scale(lambda score: score, lambda scaled: scaled)
SQUARE = Scale(np.square, lambda scaled: np.sqrt(np.maximum(scaled, 0)))
ODDS = Scale(lambda score: np.log(score / (1 - score)), lambda scaled: 1 / (1 + np.exp(-scaled)))
REST = Scale(lambda score: -np.log(1 - score), lambda scaled: 1 - np.exp(-scaled))
SHARE = Scale(
    lambda score: np.arcsin(2 * score - 1),
    lambda scaled: (np.sin(np.clip(scaled, -np.pi / 2, np.pi / 2)) + 1) / 2,
)
SIGNED = Scale(np.arcsin, lambda scaled: np.sin(np.clip(scaled, -np.pi / 2, np.pi / 2)))


@dataclass(frozen=True)
class Spread:
    """How uncertain a score is, on some scale.

    Attributes:
        error: standard error.
        freedom: degrees of freedom of the error.
        skew: third standardised moment of the mean of the units; 0 where it is not corrected for.
    """

    error: float
    freedom: float
    skew: float = 0.0

    def ends(self, value: float) -> tuple[float, float]:
        """Both ends of the 95 % interval; skewness is taken out as in Hall 1992, section 3."""
        quantile = float(stdtrit(self.freedom, 0.975))
        return value - self.error * self._turned(quantile), value - self.error * self._turned(-quantile)

    def _turned(self, quantile: float) -> float:
        shifted = quantile - self.skew / 6
        if abs(self.skew) < 1e-9:
            return shifted
        return float(3 / self.skew * (np.cbrt(1 + self.skew * shifted) - 1))


def without_each(metric: Metric, pairs: Pairs, units: Units) -> Floats:
    """(count,) the score without each unit; NaN where the others do not define it."""
    step = max(1, CHUNK // len(pairs))
    scores = []
    for start in range(0, units.count, step):
        left_out = np.arange(start, min(start + step, units.count))
        weights = (units.codes[None, :] != left_out[:, None]).astype(np.float64)
        scores.append(metric.make(Sample(pairs, weights)))
    return np.concatenate(scores)


def spread_of(scaled: Floats, units: Units, skew: float) -> Spread:
    """The spread of a score from its values without each unit, on the scale of these.

    Of rows and groups the jackknife's, whose degrees of freedom go by the kurtosis of the units; of times
    that of cosine waves over the series (Lazarus, Lewis, Stock and Watson 2018), few enough that what rows
    remember of those before is flat over them; the degrees of freedom are the number of waves.

    Args:
        scaled: (count,) from ``without_each``; finite.
        skew: how many times as large as it looks the skewness of the units is taken to be; 0 where it is
            not corrected for.
    """
    moved = scaled.mean() - scaled
    if units.alike == "times":
        return _in_time((units.count - 1) * moved)
    square = float(np.mean(moved**2))
    if square == 0:
        return Spread(0.0, float(units.count - 1))
    kurtosis = float(np.mean(moved**4)) / square**2
    freedom = min(units.freedom, 2 * units.count / max(kurtosis - 1, 1e-9))
    skewness = float(np.mean(moved**3)) / square**1.5 / np.sqrt(units.count)
    return Spread(float(np.sqrt((units.count - 1) * square)), freedom, skew * skewness)


def _in_time(series: Floats) -> Spread:
    if not forgets(series):
        return Spread(float("nan"), 0.0)
    count = len(series)
    places = np.pi * (np.arange(count) + 0.5) / count
    heights = np.sqrt(2 / count) * np.cos(np.arange(1, WAVES + 1)[:, None] * places) @ series
    return Spread(float(np.sqrt(np.mean(heights**2) / count)), float(WAVES))


def forgets(series: Floats) -> bool:
    """Whether what rows remember of those before is flat over the waves, as seen at several scales."""
    count, memory = len(series), _longest(series)
    flat = FLAT * count * (1 - memory) / np.sqrt(memory) if memory > 0 else np.inf
    return bool(min(count // UNITS_OF_WAVE, flat) >= WAVES)


def _longest(series: Floats) -> float:
    return max(_memory(series, scale) for scale in SCALES)


def _memory(series: Floats, scale: int) -> float:
    """Correlation of neighbours in a series, seen in means of ``scale`` of them; 0 where it may be chance."""
    many = len(series) // scale
    if many < 4:
        return 0.0
    means = series[: many * scale].reshape(many, scale).mean(axis=1)
    centred = means - means.mean()
    square = float(centred @ centred)
    if square == 0:
        return 0.0
    neighbours = float(centred[1:] @ centred[:-1]) / square
    if neighbours < SURE / np.sqrt(many):
        return 0.0
    unbiased = neighbours + (1 + 3 * neighbours) / many
    return float(min(unbiased, 0.999) ** (1 / scale))
