"""The score of a model on new rows that have a label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from core.catalog.metrics import stand_ins
from core.evaluate.prediction import Prediction
from core.recipe.document import Recipe
from core.recipe.split import hold_out
from core.train.rows.split import places_of
from core.train.rows.target import labels_of
from core.watch.judge.late_labels import arrived
from core.watch.labelled_score import Holdout
from core.watch.performance import Performance, performance
from core.watch.recipe_profile import groups_of
from core.watch.standing_in import in_place_of

UNGROUPED = (
    "The new rows lack the group column {name!r}, so the interval takes them as independent; "
    "it is too narrow when rows of one group are alike."
)
LEARNED = "The new rows are those of the reference; a score on rows that the model learned from says nothing."


def scored(
    recipe: Recipe,
    frame: pd.DataFrame,
    prediction: Prediction | None,
    holdouts: Sequence[Holdout],
    obstacle: str = "",
) -> Performance | None:
    """The metric on the new rows that have a label, with its interval; None when there are no labels.

    Args:
        holdouts: the scores on the test rows that are remembered; where that of the metric cannot be judged,
            one that stands in for it is tried.
        obstacle: why a score would say nothing, as a sentence.
    """
    if prediction is None or recipe.target not in frame.columns:
        return None
    labels = labels_of(recipe, arrived(frame[recipe.target], prediction.classes))
    if labels.isna().all() and obstacle in ("", LEARNED):
        return None
    of_name = {one.name: one for one in holdouts}
    holdout = of_name.get(recipe.metric)
    if obstacle:
        return Performance("not_computed", None, holdout, None, obstacle)
    groups, times = groups_of(recipe, frame), order_of(recipe, frame)
    result = performance(recipe.metric, labels, prediction, holdout, groups, times)
    if result.state == "too_few_rows":
        others = [of_name[name] for name in stand_ins(recipe.metric, recipe.task) if name in of_name]
        tried = [performance(one.name, labels, prediction, one, groups, times) for one in others]
        result = in_place_of(result, tried)
    lacking = [column.name for column in recipe.with_role("group")] if groups is None else []
    if lacking and result.now is not None:
        result = replace(result, text=f"{result.text} {UNGROUPED.format(name=lacking[0])}")
    return result


def order_of(recipe: Recipe, frame: pd.DataFrame) -> Any:
    """The place in time of each new row, or None when no column has that role or the rows lack it."""
    how = hold_out(recipe)
    return places_of(recipe, frame) if how.time in frame.columns else None
