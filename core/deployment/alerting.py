"""The alerts that a batch raises, ends, and owes to the sinks that the operator has set up."""

from __future__ import annotations

from datetime import UTC, datetime

from core.alerts.alert import Place, Reference, Window
from core.alerts.events import AlertEvent
from core.alerts.findings import Findings, joined
from core.alerts.from_drift import REPAIR, of_drift
from core.alerts.from_scores import CheckResult, Decided, of_checks, of_performance
from core.alerts.rounds import round_events
from core.alerts.sinks.deliver import deliver
from core.alerts.sinks.settings import Sinks
from core.deployment.conditions import Outcome
from core.deployment.deployment import Batch, Deployment
from core.deployment.entries import ENTRY, Entry
from core.deployment.folder import DeploymentFolder
from core.deployment.report import BatchReport


def moment_now() -> str:
    """Now, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def place_of(now: Deployment, batch: Batch, at: str, reference: int = 0) -> Place:
    """Where alerts about a batch are raised.

    Args:
        reference: rows that it was compared with.
    """
    scored = batch.scored
    span = scored.span or ("", "")
    return Place(
        deployment=now.name,
        name=now.name,
        model=scored.model,
        version=now.models.get(scored.model, ""),
        window=Window(
            batch=scored.batch, start=span[0], end=span[-1], n=scored.rows, n_labelled=batch.labels
        ),
        reference=Reference(version=scored.model[:12], n=reference),
        at=at,
    )


def note_alerts(
    folder: DeploymentFolder, batch: Batch, report: BatchReport, sinks: Sinks, by: str, is_new: bool
) -> None:
    """Writes down what a batch changes about the alerts.

    Args:
        is_new: whether its rows came now; of a batch that only got labels, its data says nothing new.
    """
    reading = folder.read()
    now = folder.state()
    batch = now.batches.get(batch.scored.batch, batch)
    place = place_of(now, batch, moment_now(), report.drift.n_reference)
    found = _findings(now, batch, report, place, is_new)
    events = round_events(found, reading.entries, sinks.least)
    if events:
        folder.append(by, *map(written, events))


def written(event: AlertEvent) -> Entry:
    """The entry of the log that an event about alerts is."""
    return ENTRY.validate_python(event.model_dump(by_alias=True))


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


def deliver_owed(folder: DeploymentFolder, sinks: Sinks, by: str) -> tuple[str, ...]:
    """Sends what is owed, writes down what came of it, and gives what could not be delivered, in words."""
    if not sinks.sinks:
        return ()
    owed = folder.state().alerts.owed(moment_now())
    outcomes = deliver(owed, sinks)
    if outcomes:
        folder.append(by, *map(written, outcomes))
    left = folder.state().alerts.owed(moment_now())
    return tuple(
        f"An alert did not reach {name}: {notice.problems.get(name, 'it was not tried yet')}"
        for notice in left
        for name in notice.waiting
        if name in sinks.sinks
    )
