"""Entries about alerts: raised, seen, muted, over, and whether they reached anybody."""

from __future__ import annotations

from typing import Any, Literal

from core.deployment.stamps import Stamped


class Raised(Stamped):
    """An alert was raised; ``alert`` is the object that every sink gets.

    Attributes:
        key: alerts of one key are one matter.
    """

    kind: Literal["raised"] = "raised"
    id: str
    key: str
    severity: str
    alert: dict[str, Any]


class Acknowledged(Stamped):
    """Somebody has seen an alert."""

    kind: Literal["acknowledged"] = "acknowledged"
    id: str


class Muted(Stamped):
    """Alerts of a key are not told until then (ISO 8601, UTC)."""

    kind: Literal["muted"] = "muted"
    key: str
    until: str


class Resolved(Stamped):
    """An alert is over."""

    kind: Literal["resolved"] = "resolved"
    id: str
    reason: str = ""


class Delivered(Stamped):
    """A sink took an alert."""

    kind: Literal["delivered"] = "delivered"
    id: str
    sink: str


class Undelivered(Stamped):
    """A sink did not take an alert."""

    kind: Literal["undelivered"] = "undelivered"
    id: str
    sink: str
    problem: str
