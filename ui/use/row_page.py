"""One case on screen: the answer while a slider moves, why, and what would have to be different."""

from __future__ import annotations

import json
import shlex
from typing import Literal

import streamlit as st

from core.results.bundle import Model
from core.results.one_row import Row, RowAnswer, RowForm, RowWhy
from core.standalone.counts import counted, first_of
from ui import charts
from ui.frame.errors import errors_shown
from ui.frame.session import own
from ui.frame.theme import palette
from ui.use import row_form, row_model
from ui.use.row_other import other_answer
from ui.widgets.remembered import keep, remember, remembered
from ui.widgets.text import label, visible

LOOKS = {"warn": ":orange[:material/warning:]", "info": ":gray[:material/info:]"}
MOST_BARS, MOST_CLASSES = 12, 10
FORM_HEIGHT, FITTING = 960, 7
"""Of the form in pixels, from more columns on than fit into it."""
TYPICAL, CHANGED = "typical", "changed"


def show(model: Model) -> None:
    """Draw the form of a model and what it says of the row in it."""
    with errors_shown():
        form = row_model.form_of(model)
        _live(model, form)


@st.fragment
def _live(model: Model, form: RowForm) -> None:
    """All that changes with the row; the number comes first, then what takes longer."""
    with errors_shown():
        first, start = _start(model, form)
        row, sent = row_form.changed_row(form, first, start)
        left, right = st.columns([6, 5], gap="medium")
        with right:
            answer = row_model.answer_of(model, row)
            _said(model, form, answer)
        curves = row_model.curves_of(model, row, [field.name for field in form.fields[: row_form.FIRST]])
        height: int | Literal["content"] = FORM_HEIGHT if len(form.fields) > FITTING else "content"
        with left, st.container(height=height, border=True, key="predict.row.form"):
            row_form.fields(form, row, start, sent, curves)
        with right:
            why = row_model.why_of(model, row)
            _reasons(why)
            _take_away(row, answer, why)
        st.caption(
            f"Columns in the order of {label(form.ranked_by, 120)}. Lines and bars below a column show the "
            "answer along it while all others stay. Typical and average rows are "
            f"{label(form.basis, 200)}."
        )
        taken = other_answer(model, form, row, answer.prediction)
        if taken is not None:
            _adopt(model, taken)
        if sent:
            keep(f"predict.case.{model.result}", row)


def _adopt(model: Model, row: Row) -> None:
    """Begin again with a row."""
    times = remembered("predict.row.times", 0) + 1
    keep(f"predict.case.{model.result}", row)
    keep("predict.row.times", times)
    keep("predict.row.start", CHANGED)
    st.rerun(scope="fragment")


def _start(model: Model, form: RowForm) -> tuple[Row, str]:
    """The row that the form begins with, and its name, which stays while the row is changed."""
    kept = remembered(f"predict.case.{model.result}", None)
    names = {field.name for field in form.fields}
    left = kept if isinstance(kept, dict) and set(kept) == names else None
    plain = "0" if form.rows else TYPICAL
    usual = st.session_state.setdefault(own(f"predict.row.usual.{model.result}"), CHANGED if left else plain)
    is_left = CHANGED in (usual, remembered("predict.row.start", usual)) and left is not None
    options = [TYPICAL, *(str(place) for place in range(len(form.rows))), *([CHANGED] if is_left else [])]
    chosen = st.selectbox(
        "Start from",
        options,
        format_func=_named,
        help="Typical: medians and commonest levels. Rows are of the training data, as far as the bundle "
        "holds any.",
        **remember("predict.row.start", usual if usual in options else plain, options, map(_named, options)),
    )
    name = f"{model.result}.{chosen}.{remembered('predict.row.times', 0)}"
    if chosen == CHANGED and left is not None:
        return left, name
    return form.rows[int(chosen)] if chosen.isdigit() else form.typical, name


def _named(option: str) -> str:
    if option == TYPICAL:
        return "A typical row"
    return "The row as it was left" if option == CHANGED else f"Training row {int(option) + 1}"


def _said(model: Model, form: RowForm, answer: RowAnswer) -> None:
    with st.container(border=True, key="predict.one"):
        said = answer.prediction
        text = visible(said, 60) if isinstance(said, str) else f"{said:,.6g}"
        st.metric(label(f"{model.target} is predicted to be", 100), text)
        for name, share in sorted(answer.shares.items(), key=lambda pair: -pair[1])[:MOST_CLASSES]:
            st.progress(min(1.0, share), text=f"{label(name, 60)} :small[{share:.1%}]")
        if answer.low is not None and answer.high is not None:
            st.markdown(f"from **{answer.low:,.6g}** to **{answer.high:,.6g}**")
            st.caption(label(answer.interval, 600))
        if form.no_interval:
            st.caption(label(form.no_interval, 300))
        if not answer.issues:
            st.markdown(
                ":green[:material/check_circle:] Nothing odd: each value lies in the rounded ranges and "
                "levels of training, and no two numbers are unusual together."
            )
        texts = [field.name for field in form.fields if field.kind == "text"]
        if texts:
            names = first_of([label(name, 60) for name in texts], 3, "column")
            st.caption(f"The words of {names} are not looked at: they may all be unknown to the model.")
        for issue in answer.issues:
            st.markdown(f"{LOOKS.get(issue.severity, LOOKS['info'])} {label(issue.text, 400)}")


def _reasons(why: RowWhy) -> None:
    with st.container(border=True, key="predict.why"):
        st.markdown(f"**Why** :small[in {label(why.scale, 120)}]")
        shown, rest = why.parts[:MOST_BARS], why.parts[MOST_BARS:]
        names = [f"{part.column} = {_value(part.value)}" for part in shown]
        amounts = [part.amount for part in shown]
        errors = [part.error or 0.0 for part in shown] if any(p.error is not None for p in shown) else None
        if rest:
            names.append(counted(len(rest), "other column"))
            amounts.append(sum(part.amount for part in rest))
            errors = None if errors is None else [*errors, 0.0]
        figure = charts.contributions(names, amounts, errors, palette(), "")
        charts.draw(figure, "What each column adds to the answer", "predict.why.bars")
        adds = ":green[:material/check:] Adds up" if why.adds_up else ":red[:material/error:] Does not add up"
        st.caption(
            f"{adds}: {why.base:,.6g} ({label(why.begins, 160)}) and all columns "
            f"{sum(part.amount for part in why.parts):+,.6g} make {why.output:,.6g}, off by "
            f"{abs(why.gap):.0e}.  \n{label(why.method, 300)}."
            + ("  \nWhiskers: twice the standard error of how the sum is shared." if errors else "")
        )


def _value(cell: object) -> str:
    return "no value" if cell is None else f"{cell:,.6g}" if isinstance(cell, float) else str(cell)


def _take_away(row: Row, answer: RowAnswer, why: RowWhy) -> None:
    with st.expander("Take it away", icon=":material/terminal:"):
        st.code(
            f"python -m core predict bundle.zip --why --row {shlex.quote(json.dumps(row))}", language=None
        )
        whole = {"row": row, **answer.model_dump(mode="json"), "why": why.model_dump(mode="json")}
        st.download_button(
            "one_row.json",
            json.dumps(whole, indent=1),
            "one_row.json",
            "application/json",
            key=own("predict.row.json"),
            icon=":material/download:",
            on_click="ignore",
        )
