"""What is to be known of the groups that new rows belong to."""

from __future__ import annotations

import pandas as pd

from core.recipe.document import Recipe
from core.standalone.counts import counted
from core.watch.judge.schema_gate import DataIssue
from core.watch.recipe_profile import groups_of


def group_issues(recipe: Recipe, frame: pd.DataFrame, training: pd.DataFrame | None) -> tuple[DataIssue, ...]:
    """That new rows are all of one group, or of groups that the training rows do not hold.

    Args:
        training: the rows that the reference stands on; None where they are not at hand.
    """
    groups = groups_of(recipe, frame)
    column = next((one for one in recipe.with_role("group") if one.name in frame.columns), None)
    if groups is None or column is None or not len(frame):
        return ()
    now = pd.unique(pd.Series(groups).dropna())
    if len(now) == 1:
        text = (
            f"All new rows are of one group in {column.name!r}: they count as one row, so whether columns "
            "changed cannot be judged. Compare rows of more groups."
        )
        return (DataIssue("warn", "ONE_GROUP", column.name, text),)
    before = None if training is None else groups_of(recipe, training)
    if before is None or len(now) == 0 or pd.Series(now).isin(pd.Series(before)).any():
        return ()
    text = (
        f"None of the {counted(len(now), 'group')} of {column.name!r} in the new rows is in the training "
        "rows: they tell how the model does on new groups, not on those it learned from."
    )
    return (DataIssue("info", "NEW_GROUPS", column.name, text),)
