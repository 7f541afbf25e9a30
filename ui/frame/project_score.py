"""The score of the project as people see it, and whether it still belongs to the recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.digits import number, span
from core.engine.jobs import Job
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.train.validation_score import ValidationScore, of_comparison, of_search
from ui.frame.session import project, workspace
from ui.jobs.results import newest, print_then, stored


@dataclass(frozen=True)
class Score:
    """A cross-validated score.

    Attributes:
        text: the number as shown.
        interval: its 95 % interval as text, or empty.
        fresh: whether it belongs to the recipe as it is now.
        tested: the score of the same model on the test rows, once they were opened for it; else empty.
    """

    text: str
    interval: str
    fresh: bool
    tested: str = ""


def best(recipe: Recipe) -> Score | None:
    """The score of the chosen model, or that of the best of the newest comparison while none is chosen.

    Of the newest comparison and the newest search, the later one that judged the chosen model with its very
    hyperparameters counts; when neither did, the later one that judged it with others, as out of date.
    None when there is none for this target and metric.
    """
    compared, tuned = newest("compare"), newest("tune")
    if recipe.chosen is None:
        return _lead(compared[1], recipe) if compared else None
    found: list[tuple[ValidationScore, Job]] = []
    if compared and _asked(compared[1], recipe):
        found += [(one, compared[0]) for one in of_comparison(compared[1])]
    if tuned and _asked(tuned[0].spec["recipe"], recipe):
        found.append((of_search(tuned[1]), tuned[0]))
    of_model = [(one, job) for one, job in found if one.model == recipe.chosen.model]
    if not of_model:
        return None
    exact = [(one, job) for one, job in of_model if one.is_of(recipe.chosen)]
    last, job = max(exact or of_model, key=lambda pair: pair[1].created)
    same = print_then(job, "prepare") == fingerprint(recipe, "prepare")
    return Score(*_shown(last), bool(exact) and same, _tested(recipe))


def _tested(recipe: Recipe) -> str:
    found = workspace().find_result(project(), "evaluate", fingerprint(recipe, "fit"))
    score = stored(found.id)["scores"].get(recipe.metric) if found else None
    return number(score["value"], score["low"], score["high"]) if score else ""


def _asked(document: dict[str, Any], recipe: Recipe) -> bool:
    return (document["metric"], document["target"]) == (recipe.metric, recipe.target)


def _lead(payload: dict[str, Any], recipe: Recipe) -> Score | None:
    if not payload["board"] or not _asked(payload, recipe):
        return None
    best = of_comparison(payload)[0]
    return Score(*_shown(best), payload["fingerprint"] == fingerprint(recipe, "compare"))


def _shown(score: ValidationScore) -> tuple[str, str]:
    """A score and its interval, as text."""
    mean, low, high = score.mean, score.low, score.high
    return number(mean, low, high), span(low, high, mean)
