"""What judging the chosen model on the locked test rows has found."""

from __future__ import annotations

from typing import ClassVar, Literal

from core.data.table import Frozen
from core.digits import times
from core.results.base import Columns, FailedPart, RunResult
from core.spec import Task
from core.standalone.counts import agreeing, counted


def not_noted(openings: int) -> str:
    """That some other test set was opened, which may have held the same rows."""
    return (
        f"another test set was opened here {times(openings)}, and whether it held some of these rows cannot "
        "be told"
    )


class ScoreInterval(Frozen):
    """A score with its 95 % interval; None where not defined, or not known.

    Attributes:
        why: words that follow "no interval: ", where the rows allow none.
    """

    value: float | None
    low: float | None
    high: float | None
    why: str = ""

    @property
    def alone(self) -> ScoreInterval:
        """The score without what it is shown beside."""
        return ScoreInterval(value=self.value, low=self.low, high=self.high, why=self.why)


class TestScore(ScoreInterval):
    """A score on the test rows with its interval, and that of the baseline; None where not defined."""

    __test__: ClassVar[bool] = False  # its name begins as that of a test

    baseline: float | None


class ConfusionMatrix(Frozen):
    """Rows by true (down) and predicted class; ``others`` classes are under one last label."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    others: int


class Curves(Frozen):
    """The curves of the task, documented where each is made; None for those of other tasks."""

    confusion: ConfusionMatrix | None = None
    per_class: Columns = {}
    calibration: Columns = {}
    calibration_error: float | None = None
    roc: Columns = {}
    roc_by_class: dict[str, Columns] = {}
    precision_recall: Columns = {}
    gain: Columns = {}
    thresholds: Columns = {}
    validation_thresholds: Columns | None = None
    predicted_actual: Columns = {}
    sample: Columns = {}
    residual_histogram: Columns = {}
    residual_bands: Columns = {}


class Judged(RunResult):
    """A model on rows that it was not fitted on: curves and reasons.

    Attributes:
        rows: how many they are.
        importance, slices: tables of ``core.evaluate.importance`` and ``core.evaluate.segments``.
        model: in words.
        words: how the rows were split.
        left_out: parts that could not be made, such as an importance by a score that is not defined.
    """

    task: Task
    classes: tuple[str, ...]
    rows: int
    curves: Curves
    importance: Columns
    slices: Columns
    metric: str
    model: str
    words: str
    left_out: tuple[FailedPart, ...] = ()


class EvaluateResult(Judged):
    """The scores, curves and reasons of a model on the test rows.

    Attributes:
        resampled: what the intervals allow for: rows that are alike in groups, in time, in both, or none.
        resamples: how many resamples 0.1.0 made; intervals are by formula since.
        train_scores: metric -> score on the training rows; None where it is not defined.
        opened: how often any of the test rows were opened for this, this time counted.
        opened_rows: how many of them were in a test set that was opened before; 0.1.0 did not count them.
        opened_unknown: openings of other test sets that may have held some of them; nothing tells.
    """

    KIND: ClassVar[str] = "evaluate"

    resampled: Literal["rows", "groups", "times", "both"]
    resamples: int = 0
    scores: dict[str, TestScore]
    train_scores: dict[str, float | None]
    opened: int
    opened_rows: int = 0
    opened_unknown: int = 0
    train_rows: int
    test_rows: int

    @property
    def unfound(self) -> str:
        """That no positive row was called so, in a sentence; empty where one was, or for several classes."""
        table = self.curves.confusion
        if self.task != "binary" or table is None or len(table.counts) != 2:
            return ""
        (_, alarms), (missed, found) = table.counts
        if found or not missed:
            return ""
        called = (
            f"the {counted(alarms, 'row')} that it calls so are others" if alarms else "it calls no row so"
        )
        return (
            f"Of {counted(missed, 'test row')} that {agreeing('is', missed)} {self.classes[-1]} the "
            f"model finds none at its threshold: {called}."
        )

    @property
    def weights(self) -> dict[str, float]:
        """Column -> importance, most important first; empty when it was left out."""
        return dict(zip(self.importance.get("column", ()), self.importance.get("mean", ()), strict=True))

    @property
    def validation_rounds(self) -> int:
        """How often each row counts in the thresholds of validation rows: once, but in tables of old.

        Earlier versions counted rows of repeated folds once a round.
        """
        table = self.curves.validation_thresholds
        if not table or not self.train_rows:
            return 1
        return max(1, round(sum(int(table[name][0]) for name in ("tp", "fp", "fn", "tn")) / self.train_rows))
