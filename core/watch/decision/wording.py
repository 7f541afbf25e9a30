"""The sentences of a decision on retraining."""

from __future__ import annotations

from collections.abc import Sequence

from core.digits import count, number
from core.standalone.counts import counted
from core.watch.decision.found import Drop, Evidence, Test, most_it_fell
from core.watch.decision.window import Baseline, Policy, Window

TESTS: dict[Test, str] = {
    "": "",
    "bet": "bet on the mean loss since a late start (e-process)",
    "in a row": "windows in a row against the hold-out (one-sided p)",
}
MOST_SHOWN = 1e6
LEAST_SHOWN = 0.0001


def fell(found: Evidence, baseline: Baseline) -> str:
    """By how much the score got worse, over what, and why that is not chance."""
    drop = found.drop
    moved = "fell" if baseline.better == "higher" else "rose"
    change = f"{baseline.label} {moved} by {number(drop.value, baseline.score)}{_to(drop, baseline)}"
    over = f"over {counted(len(drop.windows), 'window')} since {day(drop.windows[0].at)}"
    rows = f"({counted(drop.labelled, 'labelled row')})"
    return f"{change} {over} {rows}, and {_beyond(found)}."


def _to(drop: Drop, baseline: Baseline) -> str:
    if drop.now is None or baseline.score is None:
        return ""
    return f", from {number(baseline.score)} on the hold-out to {number(drop.now)}{_mean(drop)},"


def _mean(drop: Drop) -> str:
    return " on average" if drop.averaged else ""


def _beyond(found: Evidence) -> str:
    if found.test == "bet":
        return f"the evidence that this is not chance is {shown(found.e)}"
    return f"chance makes so much in {len(found.drop.windows)} windows with p {small(found.p)}"


def shown(evidence: float | None) -> str:
    """Wealth of a bet, such as ``34``."""
    if evidence is None:
        return "–"
    return f"over {count(MOST_SHOWN)}" if evidence > MOST_SHOWN else f"{evidence:,.3g}"


def small(p: float | None) -> str:
    """A p-value with its sign, such as ``= 0.0003``."""
    if p is None:
        return "–"
    return f"< {LEAST_SHOWN}" if p < LEAST_SHOWN else f"= {p:.2g}"


def day(at: str) -> str:
    """The day of a time."""
    return at[:10]


def unconfirmed(window: Window, baseline: Baseline) -> str:
    """Drift and an estimate ask for a retraining, and no labels say so."""
    return (
        f"Perhaps retrain: rows or predictions have drifted in two windows, and {baseline.label} is "
        f"estimated at {number(window.estimate)} ({number(baseline.score)} on the hold-out). No labels "
        "confirm it; the estimate assumes that the target depends on the columns as it did."
    )


def kept(most: float, drop: Drop, baseline: Baseline, tol: float) -> str:
    """A drop that matters is ruled out."""
    moved = "fall" if baseline.better == "higher" else "rise"
    is_now = "was judged" if drop.now is None else f"is {number(drop.now)}{_mean(drop)}"
    now = f"{baseline.label} {is_now}"
    over = f"over the last {counted(len(drop.windows), 'window')} ({counted(drop.labelled, 'labelled row')})"
    ruled = f"a {moved} of {number(tol, baseline.score)} is ruled out"
    at_most = f" (at most {number(most, tol)})" if most > 0 else ""
    return f"Keep: {now} {over}, {number(baseline.score)} on the hold-out; {ruled}{at_most}."


def not_enough(windows: Sequence[Window], baseline: Baseline, tol: float, found: Evidence) -> str:
    """What is missing to judge, given the last labelled windows."""
    labelled = sum(one.labelled for one in windows)
    rows = counted(labelled, "labelled row")
    moved = "fall" if baseline.better == "higher" else "rise"
    if baseline.score is None:
        return "Not enough data: the hold-out gives no score to compare with."
    if not labelled:
        return f"Not enough data: no labels have come yet, so that {baseline.label} is not known."
    if found.proven and found.drop.value is None:
        return (
            f"Not enough data: the model's losses rose beyond chance, but {baseline.label} could not be "
            "computed in these windows, so that nobody knows by how much it got worse."
        )
    if baseline.low is None and baseline.loss is None:
        there = counted(baseline.rows, "row")
        return f"Not enough data: {baseline.label} on the hold-out has no interval ({there})."
    judged = most_it_fell(windows, baseline, found.uneven)
    asked = f"a {moved} of {number(tol, baseline.score)} can neither be shown nor ruled out"
    if judged is None:
        return f"Not enough data: {asked}; {rows} give no interval of {baseline.label}."
    most, drop = judged
    if drop.value is not None and drop.value >= tol:
        seen = f"it looks {'lower' if baseline.better == 'higher' else 'higher'} by {number(drop.value, tol)}"
        return f"Not enough data: {asked} with {rows}; {seen}, which may be chance."
    return f"Not enough data: {asked} with {rows} (up to {number(most, tol)} is open)."


def reasons(found: Evidence, baseline: Baseline, policy: Policy, tol: float) -> tuple[str, ...]:
    """What each test found, a sentence each."""
    said = []
    if found.e is not None:
        said.append(
            f"The bet that losses are larger than on the hold-out stands at {shown(found.e)}; proof is "
            f"{policy.evidence:g}, which chance reaches in one of {policy.evidence:g} deployments at most."
        )
    elif baseline.why:
        said.append(f"No bet can be made: {baseline.why}.")
    if found.p is not None:
        said.append(
            f"The last {policy.in_a_row} windows together have p {small(found.p)}; proof is "
            f"{policy.together:g}, with {policy.p:g} in each."
        )
    if found.uneven > 1:
        said.append(
            f"Rows of a window are alike (their mean varies {found.uneven:.1f} times as much as that of "
            "independent rows), so that each counts for less."
        )
    if found.proven and not found.material:
        said.append(f"It is worse beyond chance, but not shown to be so by {number(tol, baseline.score)}.")
    return tuple(said)
