"""Reading a file for a model: the training file as it was, a new one by the names of its columns."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ..plan import TableFile
from .cells_of_file import cells_of_file, flat, objects_table, without_rows
from .content import content_of
from .decimal_mark import in_trained_mark, other_mark_words
from .names import unique_names
from .records import refusing
from .sheet import sheet_table
from .text_table import text_table


def read_training_file(path: str, file: TableFile) -> pd.DataFrame:
    """The raw table in the training file; a file of another format is read as a new one.

    Raises:
        UnreadableFileError: as ``read_new_file``.
    """
    with refusing(path):
        if content_of(path).format == file.format:
            return without_rows(cells_of_file(path, file), file.drop_rows)
    return read_new_file(path, file, {})


def read_new_file(path: str, file: TableFile, wanted: Mapping[str, str], separator: str = "") -> pd.DataFrame:
    """The raw table in a file that has columns of the wanted names, in any order and number.

    Numbers that are written as text get the decimal mark of the training file. Positions of rows of that file
    mean nothing here.

    Args:
        path: of a file whose content says its format.
        file: how the training file was read; a file of its format is read with its options, others with
            plain ones.
        wanted: the names that the model needs, and their types.
        separator: of a text table; found out without it.

    Raises:
        UnreadableFileError: with the code of what is wrong, whatever that is.
    """
    with refusing(path):
        return _with_trained_mark(_new_cells(path, file, wanted, separator), wanted, file.decimal)


def _new_cells(path: str, file: TableFile, wanted: Mapping[str, str], separator: str) -> pd.DataFrame:
    content = content_of(path)
    if content.format == "parquet":
        return _named(flat(cells_of_file(path, TableFile(format="parquet"))))
    if content.format == "jsonl":
        return _named(objects_table(content.data))
    if content.format == "xlsx":
        return sheet_table(path, wanted, _of_format(file, "xlsx"))
    return text_table(content.data, wanted, _of_format(file, "csv"), separator)


def _with_trained_mark(frame: pd.DataFrame, wanted: Mapping[str, str], trained: str) -> pd.DataFrame:
    numbers = [name for name in wanted if wanted[name] == "number" and name in frame.columns]
    frame, mark, emptied = in_trained_mark(frame, numbers, trained)
    if mark != trained:
        print(f"OTHER_DECIMAL: {other_mark_words(mark, trained, emptied)}", file=sys.stderr)
    return frame


def _of_format(file: TableFile, format: str) -> TableFile:
    """The options for a file of that format: of another one, only names and decimal mark are the same."""
    if file.format == format:
        return file
    plain = TableFile(format=format, decimal=file.decimal)
    headless = file.format in ("csv", "xlsx") and not file.header
    return replace(plain, header=False, names=file.names) if headless else plain


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """The table under unique names."""
    return frame.set_axis(unique_names([str(name) for name in frame.columns]), axis=1)
