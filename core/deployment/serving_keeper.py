"""What a service has answered, kept off the way of its answers: one thread writes, one has it taken in."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from core.deployment.serving_spool import Answered, Spool, waiting_files
from core.errors import FoldlineError
from core.standalone.counts import counted

TICK = 1.0
"""Seconds between two looks at the disk and the clock; what was written is safe from a power cut then."""
MOST_BYTES = 64 * 2**20
"""Of answered rows that are held in memory while the disk takes none; later ones are lost, and counted."""


@dataclass(frozen=True)
class Batches:
    """When rows become a batch.

    Attributes:
        rows: so many at least.
        seconds: or after this time.
    """

    rows: int = 5_000
    seconds: float = 3_600.0


class Keeper:
    """Writes the answers of a service into files of its deployment and has them taken in as batches.

    Args:
        root: of the deployment.
        take_in: makes batches of the files that lie there and gives what went wrong, or an empty text. It may
            take long; it is called by one thread at a time.
        say: tells the operator something.

    Attributes:
        problem: code of what keeps rows from being written, or from becoming batches; empty when all is well.
    """

    def __init__(
        self, root: Path, batches: Batches, take_in: Callable[[], str], say: Callable[[str], None]
    ) -> None:
        self._root, self._batches, self._take_in, self._say = root, batches, take_in, say
        self._change = threading.Condition()
        self._queue: deque[Answered] = deque()
        self._spool: Spool | None = None
        self._closing = self._is_written = False
        self._wanted = bool(waiting_files(root))
        self._bytes, self._synced = 0, time.monotonic()
        self.waiting = self.written = self.lost = self.rounds = self.failures = 0
        self._problems = {"write": "", "take in": ""}
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._write, self._take)]
        for thread in self._threads:
            thread.start()

    @property
    def problem(self) -> str:
        """The code of what is wrong."""
        return self._problems["write"] or self._problems["take in"]

    def put(self, answered: Answered) -> None:
        """Take answered rows to be written; waits for nothing."""
        with self._change:
            if self._closing or self._bytes + len(answered.line) > MOST_BYTES:
                self.lost += answered.rows
                return
            self._queue.append(answered)
            self.waiting += answered.rows
            self._bytes += len(answered.line)
            self._change.notify_all()

    def close(self) -> None:
        """Write what waits and have it taken in; rows that the disk still refuses are lost, and said so."""
        with self._change:
            self._closing = True
            self._change.notify_all()
        for thread in self._threads:
            thread.join()
        if self.lost:
            self._say(f"{counted(self.lost, 'answered row', 'was')} not kept.")

    def _write(self) -> None:
        """The thread that writes."""
        last = False
        while not last:
            with self._change:
                self._change.wait_for(lambda: self._queue or self._closing, TICK)
                last, taken = self._closing, list(self._queue)
                self._queue.clear()
            left = self._write_all(taken)
            if last or not left:
                self._guarded("write", self._hand_over if last or self._is_due() else self._sync)
            with self._change:
                self._queue.extendleft(reversed(left))
                if left and not last:
                    self._change.wait_for(lambda: self._closing, TICK)
        with self._change:
            self.lost += self.waiting
            self._is_written = self._wanted = True
            self._change.notify_all()

    def _write_all(self, taken: list[Answered]) -> list[Answered]:
        """Writes requests, model by model, and gives those that the disk has refused."""
        parts = [(model, list(part)) for model, part in groupby(taken, lambda one: one.model)]
        for place, (model, part) in enumerate(parts):
            if not self._guarded("write", lambda model=model, part=part: self._add(model, part)):  # type: ignore[misc]
                return [one for _, later in parts[place:] for one in later]
            rows = sum(one.rows for one in part)
            with self._change:
                self.waiting -= rows
                self.written += rows
                self._bytes -= sum(len(one.line) for one in part)
        return []

    def _add(self, model: str, part: list[Answered]) -> None:
        if self._spool is not None and self._spool.model != model:
            self._hand_over()
        if self._spool is None:
            self._spool = Spool(self._root, model)
        self._spool.add(part)

    def _is_due(self) -> bool:
        spool = self._spool
        if spool is None:
            return False
        return spool.rows >= self._batches.rows or time.monotonic() - spool.began > self._batches.seconds

    def _sync(self) -> None:
        now = time.monotonic()
        if self._spool is not None and now - self._synced >= TICK:
            self._synced = now
            self._spool.sync()

    def _hand_over(self) -> None:
        """Ends the file that is written, so that it is taken in."""
        spool, self._spool = self._spool, None
        if spool is None:
            return
        try:
            spool.close()
        finally:
            with self._change:
                self._wanted = True
                self._change.notify_all()

    def _take(self) -> None:
        """The thread that has files taken in."""
        last = False
        while not last:
            with self._change:
                self._change.wait_for(lambda: self._wanted)
                self._wanted, last = False, self._is_written
            if waiting_files(self._root):
                problem = self._take_in()
                self.rounds += 1
                self.failures += bool(problem)
                self._tell("take in", "TAKE_IN" if problem else "", problem)

    def _guarded(self, what: str, work: Callable[[], None]) -> bool:
        """Whether the work was done; what the disk refuses is told, and the thread goes on."""
        try:
            work()
        except (FoldlineError, OSError) as error:
            code = error.code if isinstance(error, FoldlineError) else "DISK"
            self._tell(what, code, str(error))
            return False
        self._tell(what, "", "")
        return True

    def _tell(self, what: str, code: str, words: str) -> None:
        """Notes a problem, or that there is none any more, and says so once."""
        before, self._problems[what] = self._problems[what], code
        if code != before:
            self._say(f"{words} Answers go on." if code else "Rows are kept again.")
