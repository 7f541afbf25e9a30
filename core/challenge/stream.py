"""What two models' answers say row by row, in bounds, for a bet that is looked at as rows come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.scoring.pairing import pair
from core.scoring.pairs import Floats, Pairs, Predicted
from core.spec import Metric

FIRST = 30
"""Rows of a regression that tell how large errors are, and are not bet on."""
CUT = 4.0
"""Typical errors at which larger ones are cut, so that they have bounds."""
PAIRS = "ROC AUC of pairs of rows that came one after the other"
CUT_ERRORS = f"mean absolute error with errors cut at {CUT:.0f} typical ones"


@dataclass(frozen=True, eq=False)
class Stream:
    """Differences in [-1, 1], above 0 where the second model did better.

    Attributes:
        score: what they are differences of, in words.
        differences: (m,) in the order in which the rows came.
        rows: (m,) how many rows had come by then.
        own: whether their mean is the difference of the very score that was asked for.
        unit: what a difference of 1 is, in units of that score.
    """

    score: str
    differences: Floats
    rows: Floats
    own: bool
    unit: float = 1.0


def stream(metric: Metric, y_true: Any, models: Sequence[Predicted]) -> Stream:
    """The differences that stand for a score: its own where it is a mean of rows or of pairs of rows.

    ROC AUC: each positive row with the next negative one, so that rows near in time are compared. Other
    scores of probabilities: the Brier score; of labels: accuracy. Scores of a regression: absolute errors,
    cut at four typical ones.

    Raises:
        FoldlineError: ``METRIC`` as ``pair``.
    """
    first, second = (pair(y_true, one) for one in models)
    if first.task == "regression":
        return _errors(first, second)
    if not metric.needs_proba or first.proba is None or second.proba is None:
        right = [(one.truth == one.predicted).astype(np.float64) for one in (first, second)]
        own = metric.interval == "share" and metric.stands_on == "all rows"
        return Stream("share of right labels", right[1] - right[0], _every(len(first)), own)
    if metric.interval == "ranking" and first.task == "binary":
        return _ordered(first, second)
    distances = [half_distances(one) for one in (first, second)]
    own = metric.interval == "mean" and metric.high == 1
    return Stream("Brier score", distances[0] - distances[1], _every(len(first)), own)


def _every(rows: int) -> Floats:
    return np.arange(1, rows + 1, dtype=np.float64)


def half_distances(pairs: Pairs) -> Floats:
    """(n,) half the squared distance between the probabilities and what happened, 0 to 1."""
    happened = pairs.truth[:, None] == np.arange(len(pairs.classes))
    return np.asarray(((pairs.probabilities - happened) ** 2).sum(axis=1) / 2)


def _ordered(first: Pairs, second: Pairs) -> Stream:
    """Each positive row with a negative one: whether it got the higher probability."""
    last = len(first.classes) - 1
    positive, negative = np.flatnonzero(first.truth == last), np.flatnonzero(first.truth != last)
    many = min(len(positive), len(negative))
    positive, negative = positive[:many], negative[:many]
    won = []
    for one in (first, second):
        chance = one.probabilities[:, last]
        won.append((np.sign(chance[positive] - chance[negative]) + 1) / 2)
    come = np.maximum(positive, negative) + 1.0
    order = np.argsort(come, kind="stable")
    return Stream(PAIRS, (won[1] - won[0])[order], come[order], own=True)


def _errors(first: Pairs, second: Pairs) -> Stream:
    typical = float(np.median(np.maximum(first.errors[:FIRST], second.errors[:FIRST])))
    bound = CUT * typical or 1.0
    cut = [np.minimum(one.errors, bound)[FIRST:] for one in (first, second)]
    return Stream(CUT_ERRORS, (cut[0] - cut[1]) / bound, _every(len(first))[FIRST:], False, bound)
