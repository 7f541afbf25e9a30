"""From a job's spec to what the work needs."""

from __future__ import annotations

from pathlib import Path

from core.engine.context import Context
from core.engine.job_specs import BundlePath, BundleResult
from core.engine.processes.units import ForkRunner
from core.engine.resources import resources_of
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


def bundle_path(ctx: Context, model: BundlePath | BundleResult) -> Path:
    """The bundle that a spec names."""
    if isinstance(model, BundleResult):
        return ctx.workspace.result_file(ctx.project, model.result, BUNDLE)
    return Path(model.bundle)
