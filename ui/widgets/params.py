"""Widgets for the parameters of a catalog entry, drawn from its Params and bound to the recipe."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.recipe.document import Recipe
from core.spec import Param, Spec, Value
from ui.widgets import state
from ui.widgets.text import words

Change = Callable[[Recipe, str, Value], Recipe]

SLIDER_STEPS = 200


def params(spec: Spec, chosen: Mapping[str, Value], key: str, change: Change) -> None:
    """Draw a widget for each parameter that counts, bound to what was chosen.

    Args:
        spec: the catalog entry.
        chosen: the parameters that differ from their defaults.
        key: unique within the app; prefixes the keys of the widgets.
        change: gives the new recipe from the old one, the name of a parameter and its new value; pure.
    """
    active = spec.active(chosen)
    if not active:
        return
    with st.grid(min(3, len(active)), min_column_width=190, gap="small", key=f"{key}.params"):
        for one in active:
            param(one, chosen.get(one.name, one.default), f"{key}.{one.name}", change, spec.label)


def back_button(name: str, key: str, edit: Callable[[Recipe], Recipe], history: str) -> None:
    """Draw the button that takes choices back to what is usual.

    Args:
        history: what the edit is called there.
    """
    icon = ":material/restart_alt:"
    st.button(name, icon=icon, type="tertiary", key=key, on_click=state.edit, args=(edit, history))


def param(one: Param, value: Value, key: str, change: Change, of: str = "") -> None:
    """Draw the widget of one parameter.

    Args:
        value: what it is now.
        of: what it is a parameter of, for the history.
    """
    about: dict[str, Any] = {
        "label": name_of(one),
        "help": f"{one.help}  \nIn the code: `{one.name}`".strip(),
    }
    title = f"{of}: {name_of(one).lower()}" if of else name_of(one)
    if one.options:
        _options(one, value, key, change, title, about)
    elif isinstance(one.default, bool):
        st.toggle(**about, **_bound(key, value, one, change, title))
    elif isinstance(one.default, int | float):
        _number(one, value, key, change, title, about)
    else:
        st.text_input(**about, **_bound(key, str(value or ""), one, change, title), max_chars=200)


def name_of(one: Param) -> str:
    """What a parameter is called on screen."""
    return one.label or words(one.name)


def option_words(value: Value) -> str:
    """What one option of a parameter is called on screen."""
    return "none" if value is None else str(value).replace("_", " ")


def _bound(key: str, value: Value, one: Param, change: Change, title: str) -> dict[str, Any]:
    return state.bind(key, value, lambda recipe, new: change(recipe, one.name, new), title)


def _options(one: Param, value: Value, key: str, change: Change, title: str, about: dict[str, Any]) -> None:
    # By position: a widget cannot tell the option None from "nothing chosen".
    places = list(range(len(one.options)))
    now = one.options.index(value) if value in one.options else 0
    bound = state.bind(key, now, lambda recipe, new: change(recipe, one.name, one.options[new]), title)
    st.selectbox(options=places, format_func=lambda place: option_words(one.options[place]), **about, **bound)


def _number(one: Param, value: Value, key: str, change: Change, title: str, about: dict[str, Any]) -> None:
    whole = isinstance(one.default, int)
    kind: type = int if whole else float
    number = kind(value if isinstance(value, int | float) else one.default)
    bound = _bound(key, number, one, change, title)
    if one.low is None or one.high is None:
        st.number_input(**about, **bound, step=1 if whole else None)
    elif one.log and one.low > 0:
        st.select_slider(**about, **bound, options=stops(one, number), format_func=lambda v: f"{v:.6g}")
    elif one.high - one.low <= (SLIDER_STEPS if whole else 100):
        step = one.step or (1 if whole else _nice((one.high - one.low) / 100))
        ends = {"min_value": kind(one.low), "max_value": kind(one.high)}
        fine = None if step >= 0.01 else f"%.{max(0, math.ceil(-math.log10(step)))}f"
        st.slider(**about, **bound, **ends, step=kind(step), format=fine)
    else:
        ends = {"min_value": kind(one.low), "max_value": kind(one.high)}
        st.number_input(**about, **bound, **ends, step=1 if whole else None, format="%d" if whole else "%g")


def stops(one: Param, value: float) -> list[float]:
    """The places of a logarithmic slider: round numbers, both ends, the default and the value itself.

    Args:
        one: a number parameter with bounds above zero.
        value: what it is now; always one of the places.
    """
    low, high = float(one.low or 0), float(one.high or 0)
    whole = isinstance(one.default, int)
    decades = math.log10(high / low)
    marks = (1, 2, 5) if decades > 4 else (1, 1.5, 2, 3, 5, 7)
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    marks_at = {float(f"{mark}e{power}") for power in range(first, last + 1) for mark in marks}
    inside = {place for place in marks_at if low <= place <= high} | {low, high, float(value)}
    if isinstance(one.default, int | float):
        inside.add(float(one.default))
    return sorted({int(place) for place in inside} if whole else inside)


def _nice(step: float) -> float:
    """The nearest 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return min((mark * power for mark in (1.0, 2.0, 5.0, 10.0)), key=lambda nice: abs(nice - step))
