"""The first recipe of a table, and a recipe for another target: from its columns and the target's values."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from core.data.table import Column, Table
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.recipe.edits import set_kind, set_target
from core.recipe.suggestion.suggest import bare, suggest
from core.recipe.suggestion.target_guess import guess_positive, guess_target, guess_task
from core.spec import Task
from core.standalone.cells import as_text, without

MOST_LEVELS = 1_000


def target_levels(frame: pd.DataFrame, target: str) -> tuple[list[str], list[int]]:
    """The distinct texts of a target, commonest first, with their numbers of rows (at most 1,000)."""
    counts = as_text(frame[target]).value_counts().head(MOST_LEVELS)
    return [str(level) for level in counts.index], [int(count) for count in counts]


def first_recipe(table: Table, frame: pd.DataFrame, wanted: str = "") -> Recipe:
    """The recipe suggested for a table; without a target when no column looks like one.

    Args:
        wanted: the target, when a person named one.
    """
    target = wanted or guess_target(table.columns)
    if not target:
        return bare(table)
    try:
        return suggested(table, frame, target)
    except FoldlineError as error:
        if error.code != "TARGET":
            raise
        return bare(table)


def suggested(
    table: Table,
    frame: pd.DataFrame,
    target: str,
    *,
    task: Task | None = None,
    time: str = "",
    group: str = "",
) -> Recipe:
    """The recipe that fits a table and a target.

    Args:
        task: guessed from the target when None.
        time, group: columns that get these roles.

    Raises:
        FoldlineError: ``COLUMN`` when the table has no such column, and as ``guess_task``.
    """
    if target not in frame.columns:
        problem = f"The table has no column {target!r}."
        raise FoldlineError("COLUMN", problem, "Use a name as it stands in the file.", target)
    guess = guess_task(table.column(target), table.rows, lambda: frame[target], table.read.decimal, task)
    levels, counts = target_levels(frame, target)
    return suggest(
        table,
        target,
        task=guess.task,
        time=time,
        group=group,
        levels=levels,
        counts=counts,
        marks=guess.marks,
    )


def aimed(
    recipe: Recipe, column: Column, values: Callable[[], pd.Series], task: Task | None = None
) -> Recipe:
    """The recipe with that column as its target, and the task and the positive class that fit it.

    Args:
        column: of the table, with the kind that a person chose.
        values: gives the column in the typed table, every row.
        task: as a person chose it; guessed when None.

    Raises:
        FoldlineError: as ``guess_task``.
    """
    words, decimal = recipe.column(column.name).missing, recipe.source.read.decimal

    def present() -> pd.Series:
        return without(values(), words, words, decimal)

    guess = guess_task(column, recipe.source.rows, present, decimal, task)
    positive = ""
    if guess.task == "binary":
        positive = guess_positive(*target_levels(present().to_frame(column.name), column.name))
    if guess.task == "regression" and column.physical == "text":
        recipe = set_kind(recipe, column.name, "numeric")
    return set_target(recipe, column.name, guess.task, positive, guess.marks)
