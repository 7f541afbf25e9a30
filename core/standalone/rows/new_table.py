"""A new raw table as the typed one that a model takes; what is different about it is told on stderr."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from ..cells import in_plain_digits
from ..counts import counted
from ..files.records import UnreadableFileError
from ..table import typed_table
from .as_trained import table_as_trained
from .checks import column_notes, end_notes, extra_notes, row_notes
from .missing_columns import OTHER_SEPARATOR, missing_columns
from .thousands import thousands_notes
from .trained_column import TrainedColumn


def typed_new_table(
    raw: pd.DataFrame,
    inputs: Mapping[str, TrainedColumn],
    others: Collection[str],
    missing: Sequence[str],
    decimal: str,
    delimiter: str,
) -> pd.DataFrame:
    """The input columns of a new table as numbers, texts and times; what differs is printed, warnings first.

    Args:
        raw: cells as they were read, under unique names.
        inputs: the columns that the model needs, by name.
        others: names of further columns of the training table.
        missing: texts that mean "no value" in every column.
        decimal: the decimal mark of numbers written as text.
        delimiter: what divides the fields of the file.

    Raises:
        UnreadableFileError: ``SCHEMA`` when a column is missing, ``NO_ROWS`` when there are no rows.
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
    frame, notes = table_as_trained(raw[list(inputs)], inputs)
    for name, column in inputs.items():
        notes += column_notes(frame[name], column, missing, decimal)
        if column.physical == "number":
            notes += thousands_notes(_written(raw[name]), name, decimal, delimiter)
    extra = extra_notes([str(name) for name in raw.columns], {*inputs, *others})
    notes += [*row_notes(frame), *end_notes(raw), *extra]
    for note in sorted(notes, key=lambda note: note.severity != "warn"):
        print(f"{note.code}: {note.text}", file=sys.stderr)
    types = {name: (column.physical, column.format) for name, column in inputs.items()}
    return typed_table(frame, types, missing, decimal)


def _written(values: pd.Series) -> pd.Series:
    """The cells that are text, trimmed and in plain digits; those of a sheet may be numbers."""
    if not pd.api.types.is_object_dtype(values.dtype) and not pd.api.types.is_string_dtype(values.dtype):
        return pd.Series(dtype="str")
    is_text = [isinstance(cell, str) for cell in values]
    texts = in_plain_digits(values[is_text].astype("str").str.strip())
    return texts[texts != ""]
