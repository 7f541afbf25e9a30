"""What a log comes to: its entries folded, oldest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from core.deployment.alert_entries import Raised
from core.deployment.batch_entries import (
    BatchScore,
    BatchVerdict,
    Checked,
    Decided,
    Labelled,
    Planned,
    Scored,
)
from core.deployment.conditions import Outcome
from core.deployment.log import Fault, Reading
from core.deployment.model_entries import Challenged, Joined, Promoted, Retrained, RolledBack
from core.errors import FoldlineError

AlertState = Literal["open", "acknowledged", "resolved"]
Move = Joined | Retrained | Challenged | Promoted | RolledBack


@dataclass(frozen=True)
class Batch:
    """A batch with all that came to it later."""

    scored: Scored
    labelled: tuple[Labelled, ...] = ()
    checked: tuple[Checked, ...] = ()
    decided: tuple[Decided, ...] = ()

    @property
    def labels(self) -> int:
        """How many of its rows have a label."""
        return self.labelled[-1].total if self.labelled else 0

    @property
    def score(self) -> BatchScore | None:
        """Its newest score, or None."""
        return next((one.score for one in reversed(self.labelled) if one.score), None)

    @property
    def verdict(self) -> BatchVerdict:
        """The newest verdict."""
        return next((one.verdict for one in reversed(self.labelled) if one.verdict), self.scored.verdict)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the checks last came to."""
        return self.checked[-1].outcomes if self.checked else ()

    @property
    def report(self) -> str:
        """Id of its newest report."""
        return next((one.report for one in reversed(self.labelled) if one.report), self.scored.report)


@dataclass(frozen=True)
class AlertNow:
    """An alert as it stands; ``waiting`` are the sinks that did not take it when they last were tried."""

    raised: Raised
    state: AlertState = "open"
    waiting: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Deployment:
    """A deployment as its log has it now.

    Attributes:
        models: SHA-256 -> label of every model that ever joined.
        champion: the model at work; empty only where the log is damaged.
        previous: the champions before, the last one at the end.
        batches: id -> batch, in the order in which they came.
        mutes: key of alerts -> until when they are not told.
        moves: what happened to models, oldest first.
    """

    name: str = ""
    created: str = ""
    models: Mapping[str, str] = field(default_factory=dict)
    champion: str = ""
    previous: tuple[str, ...] = ()
    challengers: tuple[str, ...] = ()
    batches: Mapping[str, Batch] = field(default_factory=dict)
    plan: Planned = field(default_factory=Planned)
    alerts: Mapping[str, AlertNow] = field(default_factory=dict)
    mutes: Mapping[str, str] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def decisions(self) -> tuple[Decided, ...]:
        """What the rule on retraining said, oldest first."""
        every = (one for batch in self.batches.values() for one in batch.decided)
        return tuple(sorted(every, key=lambda one: one.seq))

    @property
    def open_alerts(self) -> tuple[AlertNow, ...]:
        """The alerts that nobody resolved, oldest first."""
        return tuple(one for one in self.alerts.values() if one.state != "resolved")

    def batch_of(self, data: str) -> Batch | None:
        """The batch with these rows (SHA-256), if they came before."""
        return next((one for one in self.batches.values() if one.scored.data == data), None)

    def working(self) -> str:
        """The champion.

        Raises:
            FoldlineError: ``DEPLOYMENT`` when the log names none.
        """
        if not self.champion:
            problem = "The log of the deployment names no model at work: its beginning is damaged."
            raise FoldlineError("DEPLOYMENT", problem, "Bring the folder back from a copy.")
        return self.champion


def deployment_state(reading: Reading) -> Deployment:
    """What the entries of a log come to."""
    fold = _Fold()
    for entry in reading.entries:
        STEPS[entry.kind](fold, entry)
    return Deployment(
        name=fold.name,
        created=fold.created,
        models=fold.models,
        champion=fold.champion,
        previous=tuple(fold.previous),
        challengers=tuple(fold.challengers),
        batches=fold.batches,
        plan=fold.plan,
        alerts=fold.alerts,
        mutes=fold.mutes,
        moves=tuple(fold.moves),
        faults=reading.faults,
    )


class _Fold:
    """A deployment while its log is read; the fields of ``Deployment``, to be changed in place."""

    def __init__(self) -> None:
        self.name = self.created = self.champion = ""
        self.models: dict[str, str] = {}
        self.previous: list[str] = []
        self.challengers: list[str] = []
        self.batches: dict[str, Batch] = {}
        self.plan = Planned()
        self.alerts: dict[str, AlertNow] = {}
        self.mutes: dict[str, str] = {}
        self.moves: list[Move] = []

    def without(self, model: str) -> list[str]:
        """The challengers but for one."""
        return [one for one in self.challengers if one != model]


def _created(now: _Fold, entry: Any) -> None:
    now.name, now.created = entry.name, entry.at


def _joined(now: _Fold, entry: Any) -> None:
    now.models[entry.model] = entry.label
    now.moves.append(entry)
    if entry.role == "champion":
        now.champion = entry.model
    else:
        now.challengers = [*now.without(entry.model), entry.model]


def _left(now: _Fold, entry: Any) -> None:
    now.challengers = now.without(entry.model)


def _promoted(now: _Fold, entry: Any) -> None:
    now.champion = entry.model
    now.previous.append(entry.previous)
    now.challengers = now.without(entry.model)
    now.moves.append(entry)


def _rolled_back(now: _Fold, entry: Any) -> None:
    now.champion = entry.model
    now.previous = now.previous[:-1]
    now.challengers = [*now.without(entry.model), entry.previous]
    now.moves.append(entry)


def _moved(now: _Fold, entry: Any) -> None:
    now.moves.append(entry)


def _scored(now: _Fold, entry: Any) -> None:
    now.batches[entry.batch] = Batch(entry)


def _to_batch(change: Callable[[Batch, Any], Batch]) -> Callable[[_Fold, Any], None]:
    """Changes the batch that an entry is about; one that the log lost is passed over."""

    def step(now: _Fold, entry: Any) -> None:
        batch = now.batches.get(entry.batch)
        if batch is not None:
            now.batches[entry.batch] = change(batch, entry)

    return step


def _planned(now: _Fold, entry: Any) -> None:
    now.plan = entry


def _raised(now: _Fold, entry: Any) -> None:
    now.alerts[entry.id] = AlertNow(entry)


def _to_alert(change: Callable[[AlertNow, Any], AlertNow]) -> Callable[[_Fold, Any], None]:
    def step(now: _Fold, entry: Any) -> None:
        alert = now.alerts.get(entry.id)
        if alert is not None:
            now.alerts[entry.id] = change(alert, entry)

    return step


def _muted(now: _Fold, entry: Any) -> None:
    now.mutes[entry.key] = entry.until


STEPS: Mapping[str, Callable[[_Fold, Any], None]] = {
    "created": _created,
    "joined": _joined,
    "left": _left,
    "scored": _scored,
    "labelled": _to_batch(lambda batch, entry: replace(batch, labelled=(*batch.labelled, entry))),
    "checked": _to_batch(lambda batch, entry: replace(batch, checked=(*batch.checked, entry))),
    "planned": _planned,
    "decided": _to_batch(lambda batch, entry: replace(batch, decided=(*batch.decided, entry))),
    "raised": _raised,
    "acknowledged": _to_alert(lambda alert, entry: replace(alert, state="acknowledged")),
    "muted": _muted,
    "resolved": _to_alert(lambda alert, entry: replace(alert, state="resolved")),
    "delivered": _to_alert(lambda alert, entry: replace(alert, waiting=alert.waiting - {entry.sink})),
    "undelivered": _to_alert(lambda alert, entry: replace(alert, waiting=alert.waiting | {entry.sink})),
    "retrained": _moved,
    "challenged": _moved,
    "promoted": _promoted,
    "rolled_back": _rolled_back,
}
"""Kind of an entry -> what it changes."""
