"""What is to be said of the rows that have no target, wherever they are set aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from core.data.kinds import physical_type
from core.data.table import Note, Table
from core.data.types.written_marks import written_marks
from core.recipe.columns import PHYSICAL
from core.recipe.document import ColumnChoice, Recipe
from core.recipe.labels import marks_words
from core.recipe.suggestion.target_guess import few_numbers, task_by_levels
from core.standalone.counts import counted, counted_of
from core.standalone.target import NOT_FINITE, gap_words


def gaps_in_file(table: Table, target: str, gaps: Mapping[str, int]) -> dict[str, int]:
    """The texts of the file in place of the target, with those that the reader took as missing.

    Args:
        gaps: as ``core.train.rows.target.gaps_of``; cells without a text are under ``""``.
    """
    words = table.column(target).words
    empty = gaps.get("", 0) - sum(words.values())
    infinite = any(note.code == "INFINITE" and note.column == target for note in table.notes)
    without = {NOT_FINITE if infinite else "": max(0, empty)}
    texts = {**words, **{text: cells for text, cells in gaps.items() if text}, **without}
    return dict(sorted(((t, n) for t, n in texts.items() if n), key=lambda pair: -pair[1]))


READ_ANEW = ("MISSING_WORDS", "MONEY", "MARKS", "TYPE")
"""What the reader says of the texts of a column; of one read as numbers or dates it is said anew."""


def others(notes: Iterable[Note], recipe: Recipe) -> tuple[Note, ...]:
    """The notes of the reader but those that the recipe makes untrue, such as "kept as text".

    ``target_note`` and ``unread_notes`` say instead what becomes of texts that are read as numbers or dates.
    """
    read_anew = {c.name for c in recipe.columns if c.kind in PHYSICAL and c.role != "target"}
    if recipe.task == "regression":
        read_anew.add(recipe.target)
    return tuple(n for n in notes if n.column not in read_anew or n.code not in READ_ANEW)


def _marked(recipe: Recipe) -> list[ColumnChoice]:
    """The columns that are read as numbers by their marks."""
    return [
        column
        for column in recipe.columns
        if column.marks
        and column.role != "ignore"
        and (recipe.task == "regression" if column.name == recipe.target else column.kind == "numeric")
    ]


def marks_note(recipe: Recipe) -> tuple[Note, ...]:
    """How a target, and columns of the model, that are written with marks are read."""
    notes = []
    for column in _marked(recipe):
        text = f"{column.name} is read as numbers: {marks_words(column.marks)}."
        is_target = column.name == recipe.target
        code, name = ("TARGET_MARKS", "") if is_target else ("READ_MARKS", column.name)
        notes.append(Note(code=code, text=text, column=name))
    return tuple(notes)


def written_notes(recipe: Recipe, frame: pd.DataFrame) -> tuple[Note, ...]:
    """Of columns that are read by their marks: decimals that may be thousands, and signs that are left out.

    Args:
        frame: rows of the stored table.
    """
    notes = []
    for column in _marked(recipe):
        name, marks = column.name, column.marks
        if not marks or name not in frame or physical_type(frame[name]) != "text":
            continue
        written = written_marks(frame[name], marks)
        cells, example = written.open
        if cells:
            text = (
                f"{name!r}: {marks[1]!r} in numbers such as {example!r} ({counted(cells, 'cell')}) was read "
                f"as a decimal mark, not as thousands ({example.replace(marks[1], '')})."
            )
            notes.append(Note(code="AMBIGUOUS_NUMBER", text=text, column=name))
        if written.signs:
            named = ", ".join(f"{sign!r} in {counted(n, 'cell')}" for sign, n in written.signs.items())
            notes.append(Note(code="SIGNS", text=f"Left out of {name}: {named}.", column=name))
    return tuple(notes)


def target_note(recipe: Recipe, table: Table, gaps: Mapping[str, int]) -> tuple[Note, ...]:
    """How a target written with marks is read; how many rows have none, and what stands there instead."""
    texts = gaps_in_file(table, recipe.target, gaps)
    if not texts:
        return marks_note(recipe)
    text = (
        f"{counted_of(sum(texts.values()), table.rows, 'row', 'has')} no {recipe.target} and are set aside: "
        f"{gap_words(texts)}."
    )
    return (*marks_note(recipe), Note(code="TARGET_MISSING", text=text))


def codes_note(recipe: Recipe, table: Table) -> tuple[Note, ...]:
    """That a target of few different numbers is predicted as a number, for where nobody asked for it."""
    column = table.column(recipe.target)
    if recipe.task != "regression" or not few_numbers(column):
        return ()
    reason = task_by_levels(column, table.rows)[1].rstrip(".")
    return (Note(code="TARGET_NUMBERS", text=f"{reason}: --task multiclass.", column=recipe.target),)
