"""The alerts that a batch raises, ends, and owes to the sinks that the operator has set up."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

from core.alerts.alert import Place, Reference, Window
from core.alerts.events import Undelivered
from core.alerts.findings import Findings, joined
from core.alerts.from_drift import REPAIR, of_drift
from core.alerts.from_scores import CheckResult, Decided, of_checks, of_performance
from core.alerts.rounds import round_events
from core.alerts.sinks.deliver import deliver
from core.alerts.sinks.settings import Sinks
from core.deployment.conditions import Outcome
from core.deployment.deployment import Batch, Deployment
from core.deployment.folder import DeploymentFolder
from core.deployment.log import append_after
from core.deployment.report import BatchReport

DIGITS = 16


def moment_now() -> str:
    """Now, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def place_of(now: Deployment, model: str, window: Window, rows: int = 0) -> Place:
    """Where alerts of a deployment are raised.

    Args:
        rows: of the reference that a batch was compared with.
    """
    identity = sha256(f"{now.created} {now.name}".encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
    label = now.models.get(model, "")
    return Place(identity, now.name, model, label, window, Reference(version=label, n=rows), moment_now())


def raise_alerts(
    folder: DeploymentFolder, name: str, report: BatchReport, sinks: Sinks, by: str, is_new: bool
) -> None:
    """Notes in the log what a batch changes about the alerts of its deployment.

    Args:
        name: id of the batch.
        is_new: whether its rows came now; of a batch that only got labels, its data says nothing new.
    """
    now = folder.state()
    batch = now.batches[name]
    scored, span = batch.scored, batch.scored.span or ("",)
    window = Window(batch=name, start=span[0], end=span[-1], n=scored.rows, n_labelled=batch.labels)
    place = place_of(now, scored.model, window, report.drift.n_reference)
    found = _findings(now, batch, report, place, is_new)
    append_after(folder.log, by, lambda reading: round_events(found, reading.entries, sinks.least))


def _findings(now: Deployment, batch: Batch, report: BatchReport, place: Place, is_new: bool) -> Findings:
    decided = batch.decided[-1] if batch.decided else None
    rule = Decided(
        confirmed=decided is not None and decided.action == "RETRAIN",
        suspected=decided is not None and decided.action == "RETRAIN_UNCONFIRMED",
        text=decided.text if decided else "",
    )
    parts = [of_checks([_check(one) for one in batch.outcomes], place)]
    if report.problem is not None:
        text = f"{report.source} could not be read: {report.problem.problem}"
        parts.append(Findings(place, (place.alert("schema", "critical", "", text, REPAIR),)))
    elif is_new:
        parts.append(of_drift(report.drift, place))
    if report.drift.performance is not None and batch.scored.model == now.champion:
        parts.append(of_performance(report.drift.performance, place, rule))
    return joined(place, *parts)


def _check(outcome: Outcome) -> CheckResult:
    bound = outcome.condition.least if outcome.condition.least is not None else outcome.condition.most
    return CheckResult(
        name=outcome.condition.words,
        state=outcome.state,
        text=outcome.text,
        value=outcome.value,
        threshold=bound,
    )


def send_alerts(folder: DeploymentFolder, sinks: Sinks, by: str) -> tuple[Undelivered, ...]:
    """Sends what is owed, notes what came of it, and gives what failed."""
    if not sinks.sinks:
        return ()
    outcomes = deliver(folder.state().alerts.owed(moment_now()), sinks)
    if outcomes:
        folder.append(by, *outcomes)
    return tuple(one for one in outcomes if isinstance(one, Undelivered))
