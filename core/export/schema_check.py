"""Comparing new data with the schema of a model, before predicting."""

from __future__ import annotations

import difflib
from dataclasses import asdict, dataclass

import pandas as pd

from core.digits import counted
from core.errors import FoldlineError
from core.export.bundle.schema import Schema, SchemaColumn
from core.results.predict import SchemaIssue
from core.standalone.rows.checks import SHOWN, column_notes, extra_notes, row_notes
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
    """
    names = [str(name) for name in frame.columns]
    needed = [column.name for column in schema.inputs]
    _check_names(names, needed)
    notes = extra_notes(names, {column.name for column in schema.columns})
    if not len(frame):
        notes.append(RowNote("NO_ROWS", "", "The table has no rows.", "warn", 0))
    inputs = frame.set_axis(names, axis=1)[needed]
    for column in schema.inputs if len(frame) else ():
        notes += column_notes(inputs[column.name], column.trained, schema.missing, schema.decimal)
    notes += row_notes(inputs)
    typed = {column.name: _typed(inputs[column.name], column, schema) for column in schema.inputs}
    return Conformed(pd.DataFrame(typed, index=frame.index), tuple(map(as_issue, notes)))


def _check_names(names: list[str], needed: list[str]) -> None:
    missing = [name for name in needed if name not in names]
    doubled = [name for name in needed if names.count(name) > 1]
    if doubled:
        raise FoldlineError(
            "SCHEMA", f"The column {doubled[0]!r} is there more than once.", "Keep one of them.", doubled[0]
        )
    if missing:
        listed = ", ".join(map(repr, missing[:SHOWN])) + (" and more" if len(missing) > SHOWN else "")
        are = "is" if len(missing) == 1 else "are"
        raise FoldlineError(
            "SCHEMA",
            f"{counted(len(missing), 'column')} that the model needs {are} missing: {listed}.",
            _nearest(missing, [name for name in names if name not in needed]),
            missing[0],
        )


def _nearest(missing: list[str], spare: list[str]) -> str:
    folded = {name.casefold().strip(): name for name in spare}
    pairs = []
    for name in missing:
        close = difflib.get_close_matches(name.casefold().strip(), list(folded), n=1, cutoff=0.6)
        if close:
            pairs.append(f"rename {folded[close[0]]!r} to {name!r}")
    return (
        f"Perhaps {'; '.join(pairs[:SHOWN])}." if pairs else "Add them, or use a model trained without them."
    )


def as_issue(note: RowNote) -> SchemaIssue:
    """A note on new rows as it is stored."""
    return SchemaIssue.model_validate(asdict(note))


def _typed(values: pd.Series, column: SchemaColumn, schema: Schema) -> pd.Series:
    """The column as the reader would have stored it in a table like the training table."""
    return typed_column(values, column.physical, column.format, schema.missing, schema.decimal)
