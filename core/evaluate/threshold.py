"""From which probability on a row is called positive: what each threshold gives, and which to choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.catalog.metrics import METRICS, metrics_for, require, threshold_objectives
from core.errors import FoldlineError
from core.scoring.pairing import pair
from core.scoring.pairs import Confusions, Floats, Pairs, Predicted

COST = "cost"
"""The objective that is no metric: what mistakes cost, by row."""
ENOUGH_POSITIVES = 50


@dataclass(frozen=True)
class Threshold:
    """A chosen threshold.

    Attributes:
        value: rows with at least this probability are called positive.
        objective: what it is best for.
        reached: the objective at ``value`` on the rows it was chosen on: a little too good to be true.
        at_half: the objective at 0.5.
        few_positives: whether there were fewer than 50 rows of the rarer class, so that another sample could
            well give another threshold.
    """

    value: float
    objective: str
    reached: float
    at_half: float
    few_positives: bool


def steps_with(*thresholds: float | None) -> Floats:
    """0, .01, ... 1 and the thresholds that are in use or advised, sorted."""
    return np.union1d(np.arange(101) / 100, [one for one in thresholds if one is not None])


def threshold_table(pairs: Pairs, thresholds: Floats | None = None) -> pd.DataFrame:
    """What calling rows positive from each threshold on gives.

    Args:
        pairs: truth and probabilities of a binary task.
        thresholds: by default 0, .01, ... 1.

    Returns:
        One row a threshold: ``threshold``, the counts ``tp``, ``fp``, ``fn``, ``tn``, each metric of labels
        under its id (NaN where the rows do not define it) and ``positive_share``, the share of rows called
        positive.
    """
    steps = steps_with() if thresholds is None else thresholds
    share, positive = pairs.probabilities[:, -1], pairs.truth == len(pairs.classes) - 1
    tp = _at_or_above(share[positive], steps)
    fp = _at_or_above(share[~positive], steps)
    fn, tn = positive.sum() - tp, (~positive).sum() - fp
    counts = Confusions(np.stack([tn, fp, fn, tp], axis=1).reshape(-1, 2, 2).astype(np.float64))
    return pd.DataFrame(
        {
            "threshold": steps,
            "tp": tp,
            "fp": fp,
            "fn": fn,
            "tn": tn,
            **{metric.id: metric.make(counts) for metric in metrics_for("binary", proba=False)},
            "positive_share": (tp + fp) / len(pairs),
        }
    )


def total_cost(table: pd.DataFrame, false_alarm: float, miss: float) -> pd.Series:
    """What all mistakes cost at each threshold of a table, given what one of each kind costs."""
    return false_alarm * table["fp"] + miss * table["fn"]


def choose_threshold(
    y_true: Any,
    prediction: Predicted,
    objective: str = "",
    cost_fp: float = 1.0,
    cost_fn: float = 1.0,
) -> Threshold:
    """The threshold that is best on out-of-fold predictions; never choose it on the test set.

    Every cut between two neighbouring probabilities is tried, and 0.5; of equals the nearest to 0.5 wins.

    Args:
        y_true: (n,) labels.
        prediction: out-of-fold probabilities of the same rows.
        objective: id of a metric that a threshold can be chosen for, by default the usual one, or ``cost``
            (``cost_fp`` for each false alarm plus ``cost_fn`` for each miss, per row), which is made small.

    Raises:
        FoldlineError: ``THRESHOLD`` for a cost below 0, both costs 0, an unknown objective, or rows of one
            class only; ``METRIC`` as ``core.catalog.metrics.score``.
    """
    able = [metric.id for metric in threshold_objectives()]
    objective = objective or able[0]
    require(METRICS[able[0]], prediction.task)
    pairs = pair(y_true, prediction)
    rarer = int(np.bincount(pairs.truth, minlength=2).min())
    if rarer == 0:
        raise FoldlineError("THRESHOLD", "All rows are of one class.", "Give rows of both classes.")
    table = threshold_table(pairs, _cuts(pairs.probabilities[:, -1]))
    values, sign = _objective(table, objective, cost_fp, cost_fn)
    tops = np.flatnonzero(np.isclose(sign * values, (sign * values).max(), rtol=1e-12, atol=0))
    steps = table["threshold"].to_numpy()
    best = tops[np.abs(steps[tops] - 0.5).argmin()]
    half = int(np.flatnonzero(steps == 0.5)[0])
    return Threshold(
        float(steps[best]), objective, float(values[best]), float(values[half]), rarer < ENOUGH_POSITIVES
    )


def _objective(table: pd.DataFrame, objective: str, cost_fp: float, cost_fn: float) -> tuple[Floats, float]:
    """The value of each threshold, and +1 when large is good or -1."""
    able = {metric.id: metric for metric in threshold_objectives()}
    if objective in able:
        return table[objective].to_numpy(), 1.0 if able[objective].better == "higher" else -1.0
    if objective != COST:
        choices = ", ".join([*able, COST])
        raise FoldlineError(
            "THRESHOLD", f"There is no objective {objective!r}.", f"Choose one of: {choices}."
        )
    if min(cost_fp, cost_fn) < 0 or max(cost_fp, cost_fn) == 0:
        raise FoldlineError(
            "THRESHOLD",
            f"The costs are {cost_fp:g} for a false alarm and {cost_fn:g} for a miss.",
            "Give costs of 0 or more, one of them above 0.",
        )
    rows = table.loc[0, ["tp", "fp", "fn", "tn"]].sum()
    return (total_cost(table, cost_fp, cost_fn) / rows).to_numpy(), -1.0


def _cuts(share: Floats) -> Floats:
    """Half-way between neighbouring probabilities, and both ends; a cut holds for rows not seen as well."""
    levels = np.unique(share)
    middles = np.minimum((levels[1:] + levels[:-1]) / 2, levels[1:])
    return np.unique(np.r_[0.0, middles, 0.5, 1.0])


def _at_or_above(share: Floats, steps: Floats) -> Any:
    return len(share) - np.searchsorted(np.sort(share), steps, side="left")
