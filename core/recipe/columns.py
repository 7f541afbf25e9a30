"""The columns of a table as a recipe has them: kinds, roles, and what the model reads."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.data.kinds import physical_type
from core.data.table import Column, EarlierTable, Physical, Table
from core.data.types.date_formats import ISO
from core.data.types.number_shares import number_marks, numeric_share
from core.errors import FoldlineError
from core.recipe.document import ColumnChoice, Recipe
from core.recipe.labels import KINDS
from core.recipe.split import near_columns, target_column
from core.spec import Kind
from core.standalone.cells import as_datetime, as_number, as_text, without
from core.standalone.counts import counted
from core.standalone.rows.booleans import spellings
from core.standalone.rows.written_numbers import fine_share
from core.standalone.target import read_target
from core.standalone.transformers import ReadColumns

PHYSICAL: dict[Kind, Physical] = {"numeric": "number", "datetime": "datetime"}

FEWEST_READ = 0.5
"""Share of the texts of a column of numbers, or of dates, that must be some."""
MOST_SPELLINGS = 20
"""Columns with more distinct values do not say yes and no alone."""


def check_kind(name: str, physical: Physical, kind: Kind) -> None:
    """Refuse a kind that the stored values of a column cannot be read as.

    Raises:
        FoldlineError: ``KIND`` for numbers as dates, and dates as numbers.
    """
    if (physical, kind) in (("number", "datetime"), ("datetime", "numeric")):
        content = "dates" if physical == "datetime" else "numbers"
        raise FoldlineError(
            "KIND",
            f"{name} holds {content}, which cannot be read as {KINDS[kind].lower()}.",
            "Choose another kind, or add a feature made from it.",
            name,
        )


def check_kinds(recipe: Recipe, frame: pd.DataFrame) -> None:
    """``check_kind``, and texts as numbers or dates, for every column of a typed table that the recipe has.

    Raises:
        FoldlineError: ``KIND``.
    """
    for column in recipe.columns:
        if column.name not in frame.columns:
            continue
        physical = physical_type(frame[column.name])
        check_kind(column.name, physical, column.kind)
        if physical == "text" and column.kind in PHYSICAL and column.role not in ("target", "ignore"):
            _check_texts(column, frame[column.name], recipe.source.read.decimal)


def read_texts(column: ColumnChoice, values: pd.Series, decimal: str) -> tuple[pd.Series, pd.Series]:
    """The texts of a column of numbers or dates, without missing ones, and what each is read as.

    Args:
        values: a column of texts.
        decimal: the decimal mark of numbers.
    """
    texts = without(values, column.missing, column.missing, decimal).dropna()
    if column.kind == "numeric":
        return texts, as_number(texts, decimal, "" if column.role == "time" else column.marks)
    return texts, as_datetime(texts, column.format)


def _check_texts(column: ColumnChoice, values: pd.Series, decimal: str) -> None:
    """Refuse texts as numbers or dates when most of them are none: the column would come out empty."""
    texts, read = read_texts(column, values, decimal)
    if not len(texts) or read.notna().mean() >= FEWEST_READ:
        return
    if column.kind == "numeric":
        wanted = f"a number with the decimal mark {decimal!r}"
        hint = "Write the numbers without marks of thousands and units, give the right decimal mark"
        marks = number_marks(texts, decimal)
        if column.role != "time" and numeric_share(texts, decimal, marks) >= FEWEST_READ:
            hint += f', have the marks read ("Read it as numbers" on Data, "marks": "{marks}" in the recipe)'
    else:
        wanted = f"a date of the format {column.format or ISO}"
        hint = "Give the format that the dates have, or write them like 2024-12-31"
    raise FoldlineError(
        "KIND",
        f"{column.name}: {int(read.isna().sum()):,} of {counted(len(texts), 'cell')}, such as "
        f"{str(texts[read.isna()].iloc[0])[:40]!r}, are not {wanted}; they would become missing.",
        f"{hint}, or choose another kind.",
        column.name,
    )


def check_formats(recipe: Recipe) -> None:
    """Refuse formats of dates that are none.

    Raises:
        FoldlineError: ``RECIPE``.
    """
    for column in recipe.columns:
        try:
            as_datetime(pd.Series(["2024-12-31"], dtype="str"), column.format)
        except ValueError as error:
            problem = f"The format {column.format!r} of {column.name} is none of dates: {error}."
            raise FoldlineError("RECIPE", problem, "Give one such as %d/%m/%Y.", column.name) from error


def columns_of(recipe: Recipe, table: Table) -> tuple[Column, ...]:
    """The table's columns with the kinds and roles that the recipe gives them."""
    chosen = {column.name: column for column in recipe.columns}
    return tuple(
        c.model_copy(update={"kind": chosen[c.name].kind, "role": chosen[c.name].role})
        if c.name in chosen
        else c
        for c in table.columns
    )


def model_columns(recipe: Recipe) -> list[ColumnChoice]:
    """The columns that the model reads, as inputs or through feature steps; the target is not among them."""
    fed = {name for step in recipe.features for name in step.columns}
    return [c for c in recipe.columns if c.role != "target" and (c in recipe.inputs or c.name in fed)]


def columns_used(recipe: Recipe) -> list[str]:
    """The columns of the table that a recipe reads: inputs, target, roles and inputs of feature steps."""
    fed = {name for step in recipe.features for name in step.columns}
    names = {column.name for column in recipe.inputs} | fed | {recipe.target}
    roles = {column.name for role in ("group", "time") for column in recipe.with_role(role)}
    every = {c.name for c in recipe.columns if c.kind != "id"} if recipe.drop_duplicates else set()
    every |= set(near_columns(recipe))
    return [column.name for column in recipe.columns if column.name in names | roles | every]


def split_columns(recipe: Recipe) -> list[str]:
    """The columns of the table that say how its rows are split: target, roles, and all for duplicates."""
    roles = ("target", "group", "time")
    every = {c.name for c in recipe.columns if c.kind != "id"} if recipe.drop_duplicates else set()
    every |= set(near_columns(recipe))
    return [c.name for c in recipe.columns if c.role in roles or c.name in every]


def earlier_table(recipe: Recipe, table: Table, frame: pd.DataFrame) -> EarlierTable:
    """How the table of a recipe was read, for rows that are to be read like it.

    Args:
        frame: its rows, with at least the columns that the recipe uses.
    """
    stored = {c.name: table.column(c.name) for c in recipe.columns}
    read = recipe.source.read
    return EarlierTable(
        columns={
            c.name: (stored[c.name].physical, c.format or stored[c.name].format) for c in recipe.columns
        },
        levels=levels_of(frame, list(stored.values())),
        zoned={name: column.zoned for name, column in stored.items()},
        fine=fine_of(frame),
        missing=read.missing,
        needed=tuple(column.name for column in model_columns(recipe)),
        read=read,
    )


def levels_of(frame: pd.DataFrame, columns: Sequence[Column]) -> dict[str, tuple[str, ...]]:
    """The distinct values of each column of a typed table that says yes and no, the most frequent first."""
    there = [c for c in columns if c.name in frame.columns and c.physical != "datetime"]
    few = [c.name for c in there if 0 < c.unique <= MOST_SPELLINGS]
    counts = {name: as_text(frame[name]).value_counts().index for name in few}
    return {name: tuple(map(str, levels)) for name, levels in counts.items() if spellings(levels)}


def fine_of(frame: pd.DataFrame) -> dict[str, float | None]:
    """The share of numbers with more than two decimals in each column of numbers of a typed table."""
    return {str(name): fine_share(cells.dropna()) for name, cells in frame.select_dtypes("number").items()}


def as_chosen(
    recipe: Recipe, columns: tuple[Column, ...], frame: pd.DataFrame
) -> tuple[tuple[Column, ...], pd.DataFrame]:
    """Columns and values as the recipe has them read: other kinds and further words for "no value" applied.

    Columns that the recipe reads as the file was read stay as they are. A target of numbers that is stored as
    text is read as training reads it.
    """
    words = {c.name: c.missing for c in recipe.columns if c.missing}
    joined = {c.name: c.joined for c in recipe.columns if c.joined}
    physical = {c.name: PHYSICAL.get(c.kind, c.physical) for c in columns}
    changed = [
        c
        for c in columns
        if c.name in words or c.name in joined or (c.physical == "text" != physical[c.name])
    ]
    if not changed:
        return columns, frame
    written = [c for c in changed if c.name == recipe.target and recipe.task == "regression"]
    frame = frame.assign(**{c.name: read_target(frame[c.name], target_column(recipe)) for c in written})
    names = {kind: [c.name for c in changed if physical[c.name] == kind] for kind in ("number", "text")}
    formats = [(c.name, recipe.column(c.name).format) for c in changed if physical[c.name] == "datetime"]
    read = ReadColumns(
        names["number"],
        names["text"],
        formats,
        (),
        tuple(words.items()),
        recipe.source.read.decimal,
        tuple(joined.items()),
        [(c.name, c.marks) for c in recipe.columns if c.marks],
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
