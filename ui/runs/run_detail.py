"""One run in detail: rename it, go back to its recipe, delete it."""

from __future__ import annotations

import streamlit as st

from core.errors import FoldlineError
from core.recipe.difference import differences
from core.recipe.document import Recipe
from core.store.runs import RunInfo
from ui.frame.session import project, workspace
from ui.runs.run_list import TABLE
from ui.runs.run_words import (
    change_words,
    kind_of,
    metric_words,
    score_words,
    when,
)
from ui.widgets import state
from ui.widgets.text import label

RESTORED = "runs.restored"
LABEL_LENGTH = 200


def _renamed(run: RunInfo, key: str) -> None:
    _try("label_run", run.id, st.session_state[key].strip()[:LABEL_LENGTH])


def _try(action: str, *args: object) -> None:
    try:
        getattr(workspace(), action)(project(), *args)
    except FoldlineError as error:
        state.refuse(error)


def _deleted(run: RunInfo) -> None:
    _try("delete_run", run.id)
    st.session_state.pop(TABLE, None)


@st.dialog("Delete this run?", icon=":material/delete:")
def _confirm(run: RunInfo) -> None:
    st.markdown(
        f"**{label(run.label or kind_of(run))}** goes with its scores and files. This cannot be undone."
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep it", key="runs.keep"):
            st.rerun()
        if st.button(
            "Delete for good", type="primary", key="runs.delete.sure", on_click=_deleted, args=(run,)
        ):
            st.rerun()


def _restore(run: RunInfo) -> None:
    state.edit(lambda _: run.recipe, f"recipe of “{run.label or kind_of(run)}”")
    st.session_state[RESTORED] = run.id


def _take_back() -> None:
    st.session_state.pop(RESTORED, None)
    state.undo()


def one(run: RunInfo, recipe: Recipe) -> None:
    """A run in detail: rename it, go back to its recipe, delete it."""
    changes = differences(recipe, run.recipe)
    with st.container(border=True, key="runs.one"):
        left, right = st.columns([3, 2], vertical_alignment="bottom")
        key = f"runs.label.{run.id}"
        if st.session_state.get(key) != run.label:
            st.session_state[key] = run.label
        left.text_input("Label", key=key, max_chars=LABEL_LENGTH, on_change=_renamed, args=(run, key))
        with right.container(horizontal=True, horizontal_alignment="right"):
            st.button(
                "Restore its recipe",
                icon=":material/settings_backup_restore:",
                key="runs.restore",
                help="Makes every choice what it was for this run. It can be undone, and no run is lost.",
                on_click=_restore,
                args=(run,),
                disabled=not changes,
            )
            if st.button("Delete…", icon=":material/delete:", type="tertiary", key="runs.delete"):
                _confirm(run)
        st.markdown(
            f"{kind_of(run)} of {when(run)} on {label(run.recipe.source.name)}: "
            f"{metric_words(run)} **{label(score_words(run))}**"
        )
        if changes:
            st.caption("Since then the recipe has changed. Restoring does this:")
            st.markdown(change_words(changes))
        elif st.session_state.get(RESTORED) == run.id:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(
                    ":green[:material/check_circle:] Restored: every choice is as it was for this run."
                )
                st.button(
                    "Undo", icon=":material/undo:", type="tertiary", key="runs.undo", on_click=_take_back
                )
        else:
            st.caption("The recipe is the same now.")
