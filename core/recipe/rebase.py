"""A recipe moved to another table."""

from __future__ import annotations

from dataclasses import dataclass

from core.data.table import Column, Table
from core.errors import FoldlineError
from core.recipe.document import ColumnChoice, Recipe, Source
from core.spec import COLUMN_KINDS, Role


def rebased(recipe: Recipe, table: Table) -> Recipe | None:
    """The recipe moved to a new table when it has a target and the table all its columns, else None."""
    kinds = {column.name: column for column in table.columns}
    if not recipe.target or any(column.name not in kinds for column in recipe.columns):
        return None
    columns = tuple(_moved(c, kinds[c.name]) for c in recipe.columns)
    return recipe.model_copy(update={"source": _source(table), "columns": columns})


def _source(table: Table) -> Source:
    return Source(table=table.id, name=table.name, rows=table.rows, read=table.read, sha=table.source_sha)


def _moved(choice: ColumnChoice, column: Column) -> ColumnChoice:
    """The choice for a column of a new table; times are written there in their own way."""
    format = column.format if column.physical == "datetime" else choice.format
    return choice.model_copy(update={"levels": column.unique, "format": format})


READ = "data: "
"""How the label of an edit begins that a table brought with it."""
PENDING = "data.pending"
"""The setting that holds a table with other columns, until a person says what becomes of the recipe."""


@dataclass(frozen=True)
class TableChange:
    """How the columns of a table differ from those that a recipe speaks of.

    Attributes:
        new: names that the recipe does not know.
        missing: names that the table lacks.
        changed: names of columns whose values are of another type now.
    """

    new: tuple[str, ...]
    missing: tuple[str, ...]
    changed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.missing or self.changed)


def table_change(recipe: Recipe, table: Table, before: Table | None = None) -> TableChange:
    """The columns of a table against those of a recipe that was made for another.

    Args:
        before: the table that the recipe was made for, where it is at hand: what was read as chosen from a
            column stored in the same way can be so again, such as numbers from text.
    """
    stored = {column.name: column.physical for column in before.columns} if before else {}
    columns = {column.name: column for column in table.columns}
    chosen = {choice.name: choice for choice in recipe.columns}
    return TableChange(
        tuple(name for name in columns if name not in chosen),
        tuple(name for name in chosen if name not in columns),
        tuple(
            name
            for name, choice in chosen.items()
            if name in columns
            and columns[name].physical != stored.get(name)
            and not _fits(choice, columns[name])
        ),
    )


def _fits(choice: ColumnChoice, column: Column) -> bool:
    """Whether values of a column can be read as the recipe chose; text can hold anything."""
    wanted = COLUMN_KINDS[choice.kind].read_as
    return wanted in ("", "text", column.physical) or column.kind == "constant"


def carried(recipe: Recipe, table: Table, first: Recipe, before: Table | None = None) -> Recipe:
    """The recipe on a table with other columns: what it says of columns that are still there stays.

    New and changed columns are taken as the first recipe of the table has them, as features or left out;
    steps and features of columns that are gone or changed go with them.

    Args:
        first: the recipe that is suggested for the table.
        before: as in ``table_change``.

    Raises:
        FoldlineError: ``TARGET`` when the table has no such target, or it is of another type now.
    """
    change = table_change(recipe, table, before)
    lost = {*change.missing, *change.changed}
    if not recipe.target or recipe.target in lost:
        problem = f"The table has no target {recipe.target!r} of the same type."
        raise FoldlineError("TARGET", problem, "Start anew with this table.", recipe.target)
    choices = {choice.name: choice for choice in recipe.columns if choice.name not in lost}
    suggested = {choice.name: choice for choice in first.columns}
    columns = tuple(
        _moved(choices[c.name], c) if c.name in choices else _as_feature(suggested[c.name])
        for c in table.columns
    )
    features = tuple(step for step in recipe.features if lost.isdisjoint(step.columns))
    own = {name: steps for name, steps in recipe.prepare.columns.items() if name not in lost}
    changes = {
        "source": _source(table),
        "columns": columns,
        "features": features,
        "prepare": recipe.prepare.model_copy(update={"columns": own}),
    }
    return recipe.model_copy(update=changes)


def started_anew(recipe: Recipe, first: Recipe) -> Recipe:
    """The first recipe of another table, with what an earlier one says that is not about columns."""
    return first.model_copy(update={"costs": recipe.costs, "export": recipe.export, "drift": recipe.drift})


def _as_feature(choice: ColumnChoice) -> ColumnChoice:
    role: Role = "ignore" if choice.kind in ("id", "constant") or choice.role == "ignore" else "feature"
    return choice.model_copy(update={"role": role})
