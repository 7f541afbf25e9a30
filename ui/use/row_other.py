"""What would have to be different for another answer: the search, asked for with a button."""

from __future__ import annotations

import streamlit as st

from core.results.bundle import Model
from core.results.one_row import Row, RowForm, RowNearest
from core.standalone.counts import counted
from ui.frame.session import own
from ui.use import row_model
from ui.widgets.text import label, visible

_FOUND = "predict.row.nearest"


def other_answer(model: Model, form: RowForm, row: Row, said: float | str) -> Row | None:
    """Draw the search; the row that it found once a person takes it over, else None.

    Args:
        said: what the model says of the row.
    """
    with st.container(border=True, key="predict.other"):
        st.markdown("**What would have to be different?**")
        left, right = st.columns([1, 2], gap="medium", vertical_alignment="bottom")
        with left:
            goal, upwards = _goal(model, form, said)
        names = [field.name for field in form.fields]
        usual = [field.name for field in form.fields if field.kind in ("numeric", "categorical", "boolean")]
        free = right.multiselect(
            "Columns that may change",
            names,
            usual,
            format_func=lambda name: visible(name, 40),
            key=own(f"predict.row.free.{model.result}"),
        )
        if st.button("Find the nearest such row", icon=":material/search:", key="predict.row.find"):
            found = row_model.nearest_to(model, row, free, goal, upwards)
            st.session_state[own(_FOUND)] = (model.result, row, found)
        kept = st.session_state.get(own(_FOUND))
        if kept is None or kept[0] != model.result:
            return None
        _, of, found = kept
        if of != row:
            st.caption("What was found before belongs to another row.")
            return None
        return _shown(found)


def _goal(model: Model, form: RowForm, said: float | str) -> tuple[str | float, bool]:
    if form.task != "regression":
        others = [name for name in form.classes if name != said]
        key = own(f"predict.row.goal.{model.result}.{said}")
        return str(st.selectbox("So that it is", others, format_func=lambda n: visible(n, 40), key=key)), True
    side = st.segmented_control(
        "So that it is",
        ["at least", "at most"],
        default="at least",
        required=True,
        key=own("predict.row.side"),
    )
    key = own(f"predict.row.number.{model.result}")
    usual = float(f"{float(said) * 1.1:.4g}")
    return float(
        st.number_input("Number", value=usual, key=key, label_visibility="collapsed")
    ), side != "at most"


def _shown(found: RowNearest) -> Row | None:
    words = label(found.words, 200)
    if not found.found or found.answer is None:
        st.warning(
            f"No row was found with {words}; {counted(found.tried, 'row')} were tried. That is no proof that "
            "there is none.",
            icon=":material/search_off:",
        )
        return None
    if not found.changes:
        st.info(f"The row as it is has {words} already.", icon=":material/info:")
        return None
    st.markdown(f":green[:material/check_circle:] The nearest row found with {words}:")
    table = [
        {"Column": visible(one.column, 60), "Now": _cell(one.before), "Then": _cell(one.after)}
        for one in found.changes
    ]
    st.dataframe(
        table, hide_index=True, alt="Cells that would have to be different", key="predict.row.changes"
    )
    said = found.answer.prediction
    share = found.answer.shares.get(str(said))
    sure = "" if share is None else f", with a probability of {share:.1%}"
    shown = label(said, 60) if isinstance(said, str) else f"{said:,.6g}"
    st.markdown(
        f"The model then says **{shown}**{sure}. Only the columns above differ; this is what the model would "
        "say, not what would happen."
    )
    for issue in found.answer.issues:
        st.markdown(f":orange[:material/warning:] {label(issue.text, 400)}")
    if st.button("Take this row over", icon=":material/input:", key="predict.row.take"):
        return found.row
    return None


def _cell(cell: object) -> str:
    return "no value" if cell is None else f"{cell:,.6g}" if isinstance(cell, float) else visible(cell, 80)
