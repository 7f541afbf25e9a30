"""The score of a model on new labelled rows, with an interval, against its hold-out score with its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from core.catalog.metrics import METRICS, require
from core.digits import number, span
from core.errors import FoldlineError
from core.evaluate.intervals import intervals, wilson
from core.evaluate.prediction import Prediction
from core.evaluate.resample import group_codes
from core.scoring.pairing import pair
from core.scoring.pairs import Floats, Pairs
from core.spec import Metric
from core.standalone.cells import as_number, as_text

PerformanceState = Literal["worse", "same", "better", "too_few_rows", "no_reference", "not_computed"]
RESAMPLES = 1000
FEWEST = 30
FEWEST_GROUPS = 20
Z = 1.959963984540054
WORDS: Mapping[str, str] = {
    "worse": "The model got worse",
    "better": "The model got better",
    "same": "No difference beyond chance",
    "too_few_rows": f"Too few to judge the score, at least {FEWEST} labelled rows are needed",
    "too_few_groups": f"Too few to judge the score, at least {FEWEST_GROUPS} groups are needed",
    "no_reference": "there is no score on locked test rows to compare with",
}


@dataclass(frozen=True)
class Score:
    """A score with its 95 % interval, the rows (and groups, if any) it stands on, and how that was made.

    Attributes:
        foreign: rows that were left out because their label is a class that the model does not know.
    """

    metric: str
    value: float
    low: float
    high: float
    n: int
    method: Literal["wilson", "delong", "bootstrap"]
    groups: int | None = None
    foreign: int = 0


@dataclass(frozen=True)
class Performance:
    """How the model does now.

    Attributes:
        state: ``worse`` or ``better`` when the interval of the difference leaves out 0, ``same`` when not,
            ``too_few_rows`` under 30 labelled rows or 10 groups, ``no_reference`` without a hold-out score,
            ``not_computed`` when the labels or predictions do not allow a score.
        now: the score on the new rows, or None when not computed.
        holdout: what it is compared with: value, low, high.
        difference: now minus hold-out with its 95 % interval.
        text: one plain sentence.
    """

    state: PerformanceState
    now: Score | None
    holdout: Mapping[str, Any] | None
    difference: tuple[float, float, float] | None
    text: str


def delong(positive: Floats, negative: Floats) -> tuple[float, float]:
    """AUC and its standard error, from the scores of both classes, at least two of each.

    Source: DeLong, DeLong and Clarke-Pearson 1988; by ranks as Sun and Xu 2014.
    """
    together = stats.rankdata(np.concatenate([positive, negative]))
    m, n = len(positive), len(negative)
    above = (together[:m] - stats.rankdata(positive)) / n
    below = 1 - (together[m:] - stats.rankdata(negative)) / m
    return float(above.mean()), float(np.sqrt(above.var(ddof=1) / m + below.var(ddof=1) / n))


def performance(
    metric: str,
    y_true: Any,
    prediction: Prediction,
    holdout: Mapping[str, Any] | None = None,
    seed: int = 0,
    groups: Any = None,
) -> Performance:
    """The score on new labelled rows against the hold-out score of the same model.

    Wilson intervals for shares of rows, DeLong for AUC, else 1,000 bootstraps; with groups always bootstraps
    of whole groups, because rows of a group are alike. The interval of the difference is built from both
    intervals (MOVER, Zou and Donner 2008), so neither score is taken as exact.

    Args:
        metric: id of an entry in core.catalog.metrics.
        y_true: labels or numbers of the rows of ``prediction``; rows without one are left out, and those of
            a class that the model does not know, which are told.
        holdout: ``value``, ``low`` and ``high`` of the hold-out score, as the reference remembers it.
        groups: (n,) group ids of the rows, or None.

    Raises:
        FoldlineError: ``CATALOG`` for an unknown metric, ``METRIC`` when it does not apply to the task.
    """
    spec = METRICS[metric]
    require(spec, prediction.task)
    try:
        now = _score(spec, y_true, prediction, seed, groups)
    except FoldlineError as fault:
        return Performance(
            "not_computed", None, holdout, None, f"{spec.label} was not computed: {fault.problem}"
        )
    if now is None:
        text = f"{spec.label} was not computed: the labels hold too little, such as one class or group only."
        return Performance("not_computed", None, holdout, None, text)
    return _against(spec, now, holdout)


def _score(spec: Metric, y_true: Any, prediction: Prediction, seed: int, groups: Any) -> Score | None:
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
        groups = None if groups is None else np.asarray(groups)[used]
    values = truth.to_numpy(None if prediction.task == "regression" else object)
    pairs = pair(values, prediction)
    score = _quick(spec, pairs) if groups is None else None
    if score is None:
        interval = intervals([spec], values, prediction, groups, seed, RESAMPLES)[spec.id]
        if not np.isfinite([interval.value, interval.low, interval.high]).all():
            return None
        units = None if groups is None else len(np.unique(group_codes(groups)))
        score = Score(spec.id, interval.value, interval.low, interval.high, len(pairs), "bootstrap", units)
    return replace(score, foreign=int(foreign.sum()))


def _foreign(truth: pd.Series, classes: Sequence[str]) -> NDArray[np.bool_]:
    """(n,) whether a label is a class that the model does not know; nothing of a regression is."""
    usual = truth.isin(list(classes)) if classes else truth.notna()
    return (truth.notna() & ~usual).to_numpy(bool)


def _quick(metric: Metric, pairs: Pairs) -> Score | None:
    """The score and its interval where a formula gives them; None where the bootstrap must."""
    last = len(pairs.classes) - 1
    kept = {
        "share": np.ones(len(pairs), dtype=bool),
        "share of called": pairs.predicted == last,
        "share of positive": pairs.truth == last,
    }.get(metric.quick)
    if kept is not None:
        if not kept.any():
            return None
        hits, rows = float((pairs.truth == pairs.predicted)[kept].sum()), float(kept.sum())
        ends = wilson(np.array([hits]), np.array([rows]))
        return Score(metric.id, hits / rows, float(ends[0][0]), float(ends[1][0]), len(pairs), "wilson")
    if metric.quick == "delong" and pairs.proba is not None:
        chance = pairs.proba[:, last]
        positive, negative = chance[pairs.truth == last], chance[pairs.truth != last]
        if min(len(positive), len(negative)) < 2:
            return None
        value, error = delong(positive, negative)
        low, high = max(0.0, value - Z * error), min(1.0, value + Z * error)
        # Without overlap the formula gives no error at all; the bootstrap knows an exact bound for that.
        return Score(metric.id, value, low, high, len(pairs), "delong") if error > 0 else None
    return None


def _against(spec: Metric, now: Score, holdout: Mapping[str, Any] | None) -> Performance:
    sentence = f"{spec.label} is {_words(now.value, now.low, now.high)} on {now.n:,} labelled rows"
    if now.foreign:
        sentence += f" ({now.foreign:,} more have a label that the model does not know and are left out)"
    if now.groups is not None:
        sentence += f" of {now.groups:,} groups"
    if holdout is None:
        return Performance("no_reference", now, None, None, f"{sentence}; {WORDS['no_reference']}.")
    gap = now.value - holdout["value"]
    low = gap - float(np.hypot(now.value - now.low, holdout["high"] - holdout["value"]))
    high = gap + float(np.hypot(now.high - now.value, holdout["value"] - holdout["low"]))
    lacking = _lacking(now)
    state = "too_few_rows" if lacking else _state(spec.better, low, high)
    sentence += (
        f", on the locked test rows it was {_words(holdout['value'], holdout['low'], holdout['high'])}"
    )
    text = f"{WORDS[lacking or state]}: {sentence}."
    if state == "same":
        text += f" {_unseen(spec, gap, low, high)}"
    return Performance(state, now, holdout, (gap, low, high), text)


def _unseen(spec: Metric, gap: float, low: float, high: float) -> str:
    """How much worse the model may be without anybody having seen it, as one sentence."""
    worst = low if spec.better == "higher" else high
    change = "fall" if spec.better == "higher" else "rise"
    return f"A {change} of up to {number(abs(worst), abs(low), abs(high))} is not ruled out."


def _lacking(now: Score) -> str:
    """What a score stands on too few of to be judged; empty when it has enough.

    Whole groups are resampled, and the interval of a handful is far too narrow.
    """
    if now.groups is not None and now.groups < FEWEST_GROUPS:
        return "too_few_groups"
    return "too_few_rows" if now.n < FEWEST else ""


def _words(value: float, low: float, high: float) -> str:
    return f"{number(value, low, high)} ({span(low, high, value)})"


def _state(better: str, low: float, high: float) -> PerformanceState:
    if low <= 0 <= high:
        return "same"
    return "better" if (low > 0) == (better == "higher") else "worse"
