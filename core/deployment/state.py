"""What a log comes to: its entries folded, oldest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core.alerts.ledger import ledger
from core.deployment.batch_entries import Planned
from core.deployment.deployment import Batch, Deployment, Move
from core.deployment.log import Reading


def deployment_state(reading: Reading) -> Deployment:
    """What the entries of a log come to."""
    fold = _Fold()
    for entry in reading.entries:
        if entry.kind in STEPS:  # the others are about alerts, whose ledger reads them
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
        alerts=ledger(reading.entries),
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


STEPS: Mapping[str, Callable[[_Fold, Any], None]] = {
    "created": _created,
    "joined": _joined,
    "left": _left,
    "scored": _scored,
    "labelled": _to_batch(lambda batch, entry: replace(batch, labelled=(*batch.labelled, entry))),
    "checked": _to_batch(lambda batch, entry: replace(batch, checked=(*batch.checked, entry))),
    "planned": _planned,
    "decided": _to_batch(lambda batch, entry: replace(batch, decided=(*batch.decided, entry))),
    "retrained": _moved,
    "challenged": _moved,
    "promoted": _promoted,
    "rolled_back": _rolled_back,
}
"""Kind of an entry -> what it changes."""
