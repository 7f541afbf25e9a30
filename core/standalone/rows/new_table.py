"""A new raw table as the typed one that a model takes; what is different about it is told on stderr."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from ..counts import counted
from ..files.records import UnreadableFileError
from ..table import typed_table
from .as_trained import table_as_trained
from .checks import column_notes, end_notes, extra_notes, row_notes
from .lost_cells import mostly_lost
from .missing_columns import OTHER_SEPARATOR, missing_columns
from .trained_column import TrainedColumn


def typed_new_table(
    raw: pd.DataFrame,
    inputs: Mapping[str, TrainedColumn],
    others: Collection[str],
    missing: Sequence[str],
    decimal: str,
) -> pd.DataFrame:
    """The input columns of a new table as numbers, texts and times; what differs is printed, warnings first.

    Args:
        raw: cells as they were read, under unique names.
        inputs: the columns that the model needs, by name.
        others: names of further columns of the training table.
        missing: texts that mean "no value" in every column.
        decimal: the decimal mark of numbers written as text.

    Raises:
        UnreadableFileError: ``SCHEMA`` when a column is missing or most of its cells are lost, ``NO_ROWS``
            when there are no rows.
    """
    lacking = missing_columns([str(name) for name in raw.columns], list(inputs))
    if lacking:
        _, problem, remedy = lacking
        by_option = " Name it with --sep." if remedy == OTHER_SEPARATOR else ""
        raise UnreadableFileError("SCHEMA", problem, remedy + by_option)
    if not len(raw):
        raise UnreadableFileError(
            "NO_ROWS", f"{counted(raw.shape[1], 'column')}, no rows.", "Give a table with rows."
        )
    frame, notes = table_as_trained(raw[list(inputs)], inputs, decimal)
    for name, column in inputs.items():
        lost = mostly_lost(frame[name], column, missing, decimal)
        if lost:
            raise UnreadableFileError("SCHEMA", *lost)
        notes += column_notes(frame[name], column, missing, decimal)
    types = {name: (column.physical, column.format) for name, column in inputs.items()}
    typed = typed_table(frame, types, missing, decimal)
    extra = extra_notes([str(name) for name in raw.columns], {*inputs, *others})
    notes += [*row_notes(typed), *end_notes(raw), *extra]
    for note in sorted(notes, key=lambda note: note.severity != "warn"):
        print(f"{note.code}: {note.text}", file=sys.stderr)
    return typed
