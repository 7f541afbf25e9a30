"""Which rows are predicted: a file, a table of the project, or one case that is typed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.engine.job_specs import FileForm, KeptFile, PredictSpec, RowSource, TableRows, TypedRows
from core.engine.ways import Way
from core.results.bundle import Model
from core.standalone.counts import counted
from ui.data import sources
from ui.frame.session import own, project, workspace
from ui.jobs import job_panel
from ui.use.bundle_choice import seen
from ui.widgets.file_box import intake
from ui.widgets.remembered import keep, remember, remembered
from ui.widgets.short_names import distinct_names, numbered
from ui.widgets.text import label, visible

MODES: dict[Way, str] = {"file": "A file", "table": "A table of this project", "case": "One case"}
FORMATS: tuple[FileForm, ...] = ("csv", "xlsx", "parquet")
_EDITOR = "predict.case.editor"


def choose(model: Model) -> tuple[Way, RowSource | None]:
    """Draw the choice and give the way and the rows; None while nothing is chosen."""
    mode = st.segmented_control(
        "Rows to predict",
        list(MODES),
        format_func=lambda each: MODES[each],
        required=True,
        **remember("predict.mode", "file", list(MODES)),
    )
    ways: dict[Way, Callable[[], RowSource | None]] = {
        "file": _file,
        "table": _table,
        "case": lambda: _case(model),
    }
    return mode, ways[mode]()


def _file() -> KeptFile | None:
    def take(file: UploadedFile) -> None:
        file_kept = KeptFile(source=sources.store(file, file.size), name=file.name)
        keep("predict.file", file_kept.model_dump())
        keep("predict.go", True)

    intake("A file with new rows", sources.TYPES, "predict.rows", take, "It needs the columns of the model.")
    remembered_file = remembered("predict.file", None)
    if remembered_file is None:
        return None
    file_kept = KeptFile.model_validate(remembered_file)
    st.caption(f":material/draft: {label(file_kept.name, 80)} is kept with the project.")
    return file_kept


def _table() -> TableRows | None:
    tables = {table.id: table for table in workspace().tables(project())}
    if not tables:
        st.caption("There is no table in this project yet; load one on the Data page.")
        return None
    named = numbered(
        {id: (f"{visible(one.name, 60)} · {counted(one.rows, 'row')}") for id, one in tables.items()}
    )
    picked = st.selectbox(
        "Table",
        list(tables),
        format_func=named,
        **remember("predict.table", next(iter(tables)), list(tables), map(named, tables)),
    )
    return TableRows(table=picked)


def _values(model: Model) -> dict[str, str]:
    """The case as typed in so far, started from the model's own first sample row."""
    typed = remembered(f"predict.case.{model.result}", {})
    example = {one.name: _text(model.example.get(one.name), one.kind) for one in model.inputs}
    return {name: typed.get(name, text) for name, text in example.items()}


def _text(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value).removesuffix("T00:00:00") if kind == "datetime" else str(value)


def _edited(owner: str, key: str, model: Model) -> None:
    if owner != project():
        return
    changes = st.session_state[key]["edited_rows"]
    values = _values(model)
    names = list(values)
    new = {names[int(row)]: str(cells["Value"] or "") for row, cells in changes.items() if "Value" in cells}
    if any(values[name] != text for name, text in new.items()):
        keep(f"predict.case.{model.result}", {**values, **new})


def _case(model: Model) -> TypedRows:
    values = _values(model)
    table = pd.DataFrame(
        {
            "Column": distinct_names(values, 40),
            "Value": list(values.values()),
            "Seen in training": [visible(seen(one), 80) for one in model.inputs],
        }
    )
    key = own(_EDITOR)
    st.data_editor(
        table,
        hide_index=True,
        disabled=["Column", "Seen in training"],
        key=key,
        on_change=_edited,
        args=(project(), key, model),
        height=min(420, 40 + 35 * len(table)),
        column_config={"Value": st.column_config.TextColumn(help="Empty means that it is not known.")},
    )
    kinds = {one.name: one.kind for one in model.inputs}
    return TypedRows(rows={name: [_typed(text, kinds[name])] for name, text in values.items()})


def _typed(text: str, kind: str) -> float | str | None:
    if not text.strip():
        return None
    if kind != "numeric":
        return text
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def start(result: str, data: RowSource | None, with_input: bool) -> None:
    """Predict the chosen rows with the stored bundle of that id; for a button, and when a file comes in."""
    if data is None:
        return
    formats = ("csv",) if isinstance(data, TypedRows) else FORMATS
    spec = PredictSpec(result=result, data=data, formats=formats, with_input=with_input)
    job_panel.start_clicked("predict", lambda: spec)


def differences(then: PredictSpec, result: str, data: RowSource | None, with_input: bool) -> tuple[str, ...]:
    """What is different from an earlier prediction, in words; empty when the same is asked.

    Args:
        result: id of the stored bundle that is chosen now.
        data: the rows that are chosen now.
        with_input: whether the files are to hold the given columns.
    """
    words = []
    if then.result != result:
        words.append("another model")
    if then.data != data:
        words.append("other rows" if data else "rows that are no longer chosen")
    if not isinstance(data, TypedRows) and then.with_input != with_input:
        words.append("columns in the files")
    return tuple(words)
