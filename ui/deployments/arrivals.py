"""What comes to a deployment: batches of new rows, and labels for rows that came before."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.deployment.deployment import Batch, Deployment
from core.deployment.folder import DeploymentFolder
from core.deployment.result import RoundResult
from core.engine import jobs
from core.engine.job_specs import KeptFile, RowSource, TableRows
from core.engine.round_specs import DeploymentId, RoundSpec
from core.standalone.counts import counted
from ui.data import sources
from ui.deployments.batch_names import batch_names
from ui.deployments.choice import APP
from ui.frame.session import project, workspace
from ui.jobs import job_panel
from ui.jobs.results import newest_of
from ui.widgets.file_box import intake
from ui.widgets.remembered import remember
from ui.widgets.short_names import numbered
from ui.widgets.text import label, visible

BY_ORDER = "In row order"
BY_KEY = "By a key column"
NO_TABLE = "A file"


def draw(deployment: str, folder: DeploymentFolder, now: Deployment) -> None:
    """Draw the two boxes, and the job that takes in what was given."""
    busy = any(one.kind == "round" for one in jobs.active(workspace(), project()))
    with st.grid(2, min_column_width=320, gap="large", key="deployments.arrivals"):
        with st.container(key="deployments.batch.box"):
            _batch(deployment, busy)
        with st.container(key="deployments.labels.box"):
            _labels(deployment, now, busy)
    job_panel.job_panel("round")
    _told(folder)


def _ask(spec: RoundSpec) -> None:
    job_panel.start_clicked("round", lambda: spec)


def _batch(deployment: str, busy: bool) -> None:
    st.markdown("**New rows**")
    tables = {one.id: one for one in workspace().tables(project())}
    named = numbered({id: f"{visible(t.name, 60)} · {counted(t.rows, 'row')}" for id, t in tables.items()})
    options = ["", *tables]
    picked = st.selectbox(
        "From",
        options,
        format_func=lambda each: named(each) if each else NO_TABLE,
        **remember("deployments.table", "", options),
    )
    if picked:
        st.button(
            "Score this table",
            icon=":material/online_prediction:",
            key="deployments.score",
            type="primary",
            disabled=busy,
            on_click=_ask,
            args=(RoundSpec(at=DeploymentId(deployment=deployment), data=TableRows(table=picked), by=APP),),
        )
        return

    def take(file: UploadedFile) -> None:
        _ask(RoundSpec(at=DeploymentId(deployment=deployment), data=_kept(file), by=APP))

    if busy:
        st.caption("A batch is being looked at; the next one can come when it is done.")
        return
    intake(
        "A file with new rows",
        sources.TYPES,
        "deployments.rows",
        take,
        "It is scored at once and kept. A target column in it counts as labels.",
    )


def _kept(file: UploadedFile) -> RowSource:
    return KeptFile(source=sources.store(file, file.size), name=file.name)


def _labels(deployment: str, now: Deployment, busy: bool) -> None:
    st.markdown("**Labels that came later**")
    waiting = _waiting(now)
    if not waiting:
        st.caption("They go with a batch: score one first.")
        return
    if all(one.labels == one.scored.rows for one in waiting):
        st.caption("Every batch has its labels; those of a file put others in their place.")
    key, batch, is_named = _way(waiting)

    def take(file: UploadedFile) -> None:
        at = DeploymentId(deployment=deployment)
        _ask(RoundSpec(at=at, labels=_kept(file), key=key, batch=batch, by=APP))

    if busy or not is_named:
        st.caption("Name the column first." if not busy else "A batch is being looked at.")
        return
    intake(
        "A file with the target column",
        sources.TYPES,
        "deployments.labels",
        take,
        "Empty cells are labels that have not come yet.",
    )


def _way(waiting: list[Batch]) -> tuple[str, str, bool]:
    """Draw how labels find their rows: the key column, or the batch, and whether that is said."""
    way = st.segmented_control(
        "They find their rows",
        [BY_ORDER, BY_KEY],
        required=True,
        **remember("deployments.way", BY_ORDER, [BY_ORDER, BY_KEY]),
    )
    if way == BY_KEY:
        key = st.text_input(
            "Name of the key column",
            max_chars=200,
            help="A column of both files that names each row, such as an order number.",
            **remember("deployments.key", ""),
        )
        return key, "", bool(key)
    named = batch_names(waiting)
    ids = [one.scored.batch for one in waiting]
    batch = st.selectbox(
        "Batch", ids, format_func=named, **remember("deployments.of", ids[0], ids, map(named, ids))
    )
    return "", str(batch), True


def _waiting(now: Deployment) -> list[Batch]:
    """The batches, the newest first, those that lack labels before the others."""
    newest = reversed(list(now.batches.values()))
    return sorted(newest, key=lambda one: one.labels == one.scored.rows)


def _told(folder: DeploymentFolder) -> None:
    """What the last round of this deployment noticed about the files."""
    done = newest_of(RoundResult)
    if done is None or done[1].folder != str(folder.root):
        return
    for note in done[1].notes:
        st.caption(f":material/info: {label(note.text, 500)}")
