"""What a job is given beside its spec: the workspace, and the ways to tell how far it is."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from core.store.files.payload import encode
from core.store.workspace import Workspace

LOOK_EVERY = 0.2
TELL_EVERY = 0.1


def available_cores() -> int:
    """The processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass
class Context:
    """The surroundings of one running job.

    Attributes:
        cores: how many processes may work at once.
        memory_limit: bytes of address space that each process may have.
        stop_at: when it is to stop and keep what has finished (seconds of the monotonic clock), or None.
    """

    workspace: Workspace
    project: str
    job: str
    memory_limit: int
    cores: int = field(default_factory=available_cores)
    stop_at: float | None = None
    _stopping: bool = False
    _looked: float = 0.0
    _told: float = 0.0

    @cached_property
    def folder(self) -> Path:
        """A folder of this job's own, removed when it has ended."""
        folder = self.workspace.paths.scratch(self.job)
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def event(self, kind: str, **facts: Any) -> None:
        """Tells something that happened; facts are JSON-ready, or NumPy values, documents, dataclasses."""
        text = encode(facts).decode("utf-8", "replace")
        with self.workspace.db.write(durable=False) as connection:
            connection.execute(
                "INSERT INTO event SELECT ?, ifnull(max(seq), 0) + 1, ?, ?, ? FROM event WHERE job = ?",
                (self.job, time.time(), kind, text, self.job),
            )

    def progress(self, done: float, total: float, message: str = "") -> None:
        """Tells how many units are done; written at most every 0.1 s, and always at the end."""
        now = time.monotonic()
        if done < total and now - self._told < TELL_EVERY:
            return
        self._told = now
        with self.workspace.db.write(durable=False) as connection:
            connection.execute(
                "UPDATE job SET done = ?, total = ?, message = ?, progressed = ? WHERE id = ?",
                (done, total, message, time.time(), self.job),
            )

    def should_stop(self) -> bool:
        """Whether the job was asked to end, or its time is over; cheap, it looks at most every 0.2 s."""
        now = time.monotonic()
        if self.stop_at is not None and now > self.stop_at:
            return True
        if not self._stopping and now - self._looked >= LOOK_EVERY:
            self._looked = now
            row = self.workspace.db.row("SELECT request FROM job WHERE id = ?", (self.job,))
            self._stopping = row is not None and bool(row["request"])
        return self._stopping

    @property
    def stopped_by(self) -> Literal["", "time", "stop"]:
        """What makes the job stop: its clock, somebody, or nothing."""
        if not self.should_stop():
            return ""
        return "stop" if self._stopping else "time"


def load(workspace: Workspace, job: str, memory_limit: int, seconds: float | None = None) -> Context:
    """The context of a job that was submitted; KeyError when there is none.

    Args:
        seconds: after which it is to stop and keep what has finished.
    """
    stop_at = None if seconds is None else time.monotonic() + seconds
    row = workspace.db.row("SELECT project FROM job WHERE id = ?", (job,))
    if row is None:
        raise KeyError(job)
    return Context(workspace, row["project"], job, memory_limit, stop_at=stop_at)
