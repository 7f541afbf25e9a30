"""What is to be known of the groups that new rows belong to."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from core.recipe.document import Recipe
from core.standalone.counts import counted, counted_of
from core.watch.judge.schema_gate import DataIssue
from core.watch.recipe_profile import groups_of

Groups = frozenset[str]


def group_issues(
    recipe: Recipe,
    frame: pd.DataFrame,
    training: pd.DataFrame | None = None,
    learned: Groups | None = None,
) -> tuple[DataIssue, ...]:
    """That new rows are all of one group, of groups that the training rows do not hold, or of those learned.

    Args:
        training: the rows that the reference stands on; None where they are not at hand.
        learned: the groups that a model learned from, where the test rows are all of others.
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
    if before is not None and len(now) and not pd.Series(now).isin(pd.Series(before)).any():
        text = (
            f"None of the {counted(len(now), 'group')} of {column.name!r} in the new rows is in the training "
            "rows: they tell how the model does on new groups, not on those it learned from."
        )
        return (DataIssue("info", "NEW_GROUPS", column.name, text),)
    return () if learned is None else _known_groups(column.name, groups, learned)


def _known_groups(name: str, groups: Iterable[object], learned: Groups) -> tuple[DataIssue, ...]:
    """How many new rows are of groups that the model learned from, unlike any test row."""
    of_rows = [str(group) for group in groups]
    known = sum(group in learned for group in of_rows)
    if not known:
        return ()
    text = (
        f"{counted_of(known, len(of_rows), 'new row', 'is')} of groups in {name!r} that the model learned "
        "from, and no test row is: a score on new rows may be better for that alone, and one no better than "
        "that of the test rows may be a loss."
    )
    return (DataIssue("info", "KNOWN_GROUPS", name, text),)
