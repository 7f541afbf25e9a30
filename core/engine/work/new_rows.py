"""The rows that a job is given, read like the table that they go with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from core.data.about_rows import about_rows
from core.data.formats.parquet import read_table
from core.data.kinds import classify
from core.data.read import read
from core.data.reread import read_like
from core.data.stored_like import stored_like
from core.data.table import Column, EarlierTable, Note, ReadOptions, Table
from core.data.typed_rows import typed_in
from core.engine.context import Context
from core.engine.job_specs import KeptFile, PathFile, RowSource, TableRows, TypedRows
from core.errors import FoldlineError
from core.export.given_cells import with_whole_numbers
from core.recipe.columns import fine_of, levels_of


@dataclass(frozen=True, eq=False)
class NewRows:
    """Typed rows, their columns, how they were read, and the notes that matter to who uses them.

    Attributes:
        cells: the same rows as their file has them, or as they are stored where there is none.
    """

    frame: pd.DataFrame
    columns: tuple[Column, ...]
    read: ReadOptions
    notes: tuple[Note, ...]
    cells: pd.DataFrame

    @property
    def earlier(self) -> EarlierTable:
        """The rows as the earlier table of others."""
        return EarlierTable(
            columns={c.name: (c.physical, c.format) for c in self.columns},
            levels=levels_of(self.frame, self.columns),
            zoned={c.name: c.zoned for c in self.columns},
            fine=fine_of(self.frame),
            missing=self.read.missing,
            needed=tuple(c.name for c in self.columns),
            read=self.read,
        )


def rows_of(
    ctx: Context, source: RowSource, earlier: EarlierTable | None = None, trim: bool = True
) -> NewRows:
    """The rows that a spec names, and what was noticed while they were read.

    Args:
        earlier: the columns of the table that they go with; a file, and the file behind a table of the
            project, is read like it.
        trim: leave empty rows at the end of a file out, with a note.

    Raises:
        FoldlineError: ``SOURCE`` when the file is no longer kept; what reading it raises.
    """
    if isinstance(source, TypedRows):
        frame, notes = stored_like(typed_in(source.rows), (), earlier or EarlierTable())
        return NewRows(frame, classify(frame, {}), ReadOptions(), notes, with_whole_numbers(frame))
    if isinstance(source, TableRows):
        return _table_rows(ctx, ctx.workspace.table(ctx.project, source.table), earlier)
    path = _path_of(ctx, source)
    reading = read_like(path, source.name, earlier, trim) if earlier else read(path, source.name, trim=trim)
    return NewRows(reading.frame, reading.columns, reading.read, about_rows(reading.notes), reading.cells)


def _table_rows(ctx: Context, table: Table, earlier: EarlierTable | None) -> NewRows:
    """The rows of a table of the project: read anew like the earlier one while its file is kept."""
    stored = read_table(ctx.workspace.table_path(ctx.project, table.id))
    if earlier is None:
        return NewRows(stored, table.columns, table.read, about_rows(table.notes), with_whole_numbers(stored))
    kept = ctx.workspace.find_result(ctx.project, "source", table.source_sha) if table.source_sha else None
    if kept is not None:
        path = ctx.workspace.result_file(ctx.project, kept.id, "source.bin")
        again = read(path, table.name, table.read, earlier=earlier, trim=False)
        if again.frame.shape == stored.shape:
            layout = [note for note in table.notes if note.code not in OF_VALUES]
            notes = about_rows([*layout, *again.notes])
            return NewRows(again.frame, again.columns, again.read, notes, again.cells)
    frame, notes = stored_like(stored, table.columns, earlier)
    own = [note for note in table.notes if note.code not in OF_TIMES or note.column not in earlier.columns]
    return NewRows(frame, table.columns, table.read, about_rows([*own, *notes]), with_whole_numbers(stored))


OF_VALUES = frozenset(("INFINITE", "AMBIGUOUS_DATE", "AMBIGUOUS_NUMBER", "TIME_ZONE", "TOTAL", "FOOTER"))
"""Notes of a table that a further reading makes again, or has no reason for."""
OF_TIMES = frozenset(("AMBIGUOUS_DATE", "TIME_ZONE"))
"""Notes of a table that a comparison with an earlier one replaces."""


def _path_of(ctx: Context, source: KeptFile | PathFile) -> Path:
    if isinstance(source, PathFile):
        return Path(source.path)
    kept = ctx.workspace.find_result(ctx.project, "source", source.source)
    if kept is None:
        hint = "Load it again."
        raise FoldlineError("SOURCE", f"The file {source.name} is no longer kept.", hint, source.name)
    return ctx.workspace.result_file(ctx.project, kept.id, "source.bin")
