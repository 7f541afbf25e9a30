"""What a look at a batch found, found again, and found to be over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.alerts.alert import RANKS, Alert, Kind, Place

MOST_OF_A_KIND = 20
"""Alerts of one kind that one batch raises one by one; the others are told in one more."""
OTHERS = "\0others"
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
        held: keys of what is wrong beyond those, which are told together.
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
    """The findings with at most ``MOST_OF_A_KIND`` alerts of a kind, and one more for the others of it."""
    kept: list[Alert] = []
    held = set(findings.held)
    for kind in dict.fromkeys(alert.kind for alert in findings.alerts):
        of_kind = [alert for alert in findings.alerts if alert.kind == kind]
        kept += of_kind[:MOST_OF_A_KIND]
        others = of_kind[MOST_OF_A_KIND:]
        if others:
            kept.append(_others(findings.place, others))
            held |= {alert.dedupe_key for alert in others}
    return replace(findings, alerts=tuple(kept), held=frozenset(held))


def _one_a_matter(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Of several alerts about one matter the worst, the first of equals; the worst stand first."""
    by_key: dict[str, Alert] = {}
    for alert in alerts:
        known = by_key.get(alert.dedupe_key)
        if known is None or RANKS[alert.severity] > RANKS[known.severity]:
            by_key[alert.dedupe_key] = alert
    return tuple(sorted(by_key.values(), key=lambda alert: -RANKS[alert.severity]))


def _others(place: Place, alerts: list[Alert]) -> Alert:
    worst = max(alerts, key=lambda alert: RANKS[alert.severity])
    what = PLURALS.get(worst.kind, "alerts of this kind")
    named = ", ".join(repr(alert.subject) for alert in alerts[:NAMED])
    text = f"{len(alerts):,} more {what}: {named}" + (" and more." if len(alerts) > NAMED else ".")
    told = place.alert(worst.kind, worst.severity, OTHERS, text, worst.suggested_action)
    return told.model_copy(update={"subject": "others"})
