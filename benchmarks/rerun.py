"""How long a rerun of each page's script takes with a large table open, idle and while a comparison runs.

The script is run in this process by Streamlit's AppTest: the time of a run is that of the app's script, of
the page it shows, and of handing over what it drew; the browser and the network are not in it. Before that
every job of the app is done once on the table, so that every page draws results.
"""

from __future__ import annotations

import os
import time

import numpy as np
from streamlit.testing.v1 import AppTest

from benchmarks.result import Figure
from benchmarks.tables import ROOT, TARGET, big, load, workspace
from core.data.formats.parquet import write_table
from core.engine import jobs
from core.engine.client import ensure_server
from core.engine.run_here import run_here
from core.engine.settings import preload
from core.recipe import edits
from core.recipe.document import Recipe
from core.store.workspace import Workspace
from ui.frame.page_list import PLACES

AIM = 150.0
RUNS = 15
TRIALS = 6
PATIENCE = 300.0
QUICK_MODELS = ("dummy_classifier", "gaussian_nb", "tree_classifier")
LONG_MODELS = ("random_forest_classifier", "extra_trees_classifier", "hist_gradient_boosting_classifier")


def measure(quick: bool) -> list[Figure]:
    """The p95 of the runs of each page, idle and during a job; the worst page is what the aim is about."""
    rows, times = (20_000, 4) if quick else (1_000_000, RUNS)
    preload()
    with workspace() as (ws, project):
        os.environ["FOLDLINE_HOME"] = str(ws.root)
        recipe = _prepared(ws, project, rows)
        ensure_server(ws)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.query_params["project"] = project
        _settled(ws, project, app.run())
        idle = {place.id: _page(ws, project, app, place.path, times) for place in PLACES}
        long = edits.set_candidates(recipe, LONG_MODELS)
        busy = {place.id: _during(ws, project, long, app, place.path, times) for place in PLACES}
    return [
        *_figures(f"{rows:,} x 20 open, idle", idle, times),
        *_figures(f"{rows:,} x 20 open, Compare running", busy, times),
    ]


def _prepared(ws: Workspace, project: str, rows: int) -> Recipe:
    path = ws.root / "big.parquet"
    write_table(big(rows), path)
    load(ws, project, path)
    path.unlink()
    recipe = ws.recipe(project) or Recipe()
    recipe = edits.set_positive(edits.set_target(recipe, TARGET, "binary", "yes"), "yes")
    recipe = edits.set_candidates(recipe, QUICK_MODELS)
    recipe = edits.set_tuning(edits.choose(recipe, "tree_classifier", "tree_classifier"), trials=TRIALS)
    chosen = {"recipe": recipe.model_dump(mode="json")}
    for kind in ("compare", "tune", "evaluate"):
        run_here(ws, project, kind, chosen)
    table = {"table": recipe.source.table}
    packed = run_here(ws, project, "export", chosen | {"part": "train", "joblib": False})
    asked = {"result": packed["result"], "data": table, "formats": ["csv"], "with_input": False}
    run_here(ws, project, "predict", asked)
    run_here(ws, project, "drift", {"reference": chosen, "current": table, "sensitivity": "normal"})
    return ws.edit(project, lambda _: recipe, "Ready to be measured")


def _settled(ws: Workspace, project: str, app: AppTest) -> None:
    """Let what a page asked for be made, and draw it once with that."""
    deadline = time.monotonic() + PATIENCE
    while jobs.active(ws, project):
        if time.monotonic() > deadline:
            raise RuntimeError(f"a job of the page did not end within {PATIENCE:g} seconds")
        time.sleep(0.1)
    app.run()
    if app.exception:
        raise RuntimeError(f"the page failed: {app.exception[0].value}")


def _page(ws: Workspace, project: str, app: AppTest, path: str, times: int) -> float:
    """The p95 of the runs of a page in milliseconds."""
    app.switch_page(path)
    _settled(ws, project, app.run())
    return _p95(app, times)


def _p95(app: AppTest, times: int) -> float:
    waits = []
    for _ in range(times):
        started = time.perf_counter()
        app.run()
        waits.append(1000 * (time.perf_counter() - started))
    return float(np.percentile(waits, 95))


def _during(ws: Workspace, project: str, recipe: Recipe, app: AppTest, path: str, times: int) -> float:
    """The same while a long comparison runs on all cores."""
    app.switch_page(path).run()
    job = jobs.submit(ws, project, "compare", {"recipe": recipe.model_dump(mode="json")})
    deadline = time.monotonic() + PATIENCE
    while "fold" not in (now := jobs.job(ws, project, job)).message and now.is_active:
        if time.monotonic() > deadline:
            raise RuntimeError("the comparison did not start")
        time.sleep(0.02)
    app.run()
    found = _p95(app, times)
    if not jobs.job(ws, project, job).is_active:
        raise RuntimeError("the comparison ended before the runs were measured")
    jobs.cancel(ws, project, job)
    jobs.wait(ws, project, job, timeout=5)
    return found


def _figures(what: str, found: dict[str, float], times: int) -> list[Figure]:
    worst = max(found, key=lambda page: found[page])
    each = ", ".join(f"{page} {value:.0f}" for page, value in found.items())
    said = f"p95 of {times} runs in ms: {each}"
    return [Figure("rerun", f"Rerun, {what}: slowest page ({worst})", said, "", found[worst], "ms", AIM)]
