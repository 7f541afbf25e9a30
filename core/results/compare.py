"""What comparing models on the same folds has found."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from core.data.table import Frozen
from core.results.base import FailedPart, Failure, RunResult, SplitPrint
from core.results.carrier import Carrier

Status = Literal["done", "failed", "stopped"]


class CandidateScores(Frozen):
    """A candidate with its scores on every fold, and what it took to get them.

    Attributes:
        scores: metric -> fold scores, None where a fold does not define one.
        seconds: of fitting and predicting on all folds.
        rounds: of boosting, on the folds that stopped early.
    """

    id: str
    model: str
    label: str
    params: dict[str, Any]
    status: Status
    error: Failure | None
    scores: dict[str, tuple[float | None, ...]]
    seconds: float
    fit_seconds: float
    predict_seconds: float
    cpu_seconds: float
    peak_mb: float
    rounds: tuple[int, ...]
    simplicity: int


class BoardRow(Frozen):
    """A row of the leaderboard: ``core.train.ranking.leaderboard.Row``, None for what is not available."""

    id: str
    rank: int
    mean: float | None
    std: float | None
    low: float | None
    high: float | None
    difference: float | None
    diff_low: float | None
    diff_high: float | None
    tied_with_best: bool
    simplest_tie: bool
    beats_baseline: bool | None
    folds: int

    @property
    def is_told(self) -> bool:
        """Whether the rows were enough to tell this model from the best."""
        return self.diff_low is not None and self.diff_high is not None


class RowScores(Frozen):
    """A score without each unit of the validation rows: what tells it from another one on the same rows.

    Attributes:
        scores: in the order of the units.
        alike: what makes the rows of a unit alike.
        sizes: rows of each unit.
        inflation: of the variance of a difference, for refitting.
        rounds: how often each row was judged.
    """

    scores: tuple[float, ...]
    alike: Literal["rows", "groups", "times"]
    sizes: tuple[int, ...]
    inflation: float
    rounds: float


class RowCounts(Frozen):
    """How many rows are in which part, and how many were left out.

    Attributes:
        gaps: the texts that rows without a target have in its place, with their numbers.
    """

    train: int
    test: int
    without_target: int
    repeated: int
    gaps: dict[str, int] = {}


class CompareResult(RunResult):
    """The candidates with their scores, and the leaderboard of those that finished.

    Attributes:
        words: how the rows were split.
        sizes: (rows to fit, rows to validate) of each fold.
        baseline, best: ids of candidates.
        left_out: parts that could not be made, such as the file of the validation predictions.
        doubt: why the best score is to be questioned, in words.
        carrier: the column without which a very good score is an ordinary one.
        copies: how many test rows repeat, or nearly repeat, a row that is learned from, in words.
        cut_by: what ended it before all candidates were done.
        judged_by: whether differences were judged by the folds, as in 0.1.0, or by the validation rows.
        best_rows: the score of the first of the board by rows; None where it is not known, or not by so many.
        margin: of the simplest, as the recipe asked for it; None for the one that suits the metric.
    """

    KIND: ClassVar[str] = "compare"

    task: str
    metric: str
    better: str
    target: str
    classes: tuple[str, ...]
    table: str
    split: SplitPrint
    words: str
    rows: RowCounts
    sizes: tuple[tuple[int, int], ...]
    baseline: str
    candidates: tuple[CandidateScores, ...]
    board: tuple[BoardRow, ...]
    best: str | None
    seconds: float
    cpu_seconds: float
    left_out: tuple[FailedPart, ...] = ()
    doubt: str = ""
    carrier: Carrier | None = None
    copies: str = ""
    cut_by: Literal["", "time", "stop"] = ""
    judged_by: Literal["folds", "rows"] = "folds"
    best_rows: RowScores | None = None
    margin: float | None = None

    def candidate(self, id: str) -> CandidateScores:
        """The candidate of that id; KeyError when there is none."""
        for one in self.candidates:
            if one.id == id:
                return one
        raise KeyError(id)

    @property
    def labels(self) -> dict[str, str]:
        """Candidate id -> its name."""
        return {one.id: one.label for one in self.candidates}
