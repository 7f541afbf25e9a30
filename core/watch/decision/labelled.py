"""A window of a deployment from its labelled rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.catalog.metrics import METRICS
from core.evaluate.intervals.score_interval import intervals
from core.evaluate.prediction import Prediction
from core.watch.decision.losses import FEWEST, losses_in_order, stretch_of, summed
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
        at: when it ended, ISO 8601. rows: rows scored, labelled or not. y_true, prediction: (n,) of the
        labelled rows; of a binary task none of another class. groups, times: (n,) group ids, and what orders
        the rows in time; or None, where rows next to each other
            are looked at, and whose score has no interval when they are alike.

    Raises:
        FoldlineError: ``METRIC`` as ``core.catalog.metrics.score``.
    """
    truth = np.asarray(y_true)
    if not len(truth):
        return Window(at=at, rows=rows)
    spec = METRICS[baseline.metric]
    score = intervals([spec], truth, prediction, groups, times)[spec.id]
    losses, is_alike = _losses(baseline, truth, prediction, groups, times)
    there = bool(np.isfinite(score.value))
    certain = there and not score.why and not is_alike
    return Window(
        at=at,
        rows=rows,
        labelled=len(truth),
        rarest=_rarest(truth, prediction),
        losses=losses,
        score=float(score.value) if there else None,
        low=float(score.low) if certain else None,
        high=float(score.high) if certain else None,
    )


def _losses(
    baseline: Baseline, truth: Any, prediction: Prediction, groups: Any, times: Any
) -> tuple[Losses | None, bool]:
    """Losses made as those of the hold-out, or None; and whether rows next to each other are alike untold.

    Such rows are put together in stretches, or in one where the window is too short to tell how long it
    takes.
    """
    if baseline.loss is None or (prediction.task == "regression" and baseline.cut is None):
        return None, False
    spec = METRICS[baseline.metric]
    losses, kept = losses_in_order(spec, truth, prediction, groups, times, baseline.cut)
    if not len(losses):
        return None, False
    seen = stretch_of(losses) if kept is None and times is None and len(losses) >= FEWEST else 1
    long = len(losses) if seen is None else seen
    return summed(losses, kept, max(long, baseline.stretch)), long > 1


def _rarest(truth: Any, prediction: Prediction) -> int | None:
    """Labelled rows of the class that has fewest; None of a regression."""
    if prediction.task == "regression":
        return None
    return min(int((truth == name).sum()) for name in prediction.classes)
