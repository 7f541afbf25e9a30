"""What a search has found: the answer, the scores behind it, and the way to take the best hyperparameters."""

from __future__ import annotations

import streamlit as st

from core.catalog.metrics import METRICS
from core.catalog.models import MODELS
from core.claims import measured
from core.digits import decimals, fixed, gain_decimals, is_defined, number, signed, span
from core.recipe import edits
from core.recipe.difference import TUNED
from core.recipe.document import Range, Recipe
from core.recipe.fingerprint import fingerprint
from core.results.tune import Gain, TuneResult
from core.standalone.counts import counted
from core.train.judging.validation_score import of_search
from core.train.ranking.wording import gain_words
from core.train.search_space import widened
from ui.jobs.staleness import Standing, recipe_then, standing
from ui.models.search_progress import every_trial, history, one_hyperparameter
from ui.widgets import state
from ui.widgets.hyperparameters import hyperparameter_words, shown
from ui.widgets.params import name_of
from ui.widgets.text import count, label

CUTS = {"time": "The time limit ended it", "stop": "It was stopped"}


def is_taken(recipe: Recipe, result: TuneResult) -> bool:
    """Whether the chosen model has the best hyperparameters of the search."""
    best = (result.model, result.best.all_params)
    return recipe.chosen is not None and (recipe.chosen.model, recipe.chosen.params) == best


def search_standing(recipe: Recipe) -> Standing[TuneResult] | None:
    """The search of this recipe; taking its best hyperparameters does not make it stale."""
    search = standing(TuneResult, recipe, "tune")
    if search is None or search.fresh or not is_taken(recipe, search.payload):
        return search
    then = recipe_then(search.payload.run)
    before = recipe.model_copy(update={"chosen": then.chosen}) if then else recipe
    same = fingerprint(before, "tune") == search.payload.fingerprint
    return Standing(search.payload, True) if same else search


def take(result: TuneResult) -> None:
    """Make the model with the best hyperparameters the chosen one."""
    model, params = result.model, result.best.all_params
    state.edit(lambda old: edits.choose(old, model, TUNED, **params), f"take the tuned {MODELS[model].label}")


def headline(recipe: Recipe, search: Standing[TuneResult]) -> None:
    """The answer, with the button that takes the best hyperparameters."""
    result = search.payload
    st.subheader(label(gain_words(result.gain, result.metric), 400), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        words = ", ".join(hyperparameter_words(result.model, result.best.params))
        st.caption(f"Best hyperparameters: {label(words, 400)}.", width="stretch")
        if is_taken(recipe, result):
            st.badge("Taken", icon=":material/check_circle:", color="green")
        else:
            is_real = isinstance(result.gain, Gain) and is_defined(result.gain.low) and result.gain.low > 0
            st.button(
                "Take the best" if is_real else "Take the best anyway",
                icon=":material/check:",
                type="primary" if search.fresh and is_real else "secondary",
                key="tune.take",
                help="Makes these hyperparameters those of the chosen model. It can be undone.",
                on_click=take,
                args=(result,),
            )


def numbers(result: TuneResult) -> None:
    """The scores on the folds of the search, which flatter the best trial, and the gain on others."""
    name, best, plain, won = (
        METRICS[result.metric].label,
        result.best.score,
        result.default.score,
        result.gain,
    )
    done = sum(trial.status == "done" for trial in result.trials)
    mean = won.mean if isinstance(won, Gain) else None
    places = decimals(best, plain)
    if isinstance(won, Gain) and is_defined(won.mean):
        places = max(places, gain_decimals(won.mean, won.low, won.high))
    with st.grid(3, min_column_width=190, key="tune.numbers"):
        st.metric(
            f"Best of {counted(done, 'trial')}",
            fixed(best, places),
            border=True,
            help=f"{name} on the folds of the search: the best of many flatters itself.",
        )
        st.metric("Untuned", fixed(plain, places), border=True, help=f"{name} on the same folds.")
        st.metric(
            "Gain on fresh folds" if won.fresh_folds else "Gain on the same folds",
            signed(mean, places) if is_defined(mean) else "–",
            border=True,
            help="Above 0 is better. "
            + (
                f"Measured on folds that the search never used. {measured('gain')}"
                if won.fresh_folds
                else "Rows that are ordered in time have no other folds, so the tuned model is flattered."
            ),
        )
    _on_fresh_folds(result)
    if result.cut_by:
        done_words = f"{count(done)} of {counted(result.planned, 'trial')}"
        st.caption(f":orange[:material/timer_off:] {CUTS[result.cut_by]} after {done_words}.")


def _on_fresh_folds(result: TuneResult) -> None:
    """The score of the tuned model on folds that the search never used, which Runs lists."""
    tuned = of_search(result)
    if not tuned.why and is_defined(tuned.mean):
        value, ends = number(tuned.mean, tuned.low, tuned.high), span(tuned.low, tuned.high, tuned.mean)
        interval = f" (95% interval {ends})" if ends else ""
        st.caption(
            f":material/info: On fresh folds the tuned model scores {value}{interval}: the score on Runs."
        )


def edges(recipe: Recipe, result: TuneResult) -> None:
    """The hyperparameters whose best value lies at an end of their range, with a click that widens it."""
    for edge in result.edges:
        param = MODELS[result.model].param(edge.param)
        wider = widened(param, result.space[param.name], edge.end)
        end = "lower" if edge.end == "low" else "upper"
        text = f"**{name_of(param)}**: the best value, {shown(edge.value)}, is at the {end} end of its range."
        with st.container(
            border=True, horizontal=True, vertical_alignment="center", key=f"edge.{param.name}"
        ):
            if wider is None:
                st.markdown(
                    f":material/border_horizontal: {text} Foldline lets it go no further.",
                    width="stretch",
                )
                continue
            st.markdown(f":orange[:material/border_horizontal:] {text}", width="stretch")
            st.button(
                f"Widen to {wider.low:g} – {wider.high:g}",
                icon=":material/open_in_full:",
                key=f"tune.widen.{param.name}",
                disabled=recipe.tuning.space.get(param.name) == wider,
                on_click=_widen,
                args=(param.name, wider),
            )


def _widen(name: str, wider: Range) -> None:
    state.edit(lambda old: edits.set_range(old, name, wider), f"search {name} more widely")


def draw(recipe: Recipe, search: Standing[TuneResult]) -> None:
    """Everything that a search has found."""
    result = search.payload
    headline(recipe, search)
    numbers(result)
    edges(recipe, result)
    with st.grid(2, min_column_width=380, gap="large", key="tune.charts"):
        with st.container(vertical_alignment="bottom", height="stretch"):
            plain = result.default.score
            history(result.trials, result.model, result.metric, plain, "tune.history", result.run)
        with st.container(vertical_alignment="bottom", height="stretch"):
            one_hyperparameter(result)
    every_trial(result)
    st.caption(f":material/lock: {label(result.words, 800)}")
