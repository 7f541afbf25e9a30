"""What a look at a batch found, found again, and found to be over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.alerts.alert import RANKS, Alert, Kind, Place
from core.standalone.counts import counted

MOST_OF_A_KIND = 20
"""Alerts of one kind that one batch raises one by one; more are one alert."""
MANY = "\0many"
"""How the subject of that one begins in its key; no column is called so."""
NAMED = 3
PLURALS: dict[Kind, str] = {
    "schema": "problems with the shape of the data",
    "column_drift": "columns drifted",
    "prediction_drift": "predictions drifted",
    "check": "checks failed",
}


@dataclass(frozen=True)
class Findings:
    """What one batch says about the matters that alerts can be about.

    What is in neither of the three was not looked at, or could not be told: it stays as it was.

    Attributes:
        place: the batch, the model and the time.
        alerts: what is wrong, the worst first.
        held: keys of what is wrong beyond those, which are told as one.
        clean: keys of what was looked at and is in order.
        whole: kinds of which all subjects were looked at, so that what is not found is in order.
    """

    place: Place
    alerts: tuple[Alert, ...] = ()
    held: frozenset[str] = frozenset()
    clean: frozenset[str] = frozenset()
    whole: frozenset[Kind] = frozenset()

    @property
    def found(self) -> frozenset[str]:
        """Keys of all that is wrong."""
        return self.held | {alert.dedupe_key for alert in self.alerts}

    def is_clean(self, alert: Alert) -> bool:
        """Whether the matter of an alert was looked at here and is in order."""
        looked = alert.dedupe_key in self.clean or alert.kind in self.whole
        return looked and alert.dedupe_key not in self.found


def joined(place: Place, *parts: Findings) -> Findings:
    """Several findings about one batch as one: what one of them found is not clean for another."""
    whole = Findings(place)
    for part in parts:
        whole = Findings(
            place,
            (*whole.alerts, *part.alerts),
            whole.held | part.held,
            whole.clean | part.clean,
            whole.whole | part.whole,
        )
    return replace(whole, alerts=_one_a_matter(whole.alerts))


def told_together(findings: Findings) -> Findings:
    """The findings, of which more than ``MOST_OF_A_KIND`` of one kind and severity are one alert.

    Which of very many lead changes from batch to batch, and would be news each time.
    """
    kept: list[Alert] = []
    held = set(findings.held)
    for kind, severity in dict.fromkeys((alert.kind, alert.severity) for alert in findings.alerts):
        of_kind = [one for one in findings.alerts if (one.kind, one.severity) == (kind, severity)]
        if len(of_kind) > MOST_OF_A_KIND:
            kept.append(_many(findings.place, of_kind))
            held |= {alert.dedupe_key for alert in of_kind}
        else:
            kept += of_kind
    return replace(findings, alerts=tuple(kept), held=frozenset(held))


def keys_of_many(place: Place, kind: Kind) -> frozenset[str]:
    """The keys of the alerts that stand for many of a kind."""
    return frozenset(place.key(kind, f"{MANY}{severity}") for severity in RANKS)


def _one_a_matter(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Of several alerts about one matter the worst, the first of equals; the worst stand first."""
    by_key: dict[str, Alert] = {}
    for alert in alerts:
        known = by_key.get(alert.dedupe_key)
        if known is None or RANKS[alert.severity] > RANKS[known.severity]:
            by_key[alert.dedupe_key] = alert
    return tuple(sorted(by_key.values(), key=lambda alert: -RANKS[alert.severity]))


def _many(place: Place, alerts: list[Alert]) -> Alert:
    first = alerts[0]
    what = PLURALS.get(first.kind, "alerts of this kind")
    named = ", ".join(repr(alert.subject) for alert in alerts[:NAMED])
    text = f"{len(alerts):,} {what}: {named} and more."
    subject = f"{MANY}{first.severity}"
    told = place.alert(first.kind, first.severity, subject, text, first.suggested_action)
    return told.model_copy(update={"subject": counted(len(alerts), "subject")})
