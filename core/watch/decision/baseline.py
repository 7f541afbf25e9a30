"""What a model did on its hold-out, as windows are held to it."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.catalog.metrics import METRICS
from core.evaluate.intervals.score_interval import intervals
from core.evaluate.prediction import Prediction
from core.scoring.pairing import pair
from core.scoring.pairs import Floats
from core.watch.decision.calibration import levels_of
from core.watch.decision.losses import CUT_AT, FEWEST, is_own, losses_in_order, mean_ends, stretch_of, summed
from core.watch.decision.window import Baseline

MOST_ALIKE = 0.8
"""Correlation of neighbouring stretches beyond which their mean is not taken to be less certain."""
FEW = "the hold-out has too few rows, groups or stretches of time ({units}, {needed} are needed)"
UNREMEMBERED = "of the hold-out only its score is known, not the losses of its rows"


def baseline_of(
    metric: str, y_true: Any, prediction: Prediction, groups: Any = None, times: Any = None
) -> Baseline:
    """What a model did on the rows of its hold-out.

    Args:
        y_true, prediction: (n,) of the hold-out.
        groups, times: (n,) group ids, and what orders the rows in time; or None. Rows without either whose
            neighbours are alike are taken to be in the order of time.

    Raises:
        FoldlineError: ``METRIC`` as ``core.catalog.metrics.score``; ``CATALOG`` for an unknown metric.
    """
    spec = METRICS[metric]
    facts: dict[str, Any] = {"metric": metric, "label": spec.label, "better": spec.better}
    if prediction.task == "regression":
        facts["cut"] = float(np.quantile(pair(y_true, prediction).errors, CUT_AT))
    losses, kept = losses_in_order(spec, y_true, prediction, groups, times, facts.get("cut"))
    stretch, alike = stretch_of(losses) if kept is None and len(losses) >= FEWEST else (1, 0.0)
    in_time = times is not None or stretch > 1
    if in_time and times is None:
        times = np.arange(len(prediction))
    score = intervals([spec], y_true, prediction, groups, times)[spec.id]
    ends = (None, None) if score.why else (score.low, score.high)
    facts |= {"score": score.value if np.isfinite(score.value) else None, "low": ends[0], "high": ends[1]}
    facts |= {"rows": len(prediction), "in_time": in_time, "own": is_own(spec)}
    facts["calibration"] = levels_of(y_true, prediction)
    return Baseline(**facts, **_loss_facts(losses, kept, stretch, alike))


def _loss_facts(losses: Floats, groups: Any, stretch: int, alike: float) -> dict[str, Any]:
    """The mean loss; its interval is wider where even long stretches are alike, as after a change."""
    counted = summed(losses, groups, stretch)
    if counted.units < FEWEST:
        return {"why": FEW.format(units=counted.units, needed=FEWEST)}
    mean, low, high = mean_ends(counted)
    alike = min(alike, MOST_ALIKE)
    wider = float(np.sqrt((1 + alike) / (1 - alike)))
    ends = (max(0.0, mean - wider * (mean - low)), min(1.0, mean + wider * (high - mean)))
    return {"loss": (mean, *ends), "stretch": stretch}


def held_to(own: Baseline, before: Baseline | None) -> Baseline:
    """What a retrained model is held to: its own hold-out, or that of the model before it if that was better.

    A model that learned too soon after a change does badly on its own hold-out, and would never be called
    worse. Only the one before counts: where two in turn do badly, the task has become harder.
    """
    if before is None or before.score is None or own.score is None or before.metric != own.metric:
        return own
    sign = 1.0 if own.better == "higher" else -1.0
    return before if sign * (before.score - own.score) > 0 else own


def baseline_of_score(
    metric: str, score: float, low: float | None, high: float | None, rows: int
) -> Baseline:
    """A hold-out of which only the score with its interval is known; a bet needs one that is a mean loss.

    Raises:
        FoldlineError: ``CATALOG`` for an unknown metric.
    """
    spec = METRICS[metric]
    own, loss = is_own(spec), None
    if own and low is not None and high is not None:
        loss = (score, low, high) if spec.better == "lower" else (1 - score, 1 - high, 1 - low)
    return Baseline(
        metric=metric,
        label=spec.label,
        better=spec.better,
        rows=rows,
        score=score,
        low=low,
        high=high,
        loss=loss,
        own=own,
        why="" if loss else UNREMEMBERED,
    )
