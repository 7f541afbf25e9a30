"""Numbers: whether predictions of some rows would be better if they were moved and stretched there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from core.evaluate.intervals.enough import FEWEST_GROUPS
from core.evaluate.intervals.jackknife import UNSEEN_SKEW, spread_of
from core.evaluate.intervals.units import Units
from core.evaluate.weakness.finding import ALIKE_WORDS, UNDEFINED, Finding, too_few, worse_by
from core.scoring.pairs import Floats, Pairs, whole
from core.spec import Metric

LEAST_LEFT = 1e-6
"""Of its own leverage, a row keeps at least that share."""


@dataclass(frozen=True, eq=False)
class Line:
    """The straight line of truth over prediction.

    Attributes:
        middle: mean prediction.
        height: truth there; ``slope``: by how much it grows with the prediction.
        height_error, slope_error: variances of both.
    """

    middle: float
    height: float
    slope: float
    height_error: float
    slope_error: float

    def at(self, predicted: Floats) -> Floats:
        """The truth that goes with predictions."""
        return self.height + self.slope * (predicted - self.middle)


def line(pairs: Pairs, units: Units) -> Line:
    """The line of some rows, with variances that allow for errors of any size and for units alike."""
    moved = pairs.predicted - pairs.predicted.mean()
    square = float(moved @ moved)
    height = float(pairs.truth.mean())
    slope = float(moved @ pairs.truth) / square if square > 0 else 1.0
    left = pairs.truth - height - slope * moved
    variances = []
    for values in (left / len(left), moved * left / square if square > 0 else np.zeros_like(left)):
        sums = np.bincount(units.codes, values, units.count)
        variances.append(float(sums @ sums))
    return Line(float(pairs.predicted.mean()), height, slope, variances[0], variances[1])


def put_right(metric: Metric, pairs: Pairs, rest: Line, units: Units) -> Finding:
    """Whether predictions of rows could be better by a shift or a stretch that the other rows do not need.

    A model that is right about the rows errs by chance there, however much: its errors have a mean of 0 and
    do not go with its predictions. Both are tested, corrected for skewness as in Hall 1992, with degrees of
    freedom by the kurtosis of the units. The expected score is that of the line through all rows but one.

    Args:
        metric: the score.
        pairs: the n rows.
        rest: the line of the other rows.
        units: what of the n rows is independent.
    """
    expected = float(metric.make(whole(_corrected(pairs)))[0])
    score = float(metric.make(whole(pairs))[0])
    if not (np.isfinite(expected) and np.isfinite(score)):
        return UNDEFINED
    if words := too_few(units, FEWEST_GROUPS):
        return Finding(expected, np.nan, words)
    errors = pairs.truth - rest.at(pairs.predicted)
    moved = pairs.predicted - pairs.predicted.mean()
    square = float(np.mean(moved**2))
    away = float(pairs.predicted.mean()) - rest.middle
    chances = [_chance(errors, units, rest.height_error + away**2 * rest.slope_error)]
    if square > 0:
        chances.append(_chance(errors * moved, units, square**2 * rest.slope_error))
    if np.isnan(chances).any():
        return Finding(expected, np.nan, ALIKE_WORDS)
    better = worse_by(metric, score, expected) > 0
    return Finding(expected, min(1.0, len(chances) * min(chances)) if better else 1.0)


def _corrected(pairs: Pairs) -> Pairs:
    """The rows predicted by the line through the others of them."""
    moved = pairs.predicted - pairs.predicted.mean()
    square = float(moved @ moved)
    slope = float(moved @ pairs.truth) / square if square > 0 else 0.0
    left = pairs.truth - pairs.truth.mean() - slope * moved
    pull = 1 / len(moved) + (moved**2 / square if square > 0 else 0.0)
    return Pairs("regression", (), pairs.truth, pairs.truth - left / np.maximum(1 - pull, LEAST_LEFT), None)


def _chance(values: Floats, units: Units, more: float) -> float:
    """Two-sided p value of a mean of 0, given a variance that comes on top; NaN when it is not known."""
    sums = np.bincount(units.codes, values, units.count)
    spread = spread_of((values.sum() - sums) / (len(values) - units.sizes), units, skew=UNSEEN_SKEW)
    if np.isnan(spread.error):
        return float("nan")
    error = float(np.sqrt(spread.error**2 + more))
    if error == 0:
        return 1.0 if values.mean() == 0 else 0.0
    skew = spread.skew * (spread.error / error) ** 3
    return 2 * float(stdtr(spread.freedom, -abs(_untilted(values.mean() / error, skew))))


def _untilted(steps: float, skew: float) -> float:
    """Standard errors from 0 with the skewness of the mean taken out (Hall 1992, section 3)."""
    if abs(skew) < 1e-9:
        return steps
    return skew / 6 + ((1 + skew * steps / 3) ** 3 - 1) / skew
