"""How the rows are divided now, for the head of a page, which does not wait for it on the first paint."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from core.errors import FoldlineError
from core.recipe.document import Recipe

if TYPE_CHECKING:
    from ui.frame.row_split import RowCounts


def split_now(recipe: Recipe) -> RowCounts | None:
    """The split as it is done, or that it cannot be done; None where that is not known yet.

    It needs scikit-learn, which is imported beside the first paint. What else is wrong with a table, the page
    itself tells.
    """
    if not recipe.target or "sklearn.model_selection" not in sys.modules:
        return None
    from ui.frame.row_split import row_counts

    try:
        return row_counts(recipe)
    except FoldlineError:
        return None
