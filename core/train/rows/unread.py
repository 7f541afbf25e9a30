"""What is to be said of cells that cannot be read as the recipe has their column read."""

from __future__ import annotations

import pandas as pd

from core.data.kinds import physical_type
from core.data.table import Note
from core.recipe.columns import PHYSICAL, columns_used, read_texts
from core.recipe.document import Recipe
from core.standalone.rows.checks import lost_notes
from core.standalone.rows.trained_column import TrainedColumn


def unread_notes(recipe: Recipe, frame: pd.DataFrame) -> tuple[Note, ...]:
    """How many texts of each column of numbers or dates are none and become missing, with an example.

    Only columns that the recipe uses are looked at; of the target ``target_note`` speaks.

    Args:
        frame: rows of the stored table.
    """
    notes = []
    for name in columns_used(recipe):
        column = recipe.column(name)
        if name == recipe.target or name not in frame or column.kind not in PHYSICAL:
            continue
        if physical_type(frame[name]) == "text":
            decimal = recipe.source.read.decimal
            texts, read = read_texts(column, frame[name], decimal)
            lost = texts.notna() & read.isna()
            notes += lost_notes(texts, lost, TrainedColumn(name, column.kind, PHYSICAL[column.kind]), decimal)
    return tuple(Note(code=note.code, text=note.text, column=note.column) for note in notes)


def idle_notes(recipe: Recipe, frame: pd.DataFrame) -> tuple[Note, ...]:
    """The inputs that tell no row from another in this table, such as one that is no longer filled in.

    Args:
        frame: rows of the stored table.
    """
    notes = []
    for column in recipe.inputs:
        values = frame[column.name].nunique(dropna=False) if column.name in frame else 2
        if values > 1:
            continue
        what = "no value" if frame[column.name].isna().all() else "the same value"
        text = (
            f"{column.name!r} has {what} in every row of this table: no model learns anything from it. "
            "Check the file, or leave the column out."
        )
        notes.append(Note(code="IDLE_INPUT", text=text, column=column.name))
    return tuple(notes)
