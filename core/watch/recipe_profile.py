"""The reference profile of a recipe's training rows, and predictions as the profile takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from core.drift.profile.build import reference_profile
from core.drift.profile.conversion import typed
from core.drift.profile.correlations import Correlations, chosen, correlations
from core.drift.profile.design import alike_as
from core.drift.profile.document import ReferenceProfile
from core.drift.tests.lots import Codes
from core.evaluate.intervals.units import group_codes
from core.evaluate.prediction import Prediction
from core.recipe.columns import model_columns
from core.recipe.document import ColumnChoice, Recipe
from core.spec import Kind
from core.standalone.split import as_groups
from core.train.rows.target import as_learned

UNREAD: tuple[Kind, ...] = ("constant", "id")


@dataclass(frozen=True, eq=False)
class Unlabelled:
    """The rows of a training file that have no target.

    Attributes:
        frame: with the index of their places in the file, as the rows with a target have them.
        prediction: of these rows, by a model, which has not learned from them; or None.
    """

    frame: pd.DataFrame
    prediction: Prediction | None = None


def as_facts(prediction: Prediction) -> dict[str, Any]:
    """A prediction as the profile takes it: task, scores, labels."""
    if prediction.task == "regression":
        return {"task": prediction.task, "scores": prediction.labels}
    scores = None if prediction.proba is None or prediction.task != "binary" else prediction.proba[:, -1]
    return {"task": prediction.task, "scores": scores, "labels": prediction.labels}


def watched_aside(recipe: Recipe) -> list[ColumnChoice]:
    """The columns that no model reads and whose change tells something: constants, such as units, and ids."""
    used = {recipe.target, *(column.name for column in model_columns(recipe))}
    return [c for c in recipe.columns if c.kind in UNREAD and c.name not in used]


def profile_of(
    recipe: Recipe,
    frame: pd.DataFrame,
    prediction: Prediction | None,
    importance: Mapping[str, float] | None,
    metric: Mapping[str, Any] | None = None,
    unlabelled: Unlabelled | None = None,
) -> ReferenceProfile:
    """The profile of the training rows, with what a model said of the held-out rows.

    Args:
        frame: the rows with a target; of ``watched_aside`` those columns are watched that it has.
        prediction: of the held-out rows, by a model that was fitted on the training part only.
        metric: the hold-out score: name, value, low, high.
        unlabelled: the rows of the file without a target; None where it has none.
    """
    profile = reference_profile(
        as_learned(recipe, frame),
        [*model_columns(recipe), recipe.column(recipe.target)],
        predictions=None if prediction is None else as_facts(prediction),
        target=recipe.target,
        importance=importance,
        metric=metric,
        seed=recipe.seed,
        decimal=recipe.source.read.decimal,
        others=[column.name for column in recipe.columns],
        time=next(iter(recipe.with_role("time")), None),
        aside=[column for column in watched_aside(recipe) if column.name in frame.columns],
        groups=lot_codes(recipe, frame),
    )
    if unlabelled is None:
        return profile
    return replace(profile, unlabelled=_unlabelled_profile(recipe, frame, unlabelled))


def _unlabelled_profile(recipe: Recipe, frame: pd.DataFrame, unlabelled: Unlabelled) -> ReferenceProfile:
    """The profile of the rows without a target; its design effects, repeats and pairs are those of all."""
    without = unlabelled.frame.assign(**{recipe.target: frame[recipe.target].iloc[:0]})
    every = pd.concat([frame, without]).sort_index()
    whole, alone = (
        profile_of(recipe, rows, said, None)
        for rows, said in ((every, None), (without, unlabelled.prediction))
    )
    designs = {one.name: (one.design, one.design_missing) for one in whole.columns}
    columns = tuple(
        replace(one, design=designs[one.name][0], design_missing=designs[one.name][1])
        for one in alone.columns
    )
    return replace(
        alone,
        columns=columns,
        predictions=tuple(alike_as(one, whole.columns) for one in alone.predictions),
        pairs=number_pairs(whole, every, lot_codes(recipe, every)),
        repeated=whole.repeated,
        repeated_labelled=whole.repeated_labelled,
    )


def groups_of(recipe: Recipe, frame: pd.DataFrame) -> Any:
    """The group of each row, or None when no column has that role or the rows lack it."""
    grouping = next((c for c in recipe.with_role("group") if c.name in frame.columns), None)
    if grouping is None:
        return None
    return as_groups(frame[grouping.name], grouping.missing, grouping.joined)


def lot_codes(recipe: Recipe, frame: pd.DataFrame) -> Codes | None:
    """(n,) the group of each row as a number, or None."""
    groups = groups_of(recipe, frame)
    return None if groups is None else np.asarray(group_codes(groups), dtype=np.int64)


def number_pairs(profile: ReferenceProfile, frame: pd.DataFrame, groups: Codes | None) -> Correlations:
    """How the inputs that are numbers go together in the rows that a profile was made from.

    Args:
        groups: (n,) what the rows belong to, where that is known.
    """
    numbers = [column.name for column in profile.inputs if column.physical == "number"]
    names = chosen(numbers, profile.importance)
    read = {name: typed(frame[name], "number", "", profile.decimal).values for name in names}
    return correlations(read, groups)
