"""Comparing new data with the schema of a model, before predicting."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import pandas as pd

from core.errors import FoldlineError
from core.export.bundle.schema import Schema, SchemaColumn
from core.results.predict import SchemaIssue
from core.standalone.rows.checks import column_notes, extra_notes, row_notes
from core.standalone.rows.lost_cells import mostly_lost
from core.standalone.rows.missing_columns import missing_columns
from core.standalone.rows.trained_column import RowNote
from core.standalone.table import typed_column


@dataclass(frozen=True, eq=False)
class Conformed:
    """New data that a model can take, and what is different about it.

    Attributes:
        frame: the input columns in the order and the physical types of the schema.
        issues: what is different, table first, then by column.
    """

    frame: pd.DataFrame
    issues: tuple[SchemaIssue, ...]


def conform(frame: pd.DataFrame, schema: Schema) -> Conformed:
    """The input columns of new data, checked against the training data.

    Args:
        frame: typed or all-text rows; extra columns and any order are fine.

    Raises:
        FoldlineError: ``SCHEMA`` when a column that the model needs is missing or there twice; the hint
            offers the nearest name.
            Also when most cells of a column cannot be read.
    """
    names = [str(name) for name in frame.columns]
    notes = name_notes(names, schema)
    if not len(frame):
        notes.append(RowNote("NO_ROWS", "", "The table has no rows.", "warn", 0))
    inputs = frame.set_axis(names, axis=1)[[column.name for column in schema.inputs]]
    for column in schema.inputs if len(frame) else ():
        lost = mostly_lost(inputs[column.name], column.trained, schema.missing, schema.decimal)
        if lost:
            raise FoldlineError("SCHEMA", *lost, column.name)
        notes += notes_of(inputs[column.name], column, schema)
    parts = {column.name: as_stored(inputs[column.name], column, schema) for column in schema.inputs}
    typed = pd.DataFrame(parts, index=frame.index)
    return Conformed(typed, tuple(map(as_issue, [*notes, *row_notes(typed)])))


def name_notes(names: list[str], schema: Schema) -> list[RowNote]:
    """A note on columns that the training table did not have.

    Raises:
        FoldlineError: as ``conform``.
    """
    _check_names(names, [column.name for column in schema.inputs])
    return extra_notes(names, {column.name for column in schema.columns})


def _check_names(names: list[str], needed: list[str]) -> None:
    doubled = [name for name in needed if names.count(name) > 1]
    if doubled:
        raise FoldlineError(
            "SCHEMA", f"The column {doubled[0]!r} is there more than once.", "Keep one of them.", doubled[0]
        )
    lacking = missing_columns(names, needed)
    if lacking:
        first, problem, remedy = lacking
        raise FoldlineError("SCHEMA", problem, remedy, first)


def as_issue(note: RowNote) -> SchemaIssue:
    """A note on new rows as it is stored."""
    return SchemaIssue.model_validate(asdict(note))


def notes_of(values: pd.Series, column: SchemaColumn, schema: Schema) -> list[RowNote]:
    """What is different about the cells of a column, at least one."""
    return column_notes(values, column.trained, schema.missing, schema.decimal)


def as_stored(values: pd.Series, column: SchemaColumn, schema: Schema) -> pd.Series:
    """The column as the reader would have stored it in a table like the training table."""
    return typed_column(values, column.physical, column.format, schema.missing, schema.decimal)
