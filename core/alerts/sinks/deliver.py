"""Sends what is owed: every sink by itself, within a time, and whatever fails is told as an event."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.alerts.alert import Alert
from core.alerts.events import Delivered, Undelivered
from core.alerts.ledger import Notice
from core.alerts.sinks.lines import write_lines
from core.alerts.sinks.mail import send_mail
from core.alerts.sinks.reach import SinkFailure
from core.alerts.sinks.settings import FileSink, Sink, Sinks, WebhookSink
from core.alerts.sinks.webhook import post

SECONDS = 15.0
"""How long one connection may take."""
ROUND_SECONDS = 30.0
"""How long one round may take, however many alerts are owed."""
MOST_A_ROUND = 100
"""Alerts that one sink is sent in one round; the others are sent in the next."""
LATE = "The sink did not finish within {seconds:g} seconds."
Outcome = Delivered | Undelivered


@dataclass(frozen=True)
class Clock:
    """How long a connection, and a whole round, may take, in seconds."""

    call: float = SECONDS
    round: float = ROUND_SECONDS


@dataclass
class _Run:
    """The work for one sink, and what came of it so far; ``over`` tells it to send no more."""

    name: str
    alerts: list[Alert]
    outcomes: list[Outcome] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)


def deliver(
    notices: Sequence[Notice],
    sinks: Sinks,
    secrets: Mapping[str, str] = os.environ,
    clock: Clock = Clock(),
) -> tuple[Outcome, ...]:
    """Sends every notice to the sinks that wait for it, at least once, and tells what came of it.

    The sinks work side by side, so that one that hangs keeps no other waiting; nothing here raises for what a
    sink does. After a failure the sink is left alone until the next round, and what was not tried stays owed.
    A sink that the settings no longer name is passed over.

    Args:
        notices: as ``Ledger.owed`` gives them.
        secrets: the environment.
    """
    runs = [
        _Run(name, [one.alert for one in notices if name in one.waiting][:MOST_A_ROUND])
        for name in sinks.sinks
    ]
    runs = [run for run in runs if run.alerts]
    for run in runs:
        arguments = (run, sinks.sinks[run.name], sinks.hosts, secrets, clock)
        # As a daemon it does not keep the process from ending, whatever it waits for.
        threading.Thread(target=_work, args=arguments, daemon=True).start()
    until = time.monotonic() + clock.round + clock.call
    return tuple(outcome for run in runs for outcome in _ended(run, until, clock))


def _ended(run: _Run, until: float, clock: Clock) -> list[Outcome]:
    in_time = run.done.wait(max(0.0, until - time.monotonic()))
    run.over.set()
    if in_time:
        return run.outcomes
    return [*run.outcomes, *_left(run, LATE.format(seconds=clock.round + clock.call))]


def _left(run: _Run, problem: str) -> list[Outcome]:
    """What stopped the sink, told of the first alert of which nothing is known."""
    told = {one.id for one in run.outcomes}
    left = [alert.id for alert in run.alerts if alert.id not in told]
    return [Undelivered(id=one, sink=run.name, problem=problem) for one in left[:1]]


def _work(run: _Run, sink: Sink, hosts: Sequence[str], secrets: Mapping[str, str], clock: Clock) -> None:
    try:
        for outcome in _sent(run, sink, hosts, secrets, clock):
            run.outcomes.append(outcome)
            if run.over.is_set():
                return
    except Exception as error:  # noqa: BLE001 - told, and never the end of a round
        run.outcomes += _left(run, f"The alert could not be sent ({type(error).__name__}).")
    finally:
        run.done.set()


def _sent(
    run: _Run, sink: Sink, hosts: Sequence[str], secrets: Mapping[str, str], clock: Clock
) -> Iterator[Outcome]:
    if isinstance(sink, WebhookSink):
        yield from _posted(run, sink, hosts, secrets, clock)
        return
    try:
        if isinstance(sink, FileSink):
            write_lines(run.alerts, sink.path)
            problem = ""
        else:
            problem = send_mail(run.alerts, sink, hosts, secrets, clock.call)
    except SinkFailure as failure:
        yield Undelivered(id=run.alerts[0].id, sink=run.name, problem=str(failure))
        return
    if problem:
        yield Undelivered(id=run.alerts[0].id, sink=run.name, problem=problem)
    yield from (Delivered(id=alert.id, sink=run.name) for alert in run.alerts)


def _posted(
    run: _Run, sink: WebhookSink, hosts: Sequence[str], secrets: Mapping[str, str], clock: Clock
) -> Iterator[Outcome]:
    """One by one; what was refused for itself does not hold up the others."""
    until = time.monotonic() + clock.round
    for alert in run.alerts:
        if time.monotonic() >= until:
            return
        try:
            post(alert, sink, hosts, secrets, clock.call)
            yield Delivered(id=alert.id, sink=run.name)
        except SinkFailure as failure:
            yield Undelivered(id=alert.id, sink=run.name, problem=str(failure))
            if not failure.others_may_do:
                return
