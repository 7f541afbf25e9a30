"""From a job's spec to what the work needs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.data.formats.parquet import read_table
from core.data.read import read
from core.data.reread import read_like
from core.data.table import EarlierTable, Note
from core.data.typed_rows import typed_in
from core.engine.context import Context
from core.engine.job_specs import (
    BundlePath,
    BundleResult,
    KeptFile,
    PathFile,
    RowSource,
    TableRows,
    TypedRows,
)
from core.engine.processes.units import ForkRunner
from core.engine.resources import resources_of
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.results.base import R, parsed_or_none
from core.store.models import BUNDLE
from core.train.work import Work


def stored_result(ctx: Context, model: type[R], key: str) -> R | None:
    """The project's result of that kind and key; None when there is none of a form that is known."""
    return parsed_or_none(model, ctx.workspace.result(ctx.project, model.KIND, key))


def work_of(ctx: Context, recipe: Recipe) -> Work:
    """The table of a recipe, its target and its split, ready to train.

    Raises:
        FoldlineError: as ``Resources.load``; ``TABLE`` when the project does not hold the table.
    """
    return resources_of(ctx.workspace, ctx.project).work(recipe)


def runner(ctx: Context, work: Work) -> ForkRunner:
    """Runs units in processes of their own, within the job's cores and memory, until it is stopped."""
    return ForkRunner(work.resources, ctx.cores, ctx.should_stop, ctx.memory_limit)


def rows_of(
    ctx: Context, source: RowSource, earlier: EarlierTable | None = None, trim: bool = True
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """The rows that a spec names, and what was noticed while a file of them was read.

    Args:
        earlier: the columns of the training table; a file is read like it.
        trim: leave empty rows at the end of a file out, with a note.

    Raises:
        FoldlineError: ``SOURCE`` when the file is no longer kept; what reading it raises.
    """
    if isinstance(source, TableRows):
        return read_table(ctx.workspace.table_path(ctx.project, source.table)), ()
    if isinstance(source, TypedRows):
        return typed_in(source.rows), ()
    path = _path_of(ctx, source)
    reading = read_like(path, source.name, earlier, trim) if earlier else read(path, source.name, trim=trim)
    return reading.frame, reading.notes


def _path_of(ctx: Context, source: KeptFile | PathFile) -> Path:
    if isinstance(source, PathFile):
        return Path(source.path)
    kept = ctx.workspace.find_result(ctx.project, "source", source.source)
    if kept is None:
        hint = "Load it again."
        raise FoldlineError("SOURCE", f"The file {source.name} is no longer kept.", hint, source.name)
    return ctx.workspace.result_file(ctx.project, kept.id, "source.bin")


def bundle_path(ctx: Context, model: BundlePath | BundleResult) -> Path:
    """The bundle that a spec names."""
    if isinstance(model, BundleResult):
        return ctx.workspace.result_file(ctx.project, model.result, BUNDLE)
    return Path(model.bundle)
