"""Alerts about how the model does, and about the checks of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.alerts.alert import Alert, Place, Severity, Statistic
from core.alerts.findings import Findings, joined, keys_of_many, told_together
from core.catalog.metrics import METRICS
from core.watch.performance import Performance

CONFIRM = (
    "Look at whether the labels mean what they meant; labels of later batches confirm it or take it back."
)
RETRAIN = "The drop is confirmed: retrain on newer rows, or stop using the model."
MORE_LABELS = "Label more rows: chance cannot be ruled out before."
ASK_LABELS = (
    "Label a sample of these rows and score the model on it: an estimate does not see that the same inputs "
    "have other outcomes now."
)
PLAN = "Look at the batch; change the check in the plan if this is as it should be."


@dataclass(frozen=True)
class Decided:
    """What a rule on retraining says, as far as alerts go by it.

    Attributes:
        confirmed: whether the drop of the score on labels is confirmed.
        suspected: whether, without labels, retraining is called for and a person has to say so.
        text: one plain sentence, or empty.
    """

    confirmed: bool = False
    suspected: bool = False
    text: str = ""


@dataclass(frozen=True)
class Estimate:
    """A score that was estimated without labels.

    Attributes:
        dropped: whether it is worse than the score on the test rows by more than is tolerated.
        value, low, high: the estimate and its interval, where there is one.
        threshold: the score from which the drop counts.
        text: one plain sentence.
    """

    metric: str
    dropped: bool
    value: float | None
    low: float | None
    high: float | None
    threshold: float | None
    text: str


@dataclass(frozen=True)
class CheckResult:
    """What a check of a plan came to; ``text`` is one plain sentence."""

    name: str
    state: Literal["passed", "failed", "unknown"]
    text: str
    value: float | None = None
    threshold: float | None = None
    severity: Severity = "warn"


NOT_DECIDED = Decided()


def of_performance(score: Performance, place: Place, decided: Decided = NOT_DECIDED) -> Findings:
    """What a score on labels says.

    A drop is a warning, and critical once the rule on retraining holds it for confirmed; a score that cannot
    be judged and looks much worse is for information. A score that is no worse clears all of that, and what
    an estimate without labels had raised.
    """
    metric = _judged_by(score)
    if decided.confirmed or score.state == "worse":
        return Findings(place, (_of_drop(score, metric, place, decided),))
    if score.seems_worse:
        statistic = _of_score(score)
        alert = place.alert("performance", "info", metric, score.text, MORE_LABELS, statistic)
        return Findings(place, (alert,))
    if score.state in ("same", "better"):
        return Findings(place, whole=frozenset({"performance", "estimated_performance"}))
    return Findings(place)


def of_estimate(estimate: Estimate, place: Place, decided: Decided = NOT_DECIDED) -> Findings:
    """What an estimate without labels says: it may warn, and never clears anything."""
    if not (estimate.dropped or decided.suspected):
        return Findings(place)
    ends = None if estimate.low is None else (estimate.low, estimate.high)
    number = Statistic(name=estimate.metric, value=estimate.value, ci=ends, threshold=estimate.threshold)
    action = f"{decided.text} {ASK_LABELS}" if decided.suspected else ASK_LABELS
    alert = place.alert("estimated_performance", "warn", estimate.metric, estimate.text, action, number)
    return Findings(place, (alert,))


def of_checks(results: Sequence[CheckResult], place: Place) -> Findings:
    """What the checks of a plan came to; one that could not be told neither raises nor clears."""
    failed = [one for one in results if one.state == "failed"]
    clean = {place.key("check", one.name) for one in results if one.state == "passed"}
    clean |= keys_of_many(place, "check") if clean else set()
    alerts = tuple(_of_check(one, place) for one in failed)
    return told_together(joined(place, Findings(place, alerts, clean=frozenset(clean))))


def _judged_by(score: Performance) -> str:
    """Id of the metric that ranks, also where another one had to stand in for it."""
    known = score.now.metric if score.now else score.holdout.name if score.holdout else ""
    return score.asked or known


def _of_drop(score: Performance, metric: str, place: Place, decided: Decided) -> Alert:
    severity: Severity = "critical" if decided.confirmed else "warn"
    action = RETRAIN if decided.confirmed else CONFIRM
    text = f"{decided.text} {score.text}".strip()
    return place.alert("performance", severity, metric, text, action, _of_score(score))


def _of_score(score: Performance) -> Statistic | None:
    now = score.now
    if now is None:
        return None
    before = score.holdout.value if score.holdout else None
    name = METRICS[now.metric].label
    return Statistic(name=name, value=now.value, ci=(now.low, now.high), threshold=before)


def _of_check(result: CheckResult, place: Place) -> Alert:
    number = Statistic(name=result.name, value=result.value, threshold=result.threshold)
    return place.alert("check", result.severity, result.name, result.text, PLAN, number)
