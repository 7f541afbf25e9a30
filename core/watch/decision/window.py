"""What a decision on retraining stands on: windows of scored rows, the hold-out, thresholds."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.data.table import Frozen
from core.recipe.usage import later

Ends = tuple[float, float, float]
"""A mean and its 95 % interval: mean, low, high."""
STEPS = 1_000
"""Steps between a loss of 0 and one of 1; losses are rounded down, which no bet on large losses gains by."""


class Losses(Frozen):
    """How large the losses of a window were, each between 0 and 1.

    Attributes:
        counts: (loss in thousandths, how many), ascending.
    """

    counts: tuple[tuple[int, int], ...]

    @property
    def units(self) -> int:
        """How many there are: rows, pairs of rows, groups or stretches of rows."""
        return sum(many for _, many in self.counts)

    @property
    def total(self) -> float:
        """Their sum."""
        return sum(step * many for step, many in self.counts) / STEPS


class Level(Frozen):
    """Rows of the hold-out with probabilities that are near each other.

    Attributes:
        at: their mean probability: of the positive class; of several classes, of the one that was called.
        share: of them for which it came true, made to rise with the probability.
        rows: how many they are, enough to tell nobody.
    """

    at: float
    share: float
    rows: int


class Window(Frozen):
    """A batch or a stretch of time of a model at work; it can be made again from its JSON.

    Attributes:
        at: when it ended, ISO 8601; windows are taken in this order.
        rows: rows scored.
        labelled: rows among them whose label has come.
        rarest: labelled rows of the rarest class; None of a regression.
        losses: of the labelled rows; None where there are none, or no bound is known.
        alike: variance of means of neighbouring losses in parts of what independent ones would have, where
            neither groups nor times are told; None where they are, or there are too few.
        score, low, high: of the metric with its 95 % interval; None where there is none.
        schema_error: why the rows could not be read as those of training, in words; else empty.
        joint_drift, prediction_drift: whether the rows together, or what is predicted of them, have drifted.
        estimate: what the score is taken to be without labels; None where that is refused.
    """

    at: str
    rows: int = Field(ge=0)
    labelled: int = Field(0, ge=0)
    rarest: int | None = Field(None, ge=0)
    losses: Losses | None = None
    alike: float | None = Field(None, ge=0)
    score: float | None = None
    low: float | None = None
    high: float | None = None
    schema_error: str = ""
    joint_drift: bool = False
    prediction_drift: bool = False
    estimate: float | None = None


class Baseline(Frozen):
    """What a model did on its hold-out, and how the losses of windows are made so that they compare.

    Attributes:
        metric: id of the score; ``label`` its name.
        better: whether a higher or a lower score is better.
        rows: of the hold-out.
        score, low, high: with its 95 % interval; None where there is none.
        loss: mean of the losses with its 95 % interval; None where no bet can be made.
        own: whether the score is the mean loss, or 1 minus it.
        cut: of a regression: the absolute error that counts as a loss of 1.
        stretch: rows in time order that are put together as one loss, as neighbours are alike; 1 for none.
        in_time: whether rows are in the order of time, as told, or as neighbours are alike.
        why: why there is no loss, in words; else empty.
        calibration: how often its probabilities came true; empty where that is not known.
    """

    metric: str
    label: str
    better: Literal["higher", "lower"]
    rows: int
    score: float | None = None
    low: float | None = None
    high: float | None = None
    loss: Ends | None = None
    own: bool = False
    cut: float | None = None
    stretch: int = 1
    in_time: bool = False
    why: str = ""
    calibration: tuple[Level, ...] = later(())


class Policy(Frozen):
    """The thresholds of the rule.

    Attributes:
        tol: the drop of the score that matters; None for 0.05 of a score of which more is better, and for a
            tenth of the hold-out's error.
        p: of each of ``in_a_row`` windows, one-sided.
        together: p of these windows together, which is what bounds false alarms over many checks.
        evidence: wealth of the bet at which a drop counts as proven; chance reaches 20 in 5 % of deployments.
        recent: windows over which "no drop" is judged.
        cool_down_days: after the model began to work, in which nothing is retrained.
        least_labelled, least_per_class: new labelled rows that a retraining needs: one of the two.
        unconfirmed: whether drift and an estimated drop, without labels, ask for a retraining.
    """

    tol: float | None = Field(None, gt=0)
    p: float = Field(0.05, gt=0, lt=0.5)
    in_a_row: int = Field(2, ge=1, le=20)
    together: float = Field(0.0005, gt=0, lt=0.5)
    evidence: float = Field(20.0, gt=1)
    recent: int = Field(8, ge=1)
    cool_down_days: float = Field(7.0, ge=0)
    least_labelled: int = Field(500, ge=0)
    least_per_class: int = Field(10, ge=0)
    unconfirmed: bool = True

    def drop_that_matters(self, baseline: Baseline) -> float:
        """``tol`` in units of the score; infinite where an error of 0 has no tenth."""
        if self.tol is not None:
            return self.tol
        if baseline.better == "higher":
            return USUAL_DROP
        return USUAL_PART * abs(baseline.score or 0.0) or float("inf")


USUAL_DROP, USUAL_PART = 0.05, 0.1
