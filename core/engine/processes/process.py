"""Processes: which are alive, forking one (the only place that does), ending a family of them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn

import psutil

from core.errors import FoldlineError

CLOCK_SLACK = 2.0
"""Seconds by which the start time of one process may seem to move when the system clock is set."""
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
INHERIT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)


def fork(run: Callable[[], None]) -> int:
    """Runs a function in a copy of this process, which then ends; gives the id of the copy.

    This process must have no threads of its own that hold locks.

    Raises:
        FoldlineError: ``FORK`` where the system has no fork (Windows), ``MEMORY`` when it refuses.
    """
    if not hasattr(os, "fork"):
        problem = f"{sys.platform} cannot fork, and jobs are forked."
        raise FoldlineError("FORK", problem, "Run Foldline on Linux, macOS or in WSL.")
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        pid = os.fork()
    except OSError as error:
        problem = f"The system refused a new process: {error.strerror}."
        raise FoldlineError("MEMORY", problem, "Close other programs or cancel other jobs.") from error
    if pid == 0:
        _run_and_exit(run)
    return pid


def _run_and_exit(run: Callable[[], None]) -> NoReturn:
    code = 70
    try:
        run()
        code = 0
    except BaseException:  # noqa: BLE001 - the process ends here, and its log must say why
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        # Nothing of the parent's (exit hooks, open files, test runner) may run a second time here.
        os._exit(code)


def die_with_parent() -> None:
    """Asks the kernel to kill this process when its parent ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(DIE_WITH_PARENT, signal.SIGKILL)


def started_at(pid: int) -> float | None:
    """When a process started (seconds since 1970), or None when it has ended."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.NoSuchProcess:
        return None


def is_alive(pid: int | None, started: float | None) -> bool:
    """Whether the process of that id is still the one that started then."""
    if pid is None or started is None:
        return False
    now = started_at(pid)
    return now is not None and abs(now - started) < CLOCK_SLACK


def signal_family(pid: int, sign: signal.Signals) -> list[psutil.Process]:
    """Sends a signal to a process, its group and all its descendants, and gives those it found."""
    family = _descendants(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.getpgid(pid) == pid:
            os.killpg(pid, sign)
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(sign)
    return family


def signal_group(group: int, sign: signal.Signals) -> None:
    """Sends a signal to what is left of a group whose first process has ended."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, sign)


def end_group_of(pid: int, started: float | None) -> None:
    """Kills what is left of the group of a process that has ended, and that somebody else waits for.

    The number of a group in use is not given away. The group is the old one when no process has the number,
    or when the one that has it is the same one, not waited for yet.
    """
    if started is None:
        return
    try:
        old = abs(psutil.Process(pid).create_time() - started) < CLOCK_SLACK
    except psutil.NoSuchProcess:
        old = True
    if old:
        signal_group(pid, signal.SIGKILL)


def inherit_orphans() -> None:
    """Makes this process the parent of descendants that lose theirs (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(INHERIT_ORPHANS, 1)


def reap_orphans() -> None:
    """Lets go of inherited processes that have ended; in a container nobody else may do it.

    Only to be called while no child of our own is waited for elsewhere.
    """
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _descendants(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
