"""The checks of a plan run on a batch, and the checks that the findings of a report suggest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.catalog.metrics import METRICS
from core.deployment.batch_entries import BatchScore
from core.deployment.conditions import Condition, Outcome, OutcomeState
from core.deployment.trust import Measured
from core.digits import number
from core.standalone.counts import counted
from core.watch.judge.columns import ColumnDrift
from core.watch.judge.schema_gate import DataIssue
from core.watch.performance import Performance
from core.watch.result import DriftReport

Found = tuple[OutcomeState, float | None, str]
SEEN = ("drift", "weak", "minor", "stable")
FEW = 0.01
"""Share of rows out of range from which a column drifts."""


@dataclass(frozen=True)
class Examined:
    """What a batch is checked by."""

    measured: Measured
    report: DriftReport
    score: BatchScore | None
    labels: int


def outcome_of(condition: Condition, batch: Examined) -> Outcome:
    """What a condition comes to on a batch."""
    state, value, text = LOOKS[condition.what](condition, batch)
    return Outcome(condition=condition, state=state, value=value, text=text)


def check_of_issue(issue: DataIssue, measured: Measured) -> Condition:
    """The check that an issue of a report suggests; of values out of range it lets a few pass."""
    if issue.code == "UNSEEN_LEVELS" and issue.column in measured.unseen:
        return Condition(what="unseen", column=issue.column, most=0)
    if issue.code == "OUT_OF_RANGE" and issue.column in measured.outside:
        return Condition(what="outside", column=issue.column, most=FEW)
    if issue.code == "EMPTY":
        return Condition(what="rows", least=1)
    return Condition(what="finding", code=issue.code, column=issue.column)


def check_of_column(column: ColumnDrift) -> Condition:
    """The check that a column, a prediction or the target does not drift."""
    return Condition(what="drift", column=column.name)


def check_of_score(score: Performance) -> Condition | None:
    """The check that the score stays within the interval of that on the locked test rows."""
    then = score.holdout
    if then is None:
        return None
    if METRICS[then.name].better == "higher":
        return Condition(what="score", code=then.name, least=then.value if then.low is None else then.low)
    return Condition(what="score", code=then.name, most=then.value if then.high is None else then.high)


def checks_of(report: DriftReport, measured: Measured) -> tuple[Condition, ...]:
    """The checks that what a report found suggests, each once."""
    moved = [column for column in (*report.columns, *report.outputs) if column.state in ("drift", "minor")]
    found = [check_of_issue(one, measured) for one in report.findings if one.severity != "info"]
    found += map(check_of_column, moved)
    if report.joint.drifted:
        found.append(Condition(what="joint"))
    score = check_of_score(report.performance) if report.performance else None
    return tuple(dict.fromkeys([*found, score] if score else found))


def _held(condition: Condition, value: float, text: str) -> Found:
    low = condition.least is not None and value < condition.least
    high = condition.most is not None and value > condition.most
    return "failed" if low or high else "passed", value, text


def _missing(condition: Condition, batch: Examined) -> Found:
    name = condition.column
    if not batch.measured.rows:
        return "unknown", None, "There are no rows."
    if name not in batch.measured.missing:
        return _held(condition, 1.0, f"{name!r} is missing from the batch.")
    share = batch.measured.missing[name]
    return _held(condition, share, f"{share:.1%} of the values of {name!r} are missing.")


def _rows_with(counts: Callable[[Measured], Mapping[str, int]], what: str) -> Callable[..., Found]:
    def look(condition: Condition, batch: Examined) -> Found:
        rows = counts(batch.measured).get(condition.column)
        if rows is None or not batch.measured.rows:
            return "unknown", None, f"Of {condition.column!r} this batch cannot tell {what}."
        share = rows / batch.measured.rows
        text = f"{counted(rows, 'row')} ({share:.1%}) of {condition.column!r} with {what}."
        return _held(condition, share, text)

    return look


def _drift(condition: Condition, batch: Examined) -> Found:
    every = (*batch.report.columns, *batch.report.outputs)
    column = next((one for one in every if one.name == condition.column), None)
    if column is None:
        return "unknown", None, f"{condition.column!r} was not compared."
    if column.state not in SEEN:
        return "unknown", None, column.reason
    return "failed" if column.state == "drift" else "passed", column.effect, column.reason


def _joint(condition: Condition, batch: Examined) -> Found:
    joint = batch.report.joint
    if joint.drifted:
        return "failed", joint.auc, joint.reason if joint.state == "drift" else joint.relations.reason
    seen = next((one for one in (joint, joint.relations) if one.state in SEEN), None)
    return ("unknown", None, joint.reason) if seen is None else ("passed", seen.auc, seen.reason)


def _finding(condition: Condition, batch: Examined) -> Found:
    for issue in batch.report.findings:
        if issue.code == condition.code and condition.column in ("", issue.column):
            return "failed", None, issue.reason
    return "passed", None, "Nothing of the kind was found."


def _score(condition: Condition, batch: Examined) -> Found:
    score = batch.score
    if score is None or score.value is None:
        return "unknown", None, score.text if score else "No labels have come that give a score."
    if condition.code not in ("", score.metric):
        return (
            "unknown",
            None,
            f"{METRICS[score.metric].label} was judged, not {METRICS[condition.code].label}.",
        )
    of = f"{METRICS[score.metric].label} is {number(score.value, score.low, score.high)}"
    return _held(condition, score.value, f"{of} on {counted(score.n, 'labelled row')}.")


def _labels(condition: Condition, batch: Examined) -> Found:
    return _held(condition, batch.labels, f"{counted(batch.labels, 'row')} of the batch have a label.")


def _rows(condition: Condition, batch: Examined) -> Found:
    return _held(condition, batch.measured.rows, f"The batch has {counted(batch.measured.rows, 'row')}.")


LOOKS: Mapping[str, Callable[[Condition, Examined], Found]] = {
    "missing": _missing,
    "unseen": _rows_with(lambda measured: measured.unseen, "levels that training never saw"),
    "outside": _rows_with(lambda measured: measured.outside, "values outside the range of training"),
    "drift": _drift,
    "joint": _joint,
    "finding": _finding,
    "score": _score,
    "labels": _labels,
    "rows": _rows,
}
"""What is looked at -> how."""
