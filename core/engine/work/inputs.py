"""From a job's spec to what the work needs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from core.engine.context import Context
from core.engine.job_specs import BundlePath, BundleResult
from core.engine.processes.units import ForkRunner
from core.engine.resources import resources_of
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.results.base import R, parsed_or_none
from core.results.compare import CompareResult
from core.store.models import BUNDLE
from core.train.folds.fold_predictions import FOLDS
from core.train.rows.split import Rows
from core.train.rows.target import labels_of
from core.train.work import Work
from core.watch.distinct_rows import repeats_among
from core.watch.recipe_profile import watched_aside


def stored_result(ctx: Context, model: type[R], key: str) -> R | None:
    """The project's result of that kind and key; None when there is none of a form that is known."""
    return parsed_or_none(model, ctx.workspace.result(ctx.project, model.KIND, key))


def predictions_of(ctx: Context, recipe: Recipe) -> Path | None:
    """The validation predictions of the comparison of this very recipe; None when they are not kept."""
    compared = stored_result(ctx, CompareResult, fingerprint(recipe, "compare"))
    if compared is None or compared.run not in {run.id for run in ctx.workspace.runs(ctx.project)}:
        return None
    run = ctx.workspace.run(ctx.project, compared.run)
    return ctx.workspace.run_file(ctx.project, run.info.id, FOLDS) if FOLDS in run.files else None


def work_of(ctx: Context, recipe: Recipe) -> Work:
    """The table of a recipe, its target and its split, ready to train.

    Raises:
        FoldlineError: as ``Resources.load``; ``TABLE`` when the project does not hold the table.
    """
    return resources_of(ctx.workspace, ctx.project).work(recipe)


def watched_rows(work: Work, rows: Rows) -> pd.DataFrame:
    """Rows of the table: the columns that the recipe uses, and those that are watched beside them.

    In the order of the file, which tells lots, whatever order the recipe takes rows in.
    """
    rows = np.sort(rows)
    names = [column.name for column in watched_aside(work.recipe) if column.name not in work.frame.columns]
    if not names:
        return work.frame.iloc[rows]
    beside = work.resources.read(work.recipe.source.table, names)
    return pd.concat([work.frame, beside.set_index(work.frame.index)], axis=1).iloc[rows]


def unlabelled_rows(work: Work) -> Rows:
    """The rows that have no target, one of each where the recipe keeps one of each."""
    recipe = work.recipe
    rows = np.flatnonzero(labels_of(recipe, work.frame[recipe.target]).isna().to_numpy())
    return rows[~repeats_among(recipe, work.frame.iloc[rows])]


def runner(ctx: Context, work: Work) -> ForkRunner:
    """Runs units in processes of their own, within the job's cores and memory, until it is stopped."""
    return ForkRunner(work.resources, ctx.cores, ctx.should_stop, ctx.memory_limit)


def bundle_path(ctx: Context, model: BundlePath | BundleResult) -> Path:
    """The bundle that a spec names."""
    if isinstance(model, BundleResult):
        return ctx.workspace.result_file(ctx.project, model.result, BUNDLE)
    return Path(model.bundle)
