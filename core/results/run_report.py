"""What the ``run`` command writes as report.json: a document for other programs, its keys are kept."""

from __future__ import annotations

from typing import Literal

from core.checks.finding import Finding
from core.data.table import Frozen, Note
from core.recipe.document import Candidate
from core.results.base import Columns, FailedPart, Failure
from core.results.compare import BoardRow, CandidateScores, CompareResult, Status
from core.results.evaluate import ScoreInterval
from core.results.tune import Edge, Gain, NoGain, Trial, TuneResult
from core.results.validate import ThresholdAdvice
from core.spec import Task

Ends = tuple[float | None, float | None]
"""Of a 95 % interval; None where there is none."""
LAST = 1_000
"""Where a candidate without a rank stands."""
PLACE = ("rank", "mean", "std", "difference", "tied_with_best", "simplest_tie", "beats_baseline")
"""What a row takes from the leaderboard as it stands there."""


class ReportRow(Frozen):
    """A candidate of the leaderboard; the numbers of one that has no rank are None."""

    id: str
    label: str
    rank: int | None
    mean: float | None
    std: float | None
    ci: Ends
    difference: float | None
    difference_ci: Ends
    tied_with_best: bool | None
    simplest_tie: bool | None
    beats_baseline: bool | None
    seconds: float
    status: Status
    error: Failure | None


class ReportScore(Frozen):
    """A score in validation with its spread over the folds.

    Attributes:
        why: words that follow "no interval: ", where the score is too good because it was chosen for it.
    """

    mean: float | None
    std: float | None
    ci: Ends
    why: str = ""


class ReportTuning(Frozen):
    """What a search has found, as far as the report tells it; documented in ``core.results.tune``."""

    search: str
    best: Trial
    default: Trial
    gain: Gain | NoGain
    edges: tuple[Edge, ...]
    cut_by: Literal["", "time", "stop"]


class RunReport(Frozen):
    """Everything that a run has measured.

    Attributes:
        chosen: id of the candidate that was fitted, and ``model`` its whole choice.
        cv_score: in validation, of the chosen model; None when that is not known.
        test, baseline: metric -> score on the locked test rows.
        rows, columns: that the exported model learned from.
        validation: how the rows were split, in words.
        without_target: rows that were set aside; a note says what stands in place of the target.
        repeated: rows left out because they repeat, or nearly repeat, an earlier one.
        conclusion: what the leaderboard says, in words.
        failed: steps that gave nothing (search, test, export); left_out: parts of the steps that did.
        versions: package -> version.
        advice: another threshold, where ``threshold_advice`` has one.
        notes: of reading the file.
        findings: of the checks, the worst first.
        seconds: of the whole run; ``peak_mb`` the most memory that a process of it took.
    """

    task: Task
    metric: str
    target: str
    leaderboard: tuple[ReportRow, ...]
    chosen: str | None
    model: Candidate | None
    cv_score: ReportScore | None
    tuning: ReportTuning | None
    test: dict[str, ScoreInterval]
    baseline: dict[str, float | None]
    test_opened: int
    importance: Columns
    validation: str
    without_target: int = 0
    repeated: int = 0
    rows: int
    columns: int
    seed: int
    versions: dict[str, str]
    advice: ThresholdAdvice | None
    notes: tuple[Note, ...]
    findings: tuple[Finding, ...]
    seconds: float
    peak_mb: float
    conclusion: str
    failed: tuple[FailedPart, ...]
    left_out: tuple[FailedPart, ...]


def report_rows(compared: CompareResult) -> tuple[ReportRow, ...]:
    """All candidates of a comparison, best first, those without a score last."""
    places = {row.id: row for row in compared.board}
    rows = [_row(candidate, places.get(candidate.id)) for candidate in compared.candidates]
    return tuple(sorted(rows, key=lambda row: row.rank or LAST))


def _row(candidate: CandidateScores, place: BoardRow | None) -> ReportRow:
    facts = {} if place is None else place.model_dump()
    return ReportRow(
        id=candidate.id,
        label=candidate.label,
        seconds=candidate.seconds,
        status=candidate.status,
        error=candidate.error,
        ci=(facts.get("low"), facts.get("high")),
        difference_ci=(facts.get("diff_low"), facts.get("diff_high")),
        **{name: facts.get(name) for name in PLACE},
    )


def report_tuning(tuned: TuneResult | None) -> ReportTuning | None:
    """What is told of a search; None when none was made."""
    if tuned is None:
        return None
    return ReportTuning.model_validate({name: getattr(tuned, name) for name in ReportTuning.model_fields})
