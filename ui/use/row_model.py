"""The model behind the form of one row: asked in a process of its own, in the project's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.engine.residents import Residents
from core.results.bundle import Model
from core.results.one_row import Row, RowAnswer, RowCurve, RowForm, RowNearest, RowWhy
from core.store.models import BUNDLE
from ui.frame.session import project, workspace

_RESIDENTS = Residents()
_FORM = "foldline.row.form"


def _asked(model: Model, question: Mapping[str, Any]) -> dict[str, Any]:
    return _RESIDENTS.ask(workspace().result_file(project(), model.result, BUNDLE), question)


def form_of(model: Model) -> RowForm:
    """The form of a model; asked for once in a session."""
    kept: dict[str, RowForm] = st.session_state.setdefault(_FORM, {})
    if model.result not in kept:
        with st.spinner("Loading the model into a process of its own"):
            kept[model.result] = RowForm.model_validate(_asked(model, {"what": "form"}))
    return kept[model.result]


def answer_of(model: Model, row: Row) -> RowAnswer:
    """What it says of a row."""
    return RowAnswer.model_validate(_asked(model, {"what": "answer", "row": row}))


def why_of(model: Model, row: Row) -> RowWhy:
    """Why."""
    return RowWhy.model_validate(_asked(model, {"what": "why", "row": row}))


def curves_of(model: Model, row: Row, columns: Sequence[str]) -> dict[str, RowCurve]:
    """The answer along some columns."""
    found = _asked(model, {"what": "curves", "row": row, "columns": list(columns)})["curves"]
    return {curve.column: curve for curve in map(RowCurve.model_validate, found)}


def nearest_to(model: Model, row: Row, free: Sequence[str], goal: str | float, upwards: bool) -> RowNearest:
    """The nearest row with that answer."""
    question = {"what": "nearest", "row": row, "free": list(free), "goal": goal, "upwards": upwards}
    return RowNearest.model_validate(_asked(model, question))
