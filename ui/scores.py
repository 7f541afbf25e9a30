"""The best score of the project as people see it, and whether it still belongs to the recipe."""

from __future__ import annotations

from core.recipe.document import Recipe
from ui.space import project, workspace

_KEY = "best_score"


def _stamp(recipe: Recipe) -> list[str]:
    return [recipe.source.table, recipe.target, recipe.task, recipe.metric]


def keep(recipe: Recipe, value: float, low: float | None = None, high: float | None = None) -> None:
    """Remember the best score so far, for the strip and the sidebar.

    Args:
        recipe: the one it was reached with.
        value: of ``recipe.metric``; ``low`` and ``high`` are its interval.
    """
    fact = {"stamp": _stamp(recipe), "value": value, "low": low, "high": high}
    if workspace().get(project(), _KEY) != fact:
        workspace().put(project(), _KEY, fact)


def best(recipe: Recipe) -> str:
    """The best score as text, or an empty string when there is none for this table, target and metric."""
    fact = workspace().get(project(), _KEY)
    if not fact or fact["stamp"] != _stamp(recipe):
        return ""
    return f"{fact['value']:.4g}"


def interval(recipe: Recipe) -> str:
    """The interval of the best score as text, or an empty string."""
    fact = workspace().get(project(), _KEY)
    if not fact or fact["stamp"] != _stamp(recipe) or fact["low"] is None:
        return ""
    return f"{fact['low']:.4g} to {fact['high']:.4g}"
