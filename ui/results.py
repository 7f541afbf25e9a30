"""Results of jobs, read once a server process and shared by all sessions."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.engine import jobs
from core.engine.jobs import Job
from ui.space import project, workspace


@st.cache_resource(max_entries=32, show_spinner=False)
def _payload(root: str, project_id: str, result_id: str) -> dict[str, Any]:
    return workspace().result_by_id(project_id, result_id)


def payload(job: Job) -> dict[str, Any]:
    """What a job that is done has found; read it, never change it.

    Raises:
        FoldlineError: what ``core.engine.jobs.result`` raises.
    """
    if job.result_id is None:
        return jobs.result(workspace(), job.project, job.id)
    return _payload(str(workspace().root), job.project, job.result_id)


def newest(kind: str) -> tuple[Job, dict[str, Any]] | None:
    """The newest job of a kind that is done, with what it found; None when there is none."""
    for job in jobs.jobs(workspace(), project(), kind):
        if job.state == "done":
            return job, payload(job)
    return None


def stored(result_id: str) -> dict[str, Any]:
    """The payload of a result of the current project; read it, never change it.

    Raises:
        FoldlineError: ``RESULT`` when the project has none of that id, ``DAMAGED`` when its file was changed.
    """
    return _payload(str(workspace().root), project(), result_id)
