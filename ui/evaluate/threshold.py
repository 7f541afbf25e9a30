"""Choosing the probability from which a row is called positive, from tables that were computed before."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import streamlit as st

from core.digits import fixed, times
from core.evaluate.threshold import total_cost
from core.recipe import edits, usage_edits
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.results.evaluate import Curves, EvaluateResult, Judged
from ui import charts
from ui.evaluate.test_curves import pictures
from ui.frame.theme import palette
from ui.widgets import state
from ui.widgets.remembered import keep, remember
from ui.widgets.text import count, label

TABLES = {"validation_thresholds": "Validation rows", "thresholds": "Test rows"}
HALF = 0.5
AT = "evaluate.threshold.value"
APART = 1e-5
"""Relative distance from which thresholds are not the same; tables store six digits of them."""


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=APART)


def _use(value: float | None) -> None:
    words = "threshold back to 0.5" if value is None else f"threshold {value:g}"
    state.edit(lambda recipe: edits.set_threshold(recipe, value), words)


def _source(curves: Curves) -> str:
    able = [name for name in TABLES if getattr(curves, name)]
    if len(able) == 1:
        return able[0]
    return st.segmented_control(
        "Judged on",
        able,
        format_func=lambda name: TABLES[name],
        required=True,
        help="Validation rows were predicted by models that had not seen them, in the comparison: choosing "
        "on them leaves the test set honest.",
        **remember("evaluate.threshold.rows", able[0], able),
    )


def draw(recipe: Recipe, result: Judged) -> None:
    """The slider, what each place of it gives, and the button that takes it."""
    curves = result.curves
    now = HALF if recipe.threshold is None else recipe.threshold
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        source = _source(curves)
        table = pd.DataFrame(getattr(curves, source))
        places = table["threshold"].tolist()
        at = st.select_slider(
            "Threshold",
            places,
            format_func=lambda place: f"{place:g}",
            help="A row is called positive from this probability on.",
            **remember(AT, min(places, key=lambda place: abs(place - now)), places),
        )
    row = table.iloc[places.index(at)]
    _numbers(row, TABLES[source].lower())
    if source == "validation_thresholds" and isinstance(result, EvaluateResult):
        _say_rounds(result.validation_rounds)
    if not any(_same(now, place) for place in places):
        st.caption(f"{now:g}, from which the model calls rows positive, was not counted when this was made.")
    pair = pictures("evaluate.threshold.pictures")
    with pair, st.container(border=True, height="stretch"):
        charts.draw(charts.threshold(table, palette(), at), "Scores by threshold", "evaluate.threshold")
    with pair, st.container(border=True, height="stretch"):
        matrix = np.array([[row["tn"], row["fp"]], [row["fn"], row["tp"]]])
        charts.draw(
            charts.confusion(matrix, result.classes, palette()),
            "Confusion matrix at this threshold",
            "evaluate.threshold.matrix",
        )
    costs(recipe, table, row)
    honest = _honest(source, _is_measured(recipe, result, at))
    _take(result.classes[-1], at, now, recipe.threshold is not None, honest)


def _numbers(row: pd.Series, rows: str) -> None:
    predicted = row["tp"] + row["fp"]
    with st.grid(4, min_column_width=150, gap="small", key="evaluate.threshold.numbers"):
        st.metric(
            "Precision", _percent(row["precision"]), help="Of the rows called positive, the share that are."
        )
        st.metric("Recall", _percent(row["recall"]), help="Of the positive rows, the share that is found.")
        st.metric("F1", f"{row['f1']:.3f}", help="Balance of precision and recall.")
        st.metric("Predicted positive", count(predicted), help="Rows that would be called positive.")
    total = predicted + row["tn"] + row["fn"]
    folds = " taken together; a mean of the folds is another number" if rows == "validation rows" else ""
    st.caption(f"At this threshold, on all {count(total)} {rows}{folds}.")


def _say_rounds(rounds: int) -> None:
    """Say that a table of an earlier version counts rows of repeated folds once a round."""
    if rounds > 1:
        st.caption(
            f":material/info: An earlier version made this table and counts each row {times(rounds)}, once "
            "a round of folds: numbers of rows and costs are so many times too high, shares are not. It is "
            "made anew when the test set is opened again."
        )


def _percent(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.1%}"


def costs(recipe: Recipe, table: pd.DataFrame, row: pd.Series) -> None:
    """What mistakes cost, and where they cost least; only when asked for."""
    shown = st.expander(
        "What mistakes cost", icon=":material/payments:", on_change="rerun", key="evaluate.costs"
    )
    if not shown.open:
        return
    with shown, st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        alarm = _cost(recipe, "A false alarm costs", "false_alarm")
        miss = _cost(recipe, "A missed positive costs", "miss")
        total = total_cost(table, alarm, miss)
        best = float(table["threshold"].iloc[int(total.argmin())])
        here = float(total[row.name])
        places = 0 if alarm.is_integer() and miss.is_integer() else 2
        st.metric(
            "Cost here",
            fixed(here, places),
            delta=f"lowest {fixed(total.min(), places)} at {best:g}",
            delta_color="off",
            delta_arrow="off",
        )
        st.button(
            f"Move to {best:g}",
            key="evaluate.cost.move",
            on_click=keep,
            args=(AT, best),
            disabled=_same(best, row["threshold"]),
        )


def _cost(recipe: Recipe, text: str, name: str) -> float:
    """Draw what one kind of mistake costs, tied to the recipe, and give it."""
    bound = state.bind(
        f"evaluate.cost.{name}",
        getattr(recipe.costs, name),
        lambda old, value: usage_edits.set_costs(old, **{name: value}),
        "costs of mistakes",
    )
    return st.number_input(text, min_value=0.0, step=1.0, **bound)


def _take(positive: str, at: float, now: float, is_chosen: bool, honest: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f"The model calls **{label(positive, 40)}** from **{now:g}** on. {honest}", width="stretch"
        )
        if is_chosen:
            st.button(
                "Back to 0.5", key="evaluate.threshold.half", on_click=_use, args=(None,), type="tertiary"
            )
        st.button(
            "Use this threshold",
            icon=":material/check:",
            key="evaluate.threshold.use",
            on_click=_use,
            args=(float(at),),
            disabled=_same(at, now),
        )


def _is_measured(recipe: Recipe, result: Judged, at: float) -> bool:
    """Whether the scores beside are those of this threshold on the opened test set."""
    now = HALF if recipe.threshold is None else recipe.threshold
    is_of_now = result.fingerprint == fingerprint(recipe, "fit")
    return isinstance(result, EvaluateResult) and is_of_now and _same(at, now)


def _honest(source: str, is_measured: bool) -> str:
    if source == "thresholds":
        return (
            ":orange[:material/warning:] Choosing here fits the threshold to the test rows: "
            "their precision and recall will look a little better than they are."
        )
    if is_measured:
        return "The scores on the test set are those of this threshold."
    return (
        "Chosen on validation rows, so the test set stays honest: what this threshold gives there is shown "
        "when you open it next."
    )
