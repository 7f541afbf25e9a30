"""The recipe on screen: read it, edit it, bind a widget to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from core.errors import FoldlineError
from core.recipe.document import Recipe
from ui.frame.session import project, workspace
from ui.widgets.tied import tie

__all__ = [
    "bind",
    "edit",
    "goto",
    "project",
    "recipe",
    "redo",
    "refuse",
    "refused",
    "undo",
    "workspace",
]

Change = Callable[[Recipe], Recipe]
_REFUSED = "foldline.refused"


def recipe() -> Recipe:
    """The current recipe of the current project; an empty one before anything was loaded."""
    return workspace().recipe(project()) or Recipe()


def edit(change: Change, label: str, table: str = "") -> None:
    """Replace the recipe by ``change(recipe)``, as one step of the history that ``label`` names.

    An edit that core refuses leaves the recipe as it is; the reason is shown on top of the page.

    Args:
        table: id of the table that the change is about. When another one has taken its place nothing changes:
            the browser still sends what a widget showed of the old one.
    """

    def changed(old: Recipe | None) -> Recipe:
        now = old or Recipe()
        return change(now) if table in ("", now.source.table) else now

    try:
        workspace().edit(project(), changed, label)
    except FoldlineError as error:
        refuse(error)


def refuse(error: FoldlineError) -> None:
    """Have the reason why an action was not done shown on top of the page in the next run."""
    st.session_state[_REFUSED] = error


def refused() -> FoldlineError | None:
    """Why the last edit was refused; asked once."""
    return st.session_state.pop(_REFUSED, None)


def _move(step: Callable[..., Recipe], *args: object) -> None:
    try:
        step(project(), *args)
    except FoldlineError as error:
        refuse(error)


def undo() -> None:
    """Take back the last edit."""
    _move(workspace().undo)


def redo() -> None:
    """Do again what was taken back last."""
    _move(workspace().redo)


def goto(seq: int) -> None:
    """Go to any entry of the history."""
    _move(workspace().goto, seq)


def bind(
    key: str,
    value: Any,
    change: Callable[[Recipe, Any], Recipe],
    label: str = "",
    table: str = "",
    words: Iterable[str] = (),
) -> dict[str, Any]:
    """Keywords that tie a widget to the recipe, to be splatted into the widget's call.

    The widget shows ``value``, whatever it showed before: after a page switch, an undo or a load the recipe
    wins. What a person chooses becomes the edit ``change(recipe, chosen)`` before the next run.

    Args:
        key: unique within the app.
        value: what the recipe says now; a list for a multiselect.
        change: a pure function that gives the new recipe.
        label: words for the history; ``Change <key>`` when empty.
        table: as in ``edit``.
        words: as in ``tie``.
    """

    def commit(chosen: Any) -> None:
        edit(lambda old: change(old, chosen), label or f"Change {key}", table)

    return tie(key, value, commit, words)
