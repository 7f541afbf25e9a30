"""A running job on screen: progress while it works, one full run of the page when it has ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.engine import jobs
from core.engine.client import ensure_server
from core.engine.job_kinds import job_kind
from core.engine.job_specs import JobSpec
from core.engine.job_state import Job
from core.errors import FoldlineError
from ui.frame.errors import errors_shown, show_error
from ui.frame.session import project, workspace
from ui.widgets import state
from ui.widgets.text import count, duration, label

EVERY = 1.0


def name_of(kind: str) -> str:
    """What a kind of job is called while it runs."""
    return job_kind(kind).label


def start(kind: str, spec: dict[str, Any] | JobSpec) -> str:
    """Ask for a job of the current project and give its id.

    Raises:
        FoldlineError: when the engine cannot be started.
    """
    ensure_server(workspace())
    return jobs.submit(workspace(), project(), kind, spec)


def start_clicked(kind: str, make_spec: Callable[[], dict[str, Any] | JobSpec]) -> None:
    """``start`` for the ``on_click`` of a button; a refusal is shown on top of the page."""
    try:
        start(kind, make_spec())
    except FoldlineError as error:
        state.refuse(error)


def keep_going() -> None:
    """Have the engine run while a job is waited for: it may have died, or not have begun with this app.

    Cheap enough for every poll.
    """
    with errors_shown():
        ensure_server(workspace())


def _ask(request: Callable[..., None], job_id: str) -> None:
    try:
        request(workspace(), project(), job_id)
    except FoldlineError as error:
        state.refuse(error)


def _progress(job: Job) -> None:
    if job.state == "queued":
        st.progress(0.0, text=f"**{name_of(job.kind)}** :small[waits for its turn]")
        return
    share = min(job.done / job.total, 1.0) if job.total else 0.0
    units = job_kind(job.kind).counted
    facts = [f"{count(job.done)} of {count(job.total)}{units}"] if job.total else ["starting"]
    if job.eta_seconds is not None and job.eta_seconds >= 1:
        facts.append(f"about {duration(job.eta_seconds)} left")
    if job.message:
        facts.append(label(job.message, 80))
    if job.request:
        facts = ["stopping, keeps the best so far" if job.request == "stop" else "cancelling"]
    st.progress(share, text=f"**{name_of(job.kind)}** :small[{' · '.join(facts)}]")


def _controls(job: Job, keeps_best: bool) -> None:
    with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        if keeps_best and job.state == "running":
            st.button(
                "Stop, keep the best",
                icon=":material/stop_circle:",
                key=f"job.stop.{job.kind}",
                help="Fits that run are ended at once. What has finished counts and is kept as the result.",
                on_click=_ask,
                args=(jobs.stop, job.id),
                disabled=bool(job.request),
            )
        st.button(
            "Cancel",
            icon=":material/close:",
            key=f"job.cancel.{job.kind}",
            help="Ends the work at once; nothing of it is kept.",
            on_click=_ask,
            args=(jobs.cancel, job.id),
            disabled=job.request == "cancel",
        )


def _running(job: Job, keeps_best: bool, live: Callable[[Job], None] | None) -> None:
    @st.fragment(run_every=EVERY)
    def watch() -> None:
        keep_going()
        now = jobs.job(workspace(), project(), job.id)
        _progress(now)
        if live is not None:
            live(now)
        if now.state != job.state:  # a job that has begun can be stopped: the controls are drawn anew
            st.rerun()

    with st.container(border=True, key=f"job.{job.kind}"):
        # The controls are outside of what is redrawn each second: a click must never fall between two draws.
        space_for_progress = st.container()
        _controls(job, keeps_best)
        with space_for_progress:
            watch()


def _ended(job: Job) -> None:
    if job.state == "failed":
        show_error(FoldlineError.from_dict(job.error or {"code": "JOB", "problem": "The job failed."}))
    elif job.state == "interrupted":
        st.warning(
            "The computer or the engine stopped while it ran. Nothing else was lost; start it again.",
            title=f"{name_of(job.kind)} was interrupted",
            icon=":material/power_off:",
        )
    elif job.state == "cancelled":
        st.caption(f":material/cancel: {name_of(job.kind)} was cancelled.")
    elif job.started is not None and job.finished is not None:
        cost = [f"took {duration(job.finished - job.started)}"]
        if job.cpu_seconds:
            cost.append(f"{duration(job.cpu_seconds)} of processor time")
        if job.peak_mb:
            cost.append(f"up to {count(job.peak_mb)} MB of memory")
        st.caption(f":material/check_circle: {name_of(job.kind)} {', '.join(cost)}.")


def job_panel(kind: str, keeps_best: bool = False, live: Callable[[Job], None] | None = None) -> Job | None:
    """Draw the newest job of a kind in whatever state it is, and give it; None when there was none.

    Args:
        keeps_best: whether it can be stopped early with a result.
        live: draws more below the bar, once a second while the job runs, such as a partial leaderboard.
    """
    job = jobs.latest(workspace(), project(), kind)
    if job is None:
        return None
    if job.is_active:
        _running(job, keeps_best, live)
    else:
        _ended(job)
    return job


def badge() -> None:
    """Draw the running job small, for the sidebar; it polls only while there is one."""
    if not jobs.active(workspace(), project()):
        return

    @st.fragment(run_every=EVERY)
    def watch() -> None:
        now = jobs.active(workspace(), project())
        if not now:
            st.rerun()
        keep_going()
        _progress(now[0])

    watch()
