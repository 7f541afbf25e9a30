"""How alerts stand by what the log says: open, seen, muted, owed to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.alerts.alert import Alert, Severity
from core.alerts.events import Acknowledged, Delivered, Examined, Muted, Raised, Resolved, Undelivered

OWED_DAYS = 30
"""A notice that no try could deliver for this long is not tried again."""


@dataclass(frozen=True)
class OpenAlert:
    """An alert that is not over.

    Attributes:
        notices: what was raised about it, oldest first; each is more severe than the one before.
        seen_by: who acknowledged the last one; None when nobody did.
        clean: batches in a row that were in order since it was last found.
    """

    notices: tuple[Raised, ...]
    seen_by: str | None = None
    clean: frozenset[str] = frozenset()

    @property
    def severity(self) -> Severity:
        """The worst that was found of it."""
        return self.notices[-1].severity

    @property
    def alert(self) -> Alert:
        """The last notice with the state of now."""
        last = self.notices[-1].alert
        return last if self.seen_by is None else last.model_copy(update={"state": "ack"})


@dataclass(frozen=True)
class Notice:
    """An alert as it is sent, who has not got it yet, and why, where that is known.

    Attributes:
        waiting: names of the sinks.
        problems: name of a sink -> what was wrong when it was last tried.
    """

    alert: Alert
    waiting: tuple[str, ...]
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ledger:
    """All alerts of a deployment as they stand.

    Attributes:
        open: key -> alert, in the order in which they were raised.
        mutes: key -> until when nothing of it is sent.
        notices: id -> notice that some sink has not got, oldest first.
        told: id -> sinks that took it.
    """

    open: dict[str, OpenAlert] = field(default_factory=dict)
    mutes: dict[str, str] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    told: dict[str, frozenset[str]] = field(default_factory=dict)

    def is_muted(self, key: str, at: str) -> bool:
        """Whether nothing of a key is sent at that time (ISO 8601)."""
        return key in self.mutes and moment(at) < moment(self.mutes[key])

    def owed(self, at: str) -> tuple[Notice, ...]:
        """The notices to send at that time (ISO 8601), oldest first; muted and very old ones are not."""
        oldest = moment(at) - timedelta(days=OWED_DAYS)
        return tuple(
            notice
            for notice in self.notices.values()
            if not self.is_muted(notice.alert.dedupe_key, at) and moment(notice.alert.ts) >= oldest
        )


def ledger(events: Iterable[object]) -> Ledger:
    """How alerts stand after these events, oldest first; entries about other things are passed over."""
    now = Ledger()
    for event in events:
        for kind, step in _STEPS.items():
            if isinstance(event, kind):
                step(now, event)
    return now


def moment(at: str) -> datetime:
    """The time of an ISO 8601 text; one without a zone is UTC."""
    time = datetime.fromisoformat(at)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _raised(now: Ledger, event: Raised) -> None:
    known = now.open.get(event.key)
    now.open[event.key] = OpenAlert((*known.notices, event) if known else (event,))
    _owe(now, event.alert, event.sinks)


def _acknowledged(now: Ledger, event: Acknowledged) -> None:
    for key, one in now.open.items():
        if one.notices[-1].id == event.id:
            now.open[key] = replace(one, seen_by=event.by)


def _muted(now: Ledger, event: Muted) -> None:
    now.mutes[event.key] = event.until


def _examined(now: Ledger, event: Examined) -> None:
    for key, one in now.open.items():
        if key in event.found:
            now.open[key] = replace(one, clean=frozenset())
        elif key in event.clean:
            now.open[key] = replace(one, clean=one.clean | {event.batch})


def _resolved(now: Ledger, event: Resolved) -> None:
    over = now.open.pop(event.alert.dedupe_key, None)
    if over and event.muted:
        for raised in over.notices:
            now.notices.pop(raised.id, None)
    _owe(now, event.alert, event.sinks)


def _owe(now: Ledger, alert: Alert, sinks: tuple[str, ...]) -> None:
    if sinks:
        now.notices[alert.id] = Notice(alert, sinks)


def _delivered(now: Ledger, event: Delivered) -> None:
    now.told[event.id] = now.told.get(event.id, frozenset()) | {event.sink}
    notice = now.notices.get(event.id)
    if notice is None:
        return
    waiting = tuple(name for name in notice.waiting if name != event.sink)
    if waiting:
        now.notices[event.id] = replace(notice, waiting=waiting)
    else:
        del now.notices[event.id]


def _undelivered(now: Ledger, event: Undelivered) -> None:
    notice = now.notices.get(event.id)
    if notice is not None:
        problems = {**notice.problems, event.sink: event.problem}
        now.notices[event.id] = replace(notice, problems=problems)


_STEPS: Mapping[type, Callable[[Ledger, Any], None]] = {
    Raised: _raised,
    Acknowledged: _acknowledged,
    Muted: _muted,
    Examined: _examined,
    Resolved: _resolved,
    Delivered: _delivered,
    Undelivered: _undelivered,
}
