"""The edits of a recipe that a finding may offer as its fix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

from core.checks.finding import Fix
from core.errors import FoldlineError
from core.recipe import edits
from core.recipe.document import Recipe
from core.recipe.suggestion.target_guess import guess_positive


def leave_out(recipe: Recipe, columns: Sequence[str]) -> Recipe:
    """The columns taken out of the features."""
    for column in columns:
        recipe = edits.set_role(recipe, column, "ignore")
    return recipe


def set_apart(recipe: Recipe, within: float) -> Recipe:
    """Rows that differ by no more than that from an earlier one left out; 0 for none."""
    return Recipe.model_validate({**dict(recipe), "apart": within})


def join_levels(recipe: Recipe, column: str, levels: Mapping[str, str], counts: Mapping[str, int]) -> Recipe:
    """Levels of a column read as the ones that they are other spellings of.

    Args:
        counts: the levels that are left with their numbers of rows. Two classes make the task binary.
    """
    choice = recipe.column(column)
    joined = {**{old: levels.get(new, new) for old, new in choice.joined.items()}, **levels}
    changed = choice.model_copy(update={"joined": joined, "levels": len(counts)})
    columns = tuple(changed if c.name == column else c for c in recipe.columns)
    recipe = Recipe.model_validate({**dict(recipe), "columns": columns})
    if column != recipe.target:
        return recipe
    if len(counts) == 2 and recipe.task == "multiclass":
        positive = guess_positive(list(counts), list(counts.values()))
        return edits.set_target(recipe, column, "binary", positive)
    return edits.set_positive(recipe, levels[recipe.positive]) if recipe.positive in levels else recipe


EDITS = {
    edit.__name__: edit
    for edit in (
        edits.set_role,
        leave_out,
        edits.set_kind,
        edits.add_missing,
        join_levels,
        edits.drop_duplicates,
        set_apart,
        edits.use_time,
        edits.set_metric,
        edits.set_selection,
        edits.set_split,
    )
}
"""By name."""


def apply_fix(recipe: Recipe, fix: Fix) -> Recipe:
    """The recipe after the fix of a finding.

    Raises:
        FoldlineError: ``FIX`` for an unknown edit.
    """
    if fix.edit not in EDITS:
        raise FoldlineError("FIX", f"There is no edit {fix.edit!r}.", "Change the recipe by hand.", fix.edit)
    return EDITS[fix.edit](recipe, **fix.args)


def keeps_inputs(before: Recipe, after: Recipe) -> bool:
    """Whether a column is left to learn from, where there was one."""
    return bool(after.inputs) or not before.inputs


def all_applied(recipe: Recipe, fixes: Sequence[Fix]) -> Recipe:
    """The recipe after several fixes.

    Raises:
        FoldlineError: as ``apply_fix``.
    """
    return reduce(apply_fix, fixes, recipe)


def go_together(recipe: Recipe, fixes: Sequence[Fix]) -> bool:
    """Whether there are fixes that can all be made, so that a column is left to learn from."""
    try:
        return bool(fixes) and keeps_inputs(recipe, all_applied(recipe, fixes))
    except FoldlineError:
        return False
