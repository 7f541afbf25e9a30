"""How soon the resident process answers when one cell of a row changes, beside the bare model.

The model lies in a process of its own; a question goes over a pipe and back. Bare: the fitted pipeline, in
this process, predicts the same row as a typed table of one. Both take turns, so that what else runs on the
machine slows both. Not in it: the browser and Streamlit, which tests/e2e/test_one_row.py goes through.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.result import Figure
from benchmarks.tables import TARGET, big, load, workspace
from core.data.formats.parquet import write_table
from core.engine.residents import Residents
from core.engine.run_here import run_here
from core.engine.settings import preload
from core.explain.one_row import OneRow
from core.export.bundle.open import open_bundle
from core.recipe import edits
from core.recipe.document import Recipe
from core.store.models import BUNDLE

AIM = 100.0
MODELS = ("lightgbm_classifier", "hist_gradient_boosting_classifier", "logistic_regression")


def measure(quick: bool) -> list[Figure]:
    """The p95 from a changed cell to the new answer, of boosters and a linear model, on 20 columns."""
    rows, times = (2_000, 30) if quick else (20_000, 300)
    preload()
    with workspace() as (ws, project):
        path = ws.root / "big.parquet"
        write_table(big(rows), path)
        load(ws, project, path)
        recipe = edits.set_target(ws.recipe(project) or Recipe(), TARGET, "binary", "yes")
        found = []
        for model in MODELS:
            asked = {"recipe": edits.choose(recipe, model).model_dump(mode="json")}
            packed = run_here(ws, project, "export", asked | {"part": "train", "joblib": False})
            found.append(_figure(model, ws.result_file(project, packed["result"], BUNDLE), times))
    return found


def _figure(model: str, bundle: Path, times: int) -> Figure:
    opened = OneRow(open_bundle(bundle))
    draw = np.random.default_rng(0)
    row = dict(opened.rows[0])
    numbers = [name for name in opened.names if name.startswith("sensor")]
    waits, bare = [], []
    with closing(Residents()) as residents:
        residents.ask(bundle, {"what": "answer", "row": row})
        process = psutil.Process(residents.pids()[bundle])
        before = process.cpu_times().user + process.cpu_times().system
        for _ in range(times):
            row[str(draw.choice(numbers))] = round(float(draw.normal()), 4)
            waits.append(_wait(residents.ask, bundle, {"what": "answer", "row": row}))
            bare.append(_wait(opened.pipeline.predict_proba, opened.table([row])))
        spent = process.cpu_times().user + process.cpu_times().system - before
    late, late_bare = np.percentile(waits, 95), np.percentile(bare, 95)
    what = f"One row of 20 columns, a cell changed {times} times, {model}: to the new answer"
    measured = f"median {np.median(waits):.1f} ms, p95 {late:.1f} ms"
    against = f"bare predict_proba: median {np.median(bare):.1f} ms, p95 {late_bare:.1f} ms"
    ratio = np.median(np.array(waits) / np.array(bare))
    return Figure(
        "one_row",
        what,
        f"{measured}, {ratio:.2f} x bare, {1000 * spent / times:.0f} CPU ms",
        against,
        float(late),
        "ms",
        AIM,
    )


def _wait(ask: Callable[..., Any], *given: Any) -> float:
    started = time.perf_counter()
    ask(*given)
    return 1000 * (time.perf_counter() - started)
