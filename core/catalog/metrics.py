"""The scores a person can choose, and the one way to compute any of them: ``score``.

``make`` of an entry is the function in ``core.scoring.scores``. It takes a ``Sample``: truth and prediction
paired, with any number of sets of row weights, so that the same code gives the score, its resamples, and the
score of a segment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.errors import FoldlineError
from core.scoring import scores
from core.scoring.pairing import pair
from core.scoring.pairs import Predicted, whole
from core.spec import CLASSIFICATION, Catalog, Metric, Task

BINARY: tuple[Task, ...] = ("binary",)
MULTICLASS: tuple[Task, ...] = ("multiclass",)
REGRESSION: tuple[Task, ...] = ("regression",)

METRICS: Catalog[Metric] = Catalog(
    "metric",
    (
        Metric(
            "roc_auc",
            "ROC AUC",
            "How well rows are ordered: how often a positive row ranks above a negative one. 0.5 is chance.",
            scores.roc_auc,
            tasks=BINARY,
            needs_proba=True,
            low=0,
            high=1,
        ),
        Metric(
            "average_precision",
            "Average precision",
            "How pure the top of the ranking is; the one to watch when positives are rare.",
            scores.average_precision,
            tasks=BINARY,
            needs_proba=True,
            low=0,
            high=1,
        ),
        Metric(
            "log_loss",
            "Log loss",
            "How good the probabilities are; being sure and wrong costs a lot.",
            scores.log_loss,
            tasks=CLASSIFICATION,
            better="lower",
            needs_proba=True,
            low=0,
        ),
        Metric(
            "roc_auc_ovr",
            "ROC AUC, each class against the rest",
            "How well rows are ordered, averaged over the classes. 0.5 is chance.",
            scores.roc_auc_ovr,
            tasks=MULTICLASS,
            needs_proba=True,
            low=0,
            high=1,
        ),
        Metric(
            "brier",
            "Brier score",
            "Squared error of the probabilities: ranking and calibration in one number.",
            scores.brier,
            tasks=BINARY,
            better="lower",
            needs_proba=True,
            low=0,
            high=1,
        ),
        Metric(
            "accuracy",
            "Accuracy",
            "Share of rows whose label is right; flatters when one class is large.",
            scores.accuracy,
            tasks=CLASSIFICATION,
            unit="share",
            low=0,
            high=1,
        ),
        Metric(
            "balanced_accuracy",
            "Balanced accuracy",
            "Share of rows found in each class, averaged, so that small classes count as much as large ones.",
            scores.balanced_accuracy,
            tasks=CLASSIFICATION,
            unit="share",
            low=0,
            high=1,
        ),
        Metric(
            "f1",
            "F1",
            "Balance of precision and recall for the positive class; depends on the threshold.",
            scores.f1,
            tasks=BINARY,
            low=0,
            high=1,
        ),
        Metric(
            "f1_macro",
            "F1, mean over classes",
            "Balance of precision and recall in each class, averaged.",
            scores.f1_macro,
            tasks=MULTICLASS,
            low=0,
            high=1,
        ),
        Metric(
            "precision",
            "Precision",
            "Of the rows called positive, the share that are; 0 when none is called positive.",
            scores.precision,
            tasks=BINARY,
            unit="share",
            low=0,
            high=1,
        ),
        Metric(
            "recall",
            "Recall",
            "Of the positive rows, the share that are found.",
            scores.recall,
            tasks=BINARY,
            unit="share",
            low=0,
            high=1,
        ),
        Metric(
            "mcc",
            "Matthews correlation",
            "Correlation of true and predicted classes; 0 is chance, fair to classes of any size.",
            scores.mcc,
            tasks=CLASSIFICATION,
            low=-1,
            high=1,
        ),
        Metric(
            "rmse",
            "Root mean squared error",
            "Typical size of an error in units of the target; large errors weigh more.",
            scores.rmse,
            tasks=REGRESSION,
            better="lower",
            unit="target",
            low=0,
        ),
        Metric(
            "mae",
            "Mean absolute error",
            "Average size of an error in units of the target.",
            scores.mae,
            tasks=REGRESSION,
            better="lower",
            unit="target",
            low=0,
        ),
        Metric(
            "r2",
            "R squared",
            "Share of the target's variance that is explained; 0 is no better than the mean.",
            scores.r2,
            tasks=REGRESSION,
            high=1,
        ),
        Metric(
            "median_ae",
            "Median absolute error",
            "Half of the errors are smaller than this; a few large errors do not move it.",
            scores.median_ae,
            tasks=REGRESSION,
            better="lower",
            unit="target",
            low=0,
        ),
        Metric(
            "mape",
            "Mean absolute percentage error",
            "Average error as a share of the true value; rows whose true value is 0 are left out.",
            scores.mape,
            tasks=REGRESSION,
            better="lower",
            unit="share",
            low=0,
        ),
    ),
)


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
