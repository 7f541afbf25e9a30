"""What happens to alerts, as the log of a deployment keeps it among its entries."""

from __future__ import annotations

from typing import Literal

from core.alerts.alert import Alert, Severity
from core.stamped import Stamped


class Raised(Stamped):
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


class Acknowledged(Stamped):
    """Somebody has seen the alert of that id."""

    kind: Literal["acknowledged"] = "acknowledged"
    id: str


class Muted(Stamped):
    """Notices of a key are not sent until then (ISO 8601, UTC); a time that is over ends the mute."""

    kind: Literal["muted"] = "muted"
    key: str
    until: str


class Examined(Stamped):
    """What a batch said about the alerts that were open: keys found again, and keys found in order."""

    kind: Literal["examined"] = "examined"
    batch: str
    found: tuple[str, ...] = ()
    clean: tuple[str, ...] = ()


class Resolved(Stamped):
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


class Delivered(Stamped):
    """A sink took the notice of that id."""

    kind: Literal["delivered"] = "delivered"
    id: str
    sink: str


class Undelivered(Stamped):
    """A sink did not take the notice of that id; it is tried again at the next round."""

    kind: Literal["undelivered"] = "undelivered"
    id: str
    sink: str
    problem: str


AlertEvent = Raised | Acknowledged | Muted | Examined | Resolved | Delivered | Undelivered
