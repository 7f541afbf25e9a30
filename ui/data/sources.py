"""Files that people bring: kept as they came, so that they can be read again in another way."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import BinaryIO

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.data.file_formats import FORMATS
from core.data.table import ReadOptions, Table
from core.engine.job_specs import ReadSpec
from core.errors import FoldlineError
from core.store.files.atomic import disk_errors, sha256_of
from ui.frame.session import project, workspace
from ui.jobs import job_panel
from ui.widgets import state

TYPES = tuple(ending for each in FORMATS.values() for ending in each.endings[: each.offered])
KIND, FILE = "source", "source.bin"
_ROUND = "upload.round"


def store(stream: BinaryIO, size: int) -> str:
    """Keep incoming bytes with the project and give their SHA-256 (hex).

    Raises:
        FoldlineError: ``DISK`` when there is no room for them.
    """
    path = workspace().new_upload(project(), size)
    try:
        with disk_errors(path), path.open("wb") as target:
            shutil.copyfileobj(stream, target, 1 << 20)
        source = sha256_of(path)
        if workspace().find_result(project(), KIND, source) is None:
            workspace().put_result(project(), KIND, source, {}, {FILE: path})
    finally:
        path.unlink(missing_ok=True)
    return source


def read(
    source: str,
    name: str,
    options: ReadOptions | None = None,
    skip_bad_lines: bool = False,
    adopt: bool = True,
    target: str = "",
    own: bool = False,
) -> str:
    """Start reading a kept file into the project's table and give the id of the job.

    Args:
        source: what ``store`` gave.
        name: a label, never a path.
        options: how to read; found out when None.
        adopt: whether the recipe moves to it; else it is one more table of the project.
        target: the column that a person wants to predict, when it is read for that.
        own: find out how to read it, though the project has a table that it may go with.

    Raises:
        FoldlineError: ``SOURCE`` when the file is no longer kept, ``ENGINE``.
    """
    kept_file = workspace().find_result(project(), KIND, source)
    if kept_file is None:
        raise FoldlineError("SOURCE", f"The file {name} is no longer kept.", "Load it again.", name)
    spec = ReadSpec(
        path=str(workspace().result_file(project(), kept_file.id, FILE)),
        name=name,
        options=options,
        adopt=adopt,
        keep=True,
        source=source,
        skip_bad_lines=skip_bad_lines,
        target=target,
        own=own,
    )
    return job_panel.start("read", spec)


def is_kept(table: Table) -> bool:
    """Whether the file that a table came from can be read again."""
    return bool(table.source_sha) and workspace().find_result(project(), KIND, table.source_sha) is not None


def read_again(table: Table, options: ReadOptions | None) -> None:
    """Read a table's file in another way; for a button, so a refusal is shown on top of the page.

    Args:
        options: how to read it; None finds them out anew, whatever the table before was read by.
    """
    try:
        read(table.source_sha, table.name, options, own=options is None)
    except FoldlineError as error:
        state.refuse(error)


def without_bad_lines(failed: ReadSpec) -> None:
    """Repeat a reading that failed, leaving out the lines with a wrong number of fields."""
    try:
        read(failed.source, failed.name, skip_bad_lines=True)
    except FoldlineError as error:
        state.refuse(error)


def load(path: Path) -> None:
    """Read a file that ships with the app; for a button."""
    try:
        with path.open("rb") as stream:
            source = store(stream, path.stat().st_size)
        read(source, path.name)
    except FoldlineError as error:
        state.refuse(error)
    st.session_state[_ROUND] = rounds() + 1


def rounds() -> int:
    """How many files this session has loaded; in the key of what must start anew after each."""
    return int(st.session_state.get(_ROUND, 0))


def uploader(text: str) -> None:
    """Draw the box that takes a file; what comes in is stored, read, and dropped from Streamlit's memory."""
    limit = st.get_option("server.maxUploadSize")
    file = st.file_uploader(
        text,
        type=TYPES,
        key=f"upload.{rounds()}",
        help=f"CSV or TSV (also in gzip or zip), Excel, Parquet or JSON lines, up to {limit} MB. "
        "How it is written is found out; you can change that afterwards.",
    )
    if file is not None:
        _take(file)
        st.rerun()


def _take(file: UploadedFile) -> None:
    try:
        read(store(file, file.size), file.name)
    except FoldlineError as error:
        state.refuse(error)
    finally:
        # Streamlit keeps the bytes of an upload until the server ends, whatever happens to the widget.
        context, files = get_script_run_ctx(), get_instance().uploaded_file_mgr
        if context is not None and isinstance(files, MemoryUploadedFileManager):
            files.remove_file(context.session_id, file.file_id)
        st.session_state[_ROUND] = rounds() + 1
