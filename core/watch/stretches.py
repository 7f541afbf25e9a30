"""Whether a score fell where rows near in time are alike for too long to give it an interval.

The test rows in order of time are cut into stretches, and so are the new rows, in stretches as long. Were
nothing changed, any of all these would be as likely the worst as any other: that more than half of the new
ones are worse than the worst of twenty old ones is rarer than one in a hundred, however heavy tails are. The
intervals that do not allow for time must be apart as well, as groups may be alike.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from core.catalog.metrics import score
from core.evaluate.intervals.score_interval import intervals
from core.evaluate.prediction import Prediction
from core.spec import Metric
from core.watch.labelled_score import Holdout

STRETCHES, FEWEST_ROWS, FEWEST_NEW = 20, 10, 2


def in_stretches(
    spec: Metric, y_true: Any, prediction: Prediction, groups: Any, times: Any
) -> dict[str, float]:
    """What is remembered of the test rows in time, as ``Holdout`` has it; empty where they are too few.

    Args:
        y_true, prediction: (n,) of the test rows.
        groups: (n,) group ids, or None.
        times: (n,) what orders the rows in time, or None; then nothing is remembered.
    """
    rows = len(prediction) // STRETCHES
    if times is None or rows < FEWEST_ROWS:
        return {}
    parts = _by_stretch(spec, y_true, prediction, times, STRETCHES)
    ends = intervals([spec], y_true, prediction, groups)[spec.id]
    if not np.isfinite(parts).all() or ends.why:
        return {}
    worst = parts.max() if spec.better == "lower" else parts.min()
    return {
        "stretch": float(rows),
        "worst": float(worst),
        "untimed_low": float(ends.low),
        "untimed_high": float(ends.high),
    }


def fell_in_stretches(
    spec: Metric, holdout: Holdout, y_true: Any, prediction: Prediction, groups: Any, times: Any
) -> bool:
    """Whether new rows are worse, stretch by stretch, than the worst stretch of the test rows was.

    Args:
        y_true, prediction: (n,) of the new rows that have a label.
        groups, times: (n,) as in ``in_stretches``; without times rows are taken to be in their order.
    """
    then = (holdout.untimed_low, holdout.untimed_high)
    if holdout.stretch is None or holdout.worst is None or then[0] is None or then[1] is None:
        return False
    count = len(prediction) // int(holdout.stretch)
    if count < FEWEST_NEW:
        return False
    order = np.arange(len(prediction)) if times is None else times
    parts = _by_stretch(spec, y_true, prediction, order, count)
    now = intervals([spec], y_true, prediction, groups)[spec.id]
    if not np.isfinite(parts).all() or now.why:
        return False
    sign = 1.0 if spec.better == "lower" else -1.0
    worse = sign * parts > sign * holdout.worst
    reach = (now.low - now.value, holdout.value - then[1])
    if sign < 0:
        reach = (now.high - now.value, holdout.value - then[0])
    apart = sign * (now.value - holdout.value) > float(np.hypot(*reach))
    return bool(2 * worse.sum() > count and apart)


def _by_stretch(spec: Metric, y_true: Any, prediction: Prediction, times: Any, count: int) -> Any:
    """(count,) the score of each of so many stretches of rows in order of time; NaN where not defined."""
    order, truth = np.argsort(np.asarray(times), kind="stable"), np.asarray(y_true)
    return np.array(
        [score(spec, truth[part], prediction.take(part)) for part in np.array_split(order, count)]
    )
