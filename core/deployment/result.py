"""What a round on a deployment has found."""

from __future__ import annotations

from typing import ClassVar, Literal

from core.alerts.alert import Alert
from core.alerts.events import Undelivered
from core.data.table import Frozen, Note
from core.deployment.batch_entries import BatchScore, BatchVerdict, Decided, How, ShadowSaid
from core.deployment.conditions import Outcome
from core.deployment.model_entries import Place
from core.results.base import Result
from core.watch.judge.schema_gate import DataIssue

UNSTABLE = ("drift", "worse", "broken")
"""States of a verdict that are no stable ones; too few rows, and odd values, raise no alarm."""


class MovedColumn(Frozen):
    """A column, prediction or target that is not what it was; its whole comparison is in the report."""

    name: str
    state: str
    reason: str


class LabelsTold(Frozen):
    """The labels that came for a batch, as the entry ``labelled`` has them."""

    how: How
    key: str = ""
    given: int
    new: int
    changed: int
    total: int


class BatchRound(Frozen):
    """What the round found of one batch.

    Attributes:
        known: whether its rows came before, so that they were not scored again.
        report: id of the whole report in the folder.
        problem: code of the error that kept the batch from being read, or empty.
        shadow: what challengers said of rows that a service has answered.
    """

    batch: str
    source: str
    known: bool = False
    model: str
    rows: int
    predicted: int
    flags: dict[str, int] = {}
    verdict: BatchVerdict
    score: BatchScore | None = None
    labels: LabelsTold | None = None
    checks: tuple[Outcome, ...] = ()
    columns: tuple[MovedColumn, ...] = ()
    findings: tuple[DataIssue, ...] = ()
    report: str
    problem: str = ""
    shadow: tuple[ShadowSaid, ...] = ()

    @property
    def is_stable(self) -> bool:
        """Whether neither the verdict nor a check raised an alarm."""
        failed = any(one.state == "failed" for one in self.checks)
        return self.verdict.state not in UNSTABLE and not failed


class RoundResult(Result):
    """One round: the new batch, if any, and the batches that labels came for.

    Attributes:
        model, label: the champion.
        state: ``drift`` when any of the batches raised an alarm.
        notes: about the files of rows and labels.
        faults: what is wrong with the log.
        decision: what the rule on retraining says now; None when nothing was scored or labelled.
        alerts: those that are open.
        undelivered: what did not reach a sink in this round.
    """

    KIND: ClassVar[str] = "round"

    deployment: str
    folder: str
    model: str
    label: str
    state: Literal["stable", "drift"]
    batches: tuple[BatchRound, ...]
    notes: tuple[Note, ...] = ()
    faults: tuple[str, ...] = ()
    decision: Decided | None = None
    alerts: tuple[Alert, ...] = ()
    undelivered: tuple[Undelivered, ...] = ()


class DeployResult(Result):
    """A model that was put to work or joined.

    Attributes:
        deployment: id of the deployment of the project; empty for one that is no project's.
        folder: of the deployment.
        model: SHA-256 of the bundle.
    """

    KIND: ClassVar[str] = "deploy"

    deployment: str = ""
    folder: str
    model: str
    place: Place
