"""Pieces of work in processes of their own, so that one may crash, swell or hang without the others."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.connection import Pipe as pipe
from typing import Generic, TypeVar

from core.engine import failure
from core.engine.child import limit_memory, peak_mb
from core.engine.process import die_with_parent, fork, signal_family

U = TypeVar("U")
R = TypeVar("R")
LOOK_EVERY = 0.1


@dataclass(frozen=True)
class Outcome(Generic[U, R]):
    """What became of one unit.

    Attributes:
        value: what the work gave; meaningless when there is an error.
        error: the facts of a FoldlineError, or None.
        wall, cpu: seconds; cpu counts the unit's own children too.
        peak_mb: largest memory of the unit's process.
    """

    unit: U
    value: R | None
    error: dict[str, str] | None
    wall: float
    cpu: float
    peak_mb: float


@dataclass(frozen=True)
class _Running(Generic[U]):
    unit: U
    pid: int
    started: float


def run_units(
    work: Callable[[U], R],
    units: Sequence[U],
    cores: int,
    *,
    seconds: float | None = None,
    should_stop: Callable[[], bool] | None = None,
    memory_limit: int | None = None,
) -> Iterator[Outcome[U, R]]:
    """Does ``work`` for each unit in a forked process of its own and gives outcomes as they come.

    ``work`` sees everything this process has (nothing is copied or pickled on the way in); what it gives back
    is pickled. It may use threads, provided this process has not used OpenMP threads before.

    Args:
        cores: how many processes at most work at once.
        seconds: wall clock of one unit; one that takes longer is killed and gives ``CLOCK``.
        should_stop: asked about ten times a second; once True, running units are killed, the rest never
            starts, and neither gives an outcome.
        memory_limit: bytes of address space of one unit; more gives ``MEMORY``.

    Raises:
        FoldlineError: ``FORK`` where the system has no fork.
    """
    running: dict[Connection, _Running[U]] = {}
    waiting = list(reversed(units))
    try:
        while (waiting or running) and not (should_stop is not None and should_stop()):
            while waiting and len(running) < max(1, cores):
                reader, started = _start(work, waiting.pop(), memory_limit)
                running[reader] = started
            for reader in _ready(running, seconds):
                yield _collect(reader, running.pop(reader), seconds, memory_limit)
    finally:
        for reader, left in running.items():
            _kill(left.pid)
            os.waitpid(left.pid, 0)
            reader.close()


def _start(work: Callable[[U], R], unit: U, limit: int | None) -> tuple[Connection, _Running[U]]:
    reader, writer = pipe(duplex=False)
    pid = fork(lambda: _answer(work, unit, writer, limit))
    writer.close()  # the unit's end is then the only one, and closes when the unit dies
    return reader, _Running(unit, pid, time.monotonic())


def _answer(work: Callable[[U], R], unit: U, writer: Connection, limit: int | None) -> None:
    die_with_parent()
    if limit is not None:
        limit_memory(limit)
    try:
        writer.send((work(unit), None))
    except Exception as error:  # noqa: BLE001 - a failing unit is an outcome like any other
        limit_memory(None)
        writer.send((None, failure.from_exception(error, limit)))


def _ready(running: dict[Connection, _Running[U]], seconds: float | None) -> list[Connection]:
    """The units that have something to say, have died, or whose time is over."""
    late = (
        [] if seconds is None else [r for r, u in running.items() if time.monotonic() - u.started > seconds]
    )
    if late:
        return late
    return [reader for reader in wait(list(running), LOOK_EVERY) if isinstance(reader, Connection)]


def _collect(
    reader: Connection, running: _Running[U], seconds: float | None, limit: int | None
) -> Outcome[U, R]:
    value: R | None = None
    error: dict[str, str] | None = None
    dumb, late = False, not reader.poll()
    try:
        if late:
            _kill(running.pid)
        else:
            value, error = reader.recv()
    except (EOFError, OSError):
        dumb = True
    finally:
        reader.close()
    _, status, usage = os.wait4(running.pid, 0)
    if late:
        error = failure.clock(seconds)
    elif dumb:
        error = failure.from_status(status, limit)
    wall = time.monotonic() - running.started
    return Outcome(running.unit, value, error, wall, usage.ru_utime + usage.ru_stime, peak_mb(usage))


def _kill(pid: int) -> None:
    signal_family(pid, signal.SIGKILL)
