"""What the jobs are told that find a deployment its next model."""

from __future__ import annotations

from core.engine.job_specs import JobSpec
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
