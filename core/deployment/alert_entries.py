"""Entries about alerts: the events of ``core.alerts.events`` with what the log adds to every entry."""

from __future__ import annotations

from core.alerts import events
from core.deployment.stamps import Stamped


class Raised(events.Raised, Stamped):
    """An alert was raised, or grew more severe."""


class Acknowledged(events.Acknowledged, Stamped):
    """Somebody has seen an alert."""


class Muted(events.Muted, Stamped):
    """Notices of a matter are not sent for a time."""


class Examined(events.Examined, Stamped):
    """A batch was looked at for what was open."""


class Resolved(events.Resolved, Stamped):
    """An alert is over."""


class Delivered(events.Delivered, Stamped):
    """A sink took a notice."""


class Undelivered(events.Undelivered, Stamped):
    """A sink did not take a notice."""
