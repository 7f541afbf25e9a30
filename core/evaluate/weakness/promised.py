"""Classes: the score of some rows against that of labels drawn from the model's own probabilities."""

from __future__ import annotations

import numpy as np
from scipy import stats

from core.evaluate.intervals.enough import FEWEST_GROUPS
from core.evaluate.intervals.jackknife import spread_of, without_each
from core.evaluate.intervals.units import Units
from core.evaluate.weakness.finding import ALIKE_WORDS, UNDEFINED, Finding, too_few, worse_by
from core.evaluate.weakness.recalibration import Recalibration
from core.scoring.pairs import Floats, Pairs, Sample, whole
from core.spec import Metric

FIRST_DRAWS, DRAWS = 100, 500
LOOKED_AT_AGAIN = 1.5
"""Standard errors worse than expected from which on labels are drawn more often."""
CHUNK = 4_000_000
TINY = 1e-9


def promised(
    metric: Metric,
    pairs: Pairs,
    logs: Floats,
    right: Recalibration,
    units: Units,
    rng: np.random.Generator,
) -> Finding:
    """Whether rows are scored worse than their probabilities, put right by the other rows, promise.

    Labels are drawn from these probabilities many times, so that a model that is right about the rows is
    found worse as seldom as p says, however hard the rows are and however few of them are positive. Where
    rows are alike the spread is at least that of the score without each unit, with its degrees of freedom.

    Args:
        metric: the score.
        pairs: the n rows.
        logs: (n, k) ``logs_of`` them.
        right: of the other rows.
        units: what of the n rows is independent.
        rng: where the draws come from.
    """
    score = float(metric.make(whole(pairs))[0])
    for count in (FIRST_DRAWS, DRAWS):
        drawn = _drawn(metric, pairs, right.drawn(logs, count, rng), rng)
        drawn = drawn[np.isfinite(drawn)]
        if not np.isfinite(score) or 2 * len(drawn) < count:
            return UNDEFINED
        expected, spread = float(drawn.mean()), float(drawn.std(ddof=1))
        worse = worse_by(metric, score, expected)
        if worse < LOOKED_AT_AGAIN * spread:
            break
    if units.alike != "rows":
        return _alike(metric, pairs, units, expected, worse, spread)
    if spread <= TINY * abs(expected):
        return Finding(expected, 1.0 if worse <= 0 else 1 / (DRAWS + 1))
    skew = float(stats.skew(drawn)) * (-1 if metric.better == "higher" else 1)
    return Finding(expected, float(stats.pearson3.sf(worse / spread, max(skew, 0.0))))


def _drawn(metric: Metric, pairs: Pairs, chance: Floats, rng: np.random.Generator) -> Floats:
    """The score of each set of labels drawn from (k, draws, n) probabilities.

    Each row stands there once for every class; the weights choose the one that was drawn.
    """
    k, draws, n = chance.shape
    every = pairs.take(np.tile(np.arange(n), k))
    sets = Pairs(pairs.task, pairs.classes, np.repeat(np.arange(k), n), every.predicted, every.proba)
    step = max(1, CHUNK // (n * k))
    scores = []
    for start in range(0, draws, step):
        edges = np.cumsum(chance[:-1, start : start + step], axis=0)
        code = np.sum(rng.random(edges.shape[1:]) >= edges, axis=0)
        weights = (code[:, None, :] == np.arange(k)[:, None]).astype(np.float64)
        scores.append(metric.make(Sample(sets, weights.reshape(len(weights), -1))))
    return np.concatenate(scores)


def _alike(
    metric: Metric, pairs: Pairs, units: Units, expected: float, worse: float, spread: float
) -> Finding:
    if words := too_few(units, FEWEST_GROUPS):
        return Finding(expected, np.nan, words)
    without = without_each(metric, pairs, units)
    if not np.isfinite(without).all():
        return Finding(expected, np.nan, ALIKE_WORDS)
    own = spread_of(without, units, skew=0.0)
    if np.isnan(own.error):
        return Finding(expected, np.nan, ALIKE_WORDS)
    error = max(own.error, spread)
    if error == 0:
        return Finding(expected, 1.0)
    return Finding(expected, float(stats.t.sf(worse / error, own.freedom)))
