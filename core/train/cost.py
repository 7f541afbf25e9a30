"""What a comparison or a search is going to cost, from what earlier ones of the project did cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.catalog.models import MODELS
from core.recipe.document import Candidate, Recipe
from core.train.split import scheme_of

SECONDS_A_COST = (0.002, 0.02, 0.1, 0.4, 1.2)
"""Processor seconds of a fit on 1,000 rows of 20 columns for the catalog's costs 1 to 5: an order of size."""
STARTUP = 1.0


@dataclass(frozen=True)
class Expected:
    """What a job is expected to take.

    Attributes:
        seconds: wall clock.
        measured: how many of the candidates were measured before; the others are guessed.
        candidates: how many there are.
    """

    seconds: float
    measured: int
    candidates: int

    @property
    def words(self) -> str:
        """Where the number comes from."""
        if self.measured == self.candidates:
            return "from earlier runs of this project"
        if self.measured:
            return f"{self.measured} of {self.candidates} known from earlier runs, the rest a rough guess"
        return "a rough guess until the first run"


def paces(results: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Model -> processor seconds for a fit and a prediction on one row, from stored comparisons.

    Args:
        results: payloads of ``core.train.compare``, the newest first; a model's newest counts.
    """
    found: dict[str, float] = {}
    for result in results:
        rows = sum(fit + valid for fit, valid in result["sizes"])
        for one in result["candidates"]:
            if one["status"] == "done" and rows:
                found.setdefault(one["model"], one["seconds"] / rows)
    return found


def _seconds(candidate: Candidate, pace: Mapping[str, float], rows: int, columns: int) -> float:
    if candidate.model in pace:
        return pace[candidate.model] * rows
    cost = MODELS[candidate.model].cost
    return SECONDS_A_COST[cost - 1] * rows / 1_000 * max(columns, 1) / 20


def folds_of(recipe: Recipe) -> int:
    """How many folds the recipe's rows are divided into, repeats counted."""
    rows = round(recipe.source.rows * (1 - recipe.split.test_size))
    scheme, folds, repeats = scheme_of(recipe.split, rows)
    ordered, grouped = bool(recipe.with_role("time")), bool(recipe.with_role("group"))
    if scheme == "holdout":
        return 3 if ordered or grouped else 1
    return folds * repeats if scheme == "repeated" and not ordered and not grouped else folds


def expected(
    recipe: Recipe,
    candidates: Sequence[Candidate],
    results: Sequence[Mapping[str, Any]],
    cores: int,
    times: int = 1,
) -> Expected:
    """The wall clock that fitting candidates on every fold will take.

    Args:
        candidates: what is fitted.
        results: payloads of earlier comparisons of the project, the newest first.
        cores: how many work at once.
        times: how often all of it is done, such as the trials of a search.
    """
    pace, folds = paces(results), folds_of(recipe)
    rows = round(recipe.source.rows * (1 - recipe.split.test_size)) * folds
    cpu = sum(_seconds(one, pace, rows, len(recipe.inputs)) for one in candidates) * times
    longest = max((_seconds(one, pace, rows // folds, len(recipe.inputs)) for one in candidates), default=0.0)
    measured = sum(one.model in pace for one in candidates)
    return Expected(STARTUP + max(cpu / max(cores, 1), longest), measured, len(candidates))
