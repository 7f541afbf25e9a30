"""What a search has found: the gain in words, its course, its trials, and the way to take the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure

from core.catalog.metrics import METRICS
from core.catalog.models import MODELS
from core.digits import gain, known, number
from core.engine import jobs
from core.engine.jobs import Job
from core.recipe import edits
from core.recipe.document import Range, Recipe
from core.recipe.fingerprint import fingerprint
from core.spec import Param
from core.train.space import widened
from core.train.verdict import gain_words
from ui import charts, state
from ui.params import name_of, option_words
from ui.pictures import picture
from ui.space import project, workspace
from ui.standing import Standing, recipe_then, standing
from ui.text import count, duration, label
from ui.theme import Palette, palette

CUTS = {"time": "The time cap ended it", "stop": "It was stopped"}


def is_taken(recipe: Recipe, found: Mapping[str, Any]) -> bool:
    """Whether the chosen model has the best settings of the search."""
    best = (found["model"], found["best"]["all_params"])
    return recipe.chosen is not None and (recipe.chosen.model, recipe.chosen.params) == best


def search_standing(recipe: Recipe) -> Standing | None:
    """The search of this recipe; taking its best settings does not make it stale."""
    found = standing("tune", recipe, "tune")
    if found is None or found.fresh or not is_taken(recipe, found.payload):
        return found
    then = recipe_then(found.payload)
    before = recipe.model_copy(update={"chosen": then.chosen}) if then else recipe
    same = fingerprint(before, "tune") == found.payload["fingerprint"]
    return Standing(found.payload, True) if same else found


def _param(model: str, name: str) -> Param:
    return MODELS[model].param(name)


def settings_words(model: str, params: Mapping[str, Any]) -> str:
    """Settings as a phrase."""
    return ", ".join(f"{name_of(_param(model, name))} {_shown(value)}" for name, value in params.items())


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else option_words(value)


def history(
    trials: Sequence[Mapping[str, Any]],
    model: str,
    metric: str,
    untuned: float | None,
    key: str,
    run: str = "",
) -> None:
    """The score of each trial, the best so far, and the untuned model as a line.

    Args:
        run: the run that the trials are of, when it has ended.
    """
    score = METRICS[metric]

    def make(colours: Palette) -> Figure:
        scores = [trial["score"] for trial in trials]
        said = [settings_words(model, trial["params"]) for trial in trials]
        frame = pd.DataFrame({"score": scores, "text": said})
        return charts.search_history(frame, colours, score.label, score.better, untuned)

    figure = picture(make, "search", run) if run else make(palette())
    charts.draw(figure, f"{score.label} of {len(trials)} trials and the best so far", key)


def live(job: Job) -> None:
    """The course of a search that is still running."""
    told = [event.facts for event in jobs.events(workspace(), project(), job.id) if event.kind == "trial"]
    plain = next((facts["score"] for facts in told if facts["trial"] == "default"), None)
    trials = [facts for facts in told if facts["trial"] != "default"]
    if not trials:
        st.caption("The untuned model comes first, then trial after trial.")
        return
    recipe = job.spec["recipe"]
    history(trials, recipe["chosen"]["model"], recipe["metric"], plain, "tune.live")


def take(found: Mapping[str, Any]) -> None:
    """Make the model with the best settings the chosen one."""
    model, params = found["model"], found["best"]["all_params"]
    state.edit(
        lambda old: edits.choose(old, model, "tuned", **params), f"take the tuned {MODELS[model].label}"
    )


def headline(recipe: Recipe, found: Standing) -> None:
    """The gain in words, with the button that takes the best settings."""
    result = found.payload
    st.subheader(label(gain_words(result["gain"], result["metric"]), 400), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        words = settings_words(result["model"], result["best"]["params"])
        st.markdown(f"Best settings: {label(words, 400)}.", width="stretch")
        if is_taken(recipe, result):
            st.badge("Taken", icon=":material/check_circle:", color="green")
        else:
            is_real = known(result["gain"].get("low")) and result["gain"]["low"] > 0
            st.button(
                "Take the best" if is_real else "Take the best anyway",
                icon=":material/check:",
                type="primary" if found.fresh and is_real else "secondary",
                key="tune.take",
                help="Makes these settings those of the chosen model. It can be undone.",
                on_click=take,
                args=(result,),
            )


def numbers(found: Mapping[str, Any]) -> None:
    """The scores on the folds of the search, which flatter the best trial."""
    name, plain = METRICS[found["metric"]].label, found["default"]["score"]
    done = sum(trial["status"] == "done" for trial in found["trials"])
    with st.grid(3, min_column_width=125, key="tune.numbers"):
        st.metric(
            f"Best of {count(done)} trials",
            number(found["best"]["score"]),
            border=True,
            help=f"{name} on the folds of the search: the best of many flatters itself.",
        )
        st.metric(
            "Untuned", number(plain) if known(plain) else "–", border=True, help=f"{name} on the same folds."
        )
        won = found["gain"]
        shown = gain(won["mean"], won["low"], won["high"]) if known(won.get("mean")) else "–"
        st.metric("Gain", shown, border=True, help="Above 0 is better. On folds that the search never used.")
    if found["cut_by"]:
        done_words = f"{count(done)} of {count(found.get('planned', done))} trials"
        st.caption(f":orange[:material/timer_off:] {CUTS[found['cut_by']]} after {done_words}.")


def edges(recipe: Recipe, found: Mapping[str, Any]) -> None:
    """The settings whose best value lies at an end of their range, with a click that widens it."""
    for edge in found["edges"]:
        param = _param(found["model"], edge["param"])
        wider = widened(param, Range.model_validate(found["space"][param.name]), edge["end"])
        end = "lower" if edge["end"] == "low" else "upper"
        value = _shown(edge["value"])
        text = f"**{name_of(param)}**: the best value, {value}, is at the {end} end of its range."
        with st.container(
            border=True, horizontal=True, vertical_alignment="center", key=f"edge.{param.name}"
        ):
            if wider is None:
                st.markdown(
                    f":material/border_horizontal: {text} The setting goes no further.", width="stretch"
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


def one_setting(found: Mapping[str, Any]) -> None:
    """The score against one setting, which a person chooses."""
    names = list(found["space"])
    if st.session_state.get("tune.setting") not in names:
        st.session_state["tune.setting"] = names[0]
    picked = st.selectbox(
        "Score against", names, format_func=lambda n: name_of(_param(found["model"], n)), key="tune.setting"
    )
    words, score = name_of(_param(found["model"], picked)), METRICS[found["metric"]].label

    def make(colours: Palette) -> Figure:
        rows = [{"value": trial["params"][picked], "score": trial["score"]} for trial in found["trials"]]
        log = bool(found["space"][picked]["log"])
        return charts.parameter(pd.DataFrame(rows, dtype=object), colours, words, score, log)

    charts.draw(
        picture(make, "setting", found["run"], picked),
        f"{score} of each trial against {words}",
        "tune.parameter",
    )


def trials_table(found: Mapping[str, Any]) -> pd.DataFrame:
    """One row a trial: score, settings, seconds, and why it failed."""
    model = found["model"]
    return pd.DataFrame(
        [
            {
                "trial": place,
                "score": trial["score"],
                **{name_of(_param(model, n)): _cell(value) for n, value in trial["params"].items()},
                "seconds": trial["seconds"],
                "status": trial["error"]["problem"] if trial["error"] else trial["status"],
            }
            for place, trial in enumerate(found["trials"], start=1)
        ]
    )


def _cell(value: Any) -> Any:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else option_words(value)


def draw(recipe: Recipe, found: Standing) -> None:
    """Everything that a search has found."""
    result = found.payload
    headline(recipe, found)
    numbers(result)
    edges(recipe, result)
    with st.grid(2, min_column_width=380, gap="large", key="tune.charts"):
        with st.container():
            plain = result["default"]["score"]
            trials, run = result["trials"], result["run"]
            history(trials, result["model"], result["metric"], plain, "tune.history", run)
        with st.container():
            one_setting(result)
    with st.expander(f"All {count(len(result['trials']))} trials", icon=":material/table_rows:"):
        config = st.column_config
        columns = {
            "trial": config.NumberColumn("Trial", width=60),
            "score": config.NumberColumn(METRICS[result["metric"]].label, format="%.5g"),
            "seconds": config.NumberColumn("Time", format="%.2f s"),
            "status": config.TextColumn("Status"),
        }
        st.dataframe(
            trials_table(result),
            hide_index=True,
            column_config=columns,
            key="tune.trials.table",
            alt="Trials",
        )
    st.caption(f":material/lock: {label(result.get('words', ''), 400)} Took {duration(result['seconds'])}.")
