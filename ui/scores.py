"""The score of the project as people see it, and whether it still belongs to the recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.digits import number
from core.recipe.document import Candidate, Recipe
from core.recipe.fingerprint import fingerprint
from ui.results import newest


@dataclass(frozen=True)
class Score:
    """A cross-validated score.

    Attributes:
        text: the number as shown.
        interval: its 95 % interval as text, or empty.
        fresh: whether it belongs to the recipe as it is now.
    """

    text: str
    interval: str
    fresh: bool


def best(recipe: Recipe) -> Score | None:
    """The score of the chosen model, or that of the best of the newest comparison while none is chosen.

    None when there is none for this target and metric.
    """
    found = newest("compare")
    compared = found[1] if found and _asked(found[1], recipe) else None
    if recipe.chosen is None:
        return _of_row(compared, compared["board"][0], recipe) if compared and compared["board"] else None
    return _compared(compared, recipe.chosen, recipe) or _tuned(recipe.chosen, recipe)


def _asked(payload: dict[str, Any], recipe: Recipe) -> bool:
    return (payload["metric"], payload["target"]) == (recipe.metric, recipe.target)


def _of_row(payload: dict[str, Any], row: dict[str, Any], recipe: Recipe) -> Score:
    span = "" if row["low"] is None else f"{number(row['low'])} to {number(row['high'])}"
    return Score(number(row["mean"]), span, payload["fingerprint"] == fingerprint(recipe, "compare"))


def _compared(payload: dict[str, Any] | None, chosen: Candidate, recipe: Recipe) -> Score | None:
    if payload is None:
        return None
    same = {
        one["id"]
        for one in payload["candidates"]
        if (one["model"], one["params"]) == (chosen.model, chosen.params)
    }
    row = next((row for row in payload["board"] if row["id"] in same), None)
    return _of_row(payload, row, recipe) if row else None


def _tuned(chosen: Candidate, recipe: Recipe) -> Score | None:
    found = newest("tune")
    if found is None:
        return None
    job, payload = found
    then = job.spec["recipe"]
    same = (payload["model"], payload["best"]["all_params"]) == (chosen.model, chosen.params)
    if not same or not _asked(then, recipe):
        return None
    before = Recipe.model_validate(then)
    fresh = fingerprint(before, "prepare") == fingerprint(recipe, "prepare")
    return Score(number(payload["best"]["score"]), "", fresh)
