"""The order of the rows of a recipe, out of its table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.table import Note
from core.recipe.document import Recipe
from core.recipe.split import FILE_ORDER
from core.recipe.unused import unused, unused_search
from core.standalone.rows.row_order import by_content, row_hashes

AT_ONCE = 8
"""Columns that are in memory at a time."""


def order_note(recipe: Recipe) -> tuple[Note, ...]:
    """That the order of the rows in the file counts; nothing where it does not."""
    if recipe.split.order == "content":
        return ()
    remedy = (
        'Write "order": "content" under "split" in the recipe, or switch it on Prepare; it locks other rows.'
    )
    return (Note(code="ROW_ORDER", text=f"{FILE_ORDER} {remedy}"),)


def unused_notes(recipe: Recipe, is_run: bool = False) -> tuple[Note, ...]:
    """What the recipe says that nothing obeys.

    Args:
        is_run: whether a search is left out unless it is planned.
    """
    search = unused_search(recipe.tuning) if is_run else ""
    return tuple(Note(code="UNUSED", text=text) for text in (*unused(recipe), search) if text)


def order_of_rows(
    recipe: Recipe, read: Callable[[str, Sequence[str]], pd.DataFrame]
) -> NDArray[np.int64] | None:
    """Positions of all rows in the order of their content; None where they are taken as they stand.

    All columns count that the recipe lists, so that no choice of features moves a row into the test set.

    Args:
        read: gives columns of a stored table.
    """
    return None if recipe.split.order == "file" else by_content(hashes_of_rows(recipe, read))


def hashes_of_rows(recipe: Recipe, read: Callable[[str, Sequence[str]], pd.DataFrame]) -> NDArray[np.uint64]:
    """(n,) hashes of the rows of a recipe's table, by all columns that it lists."""
    names = [column.name for column in recipe.columns]
    starts = range(0, len(names), AT_ONCE)
    parts = [row_hashes(read(recipe.source.table, names[start : start + AT_ONCE])) for start in starts]
    total: NDArray[np.uint64] = np.add.reduce(parts)
    return total
