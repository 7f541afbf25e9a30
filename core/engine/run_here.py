"""Running a job from a single-threaded program such as the command line, with the app's own child process."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from typing import Any

from core.engine.job_kinds import job_kind
from core.engine.job_specs import JobSpec
from core.engine.job_state import Event, Job
from core.engine.jobs import cancel, events, job, result, submit
from core.engine.processes.process import started_at
from core.engine.processes.supervise import Watched, start, tick
from core.engine.settings import cap_threads
from core.store.workspace import Workspace

PAUSE = 0.03


def run_here(
    ws: Workspace,
    project: str,
    kind: str,
    spec: Mapping[str, Any] | JobSpec,
    on_event: Callable[[Event], None] | None = None,
    on_progress: Callable[[Job], None] | None = None,
) -> dict[str, Any]:
    """Does a job in a child of this process and gives its result; Ctrl-C cancels it.

    Args:
        on_event: gets each event as it comes.
        on_progress: gets the job whenever its number of finished units has changed.

    Raises:
        FoldlineError: the job's own error when it failed; ``KIND`` and ``SPEC`` as ``submit``.
    """
    cap_threads()
    job_kind(kind).function()  # imported here, where several jobs in a row can share it
    job_id = submit(ws, project, kind, spec, owner=(os.getpid(), started_at(os.getpid())))
    watched = start(ws, job_id, project, kind, json.dumps(job(ws, project, job_id).spec), tied=True)
    try:
        _follow(ws, watched, on_event or _ignore, on_progress or _ignore)
    except BaseException:  # Ctrl-C, or a failure of the listener: the child must not go on alone
        cancel(ws, project, job_id)
        _follow(ws, watched, _ignore, _ignore)
        raise
    return result(ws, project, job_id)


def _follow(
    ws: Workspace, watched: Watched, on_event: Callable[[Event], None], on_progress: Callable[[Job], None]
) -> None:
    seen, done, ended = 0, 0.0, False
    while not ended:
        now = job(ws, watched.project, watched.job)
        ended = tick(ws, watched, now.request)
        for event in events(ws, watched.project, watched.job, after=seen):
            seen = event.seq
            on_event(event)
        if now.done != done:
            done = now.done
            on_progress(now)
        if not ended:
            time.sleep(PAUSE)


def _ignore(_: object) -> None:
    """Takes what nobody listens to."""
