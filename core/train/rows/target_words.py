"""What is to be said of the rows that have no target, wherever they are set aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.data.table import Note, Table
from core.recipe.columns import PHYSICAL
from core.recipe.document import Recipe
from core.recipe.labels import marks_words
from core.recipe.suggestion.target_guess import few_numbers, task_by_levels
from core.standalone.target import gap_words


def gaps_in_file(table: Table, target: str, gaps: Mapping[str, int]) -> dict[str, int]:
    """The texts of the file in place of the target, with those that the reader took as missing.

    Args:
        gaps: as ``core.train.rows.target.gaps_of``; cells without a text are under ``""``.
    """
    words = table.column(target).words
    empty = gaps.get("", 0) - sum(words.values())
    texts = {**words, **{text: cells for text, cells in gaps.items() if text}, "": max(0, empty)}
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


def marks_note(recipe: Recipe) -> tuple[Note, ...]:
    """How a target, and columns of the model, that are written with marks are read."""
    notes = []
    for column in recipe.columns:
        is_target = column.name == recipe.target
        if not column.marks or column.role == "ignore" or not (is_target or column.kind == "numeric"):
            continue
        text = f"{column.name} is read as numbers: {marks_words(column.marks)}."
        code, name = ("TARGET_MARKS", "") if is_target else ("READ_MARKS", column.name)
        notes.append(Note(code=code, text=text, column=name))
    return tuple(notes)


def target_note(recipe: Recipe, table: Table, gaps: Mapping[str, int]) -> tuple[Note, ...]:
    """How a target written with marks is read; how many rows have none, and what stands there instead."""
    texts = gaps_in_file(table, recipe.target, gaps)
    if not texts:
        return marks_note(recipe)
    text = (
        f"{sum(texts.values()):,} of {table.rows:,} rows have no {recipe.target} and are set aside: "
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
