"""A window of a deployment from its labelled rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.catalog.metrics import METRICS
from core.evaluate.intervals.score_interval import intervals
from core.evaluate.prediction import Prediction
from core.watch.decision.losses import losses_in_order, summed
from core.watch.decision.unevenness import alikeness
from core.watch.decision.window import Baseline, Losses, Window


def window_of(
    baseline: Baseline,
    at: str,
    rows: int,
    y_true: Any,
    prediction: Prediction,
    groups: Any = None,
    times: Any = None,
) -> Window:
    """The window of rows of which some have labels.

    Args:
        at: when it ended, ISO 8601.
        rows: rows scored, labelled or not.
        y_true, prediction: (n,) of the labelled rows; of a binary task none of another class.
        groups, times: (n,) group ids, and what orders the rows in time; or None, where it is seen how alike
            rows next to each other are.

    Raises:
        FoldlineError: ``METRIC`` as ``core.catalog.metrics.score``.
    """
    truth = np.asarray(y_true)
    if not len(truth):
        return Window(at=at, rows=rows)
    if baseline.in_time and groups is None and times is None:
        times = np.arange(len(truth))
    spec = METRICS[baseline.metric]
    score = intervals([spec], truth, prediction, groups, times)[spec.id]
    losses, alike = _losses(baseline, truth, prediction, groups, times)
    there = bool(np.isfinite(score.value))
    certain = there and not score.why
    return Window(
        at=at,
        rows=rows,
        labelled=len(truth),
        rarest=_rarest(truth, prediction),
        losses=losses,
        alike=alike,
        score=float(score.value) if there else None,
        low=float(score.low) if certain else None,
        high=float(score.high) if certain else None,
    )


def _losses(
    baseline: Baseline, truth: Any, prediction: Prediction, groups: Any, times: Any
) -> tuple[Losses | None, float | None]:
    """Losses made as those of the hold-out, and how alike neighbours among them are; None where not known."""
    if baseline.loss is None or (prediction.task == "regression" and baseline.cut is None):
        return None, None
    spec = METRICS[baseline.metric]
    losses, kept = losses_in_order(spec, truth, prediction, groups, times, baseline.cut)
    if not len(losses):
        return None, None
    alike = alikeness(losses) if groups is None and times is None else None
    return summed(losses, kept, baseline.stretch), alike


def _rarest(truth: Any, prediction: Prediction) -> int | None:
    """Labelled rows of the class that has fewest; None of a regression."""
    if prediction.task == "regression":
        return None
    return min(int((truth == name).sum()) for name in prediction.classes)
