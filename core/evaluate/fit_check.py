"""Does a model remember its training rows, or has it learned too little?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.digits import number
from core.spec import Metric

FitState = Literal["good", "worse", "overfit", "no_better", "unknown"]
LOST = 0.25
"""Share of what was gained over the baseline on training rows that may be lost on test rows."""


@dataclass(frozen=True)
class FitCheck:
    """What training and test scores say together.

    Attributes:
        state: ``overfit`` the training score is clearly better, ``no_better`` than the baseline (too little
            was learned), ``worse`` on the test rows beyond chance but not by much of the gain, ``good``, or
            ``unknown`` when a score is missing.
        text: one plain sentence.
    """

    state: FitState
    text: str


def fit_check(
    metric: Metric, train: float | None, test: float | None, ends: tuple[float, float] | None, baseline: float
) -> FitCheck:
    """Compare the score on the training rows with the one on the test rows, measured from the baseline.

    Args:
        train, test: the scores, or None where these rows do not define one.
        ends: 95 % interval of the test score, or None when it is not available.
        baseline: score of the dummy model on the test rows.
    """
    if train is None or test is None:
        return FitCheck("unknown", "The score is not defined on these rows, so nothing can be said.")
    sign = 1.0 if metric.better == "higher" else -1.0
    low, high = ends or (test, test)
    worst = min(sign * low, sign * high)
    if worst <= sign * baseline:
        return FitCheck(
            "no_better",
            f"It is not clearly better than the baseline ({number(baseline)}): it has learned too little, "
            "or there is little to learn from these columns.",
        )
    lost = sign * (train - test)
    gained = sign * (train - baseline)
    inside = min(low, high) <= train <= max(low, high)
    both = f"Training rows {number(train, test)}, test rows {number(test, train)}"
    if lost > 0 and not inside and lost > LOST * gained:
        return FitCheck(
            "overfit",
            f"{both}: it remembers its training rows. "
            "More rows, fewer columns or a simpler model would bring the two closer.",
        )
    if lost > 0 and not inside:
        return FitCheck(
            "worse", f"{both}: worse on rows it never saw, as is usual, and most of what it gained holds."
        )
    return FitCheck("good", f"{both}: what it learned holds on rows it never saw.")
