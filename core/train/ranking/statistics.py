"""Intervals of the difference of two models: over folds, and over the rows of a hold-out."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import stdtrit

from core.catalog.metrics import require
from core.evaluate.resample import bootstrap, percentiles
from core.scoring.pairing import pair
from core.scoring.pairs import Floats, Predicted, whole
from core.spec import Metric
from core.train.ranking.interval import LEVEL, Interval


def corrected_interval(differences: Any, n_train: float, n_valid: float) -> Interval:
    """Corrected resampled t interval of the mean over folds (Nadeau and Bengio 2003, section 3).

    Training sets of folds overlap, so the variance of their mean is ``var * (1/J + n_valid/n_train)`` and not
    ``var / J``; the plain t test calls two equal models different far too often. The correction is a rule of
    thumb: equal rules were called different in 1 to 5 % of simulated comparisons, in 9 % where the models
    themselves changed a lot from one table to the next (10 x 10 folds of 100 rows).

    Args:
        differences: (J,) one number a fold, such as the score of one candidate minus another's. NaN folds do
            not count.
        n_train, n_valid: rows of a fold to fit and to validate.

    Returns:
        The 95 % interval; not available for fewer than two folds (use ``paired_bootstrap`` then).
    """
    values = np.asarray(differences, dtype=np.float64)
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return Interval(float(values[0]) if len(values) else np.nan)
    mean, freedom = float(values.mean()), len(values) - 1
    scale = float(np.sqrt(values.var(ddof=1) * (1 / len(values) + n_valid / n_train)))
    half = scale * float(stdtrit(freedom, (1 + LEVEL) / 2))
    return Interval(mean, mean - half, mean + half)


def paired_bootstrap(
    y_true: Any,
    first: Predicted,
    second: Predicted,
    metric: Metric,
    groups: Any = None,
    count: int = 1000,
    seed: int = 0,
) -> Interval:
    """The 95 % interval of ``score(first) - score(second)`` on the same rows, resampled together.

    Args:
        y_true: (n,) truth.
        first, second: predictions of the same rows.
        metric: the score.
        groups: (n,) group ids; whole groups are resampled. None resamples rows.
        count: number of resamples.
        seed: of the resamples.

    Raises:
        FoldlineError: ``METRIC`` as ``core.catalog.metrics.score``.
    """
    require(metric, first.task)
    judged = {"first": pair(y_true, first), "second": pair(y_true, second)}
    drawn = bootstrap([metric], judged, groups, count, seed)
    once = {name: metric.make(whole(p))[0] for name, p in judged.items()}
    difference = float(once["first"] - once["second"])
    return _bootstrap_interval(difference, drawn["first"][metric.id] - drawn["second"][metric.id])


def _bootstrap_interval(mean: float, drawn: Floats) -> Interval:
    finite = drawn[np.isfinite(drawn)]
    if 2 * len(finite) <= len(drawn):
        return Interval(mean)
    low, high = percentiles(finite, LEVEL)
    return Interval(mean, min(low, mean), max(high, mean))
