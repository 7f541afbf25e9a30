"""What was packed, predicted and compared in the project, the newest first, to be had again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import pandas as pd
import streamlit as st

from core.engine import jobs
from core.engine.job_specs import DriftSpec, KeptFile, PathFile, PredictSpec, RowSource, TypedRows
from core.engine.job_state import Job
from core.errors import FoldlineError
from core.results.bundle import ExportResult
from core.results.predict import PredictResult
from core.standalone.counts import counted
from core.watch.result import DriftResult
from ui.frame.session import project, workspace
from ui.jobs.results import result_or_none, spec_of
from ui.use.bundle_view import reader
from ui.widgets.text import label, visible

MOST = 50
ONE_LINE, TWO_LINES = 96, 66
"""Letters that fit into one line of the list, and pixels of a row with two (Streamlit wraps from 65 on)."""


def _packed(job: Job) -> tuple[str, str] | None:
    result = result_or_none(ExportResult, job)
    return None if result is None else (f"{result.model}, predicts {result.target}", result.result)


def _predicted(job: Job) -> tuple[str, str] | None:
    result = result_or_none(PredictResult, job)
    if result is None:
        return None
    spec = spec_of(PredictSpec, job)
    rows = f"{counted(result.rows, 'row')}{_of(spec.data) if spec else ''}"
    return f"{rows} by {result.model}", result.result


def _compared(job: Job) -> tuple[str, str] | None:
    result = result_or_none(DriftResult, job)
    if result is None:
        return None
    spec = spec_of(DriftSpec, job)
    rows = f"{counted(result.n_current, 'row')}{_of(spec.current) if spec else ''}"
    return f"{rows}: {result.verdict.text}", result.result


def _of(rows: RowSource) -> str:
    """Where rows came from, to follow their number; empty where nothing names it."""
    if isinstance(rows, KeptFile | PathFile):
        return f" of {rows.name}"
    if isinstance(rows, TypedRows):
        return " typed in"
    try:
        return f" of {workspace().table(project(), rows.table).name}"
    except FoldlineError:
        return ""


KINDS: dict[str, tuple[str, Callable[[Job], tuple[str, str] | None]]] = {
    ExportResult.KIND: ("Packed model", _packed),
    PredictResult.KIND: ("Predictions", _predicted),
    DriftResult.KIND: ("Drift report", _compared),
}
"""Kind of job -> what its result is called, and what tells its words and the id of its files."""


class Taken(NamedTuple):
    """A job that gave something to take away: when, what, in words, and the id of its files."""

    at: datetime
    kind: str
    words: str
    result: str


def _all() -> list[Taken]:
    out = []
    for job in jobs.jobs(workspace(), project()):
        if job.state != "done" or job.kind not in KINDS:
            continue
        kind, tell = KINDS[job.kind]
        facts = tell(job)
        if facts is not None:
            out.append(Taken(datetime.fromtimestamp(job.finished or job.created), kind, *facts))
        if len(out) == MOST:
            break
    return out


def draw() -> None:
    """Draw the list, newest first; the files of the selected one can be loaded again."""
    taken = _all()
    if not taken:
        return
    st.subheader("Models, predictions and drift reports", anchor=False)
    config = st.column_config
    drawn = st.dataframe(
        pd.DataFrame([{"When": one.at, "Kind": one.kind, "What": visible(one.words, 300)} for one in taken]),
        hide_index=True,
        column_config={
            "When": config.DatetimeColumn(format="D MMM YYYY, HH:mm", width=130),
            "Kind": config.TextColumn(width=110),
            "What": config.TextColumn(width=680),
        },
        row_height=TWO_LINES if any(len(one.words) > ONE_LINE for one in taken) else None,
        on_select="rerun",
        selection_mode="single-row",
        key="runs.taken",
        alt=f"{counted(len(taken), 'packed model')}, predictions and drift reports, the newest first",
    )
    picked = [place for place in drawn["selection"]["rows"] if place < len(taken)]
    if picked:
        st.markdown(f"**{taken[picked[0]].kind}**: {label(taken[picked[0]].words, 600)}")
        _files(taken[picked[0]].result)
    else:
        st.caption(":material/info: Select one to load its files again.")


def _files(result: str) -> None:
    names = workspace().result_files(project(), result)
    if not names:
        st.caption(":material/info: Its files gave way to those of a newer one.")
    with st.container(horizontal=True, gap="small", key="runs.taken.files"):
        for name in names:
            st.download_button(
                name,
                reader(result, name),
                name,
                key=f"runs.taken.{name}",
                icon=":material/download:",
                on_click="ignore",
            )
