"""Why a process failed, as the four facts of an error."""

from __future__ import annotations

import contextlib
import secrets
import signal
import sys
import traceback

from core.errors import FoldlineError
from core.lack_of_memory import HINT_MEMORY, is_memory, says_memory, too_much
from core.store.files.atomic import full, is_full

DISK_STATUS = 74
"""Exit code of a job whose end could not be written because the disk is full (EX_IOERR of sysexits.h)."""
HINT_AGAIN = "Your work is safe. Try again; if it happens again, leave out what was added last."


def clock(seconds: float | None) -> dict[str, str]:
    """The facts of a job that took longer than it may."""
    problem = f"This took longer than the {seconds or 0:g} seconds it may take, and was ended."
    return _facts("CLOCK", problem, "Use fewer rows, a smaller budget, or a longer time limit.")


def interrupted() -> dict[str, str]:
    """The facts of a job whose process has gone without a word."""
    return _facts(
        "INTERRUPTED", "The work was interrupted before it ended.", "Your work is safe. Start it again."
    )


def from_exception(error: BaseException, limit: int | None) -> dict[str, str]:
    """The facts of an exception; a bug gets an id, under which the trace is printed to the log."""
    if is_memory(error):
        return too_much(limit).as_dict()
    if isinstance(error, FoldlineError):
        return error.as_dict()
    if isinstance(error, OSError) and is_full(error):
        return full("a file").as_dict()
    number = secrets.token_hex(4)
    with contextlib.suppress(OSError):  # the log may be on a full disk
        print(f"bug {number}", file=sys.stderr)  # noqa: T201 - standard error is the job's log
        traceback.print_exception(error, file=sys.stderr)
    text = str(error).partition("\n")[0][:300]
    problem = f"Something went wrong that was not foreseen ({type(error).__name__}: {text}), id {number}."
    return _facts("BUG", problem, HINT_AGAIN)


def from_status(status: int, limit: int | None, printed: str = "", starved: bool = False) -> dict[str, str]:
    """The facts of a process that ended without giving a result.

    Args:
        status: as wait(2) gives it.
        printed: the end of what it printed; native code that runs out of memory says so there.
        starved: whether the system ended processes for want of memory while it ran.
    """
    sign = _signal(status)
    if sign == signal.SIGKILL and starved:
        problem = "The system ended the work because the machine ran out of memory."
        return _facts("MEMORY", problem, HINT_MEMORY)
    if says_memory(printed):
        return too_much(limit).as_dict()
    if status >> 8 == DISK_STATUS:
        return full("the end of the work").as_dict()
    if sign == signal.SIGKILL:
        problem = "The work was ended from outside (SIGKILL); nothing shows that memory was short."
        return _facts("KILLED", problem, HINT_AGAIN)
    name = sign.name if sign else f"exit code {status >> 8}"
    return _facts("CRASH", f"The work crashed in native code or was ended from outside ({name}).", HINT_AGAIN)


def _signal(status: int) -> signal.Signals | None:
    number = status & 0x7F
    return signal.Signals(number) if number else None


def _facts(code: str, problem: str, hint: str) -> dict[str, str]:
    return FoldlineError(code, problem, hint).as_dict()
