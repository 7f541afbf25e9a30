"""The score of the project as people see it, and whether it still belongs to the recipe."""

from __future__ import annotations

from dataclasses import dataclass

from core.digits import number, span
from core.engine.job_specs import RecipeSpec
from core.engine.job_state import Job
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.results.compare import CompareResult
from core.results.evaluate import EvaluateResult
from core.results.tune import TuneResult
from core.train.judging.validation_score import ValidationScore, of_comparison, of_search
from ui.jobs.results import newest_of, print_then, spec_of, stored_under


@dataclass(frozen=True)
class Score:
    """A cross-validated score.

    Attributes:
        text: the number as shown.
        interval: its 95 % interval as text, or empty.
        fresh: whether it belongs to the recipe as it is now.
        where: on which folds it was measured, in words.
        tested: the score of the same model on the test rows, once they were opened for it; else empty.
    """

    text: str
    interval: str
    fresh: bool
    where: str
    tested: str = ""


def best(recipe: Recipe) -> Score | None:
    """The score of the chosen model, or that of the best of the newest comparison while none is chosen.

    Of the newest comparison and the newest search, the later one that judged the chosen model with its very
    hyperparameters counts; when neither did, the later one that judged it with others, as out of date.
    None when there is none for this target and metric.
    """
    compared, tuned = newest_of(CompareResult), newest_of(TuneResult)
    if recipe.chosen is None:
        return _lead(compared[1], recipe) if compared else None
    scores: list[tuple[ValidationScore, Job]] = []
    if compared and _asked(compared[1].metric, compared[1].target, recipe):
        scores += [(one, compared[0]) for one in of_comparison(compared[1])]
    asked = spec_of(RecipeSpec, tuned[0]) if tuned else None
    if tuned and asked and _asked(asked.recipe.metric, asked.recipe.target, recipe):
        scores.append((of_search(tuned[1]), tuned[0]))
    of_model = [(one, job) for one, job in scores if one.model == recipe.chosen.model]
    if not of_model:
        return None
    exact = [(one, job) for one, job in of_model if one.is_of(recipe.chosen)]
    last, job = max(exact or of_model, key=lambda pair: pair[1].created)
    same = print_then(job, "prepare") == fingerprint(recipe, "prepare")
    return Score(*_shown(last), bool(exact) and same, last.where, _tested(recipe))


def _tested(recipe: Recipe) -> str:
    result = stored_under(EvaluateResult, fingerprint(recipe, "fit"))
    score = result.scores.get(recipe.metric) if result else None
    return number(score.value, score.low, score.high) if score else ""


def _asked(metric: str, target: str, recipe: Recipe) -> bool:
    return (metric, target) == (recipe.metric, recipe.target)


def _lead(comparison: CompareResult, recipe: Recipe) -> Score | None:
    if not comparison.board or not _asked(comparison.metric, comparison.target, recipe):
        return None
    best = of_comparison(comparison)[0]
    return Score(*_shown(best), comparison.fingerprint == fingerprint(recipe, "compare"), best.where)


def _shown(score: ValidationScore) -> tuple[str, str]:
    """A score and its interval, as text."""
    mean, low, high = score.mean, score.low, score.high
    return number(mean, low, high), span(low, high, mean)
