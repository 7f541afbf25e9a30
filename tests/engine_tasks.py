"""Tasks that misbehave on purpose; the engine has these when FOLDLINE_TASKS names this module."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from typing import Any

from core.engine.context import Context
from core.engine.job_kinds import JobKind, by_id
from core.engine.job_specs import JobSpec
from core.engine.processes.units import run_units
from core.errors import FoldlineError


class AnySpec(JobSpec):
    """What these jobs may be told."""

    echo: str | None = None
    n: int = 0
    pause: float = 0.05


def quick(context: Context, spec: AnySpec) -> dict[str, Any]:
    context.event("hello", pid=os.getpid(), cores=context.cores)
    return {"answer": 42, "echo": spec.echo}


def steps(context: Context, spec: AnySpec) -> dict[str, Any]:
    """Counts to ``n`` slowly; ends early and keeps its count when asked to stop."""
    n, done = int(spec.n), 0
    (context.folder / "scratch").write_text("x")
    for done in range(1, n + 1):
        time.sleep(spec.pause)
        context.progress(done, n, f"step {done}")
        context.event("step", number=done)
        if context.should_stop():
            break
    return {"done": done}


def refuse(context: Context, spec: AnySpec) -> dict[str, Any]:
    raise FoldlineError("RAGGED", "Line 3 has 3 fields.", "Skip it.", "line 3")


def bug(context: Context, spec: AnySpec) -> dict[str, Any]:
    raise ZeroDivisionError("no such luck")


def swell(context: Context, spec: AnySpec) -> dict[str, Any]:
    return {"size": len(bytearray(8 * 2**30))}


def abort(context: Context, spec: AnySpec) -> dict[str, Any]:
    os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
    os.abort()


def crash(context: Context, spec: AnySpec) -> dict[str, Any]:
    return {"read": ctypes.string_at(0)}


def loop(context: Context, spec: AnySpec) -> dict[str, Any]:
    while True:
        pass


def family(context: Context, spec: AnySpec) -> dict[str, Any]:
    """Three kinds of descendants that do not end by themselves, one of them deaf and in its own session."""
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(99)"
    python = [sys.executable, "-c", deaf]
    same = subprocess.Popen(python, stdout=subprocess.PIPE)
    own = subprocess.Popen(python, stdout=subprocess.PIPE, start_new_session=True)
    for process in (same, own):
        assert process.stdout is not None
        process.stdout.readline()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)

    def forked(_: int) -> None:
        context.event("family", pids=[os.getpid(), os.getppid(), same.pid, own.pid])
        time.sleep(99)

    return {"never": [outcome.value for outcome in run_units(forked, [1], 1)]}


def table(context: Context, spec: AnySpec) -> dict[str, Any]:
    """Uses every library that keeps threads, after the engine has loaded and forked."""
    import duckdb
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = context.folder / "t.parquet"
    pq.write_table(pa.table({"a": np.arange(200_000.0), "b": ["x"] * 200_000}), path)
    read = pq.read_table(path).to_pandas(use_threads=True)
    total = duckdb.connect().execute("SELECT sum(a) FROM read_parquet(?)", [str(path)]).fetchall()[0][0]
    from sklearn.ensemble import HistGradientBoostingRegressor

    fitted = HistGradientBoostingRegressor(max_iter=5).fit(read[["a"]][:5000], read["a"][:5000])
    return {"rows": len(read), "sum": total, "score": fitted.score(read[["a"]][:5000], read["a"][:5000])}


def units(context: Context, spec: AnySpec) -> dict[str, Any]:
    """Seven units, of which one crashes and one hangs."""

    def work(unit: int) -> int:
        if unit == 1:
            ctypes.string_at(0)
        if unit == 2:
            time.sleep(99)
        return unit * unit

    outcomes = list(run_units(work, range(7), context.cores, seconds=1.0))
    return {
        str(outcome.unit): outcome.error["code"] if outcome.error else outcome.value for outcome in outcomes
    }


def leave(context: Context, spec: AnySpec) -> dict[str, Any]:
    """Keeps its result, and dies before it can say that it is done."""
    context.workspace.put_result(context.project, "job", context.job, {"kept": True})
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


RUNS = (quick, steps, refuse, bug, swell, abort, crash, loop, family, table, units, leave)
JOB_KINDS = by_id(
    *(
        JobKind(
            run.__name__,
            run.__name__.capitalize(),
            AnySpec,
            f"{__name__}:{run.__name__}",
            keeps_best=run is steps,
        )
        for run in RUNS
    )
)
