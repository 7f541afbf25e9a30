"""What a comparison compares: the models by family, the metric that ranks them, and what it will cost."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from core.catalog.metrics import METRICS
from core.catalog.models import MODELS, baseline_for, models_for
from core.engine import jobs
from core.engine.context import available_cores
from core.engine.job_specs import RecipeSpec
from core.recipe import edits
from core.recipe.consistency import OWN
from core.recipe.difference import TUNED, model_words
from core.recipe.document import Candidate, Recipe
from core.recipe.split import folds_asked
from core.results.base import R
from core.results.compare import CompareResult
from core.spec import FAMILIES, Model, Value
from core.standalone.counts import counted
from core.train.cost import Expected, expected, paces
from ui.frame.row_split import row_counts
from ui.frame.session import project, workspace
from ui.jobs import job_panel
from ui.jobs.clock import clock
from ui.jobs.results import result_or_none
from ui.widgets import params, state
from ui.widgets.text import label

COSTS = (":material/bolt:", ":material/bolt:", ":material/timelapse:", ":material/hourglass:")
COST_WORDS = ("instant", "quick", "takes a while", "slow", "very slow")
EARLIER = 3
INSTANT = 8
UNITS = (("s", 1, 90), ("min", 60, 5400), ("h", 3600, math.inf))
"""Unit, its seconds, and the seconds up to which a cost is told in it."""


def families(recipe: Recipe) -> dict[str, list[Model]]:
    """Family -> the models of the task, the baseline left out."""
    by_family: dict[str, list[Model]] = {name: [] for name in FAMILIES}
    for model in models_for(recipe.task):
        if model.id != baseline_for(recipe.task):
            by_family[model.family].append(model)
    return {name: models for name, models in by_family.items() if models}


def _pill(model: Model) -> str:
    return f"{COSTS[min(model.cost, len(COSTS)) - 1]} {model.label}"


def _about(models: Sequence[Model], rows: int) -> str:
    lines = []
    for model in models:
        most = model.max_rows
        late = most is not None and rows > most
        note = f" Left out at first: meant for up to {counted(most or 0, 'row')}." if late else ""
        lines.append(f"- **{model.label}** ({COST_WORDS[model.cost - 1]}): {model.help}{note}")
    return "\n".join(lines)


def _family(recipe: Recipe, name: str, models: list[Model]) -> None:
    ids = [model.id for model in models]
    taken = [candidate.id for candidate in recipe.candidates]

    def change(old: Recipe, chosen: list[str]) -> Recipe:
        others = [one.id for one in old.candidates if one.id not in ids]
        return edits.set_candidates(old, [m.id for m in models_for(old.task) if m.id in {*others, *chosen}])

    st.pills(
        name,
        ids,
        selection_mode="multi",
        wrap=True,
        format_func=lambda model: _pill(MODELS[model]),
        help=_about(models, recipe.source.rows),
        **state.bind(f"models.{name}", [m for m in ids if m in taken], change, "models to compare"),
    )


def metric(recipe: Recipe) -> None:
    """The metric that ranks the models, tied to the recipe."""
    able = [one.id for one in METRICS if recipe.task in one.tasks]
    st.selectbox(
        "Metric",
        able,
        format_func=lambda one: METRICS[one].label,
        help="The score that ranks the models and that a search improves.\n\n"
        + "\n".join(f"- **{METRICS[one].label}**: {METRICS[one].help}" for one in able),
        **state.bind("models.metric", recipe.metric, edits.set_metric, "metric"),
    )


def _hyperparameters(recipe: Recipe) -> None:
    able = [one for one in recipe.candidates if MODELS[one.model].params]
    about = "What a person or a search sets before a model learns, such as the depth of a tree."
    with st.popover("Hyperparameters", icon=":material/tune:", disabled=not able, help=about):
        if not able:
            return
        candidates = {one.id: one for one in able}
        picked = st.selectbox(
            "Model",
            list(candidates),
            format_func=lambda one: MODELS[candidates[one].model].label,
            key="models.hyperparameters",
        )
        candidate_params(candidates[picked], f"models.candidate.{picked}")


def candidate_params(candidate: Candidate, key: str) -> None:
    """The hyperparameters of a candidate, or of a chosen model that is none, tied to the recipe."""

    def change(old: Recipe, name: str, value: Value) -> Recipe:
        if any(one.id == candidate.id for one in old.candidates):
            return edits.set_candidate(old, candidate.id, **{name: value})
        # Hyperparameters that were changed by hand are no longer those that a search has found.
        own = OWN if candidate.id == TUNED else candidate.id
        return edits.choose(old, candidate.model, own, **{**candidate.params, name: value})

    params.params(MODELS[candidate.model], candidate.params, key, change)


def earlier(model: type[R]) -> list[R]:
    """The newest results of a kind of job in this project, which tell what a fit costs here."""
    done = [job for job in jobs.jobs(workspace(), project(), model.KIND) if job.state == "done"]
    results = [result_or_none(model, job) for job in done[:EARLIER]]
    return [result for result in results if result is not None]


def cost(recipe: Recipe, rivals: Sequence[Candidate]) -> Expected:
    """What fitting these candidates on the recipe's folds will take on this machine."""
    return expected(recipe, rivals, paces(earlier(CompareResult)), available_cores())


def cost_words(low: float, high: float, source: str) -> str:
    """The expected cost in one phrase, such as ``10 to 20 s (from earlier runs of this project)``."""
    return f"{_between(low, high)} ({source})"


def _between(low: float, high: float) -> str:
    """A range of seconds as a rough one in the unit of its upper end; a guess is not given to the second."""
    if high < INSTANT:
        return "a few seconds"
    unit, size, _ = next(each for each in UNITS if high < each[2])
    first, last = max(1, math.floor(low / size)), math.ceil(high / size)
    if unit == "s":
        first, last = first - first % 5 or first, math.ceil(last / 5) * 5
    return f"about {last} {unit}" if first == last else f"{first} to {last} {unit}"


def start() -> None:
    """Compare the candidates of the recipe on screen."""
    job_panel.start_clicked("compare", lambda: RecipeSpec(recipe=state.recipe()))


def rows_words(recipe: Recipe) -> str:
    """How the rows will be split, in two sentences; empty where they cannot be."""
    done = row_counts(recipe)
    if done.problem:
        return ""
    scheme, _, repeats = folds_asked(recipe, done.train)
    how = "a hold-out of one tenth" if done.folds == 1 else counted(done.folds, "fold")
    if recipe.with_role("time"):
        how = f"{counted(done.folds, 'step')} forward in time"
    elif scheme == "repeated" and repeats > 1:
        how = f"{counted(done.folds // repeats, 'fold')}, drawn {counted(repeats, 'time')},"
    elif recipe.with_role("group"):
        how += " of whole groups"
    return (
        f":material/lock: {counted(done.test, 'test row', 'stays')} locked. Every model is judged on {how} "
        f"of {counted(done.train, 'training row')}."
    )


def _notes(recipe: Recipe, rivals: Sequence[Candidate]) -> str:
    better = "Higher" if METRICS[recipe.metric].better == "higher" else "Lower"
    lines = [
        f":material/query_stats: {METRICS[recipe.metric].help} {better} is better.",
        f"{rows_words(recipe)} The baseline always takes part.".strip(),
    ]
    changed = [model_words(one) for one in rivals if one.params]
    if changed:
        lines.append(f":material/tune: Not at their defaults: {label('; '.join(changed), 300)}.")
    return "  \n".join(lines)


def draw(recipe: Recipe, busy: bool, primary: bool, able: bool = True) -> None:
    """The card in which a comparison is set up and started.

    Args:
        busy: whether a comparison is under way.
        primary: whether starting one is what the page is for right now.
        able: whether the rows can be split.
    """
    rivals = [one for one in recipe.candidates if one.id != baseline_for(recipe.task)]
    with st.container(border=True, key="models.choice"):
        with st.grid(3, min_column_width=280, gap="medium", key="models.families"):
            metric(recipe)
            for name, models in families(recipe).items():
                _family(recipe, name, models)
        st.caption(_notes(recipe, rivals))
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            guess = cost(recipe, rivals)
            words = cost_words(guess.low, guess.high, guess.words)
            st.caption(f":material/schedule: {counted(len(rivals), 'model')}, {words}.", width="stretch")
            _hyperparameters(recipe)
            clock(recipe, "compare")
            st.button(
                "Compare" if not busy else "Comparing…",
                icon=":material/leaderboard:",
                type="primary" if primary else "secondary",
                key="models.start",
                on_click=start,
                disabled=busy or not rivals or not able,
            )
