"""Which differences between candidates are real: intervals over folds and over rows, and the leaderboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import stdtrit

from core.catalog.metrics import require
from core.evaluate.resample import bootstrap, percentiles, resamples
from core.scoring.pairing import pair
from core.scoring.pairs import Floats, Predicted, whole
from core.spec import Metric
from core.train.ranking.leaderboard import LEVEL, Better, Board, Interval, Row, rank

__all__ = ["Interval", "Row", "corrected_interval", "holdout_leaderboard", "leaderboard", "paired_bootstrap"]


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
    return Interval(mean, mean - half, mean + half, freedom)


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


def leaderboard(
    scores: Mapping[str, Any],
    better: Better,
    sizes: Sequence[tuple[int, int]] | tuple[int, int],
    simplicity: Mapping[str, int],
    baseline: str | None = None,
) -> list[Row]:
    """Candidates from best to worst, with what can and what cannot be told apart.

    Works on a comparison that is still running: folds that are not there yet are NaN and differences use the
    folds that both candidates have. With one fold nothing is called a tie; use ``holdout_leaderboard``.

    Args:
        scores: candidate id -> (J,) fold scores; the same folds in the same order for all.
        better: which way the score is better.
        sizes: (rows to fit, rows to validate), once or for each fold.
        simplicity: candidate id -> rank, 0 the simplest.
        baseline: id of the dummy candidate, or None.

    Returns:
        One Row a candidate; candidates without a single score come last.
    """
    fit, valid = np.atleast_2d(np.asarray(sizes, dtype=np.float64)).mean(axis=0)
    folds = {key: np.asarray(values, dtype=np.float64) for key, values in scores.items()}
    board = Board(
        means={key: _mean(values) for key, values in folds.items()},
        spreads={key: _spread(values) for key, values in folds.items()},
        counts={key: int(np.isfinite(values).sum()) for key, values in folds.items()},
        own=lambda key: corrected_interval(folds[key], fit, valid),
        versus=lambda key, other: corrected_interval(folds[key] - folds[other], fit, valid),
    )
    return rank(board, better, simplicity, baseline)


def holdout_leaderboard(
    y_true: Any,
    predictions: Mapping[str, Predicted],
    metric: Metric,
    simplicity: Mapping[str, int],
    baseline: str | None = None,
    groups: Any = None,
    seed: int = 0,
    count: int | None = None,
) -> list[Row]:
    """The leaderboard of a single holdout: intervals by a paired bootstrap of the validation rows.

    They hold the chance of these validation rows, not that of the training rows, which one fold cannot show.

    Args:
        y_true: (n,) truth of the validation rows.
        predictions: candidate id -> prediction of those rows.
        metric: the score.
        simplicity, baseline: as in ``leaderboard``.
        groups: (n,) group ids; whole groups are resampled.
        seed, count: of the resamples.

    Raises:
        FoldlineError: ``METRIC`` as ``core.catalog.metrics.score``.
    """
    judged = {key: pair(y_true, prediction) for key, prediction in predictions.items()}
    if not judged:
        return []
    for prediction in predictions.values():
        require(metric, prediction.task)
    first = next(iter(judged.values()))
    times = resamples(len(first), len(first.classes)) if count is None else count
    drawn = {
        k: resample[metric.id] for k, resample in bootstrap([metric], judged, groups, times, seed).items()
    }
    means = {k: float(metric.make(whole(p))[0]) for k, p in judged.items()}
    board = Board(
        means=means,
        spreads=dict.fromkeys(judged, np.nan),
        counts={key: int(np.isfinite(value)) for key, value in means.items()},
        own=lambda key: _bootstrap_interval(means[key], drawn[key]),
        versus=lambda key, other: _bootstrap_interval(means[key] - means[other], drawn[key] - drawn[other]),
    )
    return rank(board, metric.better, simplicity, baseline)


def _bootstrap_interval(mean: float, drawn: Floats) -> Interval:
    finite = drawn[np.isfinite(drawn)]
    if 2 * len(finite) <= len(drawn):
        return Interval(mean)
    low, high = percentiles(finite, LEVEL)
    return Interval(mean, min(low, mean), max(high, mean))


def _mean(values: Floats) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else np.nan


def _spread(values: Floats) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.std(ddof=1)) if len(finite) > 1 else np.nan
