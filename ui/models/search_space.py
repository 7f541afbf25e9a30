"""Where a search may look: one line a hyperparameter, each tied to the recipe."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from core.catalog.models import MODELS
from core.recipe import edits
from core.recipe.document import Candidate, Range, Recipe
from core.spec import Param, Value
from core.train.search_space import checked, default_range
from ui.widgets import state
from ui.widgets.params import back_button, name_of, option_words

WIDTHS = (2.4, 0.9, 1.5, 1.5, 0.9)


def range_of(recipe: Recipe, param: Param) -> Range | None:
    """Where the search looks for a hyperparameter now; None when it is left alone."""
    wanted = recipe.tuning.space.get(param.name, default_range(param))
    return wanted if wanted is None or wanted.options or wanted.low is not None else None


def widest(param: Param) -> Range | None:
    """All that a hyperparameter can take; None when that has no bounds."""
    return default_range(replace(param, tune=True))


def span_words(wanted: Range) -> str:
    """A range in a few words."""
    if wanted.options:
        return ", ".join(option_words(option) for option in wanted.options)
    return f"{wanted.low:g} to {wanted.high:g}"


def space_words(recipe: Recipe, chosen: Candidate) -> str:
    """What is searched, in one line."""
    ranges = [(one, range_of(recipe, one)) for one in MODELS[chosen.model].params]
    listed = [f"{name_of(one)} {span_words(wanted)}" for one, wanted in ranges if wanted is not None]
    return "; ".join(listed) if listed else "nothing yet"


def _change(param: Param, **values: Any) -> Any:
    """An edit that gives the range of a hyperparameter other values; core refuses what it cannot take."""

    def change(old: Recipe, new: Value) -> Recipe:
        before = range_of(old, param) or widest(param) or Range()
        update = {name: (new if value is None else value) for name, value in values.items()}
        return edits.set_range(old, param.name, checked(param, before.model_copy(update=update)))

    return change


def _switch(param: Param, key: str, on: bool) -> None:
    def change(old: Recipe, new: bool) -> Recipe:
        return edits.set_range(old, param.name, widest(param) if new else None)

    st.toggle(
        f"Search {name_of(param)}",
        label_visibility="collapsed",
        disabled=widest(param) is None,
        **state.bind(f"{key}.on", on, change, f"search {name_of(param).lower()}"),
    )


def _ends(param: Param, wanted: Range, key: str, columns: Any) -> None:
    whole = isinstance(param.default, int)
    kind: type = int if whole else float
    for column, end in zip(columns, ("low", "high"), strict=True):
        bound = state.bind(
            f"{key}.{end}",
            kind(getattr(wanted, end)),
            _change(param, **{end: None}),
            f"search {name_of(param).lower()}",
        )
        column.number_input(
            f"{name_of(param)}, {end}",
            min_value=None if param.low is None else kind(param.low),
            max_value=None if param.high is None else kind(param.high),
            step=1 if whole else None,
            format="%d" if whole else "%g",
            label_visibility="collapsed",
            **bound,
        )


def _options(param: Param, wanted: Range, key: str) -> None:
    # By position: a widget cannot tell the option None from "nothing chosen".
    every = (False, True) if isinstance(param.default, bool) else param.options
    places = [place for place, option in enumerate(every) if option in wanted.options]

    def change(old: Recipe, new: list[int]) -> Recipe:
        options = tuple(every[place] for place in sorted(new))
        return edits.set_range(old, param.name, Range(options=options) if options else None)

    st.pills(
        f"{name_of(param)}, values",
        range(len(every)),
        selection_mode="multi",
        format_func=lambda place: option_words(every[place]),
        label_visibility="collapsed",
        **state.bind(f"{key}.options", places, change, f"search {name_of(param).lower()}"),
    )


def _row(recipe: Recipe, chosen: Candidate, param: Param) -> None:
    key, wanted = f"tune.{chosen.model}.{param.name}", range_of(recipe, param)
    name, on, low, high, log = st.columns(WIDTHS, vertical_alignment="center")
    name.markdown(name_of(param), help=f"{param.help}  \nIn the code: `{param.name}`")
    with on:
        _switch(param, key, wanted is not None)
    if wanted is None:
        low.caption(f"stays {option_words(chosen.params.get(param.name, param.default))}")
    elif wanted.options:
        with low.container(width="stretch"):
            _options(param, wanted, key)
    else:
        _ends(param, wanted, key, (low, high))
        log.toggle(
            f"{name_of(param)}, logarithmic",
            label_visibility="collapsed",
            disabled=(wanted.low or 0) <= 0,
            **state.bind(f"{key}.log", wanted.log, _change(param, log=None), "scale of the search"),
        )


def draw(recipe: Recipe, chosen: Candidate) -> None:
    """A line for each hyperparameter of the chosen model: searched or not, and between which ends."""
    heads = ("Hyperparameter", "Search", "From", "To", "Log scale")
    for column, head in zip(st.columns(WIDTHS), heads, strict=True):
        column.caption(head)
    for param in MODELS[chosen.model].params:
        _row(recipe, chosen, param)
    if recipe.tuning.space:
        back_button(
            "Back to the usual ranges",
            "tune.space.reset",
            lambda old: edits.set_tuning(old, space={}),
            "usual search ranges",
        )
