"""Reading a large CSV: the app's job from file to stored, described table, beside pandas.read_csv alone."""

from __future__ import annotations

import time

import pandas as pd

from benchmarks.result import Figure
from benchmarks.tables import big, workspace
from core.engine.jobs import jobs
from core.engine.run_here import run_here
from core.engine.settings import preload


def measure(quick: bool) -> list[Figure]:
    """Wall time and memory of the job, and of pandas on the same file."""
    rows = 20_000 if quick else 1_000_000
    preload()
    with workspace() as (ws, project):
        path = ws.root / "big.csv"
        big(rows).to_csv(path, index=False)
        size = path.stat().st_size / 1e6
        spec = {"path": str(path), "name": path.name, "keep": True}
        started = time.perf_counter()
        run_here(ws, project, "read", spec)
        ours = time.perf_counter() - started
        peak = jobs(ws, project, "read")[0].peak_mb
        started = time.perf_counter()
        pd.read_csv(path)
        theirs = time.perf_counter() - started
    what = f"Read a CSV of {rows:,} x 20, {size:.0f} MB: detect, read, check, store, describe"
    measured = f"wall {ours:.1f} s, up to {peak:.0f} MB"
    return [Figure("read", what, measured, f"pandas.read_csv alone {theirs:.1f} s", ours / theirs, "x")]
