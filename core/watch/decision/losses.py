"""Losses between 0 and 1 that stand for a score, and their mean with its interval."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import betaincinv

from core.challenge.stream import half_distances
from core.evaluate.intervals.jackknife import spread_of
from core.evaluate.intervals.units import Units, group_codes
from core.evaluate.prediction import Prediction
from core.scoring.pairing import pair
from core.scoring.pairs import Floats, Pairs, Predicted
from core.spec import Metric
from core.watch.decision.window import STEPS, Ends, Losses

CUT_AT = 0.95
"""Quantile of the hold-out's absolute errors beyond which an error counts as a loss of 1."""
FEWEST = 20
"""Losses of a hold-out with fewer than which nothing is said of their mean."""
SURE = 2.3
"""Standard errors by which neighbours must be alike to be put together."""
SIDE = 0.025


def is_own(metric: Metric) -> bool:
    """Whether the score is the mean loss, or 1 minus it."""
    if metric.interval == "ranking":
        return metric.tasks == ("binary",)
    return metric.interval == "share" or (metric.interval == "mean" and metric.high == 1)


def rows_losses(
    metric: Metric, y_true: Any, prediction: Predicted, groups: Any = None, cut: float | None = None
) -> tuple[Floats, Any]:
    """Losses of the rows that a score stands on, in their order, and their groups.

    A share: whether a row that it stands on is wrong. ROC AUC of two classes: of each row of the rarer class
    the share of some rows of the other that it is ordered wrongly with; no row is in two such sets, which are
    drawn, since rows near in time are alike. Other
    scores of probabilities: half the squared distance to what happened. Scores of labels: whether a row is
    wrong. Of a regression: the absolute error in parts of ``cut``, 1 at most.

    Raises:
        FoldlineError: ``METRIC`` as ``core.scoring.pairing.pair``.
    """
    pairs = pair(y_true, prediction)
    kept = None if groups is None else np.asarray(groups)
    if pairs.task == "regression":
        largest = float(np.quantile(pairs.errors, CUT_AT)) if cut is None else cut
        return np.minimum(pairs.errors, largest) / (largest or 1.0), kept
    if metric.interval == "ranking" and pairs.task == "binary" and pairs.proba is not None:
        return _misordered(pairs, kept)
    if metric.needs_proba and pairs.proba is not None:
        return half_distances(pairs), kept
    last, wrong = len(pairs.classes) - 1, (pairs.truth != pairs.predicted).astype(np.float64)
    stands = {"positive rows": pairs.truth == last, "called rows": pairs.predicted == last}
    mask = stands.get(metric.stands_on if metric.interval == "share" else "", np.ones(len(pairs), dtype=bool))
    return wrong[mask], None if kept is None else kept[mask]


def _misordered(pairs: Pairs, groups: Any) -> tuple[Floats, Any]:
    """(m,) of each row of the rarer class the share of rows that are ordered wrongly with it; its group."""
    last = len(pairs.classes) - 1
    chance, positive = pairs.probabilities[:, last], pairs.truth == last
    is_rarer = positive.sum() <= (~positive).sum()
    rare, other = np.flatnonzero(positive == is_rarer), np.flatnonzero(positive != is_rarer)
    if not len(rare):
        return np.empty(0), None
    other = np.random.default_rng(0).permutation(other)
    part = np.arange(len(other)) * len(rare) // len(other)
    ahead = np.sign(chance[rare[part]] - chance[other]) * (1.0 if is_rarer else -1.0)
    lost = np.bincount(part, weights=(1 - ahead) / 2, minlength=len(rare))
    means = np.asarray(lost / np.bincount(part, minlength=len(rare)))
    return means, None if groups is None else groups[rare]


def summed(values: Floats, groups: Any = None, stretch: int = 1) -> Losses:
    """Losses counted by size: of rows, or the means of whole groups, or of stretches of rows in order."""
    means = _units(values, groups, stretch)
    steps, many = np.unique(np.floor(means * STEPS + 1e-9).astype(np.int64), return_counts=True)
    return Losses(counts=tuple(zip(steps.tolist(), many.tolist(), strict=True)))


def _units(values: Floats, groups: Any, stretch: int) -> Floats:
    if groups is not None and len(values):
        codes = group_codes(groups)
    elif stretch > 1 and len(values):
        codes = np.arange(len(values)) * max(1, len(values) // stretch) // len(values)
    else:
        return values
    return np.asarray(np.bincount(codes, weights=values) / np.bincount(codes))


def stretch_of(values: Floats) -> tuple[int, float]:
    """How many neighbours in time are put together so that what is put together is not alike any more.

    Twice the first power of two at which neighbouring means are not seen to be alike.

    Returns:
        That many, and 0; where fewer than FEWEST would be left, as many as leave these, and the correlation
        of their neighbours.
    """
    size = 1
    while True:
        alike = _alike(values, size)
        if not alike:
            return (1, 0.0) if size == 1 else _within(values, 2 * size, size)
        if len(values) // (2 * size) < FEWEST:
            return size, alike
        size *= 2


def _within(values: Floats, wanted: int, size: int) -> tuple[int, float]:
    return (wanted if len(values) // wanted >= FEWEST else size), 0.0


def _alike(values: Floats, size: int) -> float:
    """Correlation of neighbouring means of ``size`` values; 0 where it may be chance."""
    many = len(values) // size
    means = values[: many * size].reshape(many, size).mean(axis=1)
    moved = means - means.mean()
    square = float(moved @ moved)
    neighbours = float(moved[1:] @ moved[:-1]) / square if square else 0.0
    return neighbours if neighbours >= SURE / np.sqrt(many) else 0.0


def mean_ends(losses: Losses) -> Ends:
    """The mean of losses with its 95 % interval: exact (Clopper and Pearson 1934) of losses of 0 and 1.

    Of others that of the mean with its skewness taken out (Hall 1992), its upper end never below what as many
    losses of 0 would leave open for a loss of 1.
    """
    units, mean = losses.units, losses.total / losses.units
    if all(step in (0, STEPS) for step, _ in losses.counts):
        ones = round(losses.total)
        low = float(betaincinv(ones, units - ones + 1, SIDE)) if ones else 0.0
        high = float(betaincinv(ones + 1, units - ones, 1 - SIDE)) if ones < units else 1.0
        return mean, low, high
    values = np.repeat(*(np.array(each) for each in zip(*losses.counts, strict=True))) / STEPS
    unseen = 1 - SIDE ** (1 / units)
    without = (values.sum() - values) / max(units - 1, 1)
    spread = spread_of(without, Units("rows", np.arange(units), units), 1.0)
    low, high = spread.ends(mean) if spread.error > 0 else (mean, mean)
    return mean, max(0.0, low), min(1.0, max(high, unseen))


def losses_in_order(
    metric: Metric, y_true: Any, prediction: Prediction, groups: Any, times: Any, cut: float | None
) -> tuple[Floats, Any]:
    """``rows_losses`` of the rows in the order of time, where there is one."""
    truth = np.asarray(y_true)
    if times is not None:
        order = np.argsort(np.asarray(times), kind="stable")
        truth, prediction = truth[order], prediction.take(order)
        groups = None if groups is None else np.asarray(groups)[order]
    return rows_losses(metric, truth, prediction, groups, cut)
