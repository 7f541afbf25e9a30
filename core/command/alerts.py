"""The ``alerts`` command: the open alerts of a deployment, seen and muted, and a test of the sinks."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from core.alerts.alert import Window
from core.alerts.events import Undelivered
from core.alerts.ledger import Ledger, Notice, OpenAlert
from core.alerts.rounds import acknowledge, mute, trial
from core.alerts.sinks.deliver import Outcome, deliver
from core.alerts.sinks.settings import sinks_from
from core.command.monitor import acting_user
from core.command.outputs import Answer
from core.deployment.alerting import place_of
from core.deployment.folder import DeploymentFolder
from core.deployment.log import append_after
from core.errors import FoldlineError
from core.visible import visible

SHOWN = 8
NO_SINK = "Name a file in FOLDLINE_ALERTS that says where alerts are sent; the README shows one."


def alerts_command(asked: argparse.Namespace) -> Answer:
    """List the open alerts, after one was acknowledged or muted, or the sinks were tried."""
    folder = DeploymentFolder(asked.folder.resolve())
    by, at = acting_user(), datetime.now(UTC).isoformat(timespec="milliseconds")
    if asked.ack:
        append_after(folder.log, by, lambda reading: [acknowledge(reading.entries, asked.ack, by)])
    if asked.mute:
        which, days = asked.mute[0], _days(asked.mute[1])
        append_after(folder.log, by, lambda reading: [mute(reading.entries, which, days, at, by)])
    tried = _tried(folder) if asked.test else ()
    now = folder.state().alerts
    tests = [{"sink": one.sink, "problem": getattr(one, "problem", "")} for one in tried]
    facts = {
        "open": [_facts(one, now, at) for one in now.open.values()],
        "waiting": [{"id": one.alert.id, "sinks": one.waiting} for one in now.notices.values()],
        "test": tests,
        "failed": any(isinstance(one, Undelivered) for one in tried),
    }
    told = [f"{one['sink']}: {one['problem'] or 'took the test'}" for one in tests]
    return facts, "\n".join([*told, *_words(now, at)])


def _tried(folder: DeploymentFolder) -> tuple[Outcome, ...]:
    """What came of a test alert at every sink; nothing of it is kept in the log."""
    sinks = sinks_from()
    if not sinks.sinks:
        raise FoldlineError("ALERTS", "No sink is set up, so there is nothing to test.", NO_SINK)
    now = folder.state()
    event = trial(place_of(now, now.champion, Window()), sinks.sinks)
    return deliver([Notice(event.alert, event.sinks)], sinks)


def _days(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        problem = f"{text!r} is no number of days."
        raise FoldlineError("ALERT", problem, "Give an alert and a number of days; 0 ends a mute.") from error


def _facts(one: OpenAlert, now: Ledger, at: str) -> dict[str, Any]:
    """An open alert as every sink has it, with until when it is muted."""
    facts: dict[str, Any] = json.loads(one.alert.line())
    muted = now.mutes[one.alert.dedupe_key] if now.is_muted(one.alert.dedupe_key, at) else ""
    return {**facts, "muted_until": muted}


def _words(now: Ledger, at: str) -> list[str]:
    if not now.open:
        return ["No alert is open."]
    words = []
    for one in now.open.values():
        alert, key = one.alert, one.alert.dedupe_key
        state = f"seen by {visible(one.seen_by)}" if one.seen_by is not None else "open"
        muted = f", muted until {now.mutes[key][:16]}" if now.is_muted(key, at) else ""
        words.append(f"{key[:SHOWN]} {alert.severity}, {state}{muted}, since {one.notices[0].alert.ts[:16]}")
        words += [f"  {alert.message_plain}", f"  {alert.suggested_action}"]
    waiting = sorted({name for notice in now.notices.values() for name in notice.waiting})
    return words + ([f"Not delivered yet to: {', '.join(waiting)}."] if waiting else [])
