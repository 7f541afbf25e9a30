"""The score of a model on new labelled rows, with an interval, against its hold-out score with its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.catalog.metrics import METRICS, require
from core.digits import number, span
from core.errors import FoldlineError
from core.evaluate.intervals.score_interval import intervals
from core.evaluate.intervals.units import group_codes
from core.evaluate.prediction import Prediction
from core.spec import Metric
from core.standalone.cells import as_number, as_text
from core.standalone.counts import counted
from core.watch.labelled_score import Holdout, Score, is_lost

PerformanceState = Literal["worse", "same", "better", "too_few_rows", "no_reference", "not_computed"]
WORDS: Mapping[str, str] = {
    "worse": "The model got worse",
    "better": "The model got better",
    "same": "No difference beyond chance",
    "too_few_rows": "The score cannot be judged",
    "no_reference": "there is no score on locked test rows to compare with",
}


WORSE_BY = 0.5
Ends = tuple[float, float | None, float | None]
"""A score and its interval."""


@dataclass(frozen=True)
class Performance:
    """How the model does now.

    Attributes:
        state: ``worse`` or ``better`` when the interval of the difference leaves out 0, ``same`` when not,
            ``too_few_rows`` without an interval of the score, ``no_reference`` without a hold-out score,
            ``not_computed`` when the labels or predictions do not allow a score.
        now: the score on the new rows, or None when not computed.
        holdout: what it is compared with.
        difference: now minus hold-out with its 95 % interval.
        text: one plain sentence.
        asked: id of the metric that could not be judged and in whose place this one was; empty for none.
    """

    state: PerformanceState
    now: Score | None
    holdout: Holdout | None
    difference: tuple[float, float, float] | None
    text: str
    asked: str = ""

    @property
    def seems_worse(self) -> bool:
        """Whether a score that cannot be judged looks much worse than on the test rows.

        By half of what the model was better than the baseline there, or of the score itself where that is not
        known; and by more than its own interval where it has one. The score on the test rows is itself known
        roughly only, so that less may be chance.
        """
        now, then = self.now, self.holdout
        if self.state != "too_few_rows" or now is None or then is None:
            return False
        sign = 1.0 if METRICS[now.metric].better == "higher" else -1.0
        fallen = sign * (then.value - now.value)
        if now.low is not None and now.high is not None and now.low <= then.value <= now.high:
            return False
        lead = abs(then.value - then.baseline) if then.baseline is not None else abs(then.value)
        return fallen > WORSE_BY * lead


def performance(
    metric: str,
    y_true: Any,
    prediction: Prediction,
    holdout: Holdout | None = None,
    groups: Any = None,
    times: Any = None,
) -> Performance:
    """The score on new labelled rows against the hold-out score of the same model.

    Intervals are those of ``core.evaluate.intervals``. The interval of the difference is built from both
    intervals (MOVER, Zou and Donner 2008), so neither score is taken as exact; without one of them nothing is
    judged, and the words say why.

    Args:
        metric: id of an entry in core.catalog.metrics.
        y_true: labels or numbers of the rows of ``prediction``; rows without one are left out, and those of
            a class that the model does not know, which are told.
        holdout: the hold-out score, as the reference remembers it.
        groups: (n,) group ids of the rows, or None.
        times: (n,) what orders the rows in time, or None.

    Raises:
        FoldlineError: ``CATALOG`` for an unknown metric, ``METRIC`` when it does not apply to the task.
    """
    spec = METRICS[metric]
    require(spec, prediction.task)
    try:
        now = _score(spec, y_true, prediction, groups, times)
    except FoldlineError as fault:
        return Performance(
            "not_computed", None, holdout, None, f"{spec.label} was not computed: {fault.problem}"
        )
    if now is None:
        text = f"{spec.label} was not computed: the labels hold too little, such as one class or group only."
        return Performance("not_computed", None, holdout, None, text)
    return _against(spec, now, holdout)


def _score(spec: Metric, y_true: Any, prediction: Prediction, groups: Any, times: Any) -> Score | None:
    """The score; None when these rows do not define it.

    Raises:
        FoldlineError: ``METRIC`` when labels and predictions do not go together.
    """
    truth = pd.Series(np.asarray(y_true, dtype=object))
    truth = as_number(truth) if prediction.task == "regression" else as_text(truth)
    foreign = _foreign(truth, prediction.classes)
    used = truth.notna().to_numpy() & ~foreign
    if foreign.any() and not used.any():
        problem = f"every label is a class that the model does not know, such as {truth[foreign].iloc[0]!r}."
        raise FoldlineError("METRIC", problem, "Correct the labels.")
    if len(used) == len(prediction):
        truth, prediction = truth[used], prediction.take(used)
        groups, times = (None if each is None else np.asarray(each)[used] for each in (groups, times))
    values = truth.to_numpy(None if prediction.task == "regression" else object)
    interval = intervals([spec], values, prediction, groups, times)[spec.id]
    if not np.isfinite(interval.value):
        return None
    units = None if groups is None else len(np.unique(group_codes(groups)))
    low, high = (None, None) if interval.why else (interval.low, interval.high)
    return Score(
        spec.id,
        interval.value,
        low,
        high,
        len(values),
        groups=units,
        foreign=int(foreign.sum()),
        why=interval.why,
    )


def _foreign(truth: pd.Series, classes: Sequence[str]) -> NDArray[np.bool_]:
    """(n,) whether a label is a class that the model does not know; nothing of a regression is."""
    usual = truth.isin(list(classes)) if classes else truth.notna()
    return (truth.notna() & ~usual).to_numpy(bool)


def _against(spec: Metric, now: Score, holdout: Holdout | None) -> Performance:
    sentence = (
        f"{spec.label} is {_words(now.value, now.low, now.high, now.why)} on {counted(now.n, 'labelled row')}"
    )
    if now.foreign:
        sentence += f" ({now.foreign:,} more have a label that the model does not know and are left out)"
    if now.groups is not None:
        sentence += f" of {counted(now.groups, 'group')}"
    if holdout is None:
        return Performance("no_reference", now, None, None, f"{sentence}; {WORDS['no_reference']}.")
    then = (holdout.value, holdout.low, holdout.high)
    sentence += f", on the locked test rows it was {_words(*then, holdout.why)}"
    difference = _difference((now.value, now.low, now.high), then)
    if difference is None and is_lost(spec, now, holdout):
        base = number(holdout.baseline, now.value)
        text = (
            f"{WORDS['worse']}: {sentence}. The baseline scored {base} there, so the model is of no use now."
        )
        return Performance("worse", now, holdout, None, text)
    if difference is None:
        text = f"{WORDS['too_few_rows']}: {sentence}."
        return Performance("too_few_rows", now, holdout, None, text)
    state = _state(spec.better, *difference[1:])
    text = f"{WORDS[state]}: {sentence}."
    if state == "same":
        text += f" {_unseen(spec, *difference)}"
    return Performance(state, now, holdout, difference, text)


def _difference(now: Ends, then: Ends) -> tuple[float, float, float] | None:
    """Now minus then with its interval; None when one of them has none."""
    if now[1] is None or now[2] is None or then[1] is None or then[2] is None:
        return None
    gap = now[0] - then[0]
    low = gap - float(np.hypot(now[0] - now[1], then[2] - then[0]))
    return gap, low, gap + float(np.hypot(now[2] - now[0], then[0] - then[1]))


def _unseen(spec: Metric, gap: float, low: float, high: float) -> str:
    """How much worse the model may be without anybody having seen it, as one sentence."""
    worst = low if spec.better == "higher" else high
    change = "fall" if spec.better == "higher" else "rise"
    return f"A {change} of up to {number(abs(worst), abs(low), abs(high))} is not ruled out."


def _words(value: float, low: float | None, high: float | None, why: str) -> str:
    ends = span(low, high, value) or (f"no interval: {why}" if why else "no interval")
    return f"{number(value, low, high)} ({ends})"


def _state(better: str, low: float, high: float) -> PerformanceState:
    if low <= 0 <= high:
        return "same"
    return "better" if (low > 0) == (better == "higher") else "worse"
