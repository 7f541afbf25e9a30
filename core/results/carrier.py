"""A column that carries most of a very good score."""

from __future__ import annotations

from collections.abc import Sequence

from core.catalog.metrics import METRICS
from core.checks.finding import Finding, leave_out
from core.data.table import Frozen
from core.digits import number
from core.recipe.usage import Accepted

CODE = "CARRIED"


class Carrier(Frozen):
    """The column, and what the best model scores on the first fold with and without it.

    Attributes:
        metric: id of the one that ranks.
        worth, following: loss of score when it is shuffled, and when the column next in importance is.
    """

    column: str
    metric: str
    score: float
    without: float
    worth: float
    following: float

    @property
    def question(self) -> str:
        """What is to be asked, in sentences."""
        label = METRICS[self.metric].label if self.metric in METRICS else self.metric
        scores = number(self.score, self.without), number(self.without, self.score)
        worths = number(self.worth, self.following), number(self.following, self.worth)
        return (
            f"Most of a very good score comes from {self.column}: without it {label} is {scores[1]} instead "
            f"of {scores[0]} on the first fold (shuffled it costs {worths[0]}, the next column {worths[1]}). "
            "Is it known at the time of the prediction?"
        )

    @property
    def finding(self) -> Finding:
        """As a warning that is mended, or let stand for a reason."""
        fix = leave_out(self.column)
        return Finding(code=CODE, severity="warn", column=self.column, reason=self.question, fix=fix)


def question_of(carrier: Carrier | None, accepted: Sequence[Accepted]) -> str:
    """The question with the reason for which it is let stand; empty where there is none."""
    if carrier is None:
        return ""
    reasons = {one.key: one.reason for one in accepted}
    reason = reasons.get((CODE, carrier.column))
    return carrier.question if reason is None else f"{carrier.question} Let stand, because: {reason}"
