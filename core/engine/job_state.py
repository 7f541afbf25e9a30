"""A job and how far it is, as its row in the store and its process say."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from dataclasses import dataclass, replace
from typing import Any, Literal

from core.engine.job_specs import Asked, parse_spec
from core.engine.processes.failure import interrupted
from core.engine.processes.process import is_alive
from core.store.files.atomic import full
from core.store.files.reserve import SPARE
from core.store.workspace import Workspace

State = Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]
ACTIVE: tuple[State, ...] = ("queued", "running")
RESULT = "job"
PATIENCE = 5.0
"""Seconds that the engine has to write down the end of a process that has gone."""
_gone: dict[str, float] = {}


@dataclass(frozen=True)
class Job:
    """One piece of work and how far it is.

    Attributes:
        done, total: units of work; total is 0 while unknown.
        eta_seconds: estimate from the finished units, or None while there are none.
        created, started, finished: seconds since 1970 (UTC), or None while it has not happened.
        error: the facts of a FoldlineError when it failed.
        result_id: of the payload in the store, once done.
        cpu_seconds: of the job's processes, once ended.
        peak_mb: largest memory of one of its processes, once ended.
        request: ``""``, ``"stop"`` or ``"cancel"``: what was asked of it.
    """

    id: str
    project: str
    kind: str
    state: State
    done: float
    total: float
    message: str
    eta_seconds: float | None
    created: float
    started: float | None
    finished: float | None
    error: dict[str, str] | None
    result_id: str | None
    cpu_seconds: float
    peak_mb: float
    request: str
    spec: dict[str, Any]

    @property
    def is_active(self) -> bool:
        """Whether it has not ended."""
        return self.state in ACTIVE

    def spec_as(self, model: type[Asked]) -> Asked:
        """What it was asked for; FoldlineError ``SPEC`` or ``RECIPE`` when that has an unknown form."""
        return parse_spec(self.kind, model, self.spec)


@dataclass(frozen=True)
class Event:
    """Something a job told while it worked. ``seq`` counts from 1 within the job."""

    seq: int
    at: float
    kind: str
    facts: dict[str, Any]


def job_of(ws: Workspace, row: sqlite3.Row) -> Job:
    """The job as its row says; one whose process has gone, and whose end nobody could write, has ended."""
    seen = _job(row)
    if seen.state != "running" or row["pid"] is None or is_alive(row["pid"], row["pid_started"]):
        _gone.pop(seen.id, None)
        return seen
    since = _gone.setdefault(seen.id, time.monotonic())
    if time.monotonic() - since < PATIENCE or ws.find_result(seen.project, RESULT, seen.id):
        return seen
    if shutil.disk_usage(ws.root).free < SPARE:
        return replace(seen, state="failed", error=full("the end of the work").as_dict())
    return replace(seen, state="interrupted", error=interrupted())


def _job(row: sqlite3.Row) -> Job:
    return Job(
        id=row["id"],
        project=row["project"],
        kind=row["kind"],
        state=row["state"],
        done=row["done"],
        total=row["total"],
        message=row["message"],
        eta_seconds=_eta(row),
        created=row["created"],
        started=row["started"],
        finished=row["finished"],
        error=json.loads(row["error"]) if row["error"] else None,
        result_id=row["result"],
        cpu_seconds=row["cpu_seconds"],
        peak_mb=row["peak_mb"],
        request=row["request"],
        spec=json.loads(row["spec"]),
    )


def _eta(row: sqlite3.Row) -> float | None:
    if row["state"] != "running" or not row["done"] or not row["total"]:
        return None
    pace = (row["progressed"] - row["started"]) / row["done"]
    return max(0.0, pace * (row["total"] - row["done"]) - (time.time() - row["progressed"]))
