"""The plan of a search: how, how long, where; what it will cost; and the choice of a model to tune."""

from __future__ import annotations

import math

import streamlit as st

from core.catalog.metrics import METRICS
from core.catalog.models import MODELS, baseline_for, models_for
from core.catalog.searches import SEARCHES
from core.engine.context import available_cores
from core.engine.job_specs import RecipeSpec
from core.errors import FoldlineError
from core.recipe import edits, usage_edits
from core.recipe.document import Candidate, Recipe, Tuning
from core.results.compare import CompareResult
from core.results.tune import TuneResult
from core.standalone.counts import counted
from core.train.cost import expected, paces
from core.train.search_space import planned
from ui.frame.errors import show_error
from ui.jobs import job_panel
from ui.jobs.staleness import standing
from ui.models import search_space
from ui.models.leaderboard_table import choose
from ui.models.model_choice import cost_words, earlier
from ui.widgets import params, state
from ui.widgets.hyperparameters import hyperparameters_help
from ui.widgets.text import count, duration, label

CAPS = (30, 60, 120, 300, 600, 1800, 3600, 7200, 28800)
AROUND = 3
"""Fits on all folds besides the trials: the untuned model, and both models on fresh folds."""


def start() -> None:
    """Search with the plan of the recipe on screen."""
    job_panel.start_clicked("tune", lambda: RecipeSpec(recipe=state.recipe()))


def need_model(recipe: Recipe) -> None:
    """End the page with ways to choose a model unless there is one."""
    if recipe.chosen is not None:
        return
    with st.container(border=True, horizontal_alignment="center", key="tune.empty"):
        st.space("small")
        st.header("No model chosen yet", text_alignment="center", anchor=False)
        st.markdown(
            "Tuning searches better hyperparameters for one model. Take the best of a comparison, or any "
            "other.",
            text_alignment="center",
        )
        with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="bottom"):
            _offer_best(recipe)
            _offer_any(recipe)
        st.space("small")
    st.stop()


def _offer_best(recipe: Recipe) -> None:
    comparison = standing(CompareResult, recipe, "compare")
    rows = (
        [row for row in comparison.payload.board if row.id != comparison.payload.baseline]
        if comparison
        else []
    )
    if comparison is None or not rows or comparison.payload.task != recipe.task:
        return
    best = comparison.payload.candidate(rows[0].id)
    st.button(
        f"Take the best: {best.label}",
        icon=":material/emoji_events:",
        type="primary",
        key="tune.take.best",
        on_click=choose,
        args=(best,),
    )


def _offer_any(recipe: Recipe) -> None:
    able = [one.id for one in models_for(recipe.task) if one.id != baseline_for(recipe.task)]
    st.selectbox(
        "Any model",
        able,
        index=None,
        placeholder="Choose a model",
        format_func=lambda one: MODELS[one].label,
        label_visibility="collapsed",
        width=260,
        **state.bind("tune.any", None, edits.choose, "choose a model"),
    )


def _how(recipe: Recipe) -> None:
    plan = recipe.tuning
    with st.container(horizontal=True, gap="medium", key="tune.how"):
        st.segmented_control(
            "Search",
            SEARCHES.ids(),
            required=True,
            width="content",
            format_func=lambda one: f":material/{SEARCHES[one].icon}: {SEARCHES[one].label}",
            help="\n".join(f"- **{one.label}**: {one.help}" for one in SEARCHES),
            **state.bind("tune.search", plan.search, lambda r, v: edits.set_tuning(r, search=v), "search"),
        )
        st.number_input(
            "Trials",
            width=170,
            min_value=1,
            max_value=1000,
            step=10,
            help="Combinations of hyperparameters that are tried. The number decides the result, so that "
            "it can be repeated.",
            **state.bind("tune.trials", plan.trials, lambda r, v: edits.set_tuning(r, trials=v), "trials"),
        )
        st.select_slider(
            "At most",
            sorted({*CAPS, plan.seconds}),
            format_func=duration,
            width=260,
            help="The search ends after this time: trials under way are given up, one is always finished. "
            "Then the gain is measured, which takes about as long as two trials.",
            **state.bind("tune.cap", plan.seconds, lambda r, v: edits.set_tuning(r, seconds=v), "time limit"),
        )


def _search_params(plan: Tuning) -> None:
    """The settings of the search itself, behind a click, tied to the recipe."""
    spec = SEARCHES[plan.search]
    about = f"How {spec.label} itself works." if spec.params else f"{spec.label} has nothing to set."
    with st.popover("Search settings", icon=":material/tune:", disabled=not spec.params, help=about):
        params.params(
            spec,
            plan.params,
            f"tune.search.{plan.search}",
            lambda old, name, value: usage_edits.set_search(old, **{name: value}),
        )


def _budget(recipe: Recipe, chosen: Candidate) -> str:
    """How many trials there will be and what they cost, in one sentence.

    Raises:
        FoldlineError: when the plan cannot run.
    """
    plan, cap = planned(recipe), recipe.tuning.seconds
    pace_by_model = paces(earlier(CompareResult), earlier(TuneResult))
    guess = expected(recipe, [chosen], pace_by_model, available_cores(), times=plan.trials + AROUND)
    text = (
        f"{counted(plan.trials, 'trial')}, "
        f"{cost_words(min(guess.low, cap), min(guess.high, cap), guess.words)}"
    )
    if SEARCHES[recipe.tuning.search].enumerates and plan.trials < recipe.tuning.trials:
        text += "; the grid has no more combinations"
    if guess.high > cap:
        fits = max(1, math.floor(plan.trials * cap / guess.high))
        text += f"; the time limit may leave room for only about {count(fits)}"
    return text


def draw(recipe: Recipe, busy: bool, primary: bool, able: bool = True) -> None:
    """The card in which a search is planned and started.

    Args:
        busy: whether a search is under way.
        primary: whether starting one is what the page is for right now.
        able: whether the rows can be split.
    """
    chosen = recipe.chosen
    if chosen is None:
        return
    with st.container(border=True, key="tune.plan"):
        st.markdown(
            f"Searches hyperparameters for **{MODELS[chosen.model].label}** "
            f"by {METRICS[recipe.metric].label}.",
            help=hyperparameters_help(chosen),
        )
        _how(recipe)
        with st.expander(
            f"Where it looks: {label(search_space.space_words(recipe, chosen), 160)}",
            icon=":material/straighten:",
            key="tune.space",
        ):
            search_space.draw(recipe, chosen)
        text, refused = "", None
        try:
            text = _budget(recipe, chosen)
        except FoldlineError as error:
            refused = error
            show_error(error)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.caption(f":material/schedule: {text}." if text else "", width="stretch")
            _search_params(recipe.tuning)
            st.button(
                "Searching…" if busy else "Search",
                icon=":material/network_node:",
                type="primary" if primary else "secondary",
                key="tune.start",
                on_click=start,
                disabled=busy or refused is not None or not able,
            )
