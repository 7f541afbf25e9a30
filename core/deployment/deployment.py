"""A deployment as its log has it now, with its batches and alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.alerts.ledger import Ledger
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
from core.deployment.log import Fault
from core.deployment.model_entries import Challenged, Joined, Promoted, Retrained, RolledBack
from core.errors import FoldlineError
from core.watch.decision.window import Window

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
    def window(self) -> Window | None:
        """What a decision on retraining stands on, with the newest labels."""
        return next((one.window for one in reversed(self.labelled) if one.window), self.scored.window)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the checks last came to."""
        return self.checked[-1].outcomes if self.checked else ()

    @property
    def report(self) -> str:
        """Id of its newest report."""
        return next((one.report for one in reversed(self.labelled) if one.report), self.scored.report)


@dataclass(frozen=True)
class Deployment:
    """A deployment as its log has it now.

    Attributes:
        models: SHA-256 -> label of every model that ever joined.
        champion: the model at work; empty only where the log is damaged.
        previous: the champions before, the last one at the end.
        batches: id -> batch, in the order in which they came.
        alerts: how they stand.
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
    alerts: Ledger = field(default_factory=Ledger)
    moves: tuple[Move, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def decisions(self) -> tuple[Decided, ...]:
        """What the rule on retraining said, oldest first."""
        every = (one for batch in self.batches.values() for one in batch.decided)
        return tuple(sorted(every, key=lambda one: one.seq))

    @property
    def turn(self) -> Joined | Promoted | RolledBack | None:
        """What put the model at work to work; None where the log is damaged."""
        every = (one for one in reversed(self.moves) if isinstance(one, Joined | Promoted | RolledBack))
        return next((one for one in every if one.model == self.champion), None)

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
