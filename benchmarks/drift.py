"""Comparing two large tables for drift: processor seconds of the column tests, and of the joint test."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.result import Figure
from benchmarks.tables import TARGET, big
from core.data.kinds import classify
from core.drift.profile.build import reference_profile
from core.watch.drift import drift, drift_frames

AIM = 10.0


def measure(quick: bool) -> list[Figure]:
    """CPU seconds of profiling both sides and judging the columns, without and with the joint test."""
    rows = 20_000 if quick else 1_000_000
    old, new = big(rows, seed=0), big(rows, seed=1, moved=0.3)
    columns = classify(old, {})
    drift_frames(old.head(2_000), new.head(2_000), columns, target=TARGET)  # imports and first calls

    def columns_only() -> Any:
        return drift(reference_profile(old, columns, target=TARGET), new)

    figures = []
    for what, work in (
        ("columns, one by one", columns_only),
        ("columns and joint test", lambda: drift_frames(old, new, columns, target=TARGET)),
    ):
        wall, cpu, report = _timed(work)
        found = sum(column.state == "drift" for column in report.columns)
        measured = f"{cpu:.2f} CPU s, wall {wall:.2f} s, {found} of {len(report.columns)} columns drifted"
        figures.append(
            Figure(
                "drift", f"Drift of {rows:,} x 20 against as many: {what}", measured, "", cpu, "CPU s", AIM
            )
        )
    return figures


def _timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    report = work()
    return time.perf_counter() - wall, time.process_time() - cpu, report
