"""Compare against its bound: the bare fits and predictions of the same units, spread over the cores.

The bound is what nothing can beat with these models: each distinct preparation of each fold fitted and
applied once, each model fitted and asked once a fold, one after the other in one process with one thread; the
sum divided by the cores. Compare does the same and more: it starts processes, reads the table, divides rows,
keeps matrices, scores, and writes the board. It runs before and after the bare units; the mean counts.
"""

from __future__ import annotations

import time
import warnings
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.result import Figure
from benchmarks.tables import ADULT, CHURN, load, workspace
from core.build import estimator, preparation
from core.data.formats.parquet import read_table
from core.engine.context import available_cores
from core.engine.resources import resources_of
from core.engine.run_here import run_here
from core.engine.settings import preload
from core.plan import plan
from core.recipe import edits
from core.recipe.document import Recipe
from core.recipe.suggestion.first import target_levels
from core.recipe.suggestion.suggest import suggest
from core.store.workspace import Workspace
from core.train.folds.matrices import cache_key
from core.train.folds.unit import predict
from core.train.work import Work

AIM = 1.15
QUICK_ROWS = 3_000
QUICK_MODELS = ("dummy_classifier", "logistic_regression", "tree_classifier", "extra_trees_classifier")


def measure(quick: bool) -> list[Figure]:
    """Wall time of Compare, of the bare units, and their ratio."""
    preload()
    with workspace() as (ws, project):
        path, target = _table(ws.root, quick)
        recipe = _recipe(ws, project, path, target, quick)
        first = _compared(recipe, path)
        bare = _bare(ws, project, recipe)
        second = _compared(recipe, path)
    wall = (first["wall"] + second["wall"]) / 2
    cores = available_cores()
    bound = bare["seconds"] / cores
    what = f"Compare, {recipe.source.name}, {recipe.source.rows:,} rows, {len(recipe.candidates)} models"
    walls = f"wall {wall:.1f} s ({first['wall']:.1f} and {second['wall']:.1f})"
    against = f"bare fit and predict {bare['seconds']:.1f} s / {cores} cores = {bound:.1f} s"
    cpu = (first["cpu"] + second["cpu"]) / 2
    return [
        Figure("compare", what, walls, against, wall / bound, "x", AIM),
        Figure(
            "compare",
            f"{what}: processor time",
            f"{cpu:.1f} CPU s in units",
            f"{bare['cpu']:.1f} CPU s bare, preparation included",
            cpu / bare["cpu"],
            "x",
        ),
    ]


def _table(folder: Path, quick: bool) -> tuple[Path, str]:
    """adult where it is at hand; else the churn sample six times over, without what repeats or leaks."""
    if ADULT.exists():
        frame, target = pd.read_csv(ADULT, skipinitialspace=True, dtype=str), "income"
    else:
        churn = pd.read_csv(CHURN, dtype=str).drop(columns=["exit_survey"])
        frame, target = pd.concat([churn] * 6, ignore_index=True), "churned"
    path = folder / ("adult.csv" if ADULT.exists() else "churn_repeated.csv")
    (frame.head(QUICK_ROWS) if quick else frame).to_csv(path, index=False)
    return path, target


def _recipe(ws: Workspace, project: str, path: Path, target: str, quick: bool) -> Recipe:
    table = ws.table(project, load(ws, project, path))
    frame = read_table(ws.table_path(project, table.id))
    levels, counts = target_levels(frame, target)
    recipe = suggest(table, target, levels=levels, counts=counts)
    return edits.set_candidates(recipe, QUICK_MODELS) if quick else recipe


def _compared(recipe: Recipe, path: Path) -> dict[str, float]:
    """Compare in a workspace of its own, so that nothing is cached."""
    with workspace() as (ws, project):
        load(ws, project, path)
        started = time.perf_counter()
        found = run_here(ws, project, "compare", {"recipe": recipe.model_dump(mode="json")})
        wall = time.perf_counter() - started
    failed = [one["label"] for one in found["candidates"] if one["status"] != "done"]
    if failed:
        raise RuntimeError(f"these models failed, so the walls cannot be compared: {', '.join(failed)}")
    return {"wall": wall, "cpu": found["cpu_seconds"]}


def _bare(ws: Workspace, project: str, recipe: Recipe) -> dict[str, float]:
    """Seconds of the preparations and of the fits and predictions, in this process."""
    work = resources_of(ws, project).work(recipe)
    wall, cpu = time.perf_counter(), time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for fold in work.split.folds:
            _bare_fold(work, fold)
    return {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def _bare_fold(work: Work, fold: tuple[Any, Any]) -> None:
    fit, valid = fold
    prepared: dict[str, tuple[Any, Any]] = {}
    for candidate in work.recipe.candidates:
        resolved = plan(work.recipe, candidate)
        key = cache_key(resolved, work.recipe.source.table, fit, valid)
        if key not in prepared:
            steps = preparation(resolved)
            X = steps.fit_transform(work.frame.iloc[fit], work.labels(fit))
            prepared[key] = (X, steps.transform(work.frame.iloc[valid]))
        X_fit, X_valid = prepared[key]
        model = estimator(work.recipe, candidate, resolved.coded).fit(X_fit, work.labels(fit))
        predict(model, X_valid, work.recipe.task, work.target)
