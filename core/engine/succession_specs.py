"""What the jobs are told that find a deployment its next model."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.engine.job_specs import JobSpec, TableRows
from core.engine.round_specs import DeploymentId, DeploymentPath


class SucceedSpec(JobSpec):
    """The champion's recipe on the labelled rows of batches; the new model joins as a challenger.

    Attributes:
        batches: ids of the batches that it learns from; all labelled ones when empty.
        with_training: whether it learns from the champion's training table too, which the project holds.
        by: who asks.
    """

    at: DeploymentPath | DeploymentId
    batches: tuple[str, ...] = ()
    with_training: bool = False
    by: str = "app"


class ContestSpec(JobSpec):
    """A challenger against the champion on the labelled rows that neither learned from.

    It is judged by a bet that may be looked at after every row, so that it can be asked after every batch.

    Attributes:
        challenger: SHA-256 of its bundle.
        batches: ids of the batches that it is tested on; all labelled ones when empty.
        metric: id of the score; that of the champion's recipe when empty.
    """

    at: DeploymentPath | DeploymentId
    challenger: str
    batches: tuple[str, ...] = ()
    metric: str = ""
    by: str = "app"


class ReplaySpec(JobSpec):
    """The recipe of the model at work on a labelled history, played again under several rules of retraining.

    Attributes:
        history: the labelled rows of the batches, these below the training table, or a table of the project.
        first, windows, delay, newest: as ``core.engine.contest_specs.RehearseSpec`` has them.
    """

    at: DeploymentPath | DeploymentId
    history: Literal["batches", "training and batches"] | TableRows = "batches"
    first: float = Field(0.3, gt=0, lt=1)
    windows: int = Field(26, ge=2, le=520)
    delay: int = Field(1, ge=0)
    newest: bool = False
