"""What is to be said of cells that cannot be read as the recipe has their column read."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from core.data.kinds import physical_type
from core.data.table import Note
from core.recipe.columns import PHYSICAL, columns_used, read_texts
from core.recipe.document import Recipe
from core.standalone.rows.checks import truth_notes
from core.standalone.rows.lost_cells import lost_notes
from core.standalone.rows.trained_column import RowNote, TrainedColumn


def unread_notes(recipe: Recipe, frame: pd.DataFrame) -> tuple[Note, ...]:
    """How many texts of each column of numbers or dates are none and become missing, with an example.

    True and false among numbers are told as well. Only columns that the recipe uses are looked at; of the
    other cells of the target ``target_note`` speaks.

    Args:
        frame: rows of the stored table.
    """
    notes = list[Note]()
    for name in columns_used(recipe):
        column = recipe.column(name)
        if name == recipe.target or name not in frame or column.kind not in PHYSICAL:
            continue
        if physical_type(frame[name]) == "text":
            decimal = recipe.source.read.decimal
            texts, read = read_texts(column, frame[name], decimal)
            lost = texts.notna() & read.isna()
            plain = TrainedColumn(name, column.kind, PHYSICAL[column.kind], column.format)
            notes += _as_notes(lost_notes(texts, lost, plain, decimal))
    return (*notes, *truth_among_numbers(recipe, frame))


def truth_among_numbers(recipe: Recipe, frame: pd.DataFrame) -> tuple[Note, ...]:
    """The columns of numbers, and a target of numbers, in which some cells say true or false.

    Args:
        frame: rows of the stored table.
    """
    numbers = {c.name for c in recipe.columns if c.kind == "numeric" and c.name != recipe.target}
    if recipe.task == "regression":
        numbers.add(recipe.target)
    there = [name for name in columns_used(recipe) if name in numbers and name in frame]
    return tuple(note for name in there for note in _as_notes(truth_notes(frame[name], name)))


def _as_notes(found: Iterable[RowNote]) -> list[Note]:
    return [Note(code=note.code, text=note.text, column=note.column) for note in found]


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
