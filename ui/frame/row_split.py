"""How the rows of a recipe are split, as it is done: in words and in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.engine.resources import resources_of
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.recipe.split import rows_key
from core.standalone.counts import counted
from core.standalone.target import gap_words
from core.train.rows.order import order_of_rows
from core.train.rows.split import Rows
from core.train.work import split_of
from ui.frame.page_list import place
from ui.frame.session import project, workspace
from ui.widgets.text import label

CANNOT_BE_SPLIT = frozenset(("SPLIT", "TARGET", "TOO_FEW", "KIND"))
"""Codes of what is wrong with the rows or the recipe, which Prepare tells; all else is an error."""


@dataclass(frozen=True)
class RowCounts:
    """The split of a recipe's rows.

    Attributes:
        words: how they are split; empty when they cannot be.
        unlearned: which classes are judged although no row to learn from has them; empty for none.
        problem: why they cannot be split, or empty.
        rows: that have a target.
        train, test: in each part.
        folds: pairs of parts of the training rows.
    """

    words: str = ""
    unlearned: str = ""
    problem: str = ""
    rows: int = 0
    train: int = 0
    test: int = 0
    folds: int = 0


def row_counts(recipe: Recipe) -> RowCounts:
    """How the rows of a recipe are split."""
    return _counted(str(workspace().root), project(), rows_key(recipe), recipe.positive, recipe)


def refused(done: RowCounts) -> None:
    """Draw why the rows cannot be split; nothing where they can."""
    if done.problem:
        st.error(f"These rows cannot be split so. {label(done.problem, 600)}", icon=":material/error:")


def unlearned(done: RowCounts) -> None:
    """Draw which classes are judged although no row to learn from has them; nothing where there are none."""
    if done.unlearned:
        st.warning(label(done.unlearned, 600), icon=":material/category:")


def banner(recipe: Recipe) -> bool:
    """Draw why nothing can be fitted with these rows, and the way to Prepare; gives whether that is so.

    Where something can, draw which classes would be judged without having been learned.
    """
    done = row_counts(recipe)
    unlearned(done)
    if done.problem:
        refused(done)
        there = place("prepare")
        st.page_link(there.path, label="Change the split", icon=there.icon)
    return bool(done.problem)


def refusal(before: Recipe, after: Recipe) -> FoldlineError | None:
    """Why a change is not made: the rows can be split before it and not after; None where it may be."""
    if rows_key(before) == rows_key(after):
        return None
    problem = row_counts(after).problem
    if not problem or row_counts(before).problem:
        return None
    return FoldlineError(
        "SPLIT",
        f"Nothing was changed: beside the choices made before, the rows could not be split. {problem}",
        "To have this one instead, undo the one that stands against it, in the history or with Alt+Z.",
    )


@st.cache_data(max_entries=4, show_spinner=False)
def _order(
    root: str, owner: str, table: str, names: tuple[str, ...], order: str, _recipe: Recipe
) -> Rows | None:
    """The order of the rows of a table, which no other choice of the split changes."""
    return order_of_rows(_recipe, resources_of(workspace(), owner).read)


@st.cache_data(max_entries=32, show_spinner=False)
def _counted(root: str, owner: str, key: str, positive: str, _recipe: Recipe) -> RowCounts:
    try:
        names = tuple(column.name for column in _recipe.columns)
        kept = partial(_order, root, owner, _recipe.source.table, names, _recipe.split.order, _recipe)
        target, done = split_of(_recipe, resources_of(workspace(), owner).read, kept)
    except FoldlineError as error:
        if error.code not in CANNOT_BE_SPLIT:
            raise
        return RowCounts(problem=f"{error.problem} {error.hint}")
    out = (
        f" {counted(target.without, 'row', 'has')} no target ({gap_words(target.gaps)})."
        if target.without
        else ""
    )
    return RowCounts(
        words=f"{done.how}{out}",
        unlearned=done.unlearned,
        rows=len(target.rows),
        train=len(done.train),
        test=len(done.test),
        folds=len(done.folds),
    )
