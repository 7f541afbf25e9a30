"""Which rows are predicted: a file, a table of the project, or one case."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.engine.job_specs import FileForm, KeptFile, PredictSpec, RowSource, TableRows
from core.engine.ways import Way
from core.standalone.counts import counted
from ui.data import sources
from ui.frame.session import project, workspace
from ui.jobs import job_panel
from ui.widgets.file_box import intake
from ui.widgets.remembered import keep, remember, remembered
from ui.widgets.short_names import numbered
from ui.widgets.text import label, visible

MODES: dict[Way, str] = {"file": "A file", "table": "A table of this project", "case": "One case"}
FORMATS: tuple[FileForm, ...] = ("csv", "xlsx", "parquet")


def choose() -> tuple[Way, RowSource | None]:
    """Draw the choice and give the way and the rows; None while nothing is chosen, and of one case."""
    mode = st.segmented_control(
        "Rows to predict",
        list(MODES),
        format_func=lambda each: MODES[each],
        required=True,
        **remember("predict.mode", "file", list(MODES)),
    )
    ways: dict[Way, Callable[[], RowSource | None]] = {"file": _file, "table": _table}
    return mode, ways[mode]() if mode in ways else None


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


def start(result: str, data: RowSource | None, with_input: bool) -> None:
    """Predict the chosen rows with the stored bundle of that id; for a button, and when a file comes in."""
    if data is None:
        return
    spec = PredictSpec(result=result, data=data, formats=FORMATS, with_input=with_input)
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
    if then.with_input != with_input:
        words.append("columns in the files")
    return tuple(words)
