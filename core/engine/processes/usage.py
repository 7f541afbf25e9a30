"""The memory and time of a process: limiting the one, measuring both."""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

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
