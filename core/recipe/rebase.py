"""A recipe moved to another table."""

from __future__ import annotations

from core.data.table import Column, Table
from core.recipe.document import ColumnChoice, Recipe, Source


def rebased(recipe: Recipe, table: Table) -> Recipe | None:
    """The recipe moved to a new table when it has a target and the table all its columns, else None."""
    kinds = {column.name: column for column in table.columns}
    if not recipe.target or any(column.name not in kinds for column in recipe.columns):
        return None
    columns = tuple(_moved(c, kinds[c.name]) for c in recipe.columns)
    source = Source(table=table.id, name=table.name, rows=table.rows, read=table.read, sha=table.source_sha)
    return recipe.model_copy(update={"source": source, "columns": columns})


def _moved(choice: ColumnChoice, column: Column) -> ColumnChoice:
    """The choice for a column of a new table; times are written there in their own way."""
    format = column.format if column.physical == "datetime" else choice.format
    return choice.model_copy(update={"levels": column.unique, "format": format})
