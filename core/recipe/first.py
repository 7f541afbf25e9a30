"""The first recipe of a table: suggested from its columns and the values of the target."""

from __future__ import annotations

from typing import Any

import pandas as pd

from core.data.table import Table
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.recipe.suggest import bare, guess_target, suggest
from core.standalone.cells import as_text

MOST_LEVELS = 1_000


def target_levels(frame: pd.DataFrame, target: str) -> tuple[list[str], list[int]]:
    """The distinct texts of a target, commonest first, with their numbers of rows (at most 1,000)."""
    counts = as_text(frame[target]).value_counts().head(MOST_LEVELS)
    return [str(level) for level in counts.index], [int(count) for count in counts]


def first_recipe(table: Table, frame: pd.DataFrame) -> Recipe:
    """The recipe suggested for a table; without a target when no column looks like one."""
    target = guess_target(table.columns)
    if not target:
        return bare(table)
    try:
        return suggested(table, frame, target)
    except FoldlineError as error:
        if error.code != "TARGET":
            raise
        return bare(table)


def suggested(table: Table, frame: pd.DataFrame, target: str, **asked: Any) -> Recipe:
    """The recipe that fits a table and a target.

    Raises:
        FoldlineError: ``COLUMN`` when the table has no such column, and as ``suggest``.
    """
    if target not in frame.columns:
        problem = f"The table has no column {target!r}."
        raise FoldlineError("COLUMN", problem, "Use a name as it stands in the file.", target)
    levels, counts = target_levels(frame, target)
    return suggest(table, target, levels=levels, counts=counts, **asked)
