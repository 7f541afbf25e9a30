"""The preparation steps: a choice for each stage of each group of kinds, and for single columns."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.catalog.baselines import is_baseline
from core.catalog.models import MODELS
from core.catalog.steps import STAGES, STEPS, group_of, steps_for
from core.plan import automatic, needs_of
from core.recipe.document import AUTO, Choice, ColumnChoice, Recipe
from core.recipe.edits import set_step
from core.recipe.labels import GROUPS
from core.recipe.labels import STAGES as TERMS
from core.spec import Needs, Value
from core.standalone.counts import first_of
from ui.frame import session
from ui.frame.pipeline_strip import UNSAID
from ui.widgets import state
from ui.widgets.params import back_button, params
from ui.widgets.short_names import by_name, shortened
from ui.widgets.text import count, label, words

INHERIT = "inherit"
NAMED = 6
ICONS = {
    "numeric": ":material/123:",
    "categorical": ":material/category:",
    "datetime": ":material/calendar_month:",
    "text": ":material/notes:",
}
STAGE_HELP = {
    "missing": "What stands in for a missing value.",
    "outliers": "What happens to values far from the rest.",
    "transform": "Changes how the values are spread, which helps models that draw straight lines.",
    "scale": "Brings columns to one size, so that none counts more for its unit.",
    "encode": "How categories become numbers that a model can use.",
    "dates": "What of a date becomes columns.",
    "text": "What of a text becomes columns.",
}


def model_shown(recipe: Recipe) -> str:
    """Draw the choice of the model that automatic steps are shown for, and give it."""
    able = list(dict.fromkeys(c.model for c in recipe.candidates if not is_baseline(c.model)))
    if recipe.chosen is not None and recipe.chosen.model not in able:
        able.insert(0, recipe.chosen.model)
    if not able:
        able = [model.id for model in MODELS if recipe.task in model.tasks][:1]
    first = recipe.chosen.model if recipe.chosen is not None else able[0]
    key = session.own("prepare.model")
    if st.session_state.get(key) not in able:
        st.session_state[key] = first
    return st.selectbox(
        "Automatic steps as for",
        able,
        format_func=lambda model: MODELS[model].label,
        key=key,
        persist_state="session",
        help="Automatic steps follow what a model needs. Each model of a comparison gets its own.",
        width=260,
    )


def groups_of(recipe: Recipe) -> dict[str, list[ColumnChoice]]:
    """The input columns by group of kinds, groups without columns left out."""
    by_group: dict[str, list[ColumnChoice]] = {group: [] for group in STAGES}
    for column in recipe.inputs:
        by_group[group_of(column.kind)].append(column)
    return {group: columns for group, columns in by_group.items() if columns}


def groups(recipe: Recipe, model: str) -> None:
    """Draw a card for each group of kinds with a choice for each of its stages."""
    needs = needs_of(recipe, model)
    for group, columns in groups_of(recipe).items():
        with st.container(border=True, key=f"prepare.group.{group}"):
            _head(recipe, group, columns)
            with st.grid(4, min_column_width=200, gap="small"):
                for stage in STAGES[group]:
                    with st.container(gap="small"):
                        _general(recipe, group, stage, columns, needs)


def _head(recipe: Recipe, group: str, columns: Sequence[ColumnChoice]) -> None:
    short = by_name([column.name for column in columns], 30)
    names = first_of([label(short[column.name]) for column in columns], NAMED)
    whole = first_of([label(column.name, 200) for column in columns], NAMED)
    own = sum(column.name in recipe.prepare.columns for column in columns)
    differ = f" · {count(own)} treated differently, see below" if own else ""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(
            f"**{ICONS[group]} {GROUPS[group]}** :small[:gray[{names}{differ}]]",
            width="stretch",
            help=None if whole == names else whole,
        )
        if recipe.prepare.defaults.get(group):
            back_button(
                "Back to automatic",
                f"prepare.auto.{group}",
                lambda old: automatic_again(old, group),
                f"{GROUPS[group].lower()}: automatic again",
            )


def automatic_again(recipe: Recipe, group: str) -> Recipe:
    """The recipe in which every stage of a group of kinds is automatic; single columns keep their own."""
    for stage in recipe.prepare.defaults.get(group, {}):
        recipe = set_step(recipe, group, stage, AUTO)
    return recipe


def auto_words(stage: str, group: str, columns: Sequence[ColumnChoice], needs: Needs) -> list[str]:
    """The steps that ``auto`` means at a stage for these columns."""
    labels = dict.fromkeys(automatic(stage, group, column.levels, needs) for column in columns)
    return ["no change" if step in UNSAID else STEPS[step].label for step in labels]


def _general(recipe: Recipe, group: str, stage: str, columns: Sequence[ColumnChoice], needs: Needs) -> None:
    chosen = recipe.prepare.defaults.get(group, {}).get(stage, Choice())
    automatic_words = auto_words(stage, group, columns, needs)
    several = len(automatic_words) > 1
    _stage(
        group,
        stage,
        "",
        chosen,
        {AUTO: "Automatic: by levels" if several else f"Automatic: {automatic_words[0]}"},
    )
    if several and chosen.spec == AUTO:
        st.caption(f"{' or '.join(automatic_words)}, by the number of levels.")


def _stage(group: str, stage: str, column: str, chosen: Choice, special: dict[str, str]) -> None:
    """The select of a stage with the parameters of what is chosen; ``special`` names what is no step."""
    key = f"prepare.step.{column or group}.{stage}"
    title, about = TERMS[stage], STAGE_HELP[stage]
    place = f"{column or GROUPS[group].lower()}, {title.lower()}"
    named = special | {step.id: step.label for step in steps_for(group, stage)}

    def change(recipe: Recipe, spec: str) -> Recipe:
        return set_step(recipe, group, stage, spec, column)

    st.selectbox(
        title,
        list(named),
        format_func=lambda spec: named.get(spec) or STEPS[spec].label,
        help=about,
        **state.bind(key, chosen.spec, change, place, words=named.values()),
    )
    if chosen.spec in special:
        return
    st.caption(STEPS[chosen.spec].help)

    def set_param(recipe: Recipe, name: str, value: Value) -> Recipe:
        return set_step(recipe, group, stage, chosen.spec, column, **{**chosen.params, name: value})

    params(STEPS[chosen.spec], chosen.params, f"{key}.{chosen.spec}", set_param)


def single_columns(recipe: Recipe, model: str) -> None:
    """Draw what differs for single columns, and the choice of a column that should differ."""
    own = recipe.prepare.columns
    for name, stages in own.items():
        _own(recipe, name, stages)
    names = [column.name for column in recipe.inputs]
    picked = st.selectbox(
        "Column",
        names,
        index=None,
        placeholder="Choose a column",
        format_func=shortened(names, 36),
        key=session.own("prepare.single"),
        persist_state="session",
        help='Its choices win over those of its group. "As the others" takes one back.',
        width=320,
    )
    if picked not in names:
        return
    column = recipe.column(picked)
    group, needs = group_of(column.kind), needs_of(recipe, model)
    with st.grid(4, min_column_width=200, gap="small"):
        for stage in STAGES[group]:
            auto = f"Automatic: {auto_words(stage, group, [column], needs)[0]}"
            special = {INHERIT: f"As the others: {_others(recipe, group, stage)}", AUTO: auto}
            chosen = own.get(picked, {}).get(stage, Choice(spec=INHERIT))
            with st.container(gap="small"):
                _stage(group, stage, picked, chosen, special)


def _others(recipe: Recipe, group: str, stage: str) -> str:
    chosen = recipe.prepare.defaults.get(group, {}).get(stage, Choice()).spec
    return "automatic" if chosen == AUTO else STEPS[chosen].label


def _own(recipe: Recipe, name: str, stages: dict[str, Choice]) -> None:
    used = any(column.name == name for column in recipe.inputs)
    listed = [
        f"{TERMS[stage].lower()}: {'automatic' if c.spec == AUTO else STEPS[c.spec].label}"
        + "".join(f", {words(k).lower()} {v}" for k, v in c.params.items())
        for stage, c in stages.items()
    ]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        note = "" if used else " :gray[(not used now)]"
        st.markdown(f"**{label(name, 200)}**{note} {label('; '.join(listed), 300)}", width="stretch")
        st.button(
            "As the others",
            key=f"prepare.own.{name}",
            icon=":material/close:",
            type="tertiary",
            on_click=state.edit,
            args=(lambda old: as_others(old, name), f"{name}: prepared as the others"),
        )


def as_others(recipe: Recipe, name: str) -> Recipe:
    """The recipe in which a column has no steps of its own."""
    for stage in recipe.prepare.columns.get(name, {}):
        recipe = set_step(recipe, "", stage, INHERIT, name)
    return recipe
