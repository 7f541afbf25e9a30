"""The score that a model reached in validation: measured by a comparison, or by the search that found it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.recipe.document import Candidate, Recipe
from core.recipe.fingerprint import fingerprint
from core.results.compare import CompareResult
from core.results.tune import TuneResult


@dataclass(frozen=True)
class ValidationScore:
    """A cross-validated score of a model with these settings.

    Attributes:
        low, high: the 95 % interval; None when it was not computed, as for the best of a search.
        std: spread over the folds; None as above.
    """

    id: str
    model: str
    params: Mapping[str, Any]
    mean: float | None
    low: float | None = None
    high: float | None = None
    std: float | None = None

    def is_of(self, candidate: Candidate) -> bool:
        """Whether it belongs to this model with these very settings."""
        return (self.model, self.params) == (candidate.model, candidate.params)


def of_comparison(compared: CompareResult) -> list[ValidationScore]:
    """The scores of a comparison, best first."""
    candidates = {one.id: one for one in compared.candidates}
    return [
        ValidationScore(
            row.id,
            candidates[row.id].model,
            candidates[row.id].params,
            row.mean,
            row.low,
            row.high,
            row.std,
        )
        for row in compared.board
    ]


def of_search(tuned: TuneResult) -> ValidationScore:
    """The score of the best settings that a search found."""
    return ValidationScore("tuned", tuned.model, tuned.best.all_params, tuned.best.score)


def of_chosen(
    recipe: Recipe, compared: CompareResult | None, tuned: TuneResult | None
) -> ValidationScore | None:
    """The validation score of the chosen model of a recipe; None when it was not measured.

    Args:
        compared: the comparison of this very recipe; it counts for a model that took part in it.
        tuned: the newest search; it counts when it had the same rows and metric.
    """
    if recipe.chosen is None:
        return None
    if compared is not None and recipe.chosen in recipe.candidates:
        mine = next((one for one in of_comparison(compared) if one.id == recipe.chosen.id), None)
        return mine if mine is not None and mine.mean is not None else None
    if tuned is None or not (best := of_search(tuned)).is_of(recipe.chosen):
        return None
    same = tuned.split == fingerprint(recipe, "split") and tuned.metric == recipe.metric
    return best if same else None
