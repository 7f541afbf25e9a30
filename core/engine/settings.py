"""What the engine can be told through the environment, and what is imported before any job."""

from __future__ import annotations

import importlib
import os

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
    # Imported late: the threads of numeric libraries are capped before, by a function of this file.
    from core.engine.job_kinds import job_kinds

    for kind in job_kinds().values():
        kind.function()
