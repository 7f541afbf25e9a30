"""The recipe on screen: read it, edit it, bind a widget to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.errors import FoldlineError
from core.recipe.document import Recipe
from ui.frame.session import project, workspace

__all__ = [
    "Run",
    "begin",
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
_REFUSED, _RUN = "foldline.refused", "foldline.run"
UNTIL_SHOWN = "session"
"""Has Streamlit send a value again while the browser has not answered with the widget. Two runs in quick
succession may reach the browser as one, without the value that only the first one sends: it would show an
empty widget, and send that as a choice at the next click."""


@dataclass
class Run:
    """Whether a run of the whole page is under way, and whether the one before it was cut short."""

    going: bool = False
    after_cut: bool = False

    def finish(self) -> None:
        """Note that the run has come to its end.

        Nothing of Streamlit is touched here: after ``st.stop`` that would end the run before Streamlit has
        forgotten the fragments that are no longer drawn, see ``ui.frame.page.run``.
        """
        self.going = False


def begin() -> Run:
    """Note that a run of the whole page begins; before the first bound widget."""
    run: Run = st.session_state.setdefault(_RUN, Run())
    run.going, run.after_cut = True, run.going
    return run


def after_cut() -> bool:
    """Whether the run before was cut short: what it set may never have reached the browser, which then shows
    its own idea."""
    return bool(st.session_state.get(_RUN, Run()).after_cut)


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


def _commit(key: str, change: Callable[[Recipe, Any], Recipe], label: str, table: str) -> None:
    value = st.session_state[key]
    edit(lambda old: change(old, value), label, table)


def bind(
    key: str, value: Any, change: Callable[[Recipe, Any], Recipe], label: str = "", table: str = ""
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
    """
    if st.session_state.get(key, _REFUSED) != value or after_cut():
        st.session_state[key] = value
    args = (key, change, label or f"Change {key}", table)
    return {"key": key, "on_change": _commit, "args": args, "persist_state": UNTIL_SHOWN}
