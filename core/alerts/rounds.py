"""The events that follow from a batch, and from what a person does with an alert."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from core.alerts.alert import RANKS, Alert, Place, Severity, notice_id
from core.alerts.events import Acknowledged, AlertEvent, Examined, Muted, Raised, Resolved
from core.alerts.findings import Findings
from core.alerts.ledger import Ledger, OpenAlert, ledger, moment
from core.errors import FoldlineError

CLEAN_BATCHES = 2
MOST_DAYS = 366.0
LEAST_CHARS = 6
OVER = "Two batches in a row are in order again. It was: "
NO_MORE = "Nothing needs to be done."


def round_events(
    findings: Findings, earlier: Iterable[object], sinks: Mapping[str, Severity]
) -> tuple[AlertEvent, ...]:
    """What a batch changes about the alerts of a deployment.

    What is found for the first time is raised, and again when it is more severe than ever since; what is open
    and was in order in ``CLEAN_BATCHES`` different batches, with nothing found between, is over. A batch that
    could not tell changes nothing.

    Args:
        earlier: the entries of the log, oldest first; those about other things are passed over.
        sinks: name of each sink -> the least severity that it takes.
    """
    now = ledger(earlier)
    return (
        *_news(findings, now, sinks),
        *_looks(findings, now),
        *_ends(findings, now, sinks),
    )


def acknowledge(earlier: Iterable[object], which: str, by: str = "") -> Acknowledged:
    """The event that says that somebody has seen an open alert.

    Args:
        which: id or key of the alert, or the first digits of one, at least six.

    Raises:
        FoldlineError: ``ALERT`` when no open alert, or more than one, is called so.
    """
    return Acknowledged(id=_open_one(ledger(earlier), which).notices[-1].id, by=by)


def mute(earlier: Iterable[object], which: str, days: float, at: str, by: str = "") -> Muted:
    """The event after which nothing of an open alert is sent for so many days; 0 ends a mute.

    What is raised meanwhile is sent afterwards, unless it is over by then.

    Raises:
        FoldlineError: ``ALERT`` as ``acknowledge``, and when the days are negative or more than a year.
    """
    if not 0 <= days <= MOST_DAYS:
        problem = f"An alert cannot be muted for {days:g} days."
        raise FoldlineError("ALERT", problem, f"Give 0 to {MOST_DAYS:g} days; 0 ends a mute.")
    key = _open_one(ledger(earlier), which).notices[-1].key
    until = moment(at) + timedelta(days=days)
    return Muted(key=key, until=until.isoformat(timespec="milliseconds"), by=by)


def trial(place: Place, sinks: Iterable[str]) -> Raised:
    """An alert that only tries the sinks; it is not kept in a log, and so is never open."""
    text = "This is a test: nothing is wrong. Whoever reads it will get the alerts of this deployment."
    alert = place.alert("test", "info", "", text, NO_MORE)
    return Raised(id=alert.id, key=alert.dedupe_key, severity="info", alert=alert, sinks=tuple(sinks))


def _news(findings: Findings, now: Ledger, sinks: Mapping[str, Severity]) -> Iterator[Raised]:
    for alert in findings.alerts:
        known = now.open.get(alert.dedupe_key)
        if known is None or RANKS[alert.severity] > RANKS[known.severity]:
            yield Raised(
                id=alert.id,
                key=alert.dedupe_key,
                severity=alert.severity,
                alert=alert,
                sinks=_takers(alert.severity, sinks),
            )


def _looks(findings: Findings, now: Ledger) -> Iterator[Examined]:
    found = tuple(key for key in now.open if key in findings.found)
    clean = tuple(key for key, one in now.open.items() if findings.is_clean(one.alert))
    if found or clean:
        yield Examined(batch=findings.place.window.batch, found=found, clean=clean)


def _ends(findings: Findings, now: Ledger, sinks: Mapping[str, Severity]) -> Iterator[Resolved]:
    place = findings.place
    for key, one in now.open.items():
        clean = one.clean | {place.window.batch}
        if not findings.is_clean(one.alert) or len(clean) < CLEAN_BATCHES:
            continue
        muted = now.is_muted(key, place.at)
        heard = _heard(one, now, muted)
        takers = tuple(name for name in _takers(one.severity, sinks) if name in heard)
        over = _over(one, place)
        yield Resolved(
            id=one.notices[-1].id, reason=OVER.split(".")[0], alert=over, muted=muted, sinks=takers
        )


def _heard(one: OpenAlert, now: Ledger, muted: bool) -> frozenset[str]:
    """The sinks that know of an alert, or, when it is not muted, still will."""
    told = frozenset(sink for raised in one.notices for sink in now.told.get(raised.id, frozenset()))
    owed = frozenset(sink for raised in one.notices for sink in raised.sinks)
    return told if muted else told | owed


def _over(one: OpenAlert, place: Place) -> Alert:
    last = one.notices[-1].alert
    before = place.alert(last.kind, last.severity, last.subject, f"{OVER}{last.message_plain}", NO_MORE)
    key = last.dedupe_key
    changes = {
        "id": notice_id(key, last.severity, "resolved", place),
        "dedupe_key": key,
        "state": "resolved",
    }
    return before.model_copy(update=changes)


def _takers(severity: Severity, sinks: Mapping[str, Severity]) -> tuple[str, ...]:
    return tuple(name for name, least in sinks.items() if RANKS[severity] >= RANKS[least])


def _open_one(now: Ledger, which: str) -> OpenAlert:
    names = ((one, (key, *(raised.id for raised in one.notices))) for key, one in now.open.items())
    long_enough = len(which) >= LEAST_CHARS
    called = [one for one, ids in names if long_enough and any(name.startswith(which) for name in ids)]
    if len(called) != 1:
        many = "More than one open alert is" if called else "No open alert is"
        raise FoldlineError(
            "ALERT", f"{many} called {which!r}.", "Give the id or the key of one that is open."
        )
    return called[0]
