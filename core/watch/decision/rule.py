"""Whether to retrain, from what windows of a deployment show: an action, its test, and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from core.data.table import Frozen
from core.standalone.counts import counted
from core.watch.decision import wording
from core.watch.decision.found import Evidence, evidence_of, most_it_fell
from core.watch.decision.window import Baseline, Policy, Window

Action = Literal["RETRAIN", "RETRAIN_UNCONFIRMED", "INVESTIGATE", "KEEP", "NOT_ENOUGH_DATA"]
DAY = 86_400.0


class Decision(Frozen):
    """What to do about a model at work, and on what grounds.

    Attributes:
        action: what to do; ``text`` the same in a sentence or two.
        reasons: what was found, a sentence each.
        test: what it stands on, in words; empty where nothing could be tested.
        p: one-sided p of the last windows together; ``e`` wealth of the bet; None where there is none.
        n: labelled rows that the test stands on.
        windows: how many windows these are of; ``since`` the first of them.
        drop: by how much the score fell over them; None where there is no score.
    """

    action: Action
    text: str
    reasons: tuple[str, ...] = ()
    test: str = ""
    p: float | None = None
    e: float | None = None
    n: int = 0
    windows: int = 0
    since: str = ""
    drop: float | None = None


@dataclass(frozen=True)
class _Case:
    """What is decided on; ``windows`` are in order, ``sound`` those of them without a schema error."""

    windows: tuple[Window, ...]
    baseline: Baseline
    policy: Policy
    tol: float

    @property
    def sound(self) -> tuple[Window, ...]:
        return tuple(one for one in self.windows if not one.schema_error)

    @property
    def recent(self) -> tuple[Window, ...]:
        """The last labelled windows, on which "no drop" is judged."""
        return tuple(one for one in self.sound if one.labelled)[-self.policy.recent :]

    @property
    def broken(self) -> str:
        """The last schema error of the windows."""
        return next((one.schema_error for one in reversed(self.windows) if one.schema_error), "")


def decide(
    windows: Sequence[Window], baseline: Baseline, policy: Policy | None = None, began: str = ""
) -> Decision:
    """The decision that the windows of one model support.

    Worse means: by ``tol`` or more, and beyond chance by one of two tests. One is a bet that the mean loss is
    above the upper end of its 95 % interval on the hold-out, which may be looked at after every window; the
    other is several windows in a row, each with a p of its own, and all together with one so small that a
    year of weekly looks seldom finds it by chance. Windows that could not be read as those of training prove
    nothing.

    Args:
        windows: since the model began to work, in any order, each as it is now.
        began: when the model began to work, ISO 8601; empty for no cool-down.
    """
    rule = policy or Policy()
    ordered = tuple(sorted(windows, key=lambda one: _seconds(one.at)))
    case = _Case(ordered, baseline, rule, rule.drop_that_matters(baseline))
    found = evidence_of(case.sound, baseline, rule)
    if found.worse:
        return _worse(case, found, began)
    if case.broken and (explained := _by_schema(case)):
        return explained
    kept = _kept(case, found)
    if kept is not None:
        return kept
    if rule.unconfirmed and _drifts(case):
        return _decision("RETRAIN_UNCONFIRMED", wording.unconfirmed(case.windows[-1], baseline), case, found)
    return _decision(
        "NOT_ENOUGH_DATA", wording.not_enough(case.recent, baseline, case.tol, found), case, found
    )


def _decision(action: Action, text: str, case: _Case, found: Evidence, *more: str) -> Decision:
    drop, tested = found.drop, bool(found.test)
    return Decision(
        action=action,
        text=text,
        reasons=(*more, *wording.reasons(found, case.baseline, case.policy, case.tol)),
        test=wording.TESTS[found.test],
        p=found.p,
        e=found.e,
        n=drop.labelled,
        windows=len(drop.windows) if tested else 0,
        since=drop.windows[0].at if drop.windows else "",
        drop=drop.value,
    )


def _worse(case: _Case, found: Evidence, began: str) -> Decision:
    """Worse for sure: retrain, but not at once after a new model came, nor on too few rows."""
    fell = wording.fell(found, case.baseline)
    if (
        began
        and (passed := (_seconds(case.windows[-1].at) - _seconds(began)) / DAY) < case.policy.cool_down_days
    ):
        days = case.policy.cool_down_days
        ago = "today" if passed < 1 else f"{counted(int(passed), 'day')} ago"
        waits = f"The model began to work {ago}; {counted(days, 'day')} are waited for."
        text = f"Worse, and not retrained yet: {fell} {waits}"
        return _decision("INVESTIGATE", text, case, found)
    labelled = sum(one.labelled for one in case.sound)
    rarest = [one.rarest for one in case.sound if one.rarest is not None]
    few = labelled < case.policy.least_labelled
    if few and not (rarest and sum(rarest) >= case.policy.least_per_class):
        needed = case.policy.least_labelled
        text = f"Collect labels: {fell} To retrain there are {counted(labelled, 'new labelled row')}"
        text += f", {needed} are asked for"
        text += f", or {case.policy.least_per_class} of each class." if rarest else "."
        return _decision("NOT_ENOUGH_DATA", text, case, found)
    return _decision("RETRAIN", f"Retrain: {fell}", case, found)


def _by_schema(case: _Case) -> Decision | None:
    """Whether rows that could not be read as those of training explain what is seen."""
    every = evidence_of(case.windows, case.baseline, case.policy)
    if not every.worse and not case.windows[-1].schema_error:
        return None
    text = f"Look into the data: {case.broken}"
    if every.worse:
        text += f" {wording.fell(every, case.baseline)} That is no ground to retrain on such rows."
    else:
        text += " What the model says of such rows is not judged."
    return _decision("INVESTIGATE", text, case, every)


def _kept(case: _Case, found: Evidence) -> Decision | None:
    """The decision to keep the model where recent labels rule out a drop that matters; else None."""
    judged = most_it_fell(case.recent, case.baseline, found.uneven)
    if judged is None or judged[0] >= case.tol:
        return None
    return _decision("KEEP", wording.kept(judged[0], judged[1], case.baseline, case.tol), case, found)


def _drifts(case: _Case) -> bool:
    """Whether drift was seen in the last two windows, and the score is estimated to have dropped in both."""
    last = case.windows[-2:]
    sign, then = (1.0 if case.baseline.better == "higher" else -1.0), case.baseline.score
    return len(last) == 2 and all(
        (one.joint_drift or one.prediction_drift)
        and one.estimate is not None
        and then is not None
        and sign * (then - one.estimate) >= case.tol
        for one in last
    )


def _seconds(at: str) -> float:
    """Seconds since 1970 of an ISO 8601 time; one without a zone is of UTC.

    Raises:
        ValueError: when it is none.
    """
    when = datetime.fromisoformat(at)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
