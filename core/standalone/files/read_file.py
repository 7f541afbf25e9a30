"""Reading a file for a model: the training file as it was, a new one by the names of its columns."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ..plan import TableFile
from .cells_of_file import cells_of_file, without_rows
from .names import unique_names
from .sheet import sheet_table
from .text_table import text_table

ENDINGS = {"csv": (".csv",), "xlsx": (".xlsx", ".xlsm"), "parquet": (".parquet", ".pq"), "jsonl": (".jsonl",)}


def read_training_file(path: str, file: TableFile) -> pd.DataFrame:
    """The raw table in the training file; a file of another format is read as a new one."""
    ending = _ending(path)
    other = (*ENDINGS["parquet"], *ENDINGS["xlsx"])
    if ending in other if file.format == "csv" else ending not in ENDINGS[file.format]:
        return read_new_file(path, file, {})
    return without_rows(cells_of_file(path, file), file.drop_rows)


def read_new_file(path: str, file: TableFile, wanted: Mapping[str, str], separator: str = "") -> pd.DataFrame:
    """The raw table in a file that has columns of the wanted names, in any order and number.

    Positions of rows of the training file mean nothing here.

    Args:
        path: of a file whose ending says its format.
        file: how the training file was read; a file of its format is read with its options, others with
            plain ones.
        wanted: the names that the model needs, and their types.
        separator: of a text table, where it differs from that of the training file.

    Raises:
        UnreadableFileError: when there is no header, or rows do not fit it.
    """
    ending = _ending(path)
    if ending in ENDINGS["parquet"]:
        return _named(cells_of_file(path, TableFile(format="parquet")))
    if file.format == "jsonl" and ending in ENDINGS["jsonl"]:
        return _named(cells_of_file(path, replace(file, names=())))
    if ending in ENDINGS["xlsx"]:
        return sheet_table(path, wanted, _of_format(file, "xlsx"))
    text = _of_format(file, "csv")
    return text_table(path, wanted, replace(text, delimiter=separator or text.delimiter))


def _ending(path: str) -> str:
    return os.path.splitext(path)[1].lower()


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
