"""What comparing new data with a reference has found."""

from __future__ import annotations

from typing import ClassVar

from core.data.table import Frozen, Note
from core.results.base import Result
from core.watch.judge.columns import ColumnDrift
from core.watch.judge.joint import Driver, JointState, Separation
from core.watch.judge.schema_gate import DataIssue
from core.watch.judge.verdict import Verdict
from core.watch.performance import Performance


class Joint(Frozen):
    """Whether old and new rows can be told apart: all columns as they are, and their relations alone."""

    state: JointState
    auc: float | None
    p: float | None
    share: float | None
    drivers: tuple[Driver, ...]
    reason: str
    n_reference: int
    n_current: int
    relations: Separation


class DriftResult(Result):
    """A drift report as it is stored, with the score on new labels.

    Attributes:
        columns: verdicts, sorted by impact.
        findings: what is wrong with the shape of the new data, errors first.
        predictions, target: verdicts on what the model says, and on the target where there are labels.
        performance: how the model does on new labels; None without labels or a model.
        notes: how the file of new rows was read.
        result: id in the store, whose files hold the report as a page.
    """

    KIND: ClassVar[str] = "drift"

    n_reference: int
    n_current: int
    sensitivity: str
    delta: float
    family: int
    columns: tuple[ColumnDrift, ...]
    joint: Joint
    findings: tuple[DataIssue, ...]
    predictions: tuple[ColumnDrift, ...]
    target: ColumnDrift | None
    verdict: Verdict
    seed: int
    performance: Performance | None
    notes: tuple[Note, ...] = ()
    result: str = ""

    @property
    def outputs(self) -> tuple[ColumnDrift, ...]:
        """The verdicts on predictions and target."""
        return (*self.predictions, *([self.target] if self.target else []))
