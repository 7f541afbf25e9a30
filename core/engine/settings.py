"""What the engine can be told through the environment, and the limits of each kind of job."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psutil

from core.errors import FoldlineError

if TYPE_CHECKING:
    from core.engine.context import Context

GB = 2**30
PRELOAD = (
    "numpy pandas pyarrow.parquet scipy.stats sklearn.compose sklearn.ensemble sklearn.linear_model "
    "sklearn.pipeline lightgbm optuna duckdb"
)
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OMP_WAIT_POLICY": "PASSIVE",
}


@dataclass(frozen=True)
class Limits:
    """What a job may use.

    Attributes:
        memory: bytes of address space of each of its processes.
        seconds: wall clock, or None for no limit.
    """

    memory: int
    seconds: float | None


def limits(kind: str, spec: Mapping[str, Any]) -> Limits:
    """The limits of a job: those of its kind, unless the spec's ``limits`` says otherwise.

    Args:
        spec: may hold ``{"limits": {"memory": bytes, "seconds": wall clock}}``.
    """
    reading = kind == "read"
    own: Mapping[str, Any] = spec.get("limits", {})
    memory = 3 * GB if reading else min(8 * GB, psutil.virtual_memory().total // 2)
    return Limits(int(own.get("memory", memory)), own.get("seconds", 120.0 if reading else None))


def jobs_at_once() -> int:
    """How many jobs one engine runs at the same time (FOLDLINE_JOBS, else 2)."""
    return max(1, int(os.environ.get("FOLDLINE_JOBS", "2")))


def grace_seconds() -> float:
    """How long an engine stays without a client (FOLDLINE_GRACE, else 10)."""
    return float(os.environ.get("FOLDLINE_GRACE", "10"))


def cap_threads() -> None:
    """Gives numeric libraries one thread each; only counts before they are imported."""
    os.environ.update(ONE_THREAD)


def preload() -> None:
    """Imports what jobs need (FOLDLINE_PRELOAD, else the usual), so that a forked child has it at once."""
    for name in os.environ.get("FOLDLINE_PRELOAD", PRELOAD).split():
        importlib.import_module(name)
    tasks()


def tasks() -> dict[str, Callable[[Context], dict[str, Any]]]:
    """Kind of job -> the function that does it.

    They are the ``TASKS`` of core.engine.tasks, or of the module that FOLDLINE_TASKS names: imported late,
    because they bring all of core with them, and the app must not wait for that.
    """
    module = importlib.import_module(os.environ.get("FOLDLINE_TASKS", "core.engine.tasks"))
    found: dict[str, Callable[[Context], dict[str, Any]]] = module.TASKS
    return found


def task(kind: str) -> Callable[[Context], dict[str, Any]]:
    """The function that does this kind of job.

    Raises:
        FoldlineError: ``KIND`` when there is none.
    """
    known = tasks()
    if kind not in known:
        raise FoldlineError("KIND", f"There is no job {kind!r}.", f"Use one of: {', '.join(sorted(known))}.")
    return known[kind]
