"""Alerts about the data of a batch: its shape, its columns, its rows as wholes, predictions and target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.alerts.alert import Alert, Kind, Place, Severity, Statistic
from core.alerts.findings import Findings, joined, keys_of_many, told_together
from core.watch.judge.columns import ColumnDrift
from core.watch.judge.joint import JointDrift, Separation
from core.watch.judge.schema_gate import DataIssue
from core.watch.judge.verdict import HARDLY_USED
from core.watch.result import DriftReport

ROWS, RELATIONS = "rows as wholes", "relations between columns"
IN_ORDER = ("stable", "minor", "weak")
"""States in which nothing is wrong that counts; too few rows to tell, and not compared, are none of these."""
OF_ISSUE: Mapping[str, Severity] = {"error": "critical", "warn": "info"}
REPAIR = (
    "Predictions on this batch are unsafe: repair the data where it comes from, and do not retrain on it."
)
LOOK = "Look at where the data comes from; predictions can be used."
IDLE = "Note it; the model hardly uses this column."
SCORE_IT = "Find out what changed, score the model on labelled rows, then decide on retraining."
NOTHING = ("EMPTY", "NO_COMMON_COLUMNS")
"""Codes of issues without which the shape of the data was looked at."""


def of_drift(report: DriftReport, place: Place) -> Findings:
    """What a comparison with the reference says.

    An error of the schema gate is critical; drift of the rows as wholes, of predictions and of the target is
    a warning; drift of a column, and what else is odd about the shape, is for information.
    """
    target = [report.target] if report.target else []
    parts = (
        _of_issues(report.findings, place),
        _of_columns(report.columns, "column_drift", place),
        _of_columns(report.predictions, "prediction_drift", place),
        _of_columns(target, "target_drift", place),
        _of_rows(report.joint, place),
    )
    return told_together(joined(place, *parts))


def _of_issues(issues: tuple[DataIssue, ...], place: Place) -> Findings:
    alerts = tuple(
        place.alert("schema", OF_ISSUE[one.severity], one.column, one.reason, _advice(one))
        for one in issues
        if one.severity in OF_ISSUE
    )
    seen = not any(one.code in NOTHING for one in issues)
    whole: frozenset[Kind] = frozenset({"schema"}) if seen else frozenset()
    return Findings(place, alerts, whole=whole)


def _advice(issue: DataIssue) -> str:
    return REPAIR if issue.severity == "error" else LOOK


def _of_columns(columns: tuple[ColumnDrift, ...] | list[ColumnDrift], kind: Kind, place: Place) -> Findings:
    drifted = tuple(_of_column(one, kind, place) for one in columns if one.state == "drift")
    clean = {place.key(kind, one.name) for one in columns if one.state in IN_ORDER}
    clean |= keys_of_many(place, kind) if clean else set()
    return Findings(place, drifted, clean=frozenset(clean))


def _of_column(column: ColumnDrift, kind: Kind, place: Place) -> Alert:
    severity: Severity = "info" if kind == "column_drift" else "warn"
    idle = column.importance is not None and column.importance < HARDLY_USED
    number = Statistic(
        name=column.test, value=column.effect, threshold=column.threshold, p=column.p, q=column.q
    )
    message = f"{column.name!r} drifted. {column.reason}"
    return place.alert(kind, severity, column.name, message, IDLE if idle else SCORE_IT, number)


def _of_rows(joint: JointDrift, place: Place) -> Findings:
    parts = ((ROWS, joint), (RELATIONS, joint.relations))
    alerts = tuple(_of_separation(joint, place))
    clean = frozenset(place.key("joint_drift", name) for name, part in parts if part.state in IN_ORDER)
    return Findings(place, alerts, clean=clean)


def _of_separation(joint: JointDrift, place: Place) -> Iterator[Alert]:
    parts: tuple[tuple[str, Separation], ...] = ((ROWS, joint), (RELATIONS, joint.relations))
    for name, part in parts:
        if part.state == "drift":
            number = Statistic(name="AUC", value=part.auc, p=part.p)
            message = f"The {name} drifted. {part.reason}"
            yield place.alert("joint_drift", "warn", name, message, SCORE_IT, number)
