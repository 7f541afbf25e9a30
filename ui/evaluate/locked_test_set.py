"""The locked test set: what it is, how often it was opened, and the act of opening it."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.digits import times
from core.engine import jobs
from core.engine.job_specs import RecipeSpec
from core.engine.work.looks import looks_of
from core.errors import FoldlineError
from core.recipe import edits
from core.recipe.difference import model_words
from core.recipe.document import Candidate, Recipe
from core.recipe.split import test_key
from core.results.compare import CompareResult
from core.results.evaluate import EvaluateResult, not_noted
from core.standalone.counts import counted
from core.train.rows.opened import Looks
from ui.frame.row_split import CANNOT_BE_SPLIT, row_counts
from ui.frame.session import project, workspace
from ui.jobs import job_panel
from ui.jobs.results import newest_of
from ui.widgets import state
from ui.widgets.hyperparameters import hyperparameters_help
from ui.widgets.text import count, label

_ASK = "evaluate.ask"
ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}


def _ordinal(number: int) -> str:
    return ORDINALS.get(number, f"{number}th")


@st.cache_data(max_entries=32, show_spinner=False)
def _looks(root: str, owner: str, key: str, openings: int, _recipe: Recipe) -> Looks:
    """How often rows of a test set were opened; none where the rows cannot be split, which Prepare tells."""
    try:
        return looks_of(workspace(), owner, _recipe)
    except FoldlineError as error:
        if error.code not in CANNOT_BE_SPLIT:
            raise
        return Looks()


def looks_at_test(recipe: Recipe) -> Looks:
    """How often rows of the test set of this recipe were opened."""
    every = len(workspace().openings(project()))
    return _looks(str(workspace().root), project(), test_key(recipe), every, recipe)


def start() -> None:
    """Open the test set for the recipe on screen."""
    job_panel.start_clicked("evaluate", lambda: RecipeSpec(recipe=state.recipe()))


def ask() -> None:
    """Open the test set, after a question when it was opened before; for a button."""
    if looks_at_test(state.recipe()).at:
        st.session_state[_ASK] = True
    else:
        start()


def locked(recipe: Recipe, busy: bool) -> None:
    """Draw the closed test set with the button that opens it."""
    before = looks_at_test(recipe)
    done = row_counts(recipe)
    with st.container(border=True, key="evaluate.locked"):
        st.subheader("The test set is locked", anchor=False)
        st.markdown(
            f":material/lock: **{counted(done.test, 'row')}** that no model learned from. "
            f"{label(done.words, 800)}  \n"
            f"Comparing and tuning never touch them. {_worth(before, label(model_words(recipe.chosen)))}",
            help=hyperparameters_help(recipe.chosen) if recipe.chosen else None,
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(_looks_words(before), width="stretch")
            st.button(
                "Opening…" if busy else "Open the test set",
                icon=":material/lock_open:",
                type="primary",
                key="evaluate.open",
                on_click=ask,
                disabled=busy,
            )
    if st.session_state.pop(_ASK, False):
        _confirm(before)


def _worth(before: Looks, model: str) -> str:
    """What the next look is worth: the first is honest, a later one only where nothing followed from it."""
    if not before.at and not before.unknown:
        return f"The first look gives an honest score of **{model}** on new data. Every look is counted."
    if not before.at:
        return (
            f"Whether this is a first look is not known: the score of **{model}** is honest unless something "
            "was decided from rows that were seen before."
        )
    return (
        f"The first look is over: another one gives a score of **{model}** that is honest only when nothing "
        "was decided from what was seen before."
    )


def _looks_words(before: Looks) -> str:
    """How often the rows, or some of them, were opened so far."""
    if not before.at and before.unknown:
        return f":orange[:material/warning:] Some of these may have been seen: {not_noted(before.unknown)}."
    if not before.at:
        return "Not opened yet."
    last = f"Last on {datetime.fromtimestamp(before.at[-1]):%d %b %Y, %H:%M}."
    often = f"**{times(len(before.at))}** so far"
    if before.rows == before.of:
        return f"Opened {often}. {last}"
    return f"**{count(before.rows)} of these {counted(before.of, 'row')}** were opened, {often}. {last}"


@st.dialog("Open the test set again?", icon=":material/lock_open:")
def _confirm(before: Looks) -> None:
    some = "" if before.rows == before.of else f"{count(before.rows)} of "
    st.markdown(
        f"This is the **{_ordinal(len(before.at) + 1)} look** at {some}these rows. If you changed the model "
        "because of what you saw, you have fitted it to them a little, and the scores get too good to be "
        "true. They stay honest when nothing was decided from the earlier looks."
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Leave it locked", key="evaluate.leave"):
            st.rerun()
        if st.button("Open it", type="primary", key="evaluate.sure", on_click=start):
            st.rerun()


def opened_words(result: EvaluateResult) -> str:
    """One sentence on how far a score can be trusted after so many looks."""
    if result.opened == 1 and result.opened_unknown:
        return f"Whether this was the first look is not known: {not_noted(result.opened_unknown)}."
    if result.opened == 1:
        return "First look at these rows: the scores are honest."
    some = 0 < result.opened_rows < result.test_rows
    part = f"{count(result.opened_rows)} of " if some else ""
    return f"The {_ordinal(result.opened)} look at {part}these rows: the scores may be a little too good."


def _take(candidate: Candidate) -> None:
    state.edit(
        lambda recipe: edits.choose(recipe, candidate.model, candidate.id, **candidate.params),
        f"choose {model_words(candidate)}",
    )


def offer_model(recipe: Recipe) -> None:
    """Draw the empty state of a recipe without a model, with the best of the newest comparison to take."""
    candidates = {one.id: one for one in recipe.candidates}
    comparison = newest_of(CompareResult)
    board = comparison[1].board if comparison else ()
    best = next((candidates[row.id] for row in board if row.id in candidates), None)
    with st.container(border=True, horizontal_alignment="center", gap="small", key="evaluate.none"):
        st.space("small")
        st.header("No model chosen yet", text_alignment="center", anchor=False)
        if best is None:
            running = jobs.latest(workspace(), project(), CompareResult.KIND)
            text = "Compare some models first; the best one can be taken here."
            if running is not None and running.is_active:
                text = "A comparison is under way; when it is done, its best model can be taken here."
            st.markdown(text, text_alignment="center")
            st.page_link("pages/models.py", label="Compare models", icon=":material/leaderboard:")
        else:
            st.markdown(
                f"**{label(model_words(best))}** leads the newest comparison.", text_alignment="center"
            )
            st.button(
                "Take it",
                icon=":material/check:",
                type="primary",
                key="evaluate.take",
                on_click=_take,
                args=(best,),
            )
        st.space("small")
