"""The memory and time of a process: limiting the one, measuring both; and what it prints."""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

LOG_TAIL = 2**16
"""Bytes at the end that are searched: a crash in native code prints a list of all loaded modules."""
EVENTS, STARVED = Path("/proc/vmstat"), "oom_kill "
PEAK, RESET_PEAK, STATUS = "VmHWM:", Path("/proc/self/clear_refs"), Path("/proc/self/status")


def limit_memory(size: int | None) -> None:
    """Limits the address space of this process, in bytes; None lifts the limit again."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    soft = hard if size is None else size
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def peak_mb(usage: resource.struct_rusage) -> float:
    """The largest resident memory of a process in MB; macOS counts bytes, others KB."""
    return usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def cpu_seconds() -> float:
    """CPU seconds of this process and of its children that have ended."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


class Meter:
    """Measures a stretch of work of this process: starts when made."""

    def __init__(self) -> None:
        if RESET_PEAK.exists():
            RESET_PEAK.write_text("5")  # proc(5): sets the peak to what is used now
        self._cpu = cpu_seconds()

    def read(self) -> tuple[float, float]:
        """CPU seconds and peak resident memory (MB) since the start."""
        return cpu_seconds() - self._cpu, _peak_now()


def _peak_now() -> float:
    if not STATUS.exists():
        return peak_mb(resource.getrusage(resource.RUSAGE_SELF))
    lines = STATUS.read_text().splitlines()
    return next(int(line.split()[1]) / 2**10 for line in lines if line.startswith(PEAK))


def starved() -> int:
    """How many processes the system has ended for want of memory (Linux); 0 where it does not say."""
    if not EVENTS.exists():
        return 0
    lines = EVENTS.read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(STARVED)), 0)


def anonymous_file() -> IO[bytes]:
    """A file without a name: in memory where the system can, so that a full disk does not matter."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("foldline"), "w+b", buffering=0)
    return tempfile.TemporaryFile(buffering=0)
