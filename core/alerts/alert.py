"""The alert: one object that the log, the screen, files, webhooks and mails all hold."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from core.data.table import Frozen
from core.visible import visible

Severity = Literal["info", "warn", "critical"]
AlertState = Literal["open", "ack", "resolved"]
Kind = Literal[
    "schema",
    "column_drift",
    "joint_drift",
    "prediction_drift",
    "target_drift",
    "performance",
    "estimated_performance",
    "check",
    "test",
]
RANKS: dict[Severity, int] = {"info": 0, "warn": 1, "critical": 2}
NAME_CHARS, SENTENCE_CHARS = 200, 1_000
ID_DIGITS = 32


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


Number = Annotated[float | None, BeforeValidator(_finite)]
"""A number; what is not finite counts as none, as JSON has no word for it."""


class Window(Frozen):
    """The rows that an alert is about.

    Attributes:
        batch: their id.
        start, end: first and last time, as text; in JSON ``from`` and ``to``. Empty where there is none.
        n, n_labelled: rows, and those of them that have a label.
    """

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    batch: str = ""
    start: str = Field("", alias="from")
    end: str = Field("", alias="to")
    n: int = 0
    n_labelled: int = 0


class Statistic(Frozen):
    """The number behind an alert: its name, value, 95 % interval and threshold, p and adjusted p."""

    name: str
    value: Number = None
    ci: tuple[Number, Number] | None = None
    threshold: Number = None
    p: Number = None
    q: Number = None


class Reference(Frozen):
    """What the rows were compared with: which model's training rows or test rows, and how many."""

    version: str = ""
    n: int = 0


class Alert(Frozen):
    """One notice about one matter; texts are single lines without hidden characters.

    Attributes:
        id: of this notice. One that is sent again has the same, so that a receiver can drop it.
        ts: when it was raised (ISO 8601, UTC).
        deployment, name: id and name of the deployment.
        model, version: SHA-256 and label of the model that worked.
        subject: a column, a score, a check; empty for the table as a whole.
        dedupe_key: of the matter: deployment, kind and subject. It is the same in the notice of an escalation
            and in the one that says that it is over.
    """

    model_config = ConfigDict(serialize_by_alias=True)

    id: str
    ts: str
    deployment: str
    name: str
    model: str
    version: str
    window: Window
    kind: Kind
    severity: Severity
    subject: str
    statistic: Statistic | None
    reference: Reference
    message_plain: str
    suggested_action: str
    dedupe_key: str
    state: AlertState = "open"

    def line(self) -> str:
        """The alert as one line of JSON, ASCII only."""
        return json.dumps(self.model_dump(mode="json", by_alias=True), allow_nan=False)


@dataclass(frozen=True)
class Place:
    """Where, when and about which rows alerts are raised; the fields are those of ``Alert``."""

    deployment: str
    name: str
    model: str
    version: str
    window: Window
    reference: Reference
    at: str

    def key(self, kind: Kind, subject: str) -> str:
        """The key of a matter; subjects of any length stay apart."""
        return _digest(self.deployment, kind, subject)

    def alert(
        self,
        kind: Kind,
        severity: Severity,
        subject: str,
        message: str,
        action: str,
        statistic: Statistic | None = None,
    ) -> Alert:
        """An open alert about these rows."""
        key = self.key(kind, subject)
        return Alert(
            id=notice_id(key, severity, "open", self),
            ts=self.at,
            deployment=self.deployment,
            name=visible(self.name, NAME_CHARS),
            model=self.model,
            version=visible(self.version, NAME_CHARS),
            window=self.window.model_copy(update=_shown_texts(self.window)),
            kind=kind,
            severity=severity,
            subject=visible(subject, NAME_CHARS),
            statistic=statistic,
            reference=self.reference,
            message_plain=visible(message, SENTENCE_CHARS),
            suggested_action=visible(action, SENTENCE_CHARS),
            dedupe_key=key,
        )


def notice_id(key: str, severity: Severity, state: AlertState, place: Place) -> str:
    """The id of a notice: of its matter, what it says, the batch and the time."""
    return _digest(key, severity, state, place.window.batch, place.at)


def _shown_texts(window: Window) -> dict[str, str]:
    texts = {"batch": window.batch, "start": window.start, "end": window.end}
    return {name: visible(text, NAME_CHARS) for name, text in texts.items()}


def _digest(*parts: str) -> str:
    text = json.dumps(parts).encode()  # lone surrogates of names are escaped
    return sha256(text).hexdigest()[:ID_DIGITS]
