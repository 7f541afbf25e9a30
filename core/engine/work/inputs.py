"""From a job's spec to what the work needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from core.data.formats.parquet import read_table
from core.engine.context import Context
from core.engine.units import run_units
from core.errors import FoldlineError
from core.recipe.consistency import consistent
from core.recipe.document import Recipe, parse
from core.recipe.fingerprint import digest
from core.train.fold_cache import Work, columns_used
from core.train.split import divide
from core.train.target import target_of


def recipe_of(ctx: Context) -> Recipe:
    """The recipe that the job was given.

    Raises:
        FoldlineError: ``RECIPE`` when there is none, it is not valid, or its parts do not agree.
    """
    if "recipe" not in ctx.spec:
        raise FoldlineError("RECIPE", "The job has no recipe.", "Load data first.")
    return consistent(parse(ctx.spec["recipe"]))


def work_of(ctx: Context, recipe: Recipe) -> Work:
    """The table of a recipe, its target and its division, ready to train.

    Raises:
        FoldlineError: as ``target_of`` and ``divide``; ``TABLE`` when the project does not hold the table.
    """
    path = ctx.workspace.table_path(ctx.project, recipe.source.table)
    frame = read_table(path, columns_used(recipe))
    target = target_of(recipe, frame)
    return Work(recipe, frame, target, divide(recipe, frame, target), ctx.workspace.paths.cache)


def runner(ctx: Context) -> Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]:
    """Runs units in processes of their own, within the job's cores and memory, until it is stopped."""

    def run(work: Callable[[Any], Any], units: Iterable[Any]) -> Iterator[Any]:
        return run_units(work, units, ctx.cores, should_stop=ctx.should_stop, memory_limit=ctx.memory_limit)

    return run


def test_key(recipe: Recipe) -> str:
    """Names the locked test set of a recipe: equal for recipes that lock the same rows of the same table."""
    roles = [(c.name, c.role) for c in recipe.columns if c.role in ("group", "time", "target")]
    split = [recipe.split.test_size, recipe.seed, recipe.drop_duplicates, recipe.task]
    return digest([recipe.source.table, roles, split])
