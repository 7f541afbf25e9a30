"""The form of one row: a slider or a list a column, with the answer along the column below it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from core.digits import number
from core.results.one_row import Cell, Row, RowCurve, RowField, RowForm
from core.standalone.rows.checks import span
from ui.frame.session import own
from ui.widgets.text import visible

FIRST = 15
"""Columns that are shown; the others are folded."""
KEY = "predict.row"
_PARTS = Path(__file__).parent / "assets"
_FIELDS = st.components.v2.component(
    "foldline_row_form",
    html='<div class="form"></div>\n',
    css=(_PARTS / "row_form.css").read_text(encoding="utf-8"),
    js=(_PARTS / "row_form.js").read_text(encoding="utf-8"),
)


def changed_row(form: RowForm, row: Row, start: str) -> tuple[Row, int]:
    """The row as the browser has it by now, and the number of its message; what is no cell is left out.

    Args:
        start: names the row that the form began with: what belongs to another one is not heard.
    """
    sent = dict(st.session_state.get(own(KEY)) or {}).get("row") or {}
    if not isinstance(sent, Mapping) or sent.get("start") != start:
        return row, 0
    values = sent.get("values")
    given = values if isinstance(values, Mapping) else {}
    cells = {field.name: given.get(_id(place), row[field.name]) for place, field in enumerate(form.fields)}
    kept = {name: cell if _is_cell(cell) else row[name] for name, cell in cells.items()}
    message = sent.get("sent")
    return kept, message if isinstance(message, int) else 0


def _is_cell(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _id(place: int) -> str:
    """A field by its place: names of data are no keys of an object in the browser."""
    return f"f{place}"


def fields(form: RowForm, row: Row, start: str, sent: int, curves: Mapping[str, RowCurve]) -> None:
    """Draw the form.

    Args:
        start: names the row that it began with; another one sets all fields.
        sent: number of the browser's message that this answers.
        curves: column -> the answer along it.
    """
    drawn = [_facts(place, field) for place, field in enumerate(form.fields)]
    ids = {field.name: _id(place) for place, field in enumerate(form.fields)}
    sign = hashlib.sha256(repr(drawn).encode()).hexdigest()[:16]
    _FIELDS(
        key=own(KEY),
        data={
            "sign": sign,
            "start": start,
            "sent": sent,
            "first": FIRST,
            "fields": drawn,
            "values": {ids[name]: _shown(row[name], name, form) for name in ids},
            "curves": {
                ids[field.name]: _curve(field, curves[field.name], row[field.name])
                for field in form.fields
                if field.name in curves
            },
        },
        on_row_change=lambda: None,
    )


def _shown(cell: Cell, name: str, form: RowForm) -> Cell:
    """A cell as its field takes it: a day without its time."""
    kind = next(field.kind for field in form.fields if field.name == name)
    return cell[:10] if kind == "datetime" and isinstance(cell, str) else cell


def _facts(place: int, field: RowField) -> dict[str, Any]:
    has_range = field.kind == "numeric" and field.low is not None and field.high != field.low
    kind = "number" if has_range else "date" if field.kind == "datetime" else "text"
    if field.levels and not field.more:
        kind = "level"
    numbers = field.kind == "numeric" or isinstance(field.typical, float)
    return {
        "id": _id(place),
        "name": visible(field.name, 60),
        "help": visible(_seen(field), 300),
        "kind": kind,
        "low": field.low,
        "high": field.high,
        "step": field.step,
        "numbers": numbers,
        "levels": [
            {"value": f"{float(level):.17g}" if numbers else level, "shown": visible(level, 60)}
            for level in field.levels
        ],
    }


def _seen(field: RowField) -> str:
    """What training had in a column."""
    if field.levels:
        more = ", and others that the bundle does not tell" if field.more else ""
        return f"{field.name}: {', '.join(field.levels[:12])}{' …' if len(field.levels) > 12 else ''}{more}"
    if field.low is None or field.high is None:
        return f"{field.name}: the bundle tells no values"
    return f"{field.name}: {span(field.low, field.high)} in training"


def _curve(field: RowField, curve: RowCurve, now: Cell) -> dict[str, Any]:
    """A curve as the form draws it: places from 0 to 1 along a slider, or names of bars."""
    here = next((i for i, cell in enumerate(curve.at) if cell == now), -1)
    said = [_number(value, curve) for value in curve.answers]
    facts: dict[str, Any] = {"answers": curve.answers, "here": here, "said": said}
    if curve.answers:
        facts["words"] = f"{_span(curve)} along this column"
    if field.levels or field.low is None or isinstance(field.low, str):
        return facts | {"names": [visible(cell, 40) for cell in curve.at]}
    low, high = float(field.low), float(str(field.high))
    places = [(float(cell) - low) / (high - low) for cell in curve.at if cell is not None and high > low]
    return facts | {"places": [min(1.0, max(0.0, place)) for place in places]}


def _span(curve: RowCurve) -> str:
    low, high = _number(min(curve.answers), curve), _number(max(curve.answers), curve)
    return low if low == high else f"{low} to {high}"


def _number(value: float, curve: RowCurve) -> str:
    return f"{value:.1%}" if curve.of else number(value)
