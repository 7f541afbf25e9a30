"""What searching the hyperparameters of a model has found."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from core.data.table import Frozen
from core.recipe.document import Range
from core.results.base import Failure, RunResult, SplitPrint
from core.results.compare import RowScores, Status


class Trial(Frozen):
    """One set of settings with its score.

    Attributes:
        params: the settings that are searched; None where the model's own default stands.
        all_params: every setting of the candidate.
        score: mean of the folds; None when it failed or none of them defines it.
    """

    trial: str
    params: dict[str, Any]
    all_params: dict[str, Any]
    status: Status
    error: Failure | None
    score: float | None
    folds: tuple[float | None, ...]
    seconds: float


class Edge(Frozen):
    """A setting whose best value lies at an end of its range."""

    param: str
    value: Any
    end: Literal["low", "high"]


class Gain(Frozen):
    """How much better the tuned model scores than the untuned one: above 0 is better for every metric.

    Attributes:
        tuned, untuned: fold scores of both.
        tuned_rows: the score of the tuned model by rows; None where it is not known, or not by so many.
        judged_by: whether the interval is by the folds, as in 0.1.0, or by the validation rows.
        fresh_folds: whether the search never used those folds.
    """

    mean: float | None
    low: float | None
    high: float | None
    tuned: tuple[float | None, ...] = ()
    untuned: tuple[float | None, ...] = ()
    fresh_folds: bool
    tuned_rows: RowScores | None = None
    judged_by: Literal["folds", "rows"] = "folds"


class NoGain(Frozen):
    """Why the gain was not measured."""

    error: Failure
    fresh_folds: bool


class TuneResult(RunResult):
    """The trials of a search, its best, and what that gained.

    Attributes:
        planned: how many trials were to be made.
        space: setting -> the range that was searched.
        default: the untuned model.
        cut_by: ``time`` or ``stop`` when it ended early, else empty.
    """

    KIND: ClassVar[str] = "tune"

    task: str
    metric: str
    better: str
    model: str
    search: str
    planned: int
    split: SplitPrint
    words: str
    sizes: tuple[tuple[int, int], ...]
    space: dict[str, Range]
    default: Trial
    trials: tuple[Trial, ...]
    best: Trial
    edges: tuple[Edge, ...]
    gain: Gain | NoGain
    cut_by: Literal["", "time", "stop"]
    seconds: float
