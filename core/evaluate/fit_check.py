"""Does a model remember its training rows, or has it learned too little?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.digits import number
from core.spec import Metric

FitState = Literal["good", "worse", "overfit", "chance", "changed", "no_better", "unknown"]
LOST = 0.25
"""Share of what was gained over the baseline on training rows that may be lost on other rows."""
REMEDY = "More rows, fewer columns or a simpler model would bring the scores closer."


@dataclass(frozen=True)
class FitCheck:
    """What training, validation and test scores say together.

    Attributes:
        state: ``overfit`` the training score is clearly better than on rows that were not learned from,
            ``no_better`` than the baseline (too little was learned), ``worse`` on the test rows beyond chance
            but not by much of the gain, ``chance`` or ``changed`` when validation holds what the test rows do
            not, ``good``, or ``unknown`` when the scores cannot tell.
        text: one or two plain sentences.
    """

    state: FitState
    text: str


def fit_check(
    metric: Metric,
    train: float | None,
    test: float | None,
    ends: tuple[float, float] | None,
    baseline: float,
    validation: float | None = None,
) -> FitCheck:
    """Compare the score on the training rows with those on other rows, measured from the baseline.

    Args:
        train, test: the scores, or None where these rows do not define one.
        ends: 95 % interval of the test score, or None when it is not available.
        baseline: score of the dummy model on the test rows.
        validation: out-of-fold score of the same model, or None when it is not known. What a model remembers
            is missing there too.
    """
    if train is None or test is None:
        return FitCheck("unknown", "The score is not defined on these rows, so nothing can be said.")
    sign = 1.0 if metric.better == "higher" else -1.0
    low, high = ends or (test, test)
    if min(sign * low, sign * high) <= sign * baseline:
        return FitCheck(
            "no_better",
            f"It is not clearly better than the baseline ({number(baseline)}): it has learned too little, "
            "or there is little to learn from these columns.",
        )
    most = LOST * sign * (train - baseline)
    both = f"Training rows {number(train, test)}, test rows {number(test, train)}"
    if ends is None and sign * (train - test) <= most:
        return FitCheck(
            "unknown",
            f"{both}: near, but the test score has no interval, so chance alone could have made it so.",
        )
    if train == test or sign * (train - test) < 0 or min(low, high) <= train <= max(low, high):
        return FitCheck("good", f"{both}: what it learned holds on rows it never saw.")
    if sign * (train - test) <= most:
        return FitCheck(
            "worse", f"{both}: worse on rows it never saw, as is usual, and most of what it gained holds."
        )
    if validation is None:
        return _without_validation(both, ends is not None)
    every = (
        f"Training rows {number(train, test)}, validation rows {number(validation, test)}, "
        f"test rows {number(test, train)}"
    )
    if sign * (train - validation) > most:
        return FitCheck("overfit", f"{every}: it remembers its training rows. {REMEDY}")
    return _not_remembered(every, validation, ends)


def _without_validation(both: str, interval: bool) -> FitCheck:
    if interval:
        return FitCheck("overfit", f"{both}: it remembers its training rows. {REMEDY}")
    return FitCheck(
        "unknown",
        f"{both}: much worse on rows it never saw. Without an interval and a validation score, whether it "
        "remembers its training rows or chance did that cannot be told.",
    )


def _not_remembered(every: str, validation: float, ends: tuple[float, float] | None) -> FitCheck:
    """What a gap to the test rows means that validation does not have."""
    learned = f"{every}: what it learned holds in validation, so it does not just remember its training rows."
    if ends is None:
        return FitCheck(
            "chance",
            f"{learned} The test score has no interval, so whether chance or a change of the rows makes it "
            "worse cannot be told.",
        )
    if min(ends) <= validation <= max(ends):
        return FitCheck(
            "chance",
            f"{learned} The validation score lies in the 95% interval of the test score: chance can make "
            "that gap.",
        )
    return FitCheck(
        "changed",
        f"{learned} The validation score lies outside the 95% interval of the test score: the test rows may "
        "be of another kind, such as later ones. See which columns differ on Monitor.",
    )
