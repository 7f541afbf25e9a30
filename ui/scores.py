"""The best score of the project as people see it, and whether it still belongs to the recipe."""

from __future__ import annotations

from dataclasses import dataclass

from core.recipe.document import Recipe
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
    """The best score of the newest comparison for this target and metric; None when there is none."""
    found = newest("compare")
    if found is None:
        return None
    payload = found[1]
    if not payload["board"] or (payload["metric"], payload["target"]) != (recipe.metric, recipe.target):
        return None
    lead = payload["board"][0]
    span = "" if lead["low"] is None else f"{lead['low']:.4g} to {lead['high']:.4g}"
    return Score(f"{lead['mean']:.4g}", span, payload["fingerprint"] == fingerprint(recipe, "compare"))
