"""What every page begins and ends with: header, pipeline strip, empty state, errors, next step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.navigation.page import Page
from streamlit.runtime.scriptrunner import StopException

from core.errors import FoldlineError
from core.lack_of_memory import is_memory, too_much
from core.recipe.document import Recipe
from core.store.files.paths import unusable
from ui.data import samples
from ui.frame import pipeline_strip as diagram
from ui.frame import project_score as scores
from ui.frame.errors import errors_shown, show_bug, show_error
from ui.frame.page_list import menu, place
from ui.frame.session import notice, root
from ui.frame.split_now import split_now
from ui.widgets import code, state

__all__ = [
    "empty",
    "errors_shown",
    "need_table",
    "need_target",
    "next_step",
    "run",
    "show_bug",
    "show_error",
    "start",
    "whole",
]


def start(here: str) -> Recipe:
    """Draw the head of a page and give the recipe it works on.

    Args:
        here: id of the page, see ``ui.frame.page_list``.
    """
    page, recipe = place(here), state.recipe()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        with st.container(width="stretch", gap=None):
            st.title(page.title, icon=page.icon, anchor=False)
            st.caption(page.purpose)
        if recipe.source.table:
            code.popover(recipe, here)
    if message := notice():
        st.toast(message, icon=":material/info:")
    if refused := state.refused():
        show_error(refused)
    diagram.strip(recipe, here, scores.best(recipe), split_now(recipe))
    return recipe


@contextmanager
def whole() -> Iterator[None]:
    """Show a page of ours when what surrounds every page fails, such as a full or locked workspace."""
    try:
        yield
    except Exception as error:  # noqa: BLE001
        st.navigation(menu(), position="hidden")  # else Streamlit lists the files of our pages
        with st.container(border=True, key="frame.refused"):
            st.header("Foldline cannot show your work now", anchor=False)
            if isinstance(error, OSError) and not is_memory(error):
                error = unusable(error, root().name)
            _show(error, "starting")
            st.caption("What was saved before stays saved.")
            st.button("Try again", icon=":material/refresh:", key="frame.again")


def run(current: Page) -> None:
    """Run a page of the menu and show what it raises: the errors people can act on, and bugs.

    Everything that is not a FoldlineError is a bug; this is the one boundary where it is caught.
    """
    try:
        current.run()
    except StopException:
        # ``st.stop`` ends the page, not the run: only after a whole run does Streamlit forget the fragments
        # that are no longer drawn, and one of those, late, would draw where its place is gone: a blank page.
        return
    except Exception as error:  # noqa: BLE001
        _show(error, "drawing this page")


def _show(error: Exception, what: str) -> None:
    if is_memory(error):
        show_error(too_much())
    elif isinstance(error, FoldlineError):
        show_error(error)
    else:
        show_bug(error, what)


def empty(title: str, text: str, offer_samples: bool = True, there: str = "", link: str = "") -> None:
    """Draw an empty state that says what to do and offers to do it.

    Args:
        title, text: our own words, Markdown allowed.
        offer_samples: whether a sample table can be loaded from here.
        there, link: id of the page where it can be done, and the words of the link to it.
    """
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("small")
        st.header(title, text_alignment="center", anchor=False)
        st.markdown(text, text_alignment="center")
        if offer_samples:
            samples.offer()
        if there:
            st.page_link(place(there).path, label=link, icon=place(there).icon)
        st.space("small")


def need_table(recipe: Recipe) -> None:
    """Stop the page with an empty state unless a table is loaded."""
    if not recipe.source.table:
        text = "Load one on the Data page, or take a sample to look around."
        empty("No table yet", text, there="data", link="Go to Data")
        st.stop()


def need_target(recipe: Recipe) -> None:
    """Stop the page with an empty state unless there is a table and a target."""
    need_table(recipe)
    if not recipe.target:
        text = "Choose the target column on the Data page."
        empty("Nothing to predict yet", text, offer_samples=False, there="data", link="Choose the target")
        st.stop()


def next_step(there: str, text: str) -> None:
    """End the page with the step that usually follows.

    Args:
        there: id of the page to go to.
        text: our own words, such as ``"Compare models"``.
    """
    st.space("small")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(text, icon=":material/arrow_forward:", icon_position="right", key=f"next.{there}"):
            st.switch_page(place(there).path)
