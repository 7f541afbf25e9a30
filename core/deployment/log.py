"""The log of a deployment: JSON lines that are only ever added, each sealed and chained to the one before.

A line ends with its seal, the first 16 hex digits of the SHA-256 of what stands before it, and names the
SHA-256 of the line before. So a line that was cut off (the process was killed, the disk was full), changed,
removed or put in by hand is found; it is left out and told, and never the end of the log.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from core.deployment.entries import ENTRY, Entry
from core.errors import FoldlineError
from core.store.files.atomic import disk_errors

LOG = "log.jsonl"
BUSY_SECONDS = 10.0
PAUSE = 0.01
SEAL = b',"seal":"'
SEAL_DIGITS = 16
TOLD = {
    "cut": "Line {line} of the log was cut off while it was written; what it was to say did not happen.",
    "changed": "Line {line} of the log was changed after it was written; it is left out.",
    "unlinked": "Line {line} of the log does not follow from the line before it: lines were removed, changed "
    "or put in.",
    "newer": "Line {line} of the log is of a kind that this version does not know; it is left out.",
}
FaultKind = Literal["cut", "changed", "unlinked", "newer"]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line of the log (counted from 1)."""

    line: int
    kind: FaultKind

    @property
    def text(self) -> str:
        """One plain sentence."""
        return TOLD[self.kind].format(line=self.line)


@dataclass(frozen=True)
class Reading:
    """The entries of a log, oldest first, and what is wrong with it."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class _Tail:
    """Where the next line goes: what the last good line was, and whether a line break comes first."""

    seq: int
    sha: str
    broken: bool


def read_log(path: Path) -> Reading:
    """The entries of a log, without the lines that are damaged.

    Raises:
        FoldlineError: ``DEPLOYMENT`` when there is no log, ``BUSY`` when it stays locked, ``DISK``.
    """
    with _locked(path, fcntl.LOCK_SH) as handle:
        return parse_log(_content(handle))


def start_log(path: Path) -> None:
    """Makes an empty log that only its owner may read.

    Raises:
        FoldlineError: ``DISK``.
    """
    with disk_errors(path):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def append(path: Path, by: str, *entries: Entry) -> tuple[Entry, ...]:
    """Writes entries at the end of the log, all or none, and gives them as they stand there.

    Args:
        by: who causes them.

    Raises:
        FoldlineError: ``DISK`` when there is no room, with nothing written; as ``read_log``.
    """
    with _locked(path, fcntl.LOCK_EX) as handle:
        return _add(handle, path, by, _content(handle), entries)


def append_after(path: Path, by: str, choose: Callable[[Reading], Sequence[Entry]]) -> tuple[Entry, ...]:
    """Writes the entries that follow from what the log says now; nobody writes in between.

    Raises:
        FoldlineError: as ``append``; whatever ``choose`` raises, with nothing written.
    """
    with _locked(path, fcntl.LOCK_EX) as handle:
        data = _content(handle)
        return _add(handle, path, by, data, choose(parse_log(data)))


def _add(handle: int, path: Path, by: str, data: bytes, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    tail = _tail(data)
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    stamped, text, sha = [], b"\n" if tail.broken else b"", tail.sha
    for number, entry in enumerate(entries, tail.seq + 1):
        one = entry.model_copy(update={"seq": number, "at": at, "by": by, "before": sha})
        line = sealed(one)
        sha = sha256(line).hexdigest()
        stamped.append(one)
        text += line + b"\n"
    if stamped:
        _write(handle, path, len(data), text)
    return tuple(stamped)


def sealed(entry: Entry) -> bytes:
    """An entry as a line of the log, without its line break; ASCII only."""
    facts = json.dumps(entry.model_dump(mode="json"), allow_nan=False)
    open_end = facts[:-1].encode()
    return open_end + SEAL + sha256(open_end).hexdigest()[:SEAL_DIGITS].encode() + b'"}'


def parse_log(data: bytes) -> Reading:
    """The entries in the bytes of a log."""
    entries: list[Entry] = []
    faults: list[Fault] = []
    before, waiting = "", list[Fault]()
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line:
            continue
        facts = _opened(line)
        if facts is None:
            waiting.append(Fault(number, "cut"))
            continue
        # What does not bear its seal is a cut-off line when the next good one follows from the one before.
        follows = facts.get("before") == before
        faults += waiting if follows else [Fault(one.line, "changed") for one in waiting]
        if not follows and not waiting:
            faults.append(Fault(number, "unlinked"))
        before, waiting = sha256(line).hexdigest(), []
        try:
            entries.append(ENTRY.validate_python(facts))
        except ValidationError:
            faults.append(Fault(number, "newer"))
    if waiting and data.endswith(b"\n"):  # the line break is written last
        waiting = [Fault(one.line, "changed") for one in waiting]
    return Reading(tuple(entries), (*faults, *waiting))


def _opened(line: bytes) -> dict[str, Any] | None:
    """The facts of a line that bears its seal, else None."""
    open_end, mark, rest = line.rpartition(SEAL)
    if not mark or rest != sha256(open_end).hexdigest()[:SEAL_DIGITS].encode() + b'"}':
        return None
    try:
        facts = json.loads(open_end + b"}")
    except ValueError:  # sealed by hand
        return None
    return facts if isinstance(facts, dict) and isinstance(facts.get("seq"), int) else None


def _tail(data: bytes) -> _Tail:
    lines = [line for line in data.split(b"\n") if line]
    for line in reversed(lines):
        facts = _opened(line)
        if facts is not None:
            return _Tail(facts["seq"], sha256(line).hexdigest(), not data.endswith(b"\n"))
    return _Tail(0, "", bool(data) and not data.endswith(b"\n"))


def _content(handle: int) -> bytes:
    size = os.fstat(handle).st_size
    os.lseek(handle, 0, os.SEEK_SET)
    parts = []
    while size > 0 and (part := os.read(handle, size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write(handle: int, path: Path, size: int, text: bytes) -> None:
    """Adds text at the end and waits for the disk; when that fails the file is as long as it was."""
    with disk_errors(path):
        try:
            os.lseek(handle, size, os.SEEK_SET)
            view = memoryview(text)
            while view:
                view = view[os.write(handle, view) :]
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, size)
            raise


@contextmanager
def _locked(path: Path, how: int) -> Iterator[int]:
    """The open log, locked against other writers in this process and in others."""
    mode = os.O_RDWR if how == fcntl.LOCK_EX else os.O_RDONLY
    try:
        with disk_errors(path):
            handle = os.open(path, mode | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        problem = f"{path.parent.name} holds no log of a deployment."
        raise FoldlineError("DEPLOYMENT", problem, "Give the folder of a deployment.", str(path)) from error
    try:
        _lock(handle, how, path)
        yield handle
    finally:
        os.close(handle)


def _lock(handle: int, how: int, path: Path) -> None:
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                problem = f"The log was in use for more than {BUSY_SECONDS:g} seconds."
                raise FoldlineError("BUSY", problem, "Try again.", path.name) from error
        time.sleep(PAUSE)
