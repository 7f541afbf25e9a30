"""Jobs as the rest of the program sees them: ask for one, look at it, stop or cancel it, take its result."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from core.engine.job_kinds import job_kind
from core.engine.job_specs import JobSpec, as_json
from core.engine.job_state import Event, Job, State, job_of
from core.errors import FoldlineError
from core.store.files.paths import new_id
from core.store.workspace import Workspace

INSERT = """INSERT INTO job
    (id, project, kind, state, spec, created, started, progressed, owner, owner_started)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

SAME = """SELECT id FROM job WHERE project = ? AND kind = ? AND spec = ? AND request = ''
    AND state IN ('queued', 'running') ORDER BY created LIMIT 1"""
"""A job under way that nobody has asked to end."""


def submit(
    ws: Workspace,
    project: str,
    kind: str,
    spec: Mapping[str, Any] | JobSpec,
    owner: tuple[int, float | None] | None = None,
) -> str:
    """Queues a job and gives its id; of a kind that joins, the id of the very same one that is under way.

    So two tabs that ask for the same at the same time get one piece of work between them.

    Args:
        spec: what jobs of this kind are told; what they need of the project besides is added to it.
        owner: id and start time of a process that runs the job itself, at once, instead of the engine.

    Raises:
        FoldlineError: ``PROJECT`` when there is no such project, ``KIND`` when there is no such job,
            ``SPEC`` or ``RECIPE`` when the spec is not one of its kind.
    """
    entry = job_kind(kind)
    asked = as_json(entry.complete(ws, project, entry.parse(spec)))
    job_id, now = new_id(), time.time()
    state, started = ("queued", None) if owner is None else ("running", now)
    text = json.dumps(asked)
    row = (job_id, project, kind, state, text, now, started, started, *(owner or (None, None)))
    with ws.db.write() as connection:
        ws.project_row(project, connection)
        same = connection.execute(SAME, (project, kind, text)).fetchone() if entry.joins else None
        if same is not None and owner is None:
            return str(same["id"])
        connection.execute(INSERT, row)
    return job_id


def job(ws: Workspace, project: str, job_id: str) -> Job:
    """The job of that id.

    Raises:
        FoldlineError: ``JOB`` when the project has none of that id.
    """
    row = ws.db.row("SELECT * FROM job WHERE id = ? AND project = ?", (job_id, project))
    if row is None:
        raise FoldlineError("JOB", f"The project has no job {job_id[:22]!r}.", "Start it again.")
    return job_of(ws, row)


def jobs(ws: Workspace, project: str, kind: str | None = None) -> list[Job]:
    """The jobs of a project, or those of one kind, newest first."""
    query = "SELECT * FROM job WHERE project = ? AND kind = ifnull(?, kind) ORDER BY created DESC, rowid DESC"
    return [job_of(ws, row) for row in ws.db.rows(query, (project, kind))]


def latest(ws: Workspace, project: str, kind: str, state: State | None = None) -> Job | None:
    """The newest job of a kind, or the newest of those in a state; None when there was none."""
    query = """SELECT * FROM job WHERE project = ? AND kind = ? AND state = ifnull(?, state)
        ORDER BY created DESC, rowid DESC LIMIT 1"""
    row = ws.db.row(query, (project, kind, state))
    return None if row is None else job_of(ws, row)


def active(ws: Workspace, project: str) -> list[Job]:
    """The jobs of a project that have not ended, the running one first."""
    query = """SELECT * FROM job WHERE project = ? AND state IN ('queued', 'running')
        ORDER BY state DESC, created, rowid"""
    active_jobs = [job_of(ws, row) for row in ws.db.rows(query, (project,))]
    return [one for one in active_jobs if one.is_active]


def events(ws: Workspace, project: str, job_id: str, after: int = 0) -> list[Event]:
    """What a job told since event ``after``, oldest first.

    Raises:
        FoldlineError: ``JOB`` when the project has none of that id.
    """
    job(ws, project, job_id)
    rows = ws.db.rows("SELECT * FROM event WHERE job = ? AND seq > ? ORDER BY seq", (job_id, after))
    return [Event(row["seq"], row["at"], row["kind"], json.loads(row["facts"])) for row in rows]


def result(ws: Workspace, project: str, job_id: str) -> dict[str, Any]:
    """The payload of a job that is done.

    Raises:
        FoldlineError: the job's own error when it failed; ``CANCELLED`` or ``RUNNING`` when it has no
            result; ``JOB`` when the project has none of that id; ``DAMAGED`` when it was changed on disk.
    """
    asked = job(ws, project, job_id)
    if asked.error is not None:
        raise FoldlineError.from_dict(asked.error)
    if asked.result_id is None:
        code = "RUNNING" if asked.is_active else "CANCELLED"
        raise FoldlineError(
            code, f"The {asked.kind} job is {asked.state}; it has no result.", "Start it again."
        )
    return ws.result_by_id(project, asked.result_id)


def stop(ws: Workspace, project: str, job_id: str) -> None:
    """Asks a job to end early and keep its best so far; one that has not started is cancelled.

    Raises:
        FoldlineError: ``JOB`` when the project has none of that id.
    """
    _ask(ws, project, job_id, "stop")


def cancel(ws: Workspace, project: str, job_id: str) -> None:
    """Ends a job and its processes within 2 seconds; nothing of it is kept.

    Raises:
        FoldlineError: ``JOB`` when the project has none of that id.
    """
    _ask(ws, project, job_id, "cancel")


def wait(ws: Workspace, project: str, job_id: str, timeout: float) -> Job:
    """The job once it has ended, or as it is after ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        now = job(ws, project, job_id)
        if not now.is_active or time.monotonic() > deadline:
            return now
        time.sleep(0.02)


def _ask(ws: Workspace, project: str, job_id: str, request: str) -> None:
    job(ws, project, job_id)
    with ws.db.write() as connection:
        connection.execute(
            "UPDATE job SET state = 'cancelled', finished = ? WHERE id = ? AND state = 'queued'",
            (time.time(), job_id),
        )
        # A cancel is never taken back by a later stop.
        connection.execute(
            "UPDATE job SET request = ? WHERE id = ? AND state = 'running' AND request != 'cancel'",
            (request, job_id),
        )
