"""Watching a running job from outside: its requests, its clock, its death, and the end that is written."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import time
from dataclasses import dataclass, field

import psutil

from core.engine.job_kinds import Limits, limits
from core.engine.job_state import RESULT
from core.engine.processes import failure
from core.engine.processes.child import do_job
from core.engine.processes.process import (
    end_group_of,
    fork,
    is_alive,
    signal_family,
    signal_group,
    started_at,
)
from core.engine.processes.usage import LOG_TAIL, peak_mb, starved
from core.store.files.cleanup import remove
from core.store.workspace import Workspace

PATIENCE = 1.0
"""Seconds between asking a process to end and killing it."""


@dataclass(frozen=True)
class Death:
    """How a process ended; ``status`` and ``usage`` are None when another process saw it."""

    status: int | None = None
    usage: resource.struct_rusage | None = None


@dataclass
class Watched:
    """A running job and its process.

    Attributes:
        pid: 0 when the job was given up before it had a process.
        started: when the job started (seconds since 1970).
        own: whether the process is a child of this one; if not, its exit status is not to be had.
        reason: why it is being ended: ``""``, ``"cancel"`` or ``"clock"``.
        death: how it ended, kept until that is written down.
        starved: how many processes the system had ended for want of memory when the job began.
    """

    job: str
    project: str
    pid: int
    pid_started: float | None
    started: float
    limits: Limits
    own: bool
    reason: str = ""
    kill_at: float = 0.0
    family: list[psutil.Process] = field(default_factory=list)
    death: Death | None = None
    starved: int = field(default_factory=starved)


def start(ws: Workspace, job: str, project: str, kind: str, spec: str, *, tied: bool) -> Watched:
    """Forks the process of a job whose state is already ``running``."""
    allowed = limits(kind, json.loads(spec))
    owner = os.getpid()
    pid = fork(lambda: do_job(ws.root, job, allowed, owner=owner, tied=tied))
    return Watched(job, project, pid, started_at(pid), time.time(), allowed, own=True)


def tick(ws: Workspace, watched: Watched, request: str) -> bool:
    """Looks after one job; True when it has ended and its end is written down.

    Args:
        request: what was asked of the job: ``""``, ``"stop"`` or ``"cancel"``.
    """
    watched.death = watched.death or _reap(watched)
    if watched.death is not None:
        _settle(ws, watched, watched.death)
        return True
    if not watched.reason:
        watched.reason = _reason(watched, request)
        if watched.reason:
            _signal(watched, signal.SIGTERM)
            watched.kill_at = time.monotonic() + PATIENCE
    elif time.monotonic() > watched.kill_at:
        _signal(watched, signal.SIGKILL)
    return False


def _reason(watched: Watched, request: str) -> str:
    if request == "cancel":
        return "cancel"
    seconds, grace = watched.limits.seconds, watched.limits.grace
    return "clock" if seconds is not None and time.time() - watched.started > seconds + grace else ""


def _signal(watched: Watched, sign: signal.Signals) -> None:
    watched.family += signal_family(watched.pid, sign)


def _reap(watched: Watched) -> Death | None:
    if not watched.own:
        if is_alive(watched.pid, watched.pid_started):
            return None
        end_group_of(watched.pid, watched.pid_started)
        return Death()
    if os.waitid(os.P_PID, watched.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        return None
    # While the process is not waited for, its number cannot go to another one.
    signal_group(watched.pid, signal.SIGKILL)
    _, status, usage = os.wait4(watched.pid, 0)
    return Death(status, usage)


def _settle(ws: Workspace, watched: Watched, death: Death) -> None:
    for process in watched.family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    remove(ws.paths.scratch(watched.job))
    row = ws.db.row("SELECT state, request FROM job WHERE id = ?", (watched.job,))
    if row is not None and row["state"] == "running":
        _write_end(ws, watched, death, row["request"] == "cancel")


def _write_end(ws: Workspace, watched: Watched, death: Death, cancelled: bool) -> None:
    state, result, error = _verdict(ws, watched, death, cancelled)
    usage = death.usage
    cpu = usage.ru_utime + usage.ru_stime if usage else 0.0
    text = None if error is None else json.dumps(error)
    row = (state, result, text, time.time(), cpu, peak_mb(usage) if usage else 0.0, watched.job)
    with ws.db.write() as connection:
        connection.execute(
            """UPDATE job SET state = ?, result = ?, error = ?, finished = ?, cpu_seconds = ?, peak_mb = ?
            WHERE id = ? AND state = 'running'""",
            row,
        )


def _verdict(
    ws: Workspace, watched: Watched, death: Death, cancelled: bool
) -> tuple[str, str | None, dict[str, str] | None]:
    if cancelled:
        ws.drop_result(watched.project, RESULT, watched.job)
        return "cancelled", None, None
    kept = ws.find_result(watched.project, RESULT, watched.job)
    if kept is not None:  # it died after its result was safe and before it could say so
        return "done", kept.id, None
    if watched.reason == "clock":
        return "failed", None, failure.clock(watched.limits.seconds)
    if death.status is None:
        return "interrupted", None, failure.interrupted()
    said, short = _printed(ws, watched.job), starved() > watched.starved
    return "failed", None, failure.from_status(death.status, watched.limits.memory, said, short)


def _printed(ws: Workspace, job: str) -> str:
    log = ws.paths.log(job)
    return log.read_bytes()[-LOG_TAIL:].decode("utf-8", "replace") if log.is_file() else ""
