"""Numbers with marks in a newer file, which may write others than the table that a recipe was made for."""

from __future__ import annotations

import pandas as pd

from core.data.kinds import physical_type
from core.data.newer import OTHER_DECIMAL
from core.data.table import Note
from core.data.types.number_shares import number_marks, numeric_share
from core.recipe.document import ColumnChoice, Recipe
from core.recipe.labels import marks_words
from core.standalone.cells import without


def with_own_marks(recipe: Recipe, frame: pd.DataFrame) -> tuple[Recipe, tuple[Note, ...]]:
    """The recipe with the marks by which the numbers of a newer table are read, and what is to be said of it.

    Args:
        frame: the stored rows of the newer table, of which ``recipe.source`` says how it was read.
    """
    decimal, notes, columns = recipe.source.read.decimal, list[Note](), list[ColumnChoice]()
    for column in recipe.columns:
        marks = _marks_of(column, frame, decimal)
        if marks != column.marks:
            how, before = marks_words(marks), marks_words(column.marks)
            text = f"{column.name!r}: in its numbers {how}; in those of the table before {before}."
            notes.append(Note(code=OTHER_DECIMAL, text=text, column=column.name))
        columns.append(column.model_copy(update={"marks": marks}))
    return recipe.model_copy(update={"columns": tuple(columns)}), tuple(notes)


def _marks_of(column: ColumnChoice, frame: pd.DataFrame, decimal: str) -> str:
    """The marks of the recipe, or others where more texts are numbers by them."""
    if not column.marks or column.name not in frame or physical_type(frame[column.name]) != "text":
        return column.marks
    texts = without(frame[column.name], column.missing, column.missing, decimal).dropna()
    own = number_marks(texts, decimal)
    more = numeric_share(texts, decimal, own) > numeric_share(texts, decimal, column.marks)
    return own if own and more else column.marks
