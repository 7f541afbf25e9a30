"""Rows as they are typed in, brought to what a model takes; a cell that was seen before costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from core.data.stored_like import stored_like
from core.data.typed_rows import typed_in
from core.export.bundle.open import Bundle
from core.export.schema_check import as_issue, as_stored, name_notes, notes_of
from core.results.one_row import Cell, Row
from core.results.predict import SchemaIssue
from core.standalone.rows.checks import row_notes

MOST_KEPT = 20_000


class _Seen(NamedTuple):
    """A cell with its type, as an array of one, and what is odd about it."""

    typed: pd.api.extensions.ExtensionArray
    issues: tuple[SchemaIssue, ...]


class TypedCells:
    """What the cells of a bundle's columns become.

    A row in which one cell has changed since the last one is typed and checked in that cell only.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._schema, self._earlier = bundle.schema, bundle.earlier
        self._columns = {column.name: column for column in bundle.schema.inputs}
        self._seen: dict[tuple[str, type, Cell], _Seen] = {}

    def one(self, row: Row) -> tuple[pd.DataFrame, list[SchemaIssue]]:
        """A row as the model takes it, and what is odd about it.

        Raises:
            FoldlineError: ``SCHEMA`` when a column is missing.
        """
        notes = name_notes(list(row), self._schema)
        cells = {name: self._cell(name, row[name]) for name in self._columns}
        frame = pd.DataFrame({name: cell.typed for name, cell in cells.items()})
        issues = [issue for cell in cells.values() for issue in cell.issues]
        return frame, [*map(as_issue, notes), *issues, *map(as_issue, row_notes(frame))]

    def many(self, rows: Sequence[Row]) -> pd.DataFrame:
        """Rows as the model takes them."""
        return self.table(typed_in({name: [row[name] for row in rows] for name in self._columns}))

    def table(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of ``typed_in`` as the model takes them."""
        like = stored_like(rows, (), self._earlier)[0]
        return pd.DataFrame(
            {name: as_stored(like[name], column, self._schema) for name, column in self._columns.items()}
        )

    def _cell(self, name: str, cell: Cell) -> _Seen:
        key = (name, type(cell), cell)
        if key not in self._seen:
            if len(self._seen) >= MOST_KEPT:
                self._seen.clear()
            self._seen[key] = self._new(name, cell)
        return self._seen[key]

    def _new(self, name: str, cell: Cell) -> _Seen:
        column = self._columns[name]
        like, notes = stored_like(typed_in({name: [cell]}), (), self._earlier)
        issues = [SchemaIssue(code=n.code, column=n.column, text=n.text, severity="info") for n in notes]
        issues += map(as_issue, notes_of(like[name], column, self._schema))
        return _Seen(as_stored(like[name], column, self._schema).array, tuple(issues))
