"""The feature steps of the recipe, the choice of a new one, and the selection of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.catalog.features import FEATURES
from core.catalog.selectors import selectors_for
from core.recipe.document import Choice, FeatureStep, Recipe
from core.recipe.edits import add_feature, remove_feature, set_feature, set_selection
from core.results.preview import PreviewResult
from core.spec import Feature, Kind, Selector, Value
from core.standalone.counts import first_of
from ui.frame.session import own
from ui.prepare import preview
from ui.widgets import state
from ui.widgets.params import name_of, option_words, params
from ui.widgets.short_names import distinct_names, shortened
from ui.widgets.text import label

SHOWN = 6


def cards(recipe: Recipe, shown: PreviewResult | None) -> None:
    """Draw a card for each feature step: its parameters, and what it makes of some rows.

    Args:
        shown: a preview, or None while there is none.
    """
    if not recipe.features:
        st.caption("No feature is added: the model learns from the columns as they are prepared.")
        return
    with st.grid(2, min_column_width=340, gap="small", key="features.cards"):
        for step in recipe.features:
            with st.container(border=True, height="stretch", gap="small"):
                _card(step)
                if shown is not None:
                    preview.made_by(shown, step.id, step.columns)


def _card(step: FeatureStep) -> None:
    spec = FEATURES[step.spec]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="top"):
        st.markdown(f"**{spec.label}**  \n:small[{inputs_words(step)}]", width="stretch")
        st.button(
            "",
            icon=":material/delete:",
            key=f"feature.remove.{step.id}",
            type="tertiary",
            help="Remove this feature",
            on_click=state.edit,
            args=(lambda old: remove_feature(old, step.id), f"feature removed: {spec.label.lower()}"),
        )

    def change(recipe: Recipe, name: str, value: Value) -> Recipe:
        return set_feature(recipe, step.id, **{name: value})

    params(spec, step.params, f"feature.{step.id}", change)


def inputs_words(step: FeatureStep) -> str:
    """The input columns of a step, escaped, in a way that tells which is which."""
    names = [label(name) for name in distinct_names(step.columns, 40)]
    spec = FEATURES[step.spec]
    if spec.phrase and len(names) == len(spec.titles):
        return spec.phrase.format(*names)
    return first_of(names, SHOWN)


def adder(recipe: Recipe) -> None:
    """Draw the choice of a new feature step: what, from which columns."""
    with st.container(border=True, key="features.add"):
        st.markdown("**Add a feature**")
        able = [spec.id for spec in FEATURES if _possible(recipe, spec)]
        picked = st.selectbox(
            "What",
            able,
            format_func=lambda each: FEATURES[each].label,
            key=own("features.what"),
            persist_state="session",
            label_visibility="collapsed",
        )
        if picked is None:
            st.caption("No column can take part in a feature.")
            return
        spec = FEATURES[picked]
        st.caption(spec.help)
        columns, chosen = _columns(recipe, spec), _choices(spec)
        again = any(
            (step.spec, step.columns, spec.values(step.params)) == (spec.id, columns, spec.values(chosen))
            for step in recipe.features
        )
        ready = len(set(columns)) == len(columns) >= spec.inputs[0] and not again
        st.button(
            "Add",
            icon=":material/add:",
            type="primary",
            key="features.add.go",
            disabled=not ready,
            on_click=_add,
            args=(spec, columns, chosen),
        )
        if again:
            st.caption("This feature is there already; change its parameters on its card.")


def _choices(spec: Feature) -> dict[str, Value]:
    """Draw what is chosen from a list before a feature is added, such as its operation; what is not usual."""
    able = [one for one in spec.params if one.options]
    chosen: dict[str, Value] = {}
    for one in able:
        value = st.selectbox(
            name_of(one),
            one.options,
            index=one.options.index(one.default),
            format_func=option_words,
            key=own(f"features.param.{spec.id}.{one.name}"),
            help=one.help,
            width=320,
        )
        if value != one.default:
            chosen[one.name] = value
    return chosen


def _add(spec: Feature, columns: tuple[str, ...], chosen: dict[str, Value]) -> None:
    state.edit(
        lambda old: add_feature(old, spec.id, columns, **chosen),
        f"feature added: {spec.label.lower()} of {', '.join(columns)}",
    )
    # Setting the value empties the field; a key that is only removed comes back with what the browser shows.
    empty: dict[str, Any] = {
        own(f"features.columns.{spec.id}"): [],
        **{own(f"features.column.{spec.id}.{n}"): None for n in range(2)},
    }
    for key in empty.keys() & set(st.session_state):
        st.session_state[key] = empty[key]


def fitting(recipe: Recipe, kinds: Sequence[Kind]) -> list[str]:
    """The columns of these kinds that a feature may be computed from, also those that are left out."""
    return [column.name for column in recipe.columns if column.kind in kinds and column.name != recipe.target]


def _kinds(spec: Feature) -> tuple[tuple[Kind, ...], ...]:
    return spec.input_kinds or (spec.kinds,) * spec.inputs[1]


def _possible(recipe: Recipe, spec: Feature) -> bool:
    least = spec.inputs[0]
    if spec.input_kinds:
        return all(fitting(recipe, kinds) for kinds in spec.input_kinds)
    return len(fitting(recipe, spec.kinds)) >= least


def _columns(recipe: Recipe, spec: Feature) -> tuple[str, ...]:
    least, most = spec.inputs
    if most > 2:
        names = fitting(recipe, spec.kinds)
        chosen = st.multiselect(
            f"Columns, {least} to {most}",
            names,
            format_func=shortened(names, 60),
            key=own(f"features.columns.{spec.id}"),
            max_selections=most,
        )
        return tuple(chosen)
    inputs = []
    with st.grid(2, min_column_width=200, gap="small"):
        for place, (title, kinds) in enumerate(zip(spec.titles, _kinds(spec), strict=False)):
            inputs.append(
                st.selectbox(
                    title,
                    able := fitting(recipe, kinds),
                    index=None,
                    placeholder="Choose a column",
                    format_func=shortened(able, 44),
                    key=own(f"features.column.{spec.id}.{place}"),
                )
            )
    return tuple(name for name in inputs if name is not None)


def selection(recipe: Recipe) -> None:
    """Draw the ways to keep only some of the prepared columns."""
    chosen: Mapping[str, Choice] = {choice.spec: choice for choice in recipe.selection}
    with st.grid(2, min_column_width=340, gap="small", key="features.selection"):
        for selector in selectors_for(recipe.task):
            with st.container(border=True, height="stretch", gap="small"):
                _selector(selector, chosen.get(selector.id))


def _selector(selector: Selector, choice: Choice | None) -> None:
    st.toggle(
        selector.label,
        **state.bind(
            f"selection.{selector.id}",
            choice is not None,
            lambda old, on: set_selection(old, selector.id, on),
            f"selection: {selector.label.lower()}",
        ),
    )
    st.caption(selector.help)
    if choice is None:
        return

    def change(recipe: Recipe, name: str, value: Value) -> Recipe:
        return set_selection(recipe, selector.id, True, **{**choice.params, name: value})

    params(selector, choice.params, f"selection.{selector.id}", change)
