"""What a job is told that tests models against each other, or rules of when to retrain."""

from __future__ import annotations

from pydantic import Field

from core.engine.job_specs import AnyRecipe, BundlePath, BundleResult, JobSpec, RowSource
from core.watch.decision.window import Policy


class ChallengeSpec(JobSpec):
    """Two bundles and the labelled rows that they are tested on.

    Attributes:
        metric: id of the score; that of the current model's recipe when empty.
        least, margin: a gain to surpass, and within what differences do not matter; None as usual.
        peek: judge by a bet that may be looked at after every row.
    """

    champion: BundlePath | BundleResult
    challenger: BundlePath | BundleResult
    data: RowSource
    metric: str = ""
    least: float = 0.0
    margin: float | None = None
    peek: bool = False


class RehearseSpec(JobSpec):
    """A recipe whose labelled rows are played again in the order of time.

    Attributes:
        first: share of them that the first model learns from.
        windows: into which the others are cut.
        delay: windows after which labels come.
        newest: learn again from the latest rows alone, as many as at first, and not from all.
        policy: thresholds of the rule.
    """

    recipe: AnyRecipe
    first: float = Field(0.3, gt=0, lt=1)
    windows: int = Field(26, ge=2, le=520)
    delay: int = Field(1, ge=0)
    newest: bool = False
    policy: Policy = Policy()
