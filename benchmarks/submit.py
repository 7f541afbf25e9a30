"""How long after a click the first word of a job is there, with the engine running."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.result import Figure
from benchmarks.tables import CHURN, load, workspace
from core.engine import jobs
from core.engine.client import ensure_server
from core.engine.settings import preload
from core.recipe.document import Recipe
from core.store.workspace import Workspace

AIM = 300.0
PATIENCE = 30.0


def measure(quick: bool) -> list[Figure]:
    """Milliseconds from submitting a comparison to its first progress, over several jobs."""
    times = 3 if quick else 20
    preload()
    with workspace() as (ws, project):
        load(ws, project, CHURN)
        recipe = ws.recipe(project) or Recipe()
        ensure_server(ws)
        _first_word(ws, project, recipe)  # waits for the engine to have started
        waits = [_first_word(ws, project, recipe) for _ in range(times)]
    median, late = np.percentile(waits, [50, 95])
    what = f"From submitting Compare on churn.csv to its first progress, {times} jobs"
    return [
        Figure("submit", what, f"median {median:.0f} ms, p95 {late:.0f} ms", "", float(median), "ms", AIM)
    ]


def _first_word(ws: Workspace, project: str, recipe: Recipe) -> float:
    started = time.perf_counter()
    job = jobs.submit(ws, project, "compare", {"recipe": recipe.model_dump(mode="json")})
    while not jobs.job(ws, project, job).message:
        if time.perf_counter() - started > PATIENCE:
            raise RuntimeError(f"the job said nothing for {PATIENCE:g} seconds")
        time.sleep(0.002)
    waited = 1000 * (time.perf_counter() - started)
    jobs.cancel(ws, project, job)
    jobs.wait(ws, project, job, timeout=5)
    return waited
