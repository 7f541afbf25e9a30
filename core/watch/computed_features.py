"""Columns that a recipe computes: what Monitor watches in their place, in words."""

from __future__ import annotations

from core.recipe.document import Recipe
from core.standalone.counts import first_of
from core.watch.judge.schema_gate import DataIssue

SHOWN = 3


def computed_issues(recipe: Recipe) -> tuple[DataIssue, ...]:
    """That computed features are not compared themselves, and what is watched; nothing without any."""
    inputs = list(dict.fromkeys(name for step in recipe.features for name in step.columns))
    if not inputs:
        return ()
    named = first_of(list(map(repr, inputs)), SHOWN)
    text = (
        f"What the recipe computes from {named} is not compared itself: only the columns of the file and the "
        "predictions are."
    )
    kinds = {column.name: column.kind for column in recipe.columns}
    dates = [name for name in inputs if kinds.get(name) == "datetime"]
    if dates:
        text += (
            f" Time that is counted from or to {dates[0]!r} may grow with every batch; of dates only "
            "weekday, hour and range are compared, so look at the score on new labels."
        )
    return (DataIssue("info", "COMPUTED", "", text),)
