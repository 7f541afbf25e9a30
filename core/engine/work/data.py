"""Jobs on tables: read a file, profile it, find what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from core.data.formats.parquet import read_table, write_table
from core.data.profile import profile
from core.data.read import read
from core.data.reread import read_again
from core.data.table import Column, Physical, Reading, ReadOptions, Table
from core.engine.context import Context
from core.engine.work.inputs import recipe_of
from core.errors import FoldlineError
from core.findings import findings
from core.recipe.document import ColumnChoice, Recipe, Source
from core.recipe.fingerprint import fingerprint
from core.recipe.suggest import bare, guess_target, suggest
from core.spec import Kind
from core.standalone.cells import as_text
from core.standalone.transformers import ReadColumns
from core.store.files.atomic import sha256_of

PHYSICAL: dict[Kind, Physical] = {"numeric": "number", "datetime": "datetime"}


def target_levels(frame: pd.DataFrame, target: str) -> tuple[list[str], list[int]]:
    """The distinct texts of a target, commonest first, with their numbers of rows (at most 1,000)."""
    counts = as_text(frame[target]).value_counts().head(1_000)
    return [str(level) for level in counts.index], [int(count) for count in counts]


def reading_of(path: Path, spec: dict[str, Any], sha: str) -> Reading:
    """The file of a read job, read as its spec says; ``sha`` is of its bytes."""
    if spec.get("like"):
        like = Source.model_validate(spec["like"])
        return read_again(path, spec["name"], like.read, same=like.sha == sha)
    options = ReadOptions.model_validate(spec["options"]) if spec.get("options") else None
    return read(path, spec["name"], options, skip_bad_lines=spec.get("skip_bad_lines", False))


def store_table(ctx: Context, path: Path) -> tuple[Table, pd.DataFrame]:
    """Read the file of the job and keep it as a table of the project."""
    ctx.progress(0, 3, "Reading the file")
    source = sha256_of(path)
    reading = reading_of(path, ctx.spec, source)
    ctx.progress(1, 3, "Storing the table")
    parquet = ctx.folder / "table.parquet"
    write_table(reading.frame, parquet)
    table = Table(
        id=sha256_of(parquet),
        name=ctx.spec["name"],
        rows=len(reading.frame),
        columns=reading.columns,
        notes=reading.notes,
        read=reading.read,
        source_sha=source,
    )
    return ctx.workspace.add_table(ctx.project, parquet, table), reading.frame


def first_recipe(table: Table, frame: pd.DataFrame) -> Recipe:
    """The recipe suggested for a table; without a target when no column looks like one."""
    target = guess_target(table.columns)
    if not target:
        return bare(table)
    levels, counts = target_levels(frame, target)
    try:
        return suggest(table, target, levels=levels, counts=counts)
    except FoldlineError as error:
        if error.code != "TARGET":
            raise
        return bare(table)


def _moved(choice: ColumnChoice, found: Column) -> ColumnChoice:
    """The choice for a column of a new table; times are written there in their own way."""
    format = found.format if found.physical == "datetime" else choice.format
    return choice.model_copy(update={"levels": found.unique, "format": format})


def rebased(recipe: Recipe, table: Table) -> Recipe | None:
    """The recipe moved to a new table when the table has all the columns it uses, else None."""
    kinds = {column.name: column for column in table.columns}
    if not recipe.target or any(column.name not in kinds for column in recipe.columns):
        return None
    columns = tuple(_moved(c, kinds[c.name]) for c in recipe.columns)
    source = Source(table=table.id, name=table.name, rows=table.rows, read=table.read, sha=table.source_sha)
    return recipe.model_copy(update={"source": source, "columns": columns})


def do_read(ctx: Context) -> dict[str, Any]:
    """Read an upload into a table; with ``adopt`` the project's recipe moves to it.

    Spec: ``path``, ``name``, ``options`` (ReadOptions or None), ``like`` (the Source of a recipe, for a file
    that is read as its table was), ``adopt``, ``keep`` (the file stays where it is), ``skip_bad_lines``.
    """
    path = Path(ctx.spec["path"])
    table, frame = store_table(ctx, path)
    ctx.progress(2, 3, "Describing the columns")
    described = profile(frame, table.columns)
    ctx.workspace.put_result(ctx.project, "profile", table.id, described)
    if ctx.spec.get("adopt", True):
        suggested = first_recipe(table, frame)
        ctx.workspace.edit(
            ctx.project,
            lambda old: (rebased(old, table) if old else None) or suggested,
            f"data: {table.name}",
        )
    if not ctx.spec.get("keep"):
        path.unlink(missing_ok=True)
    ctx.progress(3, 3, "Done")
    return {"table": table.id, "rows": table.rows, "columns": len(table.columns)}


def columns_of(recipe: Recipe, table: Table) -> tuple[Column, ...]:
    """The table's columns with the kinds and roles that the recipe gives them."""
    chosen = {column.name: column for column in recipe.columns}
    return tuple(
        c.model_copy(update={"kind": chosen[c.name].kind, "role": chosen[c.name].role})
        if c.name in chosen
        else c
        for c in table.columns
    )


def as_chosen(
    recipe: Recipe, columns: tuple[Column, ...], frame: pd.DataFrame
) -> tuple[tuple[Column, ...], pd.DataFrame]:
    """Columns and values as the recipe has them read: other kinds and further words for "no value" applied.

    Columns that the recipe reads as the file was read stay as they are.
    """
    words = {c.name: c.missing for c in recipe.columns if c.missing}
    physical = {c.name: PHYSICAL.get(c.kind, c.physical) for c in columns}
    changed = [c for c in columns if c.name in words or (c.physical == "text" != physical[c.name])]
    if not changed:
        return columns, frame
    names = {kind: [c.name for c in changed if physical[c.name] == kind] for kind in ("number", "text")}
    formats = [(c.name, recipe.column(c.name).format) for c in changed if physical[c.name] == "datetime"]
    read = ReadColumns(
        names["number"], names["text"], formats, (), tuple(words.items()), recipe.source.read.decimal
    )
    frame = frame.assign(**read.fit_transform(frame))
    counts = {
        c.name: {
            "physical": physical[c.name],
            "missing": int(frame[c.name].isna().sum()),
            "unique": int(frame[c.name].nunique()),
        }
        for c in changed
    }
    return tuple(c.model_copy(update=counts.get(c.name, {})) for c in columns), frame


def do_inspect(ctx: Context) -> dict[str, Any]:
    """Profile a table against its target and run the checks. Spec: ``recipe``."""
    recipe = recipe_of(ctx)
    table = ctx.workspace.table(ctx.project, recipe.source.table)
    frame = read_table(ctx.workspace.table_path(ctx.project, table.id))
    columns, frame = as_chosen(recipe, columns_of(recipe, table), frame)
    ctx.progress(0, 2, "Describing the columns")
    described = profile(
        frame, columns, recipe.target or None, recipe.task if recipe.target else None, recipe.seed
    )
    levels, counts = target_levels(frame, recipe.target) if recipe.target else ([], [])
    described["target_levels"] = [{"level": a, "count": b} for a, b in zip(levels, counts, strict=True)]
    ctx.progress(1, 2, "Checking")
    found = []
    if recipe.target:
        found = findings(
            frame,
            columns,
            recipe.target,
            recipe.task,
            metric=recipe.metric,
            unrepeated=recipe.drop_duplicates,
            seed=recipe.seed,
        )
    payload = {"profile": described, "findings": [finding.model_dump(mode="json") for finding in found]}
    ctx.workspace.put_result(ctx.project, "inspect", fingerprint(recipe, "data"), payload)
    return payload
