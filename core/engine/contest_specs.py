"""What a job is told that tests models against each other."""

from __future__ import annotations

from core.engine.job_specs import BundlePath, BundleResult, JobSpec, RowSource


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
