"""What comparing new data with a reference has found."""

from __future__ import annotations

from typing import ClassVar

from core.data.table import Frozen, Note
from core.recipe.usage import Settings
from core.results.base import Result
from core.watch.judge.columns import ColumnDrift
from core.watch.judge.joint import JointDrift
from core.watch.judge.schema_gate import DataIssue
from core.watch.judge.verdict import Verdict
from core.watch.performance import Performance


class DriftReport(Frozen):
    """Everything that a comparison of new data with a reference found.

    Attributes:
        delta: the effect from which a change counts.
        tests: id of a drift test -> the settings that were chosen for it in place of that.
        family: number of tests that the p-values were adjusted for.
        columns: verdicts, sorted by impact.
        joint: whether a classifier tells old rows from new.
        findings: what is wrong with the shape of the new data, errors first.
        predictions: verdicts on score and class; empty when not given.
        basis: which predictions they are compared with, in words.
        target: verdict on the target, or None when there are no labels.
        verdict: the one sentence.
        performance: how the model does on new labels; None without labels or a model.
    """

    n_reference: int
    n_current: int
    sensitivity: str
    delta: float
    tests: Settings = {}
    family: int
    columns: tuple[ColumnDrift, ...]
    joint: JointDrift
    findings: tuple[DataIssue, ...]
    predictions: tuple[ColumnDrift, ...]
    basis: str = ""
    target: ColumnDrift | None
    verdict: Verdict
    performance: Performance | None = None
    seed: int

    @property
    def outputs(self) -> tuple[ColumnDrift, ...]:
        """The verdicts on predictions and target."""
        return (*self.predictions, *([self.target] if self.target else []))


class DriftResult(DriftReport, Result):
    """A drift report as it is stored.

    Attributes:
        notes: how the file of new rows was read.
        result: id in the store, whose files hold the report as a page.
    """

    KIND: ClassVar[str] = "drift"

    notes: tuple[Note, ...] = ()
    result: str = ""
