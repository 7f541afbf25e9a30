"""What a comparison or a search is going to cost, from what earlier ones of the project did cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.catalog.models import MODELS
from core.recipe.document import Candidate, Recipe
from core.recipe.split import folds_asked
from core.results.compare import CompareResult
from core.results.tune import TuneResult

SECONDS_A_COST = (0.005, 0.1, 0.45, 0.7, 3.0)
"""Processor seconds of a fit on 1,000 rows of 20 columns for the catalog's costs 1 to 5: an order of size."""
GUESSED = (0.5, 2.0)
"""From how much to how much of a guess a fit may take whose model was never measured."""
BUSY = 1.5
"""How many times as long it takes when the processors have other work, or other settings are slower."""
STARTUP = 1.0


@dataclass(frozen=True)
class Pace:
    """What a model takes for a row that it is fitted on or predicts, in seconds.

    Attributes:
        least: of a processor.
        most: of the clock, on a machine that had other work too.
    """

    least: float
    most: float


@dataclass(frozen=True)
class Expected:
    """What a job is expected to take.

    Attributes:
        low, high: wall clock in seconds, when the processors are free and when they are busy.
        measured: how many of the candidates were measured before; the others are guessed.
        candidates: how many there are.
    """

    low: float
    high: float
    measured: int
    candidates: int

    @property
    def words(self) -> str:
        """Where the numbers come from."""
        if self.measured == self.candidates:
            return "from earlier runs of this project"
        if self.measured:
            return f"{self.measured} of {self.candidates} known from earlier runs, the rest a rough guess"
        return "a rough guess until the first run"


def paces(comparisons: Sequence[CompareResult], searches: Sequence[TuneResult] = ()) -> dict[str, Pace]:
    """Model -> its pace, from stored results, the newest first; a model's newest counts.

    Args:
        comparisons: results of ``core.train.compare``.
        searches: results of ``core.train.tune``, which count before comparisons: trials are other settings
            than those a model starts with, and may be slower.
    """
    by_model: dict[str, Pace] = {}
    for search in searches:
        done = [trial.seconds for trial in search.trials if trial.status == "done"]
        if done and (rows := _rows(search.sizes)):
            seconds = sum(done) / len(done) / rows
            by_model.setdefault(search.model, Pace(seconds, BUSY * seconds))
    for result in comparisons:
        rows = _rows(result.sizes)
        for one in result.candidates:
            if one.status == "done" and rows:
                cpu, clock = one.cpu_seconds / rows, one.seconds / rows
                by_model.setdefault(one.model, Pace(cpu, BUSY * max(cpu, clock)))
    return by_model


def _rows(sizes: Sequence[tuple[int, int]]) -> int:
    """The rows that a candidate sees on all folds."""
    return sum(fit + valid for fit, valid in sizes)


def _pace(candidate: Candidate, by_model: Mapping[str, Pace], columns: int) -> Pace:
    if candidate.model in by_model:
        return by_model[candidate.model]
    guess = SECONDS_A_COST[MODELS[candidate.model].cost - 1] / 1_000 * max(columns, 1) / 20
    return Pace(GUESSED[0] * guess, GUESSED[1] * guess)


def folds_of(recipe: Recipe) -> int:
    """How many folds the recipe's rows are divided into, repeats counted."""
    rows = round(recipe.source.rows * (1 - recipe.split.test_size))
    scheme, folds, repeats = folds_asked(recipe, rows)
    return {"holdout": 1, "repeated": folds * repeats}.get(scheme, folds)


def passes_of(recipe: Recipe) -> float:
    """How many times its training rows a candidate sees on all folds.

    Steps forward in time begin with a part of the rows and see one part more each; the last sees them all.
    """
    folds = folds_of(recipe)
    return folds * (folds + 3) / (2 * (folds + 1)) if recipe.with_role("time") else folds


def expected(
    recipe: Recipe,
    candidates: Sequence[Candidate],
    by_model: Mapping[str, Pace],
    cores: int,
    times: int = 1,
) -> Expected:
    """The wall clock that fitting candidates on every fold will take.

    Args:
        candidates: what is fitted.
        by_model: of ``paces``.
        cores: how many work at once.
        times: how often all of it is done, such as the trials of a search.
    """
    rows = round(recipe.source.rows * (1 - recipe.split.test_size))
    estimates = [_pace(one, by_model, len(recipe.inputs)) for one in candidates]
    ends = [[pace.least for pace in estimates], [pace.most for pace in estimates]]
    low, high = (_clock(each, rows, passes_of(recipe), cores, times) for each in ends)
    return Expected(low, high, sum(one.model in by_model for one in candidates), len(candidates))


def _clock(paces_: Sequence[float], rows: int, passes: float, cores: int, times: int) -> float:
    """All fits over the processors; never less than the longest of them."""
    every = sum(paces_) * rows * passes * times
    return STARTUP + max(every / max(cores, 1), max(paces_, default=0.0) * rows)
