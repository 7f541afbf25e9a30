"""The score of the project as people see it, and whether it still belongs to the recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.digits import number, span
from core.engine.jobs import Job
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
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
    settings counts; when neither did, the later one that judged it with others, as out of date.
    None when there is none for this target and metric.
    """
    compared, tuned = newest("compare"), newest("tune")
    if recipe.chosen is None:
        return _lead(compared[1], recipe) if compared else None
    found: list[_Judged] = []
    if compared and _asked(compared[1], recipe):
        found += _candidates(*compared)
    if tuned and _asked(tuned[0].spec["recipe"], recipe):
        found += _search(*tuned)
    of_model = [one for one in found if one.model == recipe.chosen.model]
    if not of_model:
        return None
    exact = [one for one in of_model if one.params == recipe.chosen.params]
    last = max(exact or of_model, key=lambda one: one.job.created)
    same = print_then(last.job, "prepare") == fingerprint(recipe, "prepare")
    return Score(last.text, last.interval, bool(exact) and same, _tested(recipe))


def _tested(recipe: Recipe) -> str:
    found = workspace().find_result(project(), "evaluate", fingerprint(recipe, "fit"))
    score = stored(found.id)["scores"].get(recipe.metric) if found else None
    return number(score["value"], score["low"], score["high"]) if score else ""


@dataclass(frozen=True)
class _Judged:
    model: str
    params: dict[str, Any]
    text: str
    interval: str
    job: Job


def _asked(document: dict[str, Any], recipe: Recipe) -> bool:
    return (document["metric"], document["target"]) == (recipe.metric, recipe.target)


def _lead(payload: dict[str, Any], recipe: Recipe) -> Score | None:
    if not payload["board"] or not _asked(payload, recipe):
        return None
    row = payload["board"][0]
    return Score(*_shown(row), payload["fingerprint"] == fingerprint(recipe, "compare"))


def _shown(row: dict[str, Any]) -> tuple[str, str]:
    """The score of a row and its interval."""
    mean, low, high = row["mean"], row["low"], row["high"]
    return number(mean, low, high), span(low, high, mean)


def _candidates(job: Job, payload: dict[str, Any]) -> list[_Judged]:
    held = {one["id"]: one for one in payload["candidates"]}
    return [
        _Judged(held[row["id"]]["model"], held[row["id"]]["params"], *_shown(row), job)
        for row in payload["board"]
    ]


def _search(job: Job, payload: dict[str, Any]) -> list[_Judged]:
    best = payload["best"]
    return [_Judged(payload["model"], best["all_params"], number(best["score"]), "", job)]
