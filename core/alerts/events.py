"""What happens to alerts, as the log of a deployment keeps it; the log's own entries extend these."""

from __future__ import annotations

from typing import Literal

from core.alerts.alert import Alert, Severity
from core.data.table import Frozen


class AlertEvent(Frozen):
    """What the log adds to each: when it was written (ISO 8601, UTC), and who caused it."""

    at: str = ""
    by: str = ""


class Raised(AlertEvent):
    """An alert was raised, or grew more severe.

    Attributes:
        id: of this notice.
        key: of the matter.
        sinks: names of the sinks that it is owed to.
    """

    kind: Literal["raised"] = "raised"
    id: str
    key: str
    severity: Severity
    alert: Alert
    sinks: tuple[str, ...] = ()


class Acknowledged(AlertEvent):
    """Somebody has seen the alert of that id."""

    kind: Literal["acknowledged"] = "acknowledged"
    id: str


class Muted(AlertEvent):
    """Notices of a key are not sent until then (ISO 8601, UTC); a time that is over ends the mute."""

    kind: Literal["muted"] = "muted"
    key: str
    until: str


class Examined(AlertEvent):
    """What a batch said about the alerts that were open: keys found again, and keys found in order."""

    kind: Literal["examined"] = "examined"
    batch: str
    found: tuple[str, ...] = ()
    clean: tuple[str, ...] = ()


class Resolved(AlertEvent):
    """An alert is over.

    Attributes:
        id: of its last notice.
        alert: the notice that says so.
        muted: whether it was muted then; what nobody was told of it by then is not told any more.
        sinks: names of the sinks that the notice is owed to.
    """

    kind: Literal["resolved"] = "resolved"
    id: str
    reason: str = ""
    alert: Alert
    muted: bool = False
    sinks: tuple[str, ...] = ()


class Delivered(AlertEvent):
    """A sink took the notice of that id."""

    kind: Literal["delivered"] = "delivered"
    id: str
    sink: str


class Undelivered(AlertEvent):
    """A sink did not take the notice of that id; it is tried again at the next round."""

    kind: Literal["undelivered"] = "undelivered"
    id: str
    sink: str
    problem: str
