"""Models that stay loaded while somebody asks about single rows: a process each, ended when it is idle.

The process that asks, such as the app, never loads a model. It talks to a child over a pipe in JSON, one
question at a time. A child ends when it was idle for ten minutes, when the pipe closes because the process
that asks has ended, when a question takes too long, or when others are wanted: two stay at most.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.connection import Pipe as pipe
from pathlib import Path
from typing import IO, Any

from core.engine.job_kinds import limits
from core.engine.processes import failure
from core.engine.processes.usage import LOG_TAIL, anonymous_file, starved
from core.engine.settings import ONE_THREAD
from core.errors import FoldlineError

MOST = 2
IDLE, LONGEST = 600.0, 60.0
"""Seconds without a question after which a model leaves, and that an answer may take."""
LEAVING = 5.0
ENDING = ("CLOCK", "MEMORY")
"""What a child does not go on after."""
_HOME = Path(__file__).resolve().parents[2]


@dataclass
class _Resident:
    """A child with its model.

    Attributes:
        pipe: to it.
        printed: what it prints on standard error.
        starved: how many processes the system had ended for want of memory when it was started.
        lock: held during a question.
    """

    process: subprocess.Popen[bytes]
    pipe: Connection
    printed: IO[bytes]
    starved: int
    memory: int
    used: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, question: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """The answer.

        Raises:
            EOFError, OSError: when the child has gone.
            FoldlineError: ``CLOCK``; what the child raised.
        """
        with self.lock:
            self.used = time.monotonic()
            self.pipe.send_bytes(json.dumps(question, allow_nan=False).encode())
            if not self.pipe.poll(seconds):
                self.process.kill()
                raise FoldlineError.from_dict(failure.clock(seconds))
            answer: dict[str, Any] = json.loads(self.pipe.recv_bytes())
        if "error" in answer:
            raise FoldlineError.from_dict(answer["error"])
        return answer

    def end(self) -> FoldlineError | None:
        """Wait for its end; why it ended, None when it left by itself."""
        self.pipe.close()
        try:
            code = self.process.wait(LEAVING)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        with self.printed:
            end = os.fstat(self.printed.fileno()).st_size
            said = os.pread(self.printed.fileno(), LOG_TAIL, max(0, end - LOG_TAIL))
        if code == 0:
            return None
        status = -code if code < 0 else code << 8
        words, short = said.decode("utf-8", "replace"), starved() > self.starved
        return FoldlineError.from_dict(failure.from_status(status, self.memory, words, short))


class Residents:
    """The models that are loaded for one process."""

    def __init__(self, most: int = MOST, idle: float = IDLE, memory: int | None = None) -> None:
        self._most, self._idle = most, idle
        self._memory = memory or limits("predict", {}).memory
        self._lock = threading.Lock()
        self._loaded: dict[Path, _Resident] = {}

    def ask(self, bundle: Path, question: Mapping[str, Any], seconds: float = LONGEST) -> dict[str, Any]:
        """Ask about a row, by a question as ``core.engine.work.one_row.answered`` takes it.

        A child that has left while nobody asked is started again without a word.

        Args:
            bundle: a file that never changes.
            seconds: that the answer may take, loading the model included.

        Raises:
            FoldlineError: why the bundle cannot be opened or the question answered; ``CLOCK``, ``CRASH``,
                ``KILLED`` or ``MEMORY`` when the child ended; the next question has a new one.
        """
        answer = self._once(bundle, question, seconds)
        if answer is None:  # it left in the moment that it was asked
            answer = self._once(bundle, question, seconds)
        if answer is None:
            raise FoldlineError.from_dict(failure.interrupted())
        return answer

    def _once(self, bundle: Path, question: Mapping[str, Any], seconds: float) -> dict[str, Any] | None:
        """The answer; None when the child has left by itself."""
        resident = self._resident(bundle)
        try:
            return resident.ask(question, seconds)
        except (EOFError, OSError) as error:
            reason = self._forget(bundle, resident)
            if reason is not None:
                raise reason from error
            return None
        except FoldlineError as error:
            if error.code in ENDING:
                self._forget(bundle, resident)
            raise

    def pids(self) -> dict[Path, int]:
        """The processes that are loaded, by their bundle."""
        with self._lock:
            return {path: resident.process.pid for path, resident in self._loaded.items()}

    def close(self) -> None:
        """Let all of them go."""
        with self._lock:
            gone = [*self._loaded.values()]
            self._loaded.clear()
        for resident in gone:
            resident.end()

    def _resident(self, bundle: Path) -> _Resident:
        with self._lock:
            if bundle not in self._loaded:
                self._make_room()
                self._loaded[bundle] = self._start(bundle)
            return self._loaded[bundle]

    def _make_room(self) -> None:
        """Ends the one that was asked last the longest ago, as long as it is not answering now."""
        free = [path for path, resident in self._loaded.items() if not resident.lock.locked()]
        while len(self._loaded) >= self._most and free:
            oldest = min(free, key=lambda path: self._loaded[path].used)
            free.remove(oldest)
            self._loaded.pop(oldest).end()

    def _start(self, bundle: Path) -> _Resident:
        ours, theirs = pipe()
        printed, before = anonymous_file(), starved()
        command = [sys.executable, "-m", "core.engine.processes.resident"]
        told = [str(theirs.fileno()), str(bundle), str(self._idle), str(self._memory)]
        process = subprocess.Popen(
            [*command, *told],
            cwd=_HOME,
            env={**os.environ, **ONE_THREAD},
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=printed,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )
        theirs.close()  # the child's end is then the only one, and closes with it
        return _Resident(process, ours, printed, before, self._memory)

    def _forget(self, bundle: Path, resident: _Resident) -> FoldlineError | None:
        with self._lock:
            if self._loaded.get(bundle) is resident:
                del self._loaded[bundle]
                return resident.end()
        return None
