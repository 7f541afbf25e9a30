"""The report on a batch that is kept in the folder, and what of it goes into the log."""

from __future__ import annotations

from collections.abc import Sequence

from core.data.table import Frozen, Note
from core.deployment.batch_entries import BatchScore, BatchVerdict, Labelled
from core.deployment.conditions import Outcome
from core.deployment.deployment import Batch
from core.deployment.result import BatchRound, LabelsTold, MovedColumn
from core.deployment.trust import Measured
from core.results.base import Failure
from core.watch.decision.estimate import Estimate
from core.watch.decision.window import Window
from core.watch.performance import Performance
from core.watch.result import DriftReport

MOVED = ("drift", "minor")


class BatchReport(Frozen):
    """A batch compared with what its model learned from.

    Attributes:
        labels: rows that had a label then.
        notes: how the file of the batch was read.
        problem: why it could not be read; there are no rows then.
        came_before: rows that an earlier batch has too.
        window: what a decision on retraining stands on; None where the model has no score to compare with.
        estimate: of its score without labels, or why there is none; None where nothing was predicted.
    """

    batch: str
    model: str
    source: str
    labels: int
    drift: DriftReport
    measured: Measured
    notes: tuple[Note, ...] = ()
    problem: Failure | None = None
    came_before: int = 0
    window: Window | None = None
    estimate: Estimate | None = None

    @property
    def verdict(self) -> BatchVerdict:
        """The verdict as the log has it."""
        if self.problem is not None:
            text = f"The batch could not be read: {self.problem.problem}"
            return BatchVerdict(state="broken", action=self.problem.hint, text=text)
        told = self.drift.verdict
        return BatchVerdict(state=told.state, action=told.action, text=told.text)

    @property
    def score(self) -> BatchScore | None:
        """The score as the log has it; None without labels."""
        return None if self.drift.performance is None else _score(self.drift.performance)

    @property
    def moved(self) -> tuple[MovedColumn, ...]:
        """The columns, predictions and target that are not what they were, by impact."""
        every: Sequence[tuple[str, str, str]] = [
            (one.name, one.state, one.reason)
            for one in (*self.drift.columns, *self.drift.outputs)
            if one.state in MOVED
        ]
        return tuple(MovedColumn(name=name, state=state, reason=reason) for name, state, reason in every)


def _score(told: Performance) -> BatchScore:
    now, then = told.now, told.holdout
    if now is None:
        return BatchScore(state=told.state, text=told.text)
    return BatchScore(
        state=told.state,
        metric=now.metric,
        n=now.n,
        value=now.value,
        low=now.low,
        high=now.high,
        holdout=None if then is None else (then.value, then.low, then.high),
        text=told.text,
    )


def batch_round(
    batch: Batch, report: BatchReport, outcomes: tuple[Outcome, ...], entry: Labelled | None, known: bool
) -> BatchRound:
    """What a round found of a batch.

    Args:
        outcomes: what the checks of the plan came to.
        entry: the labels that came for it, if any.
        known: whether its rows came before.
    """
    scored, told = batch.scored, None
    if entry is not None:
        same = ("how", "key", "given", "new", "changed", "total")
        told = LabelsTold(**{name: getattr(entry, name) for name in same})
    return BatchRound(
        batch=scored.batch,
        source=scored.source,
        known=known,
        model=scored.model,
        rows=scored.rows,
        predicted=scored.predicted,
        flags=scored.flags,
        verdict=report.verdict,
        score=report.score,
        labels=told,
        checks=outcomes,
        columns=report.moved,
        findings=report.drift.findings,
        report=batch.report,
        problem=scored.problem,
        shadow=scored.shadow,
    )
