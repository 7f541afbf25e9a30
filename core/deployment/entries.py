"""What a deployment's log holds: one frozen entry for each thing that happened, told apart by ``kind``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from core.alerts.events import (
    Acknowledged,
    Delivered,
    Examined,
    Muted,
    Raised,
    Resolved,
    Undelivered,
)
from core.deployment.batch_entries import Checked, Decided, Labelled, Planned, Scored
from core.deployment.model_entries import (
    Challenged,
    Created,
    Joined,
    Left,
    Promoted,
    Retrained,
    RolledBack,
)

Entry = Annotated[
    Created
    | Joined
    | Left
    | Scored
    | Labelled
    | Checked
    | Planned
    | Decided
    | Raised
    | Acknowledged
    | Muted
    | Examined
    | Resolved
    | Delivered
    | Undelivered
    | Retrained
    | Challenged
    | Promoted
    | RolledBack,
    Field(discriminator="kind"),
]
ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)
