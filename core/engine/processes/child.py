"""One job in its own process: its limits, its log, the task, and its end, written in a fixed order."""

from __future__ import annotations

import faulthandler
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

from core.engine.context import Context, load
from core.engine.job_kinds import Limits, job_kind
from core.engine.job_state import RESULT
from core.engine.processes import failure
from core.engine.processes.process import die_with_parent, started_at
from core.engine.processes.usage import limit_memory, peak_mb
from core.errors import FoldlineError
from core.store.files.cleanup import remove
from core.store.workspace import Workspace

NICE = 5
Ending = tuple[str, str | None, dict[str, str] | None]
"""State, id of the result, facts of the error."""
FIRST_TO_GO = Path("/proc/self/oom_score_adj")


def do_job(root: Path, job: str, limits: Limits, *, owner: int, tied: bool) -> None:
    """Does one job in this process, which was forked for it.

    Args:
        owner: the process that took the job and forked this one.
        tied: whether the job ends with the process that started it.
    """
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the command line answers it in a way of its own
    if tied:
        die_with_parent()
    _step_back()
    workspace = Workspace(root)
    _print_to(workspace.paths.log(job))
    if not _claim(workspace, job, owner):
        return
    context = load(workspace, job, limits.memory, limits.seconds if limits.grace else None)
    try:
        state, result, error = _perform(context)
    finally:
        remove(workspace.paths.scratch(job))  # before the end is written: the disk may be full
    _end(context, state, result, error)


def _step_back() -> None:
    """Leaves the processor, and in need the memory, to the app; and no core file behind."""
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if FIRST_TO_GO.exists():
        FIRST_TO_GO.write_text("500")


def _print_to(log: Path) -> None:
    log.parent.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.close(handle)
    # Whoever replaced the streams of the process that forked this one must not get the output of the job.
    sys.stdout, sys.stderr = sys.__stdout__ or sys.stdout, sys.__stderr__ or sys.stderr
    faulthandler.enable(file=2)


def _claim(workspace: Workspace, job: str, owner: int) -> bool:
    """Writes down who does the job; False when it was given up, or given to another, in the meantime."""
    pid = os.getpid()
    with workspace.db.write() as connection:
        cursor = connection.execute(
            """UPDATE job SET pid = ?, pid_started = ?
            WHERE id = ? AND state = 'running' AND owner = ? AND pid IS NULL""",
            (pid, started_at(pid), job, owner),
        )
        return cursor.rowcount == 1


def _perform(context: Context) -> Ending:
    try:
        query = "SELECT kind, spec FROM job WHERE id = ?"
        row = context.workspace.db.rows(query, (context.job,))[0]
        kind = job_kind(row["kind"])
        do, spec = kind.function(), kind.parse(json.loads(row["spec"]))
        limit_memory(context.memory_limit)
        payload = do(context, spec)
        result = context.workspace.put_result(context.project, RESULT, context.job, payload)
    except Exception as error:  # noqa: BLE001 - the one place where a bug in a task becomes a coded answer
        limit_memory(None)
        return "failed", None, failure.from_exception(error, context.memory_limit)
    limit_memory(None)
    return "done", result, None


def _end(context: Context, state: str, result: str | None, error: dict[str, str] | None) -> None:
    for _ in range(2):  # on a full disk the first try frees the spare room
        try:
            return _write_end(context, state, result, error)
        except FoldlineError as refused:
            if refused.code != "DISK":
                raise
    os._exit(failure.DISK_STATUS)  # whoever watches this process writes it down once that is possible


def _write_end(context: Context, state: str, result: str | None, error: dict[str, str] | None) -> None:
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(use.ru_utime + use.ru_stime for use in usage)
    text = None if error is None else json.dumps(error)
    row = (state, result, text, time.time(), cpu, max(map(peak_mb, usage)), context.job)
    with context.workspace.db.write() as connection:
        connection.execute(
            """UPDATE job SET state = ?, result = ?, error = ?, finished = ?, cpu_seconds = ?, peak_mb = ?
            WHERE id = ? AND state = 'running'""",
            row,
        )
