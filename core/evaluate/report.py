"""The whole judgement of one prediction, JSON-ready."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.catalog.metrics import metrics_for, score_all
from core.evaluate.confusion import confusion, per_class
from core.evaluate.curves import calibration, calibration_error, gain, precision_recall, roc, roc_by_class
from core.evaluate.intervals.score_interval import intervals
from core.evaluate.intervals.units import alike_of
from core.evaluate.payload import plain, to_dict
from core.evaluate.residuals import predicted_actual, residual_bands, residual_histogram, sample_rows
from core.evaluate.threshold import steps_with, threshold_table
from core.scoring.pairing import pair
from core.scoring.pairs import Pairs, Predicted
from core.spec import Metric


def evaluate(
    y_true: Any,
    prediction: Predicted,
    baseline: Predicted | None = None,
    metrics: Sequence[Metric] | None = None,
    groups: Any = None,
    times: Any = None,
    seed: int = 0,
    threshold: float | None = None,
) -> dict[str, Any]:
    """Scores with intervals, and the curves of the task.

    Args:
        y_true: (n,) labels as str, or float64.
        prediction: of the same rows.
        baseline: what the dummy model says of the same rows, or None.
        metrics: by default all that apply.
        groups: (n,) group ids, or None; the intervals count whole groups.
        times: (n,) what orders the rows in time, or None; the intervals allow for neighbours that are alike.
        seed: of the samples.
        threshold: the one in use, which the table of thresholds has beside round ones.

    Returns:
        ``task``, ``classes``, ``rows``, ``resampled`` (what is independent: ``rows``, ``groups``,
        ``times`` or ``both``), ``scores`` {metric id: {value, low, high, why, baseline}} and ``curves``
        {name: columns}; what is not defined or not
        available is None. Under 300 kB as JSON.

    Raises:
        FoldlineError: ``METRIC`` as ``core.catalog.metrics.score``.
    """
    chosen = metrics_for(prediction.task, prediction.proba is not None) if metrics is None else metrics
    pairs = pair(y_true, prediction)
    return {
        "task": prediction.task,
        "classes": list(pairs.classes),
        "rows": len(pairs),
        "resampled": alike_of(groups, times),
        "scores": _scores(y_true, prediction, baseline, chosen, (groups, times)),
        "curves": curves(pairs, seed, threshold),
    }


def curves(pairs: Pairs, seed: int = 0, threshold: float | None = None) -> dict[str, Any]:
    """The curves of the task, JSON-ready: name -> columns (documented where each is made).

    Binary: confusion, per_class, and with probabilities roc, precision_recall, gain, thresholds, calibration,
    calibration_error. Multiclass: confusion, per_class, and with probabilities roc_by_class, calibration,
    calibration_error. Regression: predicted_actual, sample, residual_histogram, residual_bands.
    """
    if pairs.task == "regression":
        return {
            "predicted_actual": to_dict(predicted_actual(pairs)),
            "sample": to_dict(sample_rows(pairs, seed)),
            "residual_histogram": to_dict(residual_histogram(pairs)),
            "residual_bands": to_dict(residual_bands(pairs)),
        }
    payload = {"confusion": confusion(pairs).to_dict(), "per_class": to_dict(per_class(pairs))}
    return payload if pairs.proba is None else payload | _ranked(pairs, threshold)


def _ranked(pairs: Pairs, threshold: float | None) -> dict[str, Any]:
    table = calibration(pairs)
    common = {"calibration": to_dict(table), "calibration_error": plain(calibration_error(table))}
    if pairs.task == "multiclass":
        return common | {
            "roc_by_class": {name: to_dict(frame) for name, frame in roc_by_class(pairs).items()}
        }
    return common | {
        "roc": to_dict(roc(pairs)),
        "precision_recall": to_dict(precision_recall(pairs)),
        "gain": to_dict(gain(pairs)),
        "thresholds": to_dict(threshold_table(pairs, steps_with(threshold))),
    }


def _scores(
    y_true: Any,
    prediction: Predicted,
    baseline: Predicted | None,
    metrics: Sequence[Metric],
    alike: tuple[Any, Any],
) -> dict[str, dict[str, float | str | None]]:
    plainly: dict[str, float] = {}
    if baseline is not None:
        can = [m for m in metrics if baseline.proba is not None or not m.needs_proba]
        plainly = score_all(y_true, baseline, can)
    return {
        key: {
            "value": plain(one.value),
            "low": plain(one.low),
            "high": plain(one.high),
            "why": one.why,
            "baseline": plain(plainly.get(key)),
        }
        for key, one in intervals(metrics, y_true, prediction, *alike).items()
    }
