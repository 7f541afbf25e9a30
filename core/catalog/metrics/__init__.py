"""The scores a person can choose, and the one way to compute any of them: ``score``.

``make`` of an entry is the function in ``core.scoring.scores``. It takes a ``Sample``: truth and prediction
paired, with any number of sets of row weights, so that the same code gives the score, its resamples, and the
score of a segment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from core.catalog.metrics.classification import CLASS_METRICS
from core.catalog.metrics.regression import REGRESSION_METRICS
from core.errors import FoldlineError
from core.scoring.pairing import pair
from core.scoring.pairs import Predicted, whole
from core.spec import Catalog, Metric, Task

S = TypeVar("S")
METRICS: Catalog[Metric] = Catalog("metric", (*CLASS_METRICS, *REGRESSION_METRICS))


def metrics_for(task: Task, proba: bool = True) -> tuple[Metric, ...]:
    """The scores of a task, in order of display; without ``proba`` those of labels only."""
    return tuple(m for m in METRICS if task in m.tasks and (proba or not m.needs_proba))


def score(metric: Metric, y_true: Any, prediction: Predicted) -> float:
    """One score of a prediction.

    Args:
        metric: an entry of METRICS.
        y_true: (n,) labels as str, or float64 of a regression.
        prediction: of the same n rows.

    Returns:
        The score, or NaN when these rows do not define it (``core.scoring.scores`` says when).

    Raises:
        FoldlineError: ``METRIC`` when the score does not apply to the task, needs probabilities that are not
            there, or the prediction does not fit the rows (``core.scoring.pairing.pair``).
    """
    return score_all(y_true, prediction, [metric])[metric.id]


def score_all(
    y_true: Any, prediction: Predicted, metrics: Sequence[Metric] | None = None
) -> dict[str, float]:
    """Several scores of a prediction, metric id -> score; by default all that apply to it.

    Raises:
        FoldlineError: ``METRIC`` as ``score``.
    """
    chosen = metrics_for(prediction.task, prediction.proba is not None) if metrics is None else metrics
    for metric in chosen:
        require(metric, prediction.task)
    sample = whole(pair(y_true, prediction))
    return {metric.id: float(metric.make(sample)[0]) for metric in chosen}


def require(metric: Metric, task: Task) -> None:
    """Nothing when the score applies to the task.

    Raises:
        FoldlineError: ``METRIC`` when it does not.
    """
    if task not in metric.tasks:
        choices = ", ".join(m.id for m in metrics_for(task))
        raise FoldlineError(
            "METRIC", f"{metric.label} is no score of a {task} task.", f"Choose one of: {choices}."
        )


def headline_metrics(task: Task) -> tuple[Metric, ...]:
    """The metrics of a task that are shown large, the most telling first."""
    return tuple(sorted((m for m in METRICS if task in m.headline), key=lambda m: m.headline[task]))


def ranking_first(scores: Mapping[str, S], metric: str) -> dict[str, S]:
    """Scores by metric, that of the metric that ranks before the others, which keep their order."""
    first = {metric: scores[metric]} if metric in scores else {}
    return first | dict(scores)


def default_metric(task: Task) -> str:
    """Id of the metric that a recipe begins with."""
    return next(m.id for m in METRICS if task in m.default_for)


def threshold_objectives() -> tuple[Metric, ...]:
    """The metrics that a threshold can be chosen for, the usual one first."""
    able = (m for m in METRICS if m.threshold_objective)
    return tuple(sorted(able, key=lambda m: m.threshold_objective))


def metric_for_rare(task: Task) -> str:
    """Id of the metric that is offered when one class is rare; empty where none is."""
    return next((m.id for m in METRICS if task in m.rare_choice), "")


def stand_ins(metric: str, task: Task) -> tuple[str, ...]:
    """Ids of the metrics that are judged where another one has no interval, the first that is tried first."""
    able = sorted((m for m in METRICS if m.stands_in and task in m.tasks), key=lambda m: m.stands_in)
    return tuple(m.id for m in able if m.id != metric)


PERFECT_AT_ONE: dict[Task, str] = {"binary": "roc_auc", "multiclass": "roc_auc_ovr", "regression": "r2"}
"""Id of the score whose distance from 1 is what a model leaves open, in tables of any unit and mix."""
