"""What the chosen model said of validation rows that it had not seen, while the test set stays locked."""

from __future__ import annotations

from typing import ClassVar, Literal

from core.data.table import Frozen
from core.results.evaluate import Judged


class FoldScore(Frozen):
    """A score in validation.

    Attributes:
        mean: over the folds that define it; None when none does.
        folds: of each fold, None where it is not defined there.
        baseline: mean of the baseline; None when it was not compared.
    """

    mean: float | None
    folds: tuple[float | None, ...]
    baseline: float | None


class ThresholdAdvice(Frozen):
    """A threshold that serves better than the one in use, on out-of-fold predictions.

    Attributes:
        positive: the positive class.
        now: the threshold in use, and ``recall_now``, ``precision_now`` what it gives.
        value: the one that is advised, and ``recall``, ``precision`` what it gives.
        objective: id of the metric that it is best for.
        few_positives: whether so few rows are positive that other rows could well give another one.
        alarms_now, alarms: the share of the other rows that each calls positive, where the one in use calls
            nearly all of them so; None where it misses most instead.
    """

    positive: str
    now: float
    recall_now: float
    precision_now: float | None
    value: float
    recall: float
    precision: float | None
    objective: str
    few_positives: bool
    alarms_now: float | None = None
    alarms: float | None = None

    @property
    def title(self) -> str:
        """What is wrong with the threshold in use, as a heading."""
        if self.alarms_now is None:
            return "The threshold misses most."
        every = "every row" if self.alarms_now == self.recall_now == 1 else "nearly every row"
        return f"The threshold calls {every} {self.positive}."

    @property
    def words(self) -> str:
        """The advice in sentences, without markup."""
        right = "" if self.precision is None else f", and {self.precision:.0%} of those it calls so are"
        few = " So few rows are positive that other rows could well give another threshold."
        finds = f"finds {self.recall_now:.1%} of the rows of {self.positive} in validation"
        fewer = ""
        if self.alarms_now is not None and self.alarms is not None:
            finds = f"calls {self.alarms_now:.1%} of the other rows {self.positive} too, in validation"
            fewer = f" calls {self.alarms:.0%} of them so and"
        return (
            f"From a probability of {self.now:g} on, the model {finds}. "
            f"From {self.value:g} on, it{fewer} finds {self.recall:.0%}{right}."
            f"{few if self.few_positives else ''}"
        )


class ValidateResult(Judged):
    """The scores, curves and reasons of a model on validation rows, each predicted by a fit without it.

    Attributes:
        edition: of how segments and importance are judged; what was judged otherwise counts as absent, and is
            made anew. Importance is the mean over the folds, its ends the lowest and the highest fold.
        scores: metric -> its score over the folds.
        advice: another threshold, where ``threshold_advice`` has one.
    """

    KIND: ClassVar[str] = "validate"

    edition: Literal[3]
    scores: dict[str, FoldScore]
    advice: ThresholdAdvice | None = None

    @property
    def folds(self) -> int:
        """How many folds were judged."""
        return max((len(score.folds) for score in self.scores.values()), default=0)
