"""Pieces of work in processes of their own, so that one may crash, swell or hang without the others."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.connection import Pipe as pipe
from typing import IO, Any, Generic, NoReturn, TypeVar

from core.engine.processes import failure
from core.engine.processes.process import die_with_parent, fork, signal_family
from core.engine.processes.usage import LOG_TAIL, Meter, anonymous_file, limit_memory, peak_mb, starved
from core.train.folds.runner import LATER, Outcome
from core.train.folds.unit import Unit
from core.train.work import Resources

U = TypeVar("U")
R = TypeVar("R")
LOOK_EVERY = 0.1
_LAST: Any = object()


def run_units(
    work: Callable[[U], R],
    units: Iterable[U],
    cores: int,
    *,
    seconds: float | None = None,
    should_stop: Callable[[], bool] | None = None,
    memory_limit: int | None = None,
) -> Iterator[Outcome[U, R]]:
    """Does ``work`` for each unit in forked processes and gives outcomes as they come.

    ``work`` is not copied on the way in; units and what comes back are pickled.
    A process does one unit at a time and is used again (a fork costs 25 ms, a unit sent to it 0.1 ms); one
    that crashed, ran out of memory or of time is replaced. ``work`` may use threads, provided this process
    has not used OpenMP threads before, and must not rely on global random state.

    Args:
        units: taken one by one, each when a process is free for it, so a search may decide late; ``LATER``
            among them makes it wait for an outcome, and must not stand where none is under way.
        cores: how many processes at most work at once.
        seconds: wall clock of one unit; one that takes longer is killed and gives ``CLOCK``.
        should_stop: asked about ten times a second; once True, running units are killed, the rest never
            starts, and neither gives an outcome.
        memory_limit: bytes of address space of one process; more gives ``MEMORY``.

    Raises:
        FoldlineError: ``FORK`` where the system has no fork.
    """
    coming, more = iter(units), True
    crew = _Crew(work, max(1, cores), seconds, memory_limit)
    try:
        while (more or crew.busy) and not (should_stop is not None and should_stop()):
            while more and len(crew.busy) < crew.size:
                unit = next(coming, _LAST)
                if unit is LATER:
                    break
                more = unit is not _LAST
                if more:
                    crew.give(unit)
            yield from crew.take()
    finally:
        crew.dismiss()


@dataclass(frozen=True)
class ForkRunner:
    """The runner of one job on this machine: forked processes, which share what was loaded before the fork.

    Attributes:
        cores, should_stop, memory_limit: as ``run_units``.
    """

    resources: Resources
    cores: int
    should_stop: Callable[[], bool] | None = None
    memory_limit: int | None = None

    def run(
        self,
        work: Callable[[Unit, Resources], R],
        units: Iterable[Unit],
        over: Callable[[], bool] = lambda: False,
    ) -> Iterator[Outcome[Unit, R]]:
        """As ``core.train.folds.runner.Runner``."""
        return run_units(
            lambda unit: work(unit, self.resources),
            units,
            self.cores,
            should_stop=lambda: over() or (self.should_stop is not None and self.should_stop()),
            memory_limit=self.memory_limit,
        )


@dataclass
class _Worker:
    """A forked process.

    Attributes:
        pipe: to it.
        printed: what it prints on standard error; its own, so that native code tells why this one died.
        starved: how many processes the system had ended for want of memory when it was forked.
        cpu: seconds that were already counted.
    """

    pid: int
    pipe: Connection
    printed: IO[bytes]
    starved: int
    cpu: float = 0.0

    def last_words(self) -> str:
        """The end of what it printed."""
        end = os.fstat(self.printed.fileno()).st_size
        # It shares the place in the file with this process, so reading must not move it.
        return os.pread(self.printed.fileno(), LOG_TAIL, max(0, end - LOG_TAIL)).decode("utf-8", "replace")


@dataclass
class _Crew(Generic[U, R]):
    """The processes of one call, and the unit each busy one has had since when."""

    work: Callable[[U], R]
    size: int
    seconds: float | None
    memory_limit: int | None
    idle: list[_Worker] = field(default_factory=list)
    busy: dict[Connection, tuple[_Worker, U, float]] = field(default_factory=dict)

    def give(self, unit: U) -> None:
        worker = self.idle.pop() if self.idle else self._hire()
        with suppress(BrokenPipeError):  # it died while idle: taking its answer will tell
            worker.pipe.send(unit)
        self.busy[worker.pipe] = (worker, unit, time.monotonic())

    def take(self) -> list[Outcome[U, R]]:
        """The outcomes of the units that answered, died, or are out of time; waits a little for one."""
        ready = {answer for answer in wait(list(self.busy), LOOK_EVERY) if isinstance(answer, Connection)}
        outcomes = [self._answered(answer) for answer in ready]
        late = [answer for answer, (_, _, since) in self.busy.items() if self._is_late(since)]
        return outcomes + [self._lost(answer, failure.clock(self.seconds)) for answer in late]

    def dismiss(self) -> None:
        for worker in [*self.idle, *(worker for worker, _, _ in self.busy.values())]:
            _end(worker)

    def _is_late(self, since: float) -> bool:
        return self.seconds is not None and time.monotonic() - since > self.seconds

    def _hire(self) -> _Worker:
        ours, theirs = pipe()
        others = [worker.pipe for worker in self.idle] + list(self.busy)
        printed, before = anonymous_file(), starved()
        pid = fork(lambda: _serve(self.work, theirs, [ours, *others], printed, self.memory_limit))
        theirs.close()  # the worker's end is then the only one, and closes when the worker dies
        return _Worker(pid, ours, printed, before)

    def _answered(self, answer: Connection) -> Outcome[U, R]:
        try:
            value, error, cpu, peak = answer.recv()
        except (EOFError, ConnectionResetError):
            return self._lost(answer, None)
        worker, unit, since = self.busy.pop(answer)
        worker.cpu += cpu
        if error is not None and error["code"] == "MEMORY":
            _end(worker)
        else:
            self.idle.append(worker)
        return Outcome(unit, value, error, time.monotonic() - since, cpu, peak)

    def _lost(self, answer: Connection, error: dict[str, str] | None) -> Outcome[U, R]:
        worker, unit, since = self.busy.pop(answer)
        status, usage, said = _end(worker, kill=error is not None)
        short = starved() > worker.starved
        reason = error or failure.from_status(status, self.memory_limit, said, short)
        cpu = max(0.0, usage.ru_utime + usage.ru_stime - worker.cpu)
        return Outcome(unit, None, reason, time.monotonic() - since, cpu, peak_mb(usage))


def _end(worker: _Worker, *, kill: bool = True) -> tuple[int, Any, str]:
    """Its exit status and usage, and the end of what it printed, which now goes to the job's log."""
    if kill:  # before the pipe is closed: an orderly end is not wanted from a worker
        signal_family(worker.pid, signal.SIGKILL)
    worker.pipe.close()
    _, status, usage = os.wait4(worker.pid, 0)
    with worker.printed:
        said = worker.last_words()
    with suppress(OSError):  # the log may be on a full disk
        os.write(2, said.encode())
    return status, usage, said


def _serve(
    work: Callable[[Any], Any],
    pipe: Connection,
    others: list[Connection],
    printed: IO[bytes],
    memory_limit: int | None,
) -> NoReturn:
    """The life of a worker: a unit in, an answer out, until it is killed."""
    die_with_parent()
    os.dup2(printed.fileno(), 2)
    for other in others:
        other.close()
    if memory_limit is not None:
        limit_memory(memory_limit)
    while True:
        unit = pipe.recv()
        meter = Meter()
        try:
            answer = (work(unit), None)
            pipe.send((*answer, *meter.read()))
        except Exception as error:  # noqa: BLE001 - a failing unit is an outcome like any other
            limit_memory(None)
            pipe.send((None, failure.from_exception(error, memory_limit), *meter.read()))
