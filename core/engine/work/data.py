"""Jobs on tables: read a file, profile it, find what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from core.checks.finding import Finding
from core.data.formats.parquet import write_table
from core.data.newer import read_newer, with_other_dates
from core.data.profile import profile
from core.data.read import read
from core.data.reread import read_again
from core.data.table import Column, Reading, Table
from core.data.table_profile import LevelCount, TableProfile
from core.engine.context import Context
from core.engine.job_specs import InspectSpec, KeyedSpec, ReadSpec
from core.engine.resources import resources_of
from core.findings import findings
from core.recipe.columns import as_chosen, columns_of
from core.recipe.document import Recipe
from core.recipe.edits import set_target
from core.recipe.fingerprint import fingerprint
from core.recipe.rebase import PENDING, READ, rebased, started_anew, table_change
from core.recipe.suggestion.first import first_recipe, target_levels
from core.recipe.suggestion.target_guess import guess_target
from core.results.copies import CopiesResult
from core.results.inspect import InspectResult, ProfileResult, ReadResult
from core.store.files.atomic import sha256_of
from core.store.workspace import Workspace
from core.train.rows.copies import copies_across
from core.train.rows.target import gaps_of
from core.train.rows.target_words import gaps_in_file, written_notes
from core.train.rows.unread import idle_notes, unread_notes
from core.train.work import frame_of
from core.train.workable import workable


def do_read(ctx: Context, spec: ReadSpec) -> ReadResult:
    """Read an upload into a table; with ``adopt`` the project's recipe moves to it."""
    table, frame = store_table(ctx, spec)
    ctx.progress(2, 3, "Describing the columns")
    described = ProfileResult(**dict(profile(frame, table.columns)))
    ctx.workspace.put_result(ctx.project, described.KIND, table.id, described)
    if spec.adopt:
        take_in(ctx, table, first_recipe(table, frame, spec.target), spec.target)
    if not spec.keep:
        Path(spec.path).unlink(missing_ok=True)
    ctx.progress(3, 3, "Done")
    return ReadResult(table=table.id, rows=table.rows, columns=len(table.columns))


def take_in(ctx: Context, table: Table, first: Recipe, target: str = "") -> None:
    """Move the project's recipe to a table; where its columns are others, a person is asked first.

    A recipe in which nothing was chosen yet gives way without a question, and so does one whose table was
    read anew for its target.
    """
    ws, project = ctx.workspace, ctx.project
    old, label = ws.recipe(project), f"{READ}{table.name}"
    before = _made_for(ws, project, old)
    untouched = all(edit.label.startswith(READ) for edit in ws.history(project))
    if old is not None and old.target and not (untouched or target) and table_change(old, table, before):
        ws.put(project, PENDING, {"table": table.id, "first": first.model_dump(mode="json")})
        return
    ws.put(project, PENDING, None)
    ws.edit(project, lambda old: moved_to(table, old, first, target, before), label)


def _made_for(ws: Workspace, project: str, recipe: Recipe | None) -> Table | None:
    """The table of a recipe, as far as the project still has it."""
    tables = {table.id: table for table in ws.tables(project)}
    return tables.get(recipe.source.table) if recipe else None


def moved_to(
    table: Table, old: Recipe | None, first: Recipe, target: str = "", before: Table | None = None
) -> Recipe:
    """The recipe on a new table; where its columns are others a first one, with what is not about columns.

    Args:
        target: the column that it was read anew for, which the recipe then predicts as the first one does.
        before: as in ``table_change``.
    """
    if old is None:
        return first
    moved = rebased(old, table) if target or not table_change(old, table, before) else None
    if moved is not None and target and first.target == target:
        return set_target(moved, target, first.task, first.positive, first.column(target).marks)
    return moved or started_anew(old, first)


def store_table(ctx: Context, spec: ReadSpec) -> tuple[Table, pd.DataFrame]:
    """Read the file of the job and keep it as a table of the project."""
    ctx.progress(0, 3, "Reading the file")
    source = sha256_of(Path(spec.path))
    old = ctx.workspace.recipe(ctx.project)
    own = _made_for(ctx.workspace, ctx.project, old) if spec.adopt and not spec.own else None
    before = spec.before or own
    reading = reading_of(spec, source, lambda columns: spec.target or target_in(columns, old), before, old)
    ctx.progress(1, 3, "Storing the table")
    parquet = ctx.folder / "table.parquet"
    write_table(reading.frame, parquet)
    table = reading.table(spec.name, sha256_of(parquet), source)
    return ctx.workspace.add_table(ctx.project, parquet, table), reading.frame


def target_in(columns: Sequence[Column], old: Recipe | None) -> str:
    """The column of a new table that will be predicted; empty where a recipe reads it in another way."""
    if old is None or not {column.name for column in old.columns} <= {column.name for column in columns}:
        return guess_target(columns)
    return old.target if old.target in old.source.read.verbatim else ""


def reading_of(
    spec: ReadSpec,
    sha: str,
    target_of: Callable[[Sequence[Column]], str],
    before: Table | None = None,
    recipe: Recipe | None = None,
) -> Reading:
    """The file of a read job, read as its spec says.

    Args:
        sha: of its bytes.
        before: the table of the project, which the file may be a newer one of; ``recipe`` is that of it.
    """
    path, formats = Path(spec.path), {**_formats(before, recipe), **spec.formats}
    if spec.like is not None:
        return read_again(path, spec.name, spec.like.read, same=spec.like.sha == sha, formats=spec.formats)
    aim = target_of if spec.adopt or spec.before else None
    if before is not None and spec.options is None:
        return read_newer(path, spec.name, before, formats, spec.skip_bad_lines, aim)
    skip = spec.skip_bad_lines
    reading = read(path, spec.name, spec.options, skip_bad_lines=skip, target_of=aim, formats=formats)
    return with_other_dates(reading, formats) if before is not None else reading


def _formats(before: Table | None, recipe: Recipe | None) -> dict[str, str]:
    """The formats of the dates of a project's table, those that a person corrected in its recipe included."""
    chosen = {choice.name: choice.format for choice in recipe.columns} if recipe else {}
    stored = {column.name: column.format for column in before.columns} if before else {}
    both = {name: chosen.get(name) or format for name, format in stored.items()}
    return {name: format for name, format in both.items() if format}


def do_inspect(ctx: Context, spec: InspectSpec) -> InspectResult:
    """Profile a table against its target and run the checks."""
    ctx.progress(0, 1, "Describing and checking the columns")
    return inspection(ctx, spec.recipe)


def inspection(ctx: Context, recipe: Recipe) -> InspectResult:
    """The profile of a recipe's table and what the checks find in it, kept for who asks for them next."""
    table = ctx.workspace.table(ctx.project, recipe.source.table)
    read = resources_of(ctx.workspace, ctx.project).read
    frame = frame_of(recipe, read)
    gaps = gaps_in_file(table, recipe.target, gaps_of(recipe, frame[recipe.target])) if recipe.target else {}
    unread = (*written_notes(recipe, frame), *unread_notes(recipe, frame), *idle_notes(recipe, frame))
    columns, frame = as_chosen(recipe, columns_of(recipe, table), frame)
    described = profile_of(recipe, frame, columns)
    listed = workable(recipe, findings_of(recipe, frame, columns, gaps), read) if recipe.target else []
    result = InspectResult(edition=2, profile=described, findings=tuple(listed), unread=unread)
    ctx.workspace.put_result(ctx.project, result.KIND, fingerprint(recipe, "data"), result)
    return result


def profile_of(recipe: Recipe, frame: pd.DataFrame, columns: tuple[Column, ...]) -> TableProfile:
    """The profile of the columns against the target, if there is one, with its levels."""
    if not recipe.target:
        return profile(frame, columns, None, None, recipe.seed)
    levels, counts = target_levels(frame, recipe.target)
    pairs = tuple(LevelCount(level=level, count=rows) for level, rows in zip(levels, counts, strict=True))
    described = profile(frame, columns, recipe.target, recipe.task, recipe.seed)
    return described.model_copy(update={"target_levels": pairs})


def role_findings(recipe: Recipe, table: Table, frame: pd.DataFrame) -> list[Finding]:
    """What the checks of target, group and time find in a stored table."""
    columns, frame = as_chosen(recipe, columns_of(recipe, table), frame)
    decimal = recipe.source.read.decimal
    return findings(frame, columns, recipe.target, recipe.task, decimal=decimal, of_roles=True)


def findings_of(
    recipe: Recipe, frame: pd.DataFrame, columns: tuple[Column, ...], gaps: Mapping[str, int]
) -> list[Finding]:
    """What the checks find in the table of a recipe; ``gaps`` are the texts in place of its target."""
    return findings(
        frame,
        columns,
        recipe.target,
        recipe.task,
        metric=recipe.metric,
        unrepeated=recipe.drop_duplicates,
        apart=recipe.apart,
        seed=recipe.seed,
        limits=recipe.checks,
        gaps=gaps,
        decimal=recipe.source.read.decimal,
    )


def do_copies(ctx: Context, spec: KeyedSpec) -> CopiesResult:
    """Count the test rows of a recipe that are copies of rows learned from."""
    recipe = spec.recipe
    ctx.progress(0, 1, "Comparing rows")
    columns = columns_of(recipe, ctx.workspace.table(ctx.project, recipe.source.table))
    work = resources_of(ctx.workspace, ctx.project).work(recipe)
    result = CopiesResult(words=copies_across(work, columns).words)
    ctx.workspace.put_result(ctx.project, result.KIND, spec.key, result)
    return result
