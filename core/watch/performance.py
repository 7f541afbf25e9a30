"""The score of a model on new labelled rows, with an interval, against its hold-out score with its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from core.catalog.metrics import METRICS, require
from core.digits import number, span
from core.errors import FoldlineError
from core.evaluate.prediction import Prediction
from core.spec import Metric
from core.standalone.counts import counted
from core.watch.labelled_rows import labelled, score_of
from core.watch.labelled_score import Holdout, Score, is_lost
from core.watch.stretches import STRETCHES, fell_in_stretches

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
            ``worse`` also without one where the model lost to the baseline or fell in stretches of time,
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
        rows = labelled(y_true, prediction, groups, times)
        now = score_of(spec, rows)
    except FoldlineError as fault:
        return Performance(
            "not_computed", None, holdout, None, f"{spec.label} was not computed: {fault.problem}"
        )
    if now is None:
        text = f"{spec.label} was not computed: the labels hold too little, such as one class or group only."
        return Performance("not_computed", None, holdout, None, text)
    result = _against(spec, now, holdout)
    if result.state != "too_few_rows" or holdout is None:
        return result
    fell = fell_in_stretches(spec, holdout, rows.truth, rows.prediction, rows.groups, rows.times)
    return _fallen(result, holdout) if fell else result


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


def _fallen(untold: Performance, holdout: Holdout) -> Performance:
    """What could not be judged by intervals, as worse: stretches of time have shown it."""
    rest = untold.text.removeprefix(f"{WORDS[untold.state]}: ")
    worst = number(holdout.worst, holdout.value)
    told = (
        f"It is worse in most stretches of the new rows than in the worst of {STRETCHES} stretches of the "
        f"test rows in time ({worst})."
    )
    return replace(untold, state="worse", text=f"{WORDS['worse']}: {rest} {told}")


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
