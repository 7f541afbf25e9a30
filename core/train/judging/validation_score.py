"""The score that a model reached in validation: measured by a comparison, or by the search that found it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.catalog.metrics import METRICS
from core.recipe.document import Candidate, Recipe
from core.recipe.fingerprint import fingerprint
from core.results.compare import CompareResult
from core.results.tune import NoGain, TuneResult
from core.train.ranking.interval import possible
from core.train.ranking.statistics import corrected_interval

FOLDS, FRESH, SEARCHED = "on the folds", "on fresh folds", "on the folds of its search"
FLATTERED = "the search chose these settings by this very score, which is too good"


@dataclass(frozen=True)
class ValidationScore:
    """A cross-validated score of a model with these settings.

    Attributes:
        low, high: the 95 % interval; None when there is none.
        std: spread over the folds; None when it was not computed.
        where: on which folds it was measured, in words.
        why: words that follow "no interval: ", where the score is too good because it was chosen for it.
    """

    id: str
    model: str
    params: Mapping[str, Any]
    mean: float | None
    low: float | None = None
    high: float | None = None
    std: float | None = None
    where: str = FOLDS
    why: str = ""

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
    """The score of the best settings that a search found, on folds that the search never used.

    Where there are none (rows in time, or the gain was not measured) it is that of the best trial, and says
    that it is too good.
    """
    settings = tuned.best.all_params
    one = ValidationScore("tuned", tuned.model, settings, tuned.best.score, where=SEARCHED, why=FLATTERED)
    if isinstance(tuned.gain, NoGain) or not tuned.gain.fresh_folds:
        return one
    folds = np.array([np.nan if score is None else score for score in tuned.gain.tuned], dtype=np.float64)
    folds = METRICS[tuned.metric].for_ranking(folds)
    folds = folds[np.isfinite(folds)]
    if not len(folds):
        return one
    interval = corrected_interval(folds, *np.mean(tuned.sizes, axis=0)).with_spread()
    low, high = (
        possible(interval.low, interval.high, METRICS[tuned.metric]) if interval.available else (None, None)
    )
    std = float(folds.std(ddof=1)) if len(folds) > 1 else None
    return replace(one, mean=float(folds.mean()), low=low, high=high, std=std, where=FRESH, why="")


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
