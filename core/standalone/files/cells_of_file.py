"""The cells of a file as they stand, by the options that were found out for it."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..plan import TableFile
from .encoding import encoding_of
from .parquet_cells import parquet_cells
from .records import UnreadableFileError

JSON_LINES = "\n"
"""The delimiter of JSON with one object a line; an array of objects has a comma."""
NESTED_CELLS = (list, dict, tuple, set, bytes, np.ndarray)


def cells_of_file(path: str | Path, file: TableFile) -> pd.DataFrame:
    """Every row of a file: all text for a CSV, as pandas types the cells for the other formats.

    Errors of pandas are passed on as they are.
    """
    if file.format == "csv":
        frame = pd.read_csv(path, **_csv_keywords(file))
    elif file.format == "xlsx":
        sheet = {"sheet_name": file.sheet or 0, "engine": "calamine"}
        frame = pd.read_excel(path, dtype="object", na_filter=False, **sheet, **_header_keywords(file))
    elif file.format == "parquet":
        frame = parquet_cells(path)
    else:
        frame = pd.read_json(path, **_json_keywords(file))
    if file.format in ("parquet", "jsonl") and file.names:
        frame = frame.set_axis(list(file.names), axis=1)
    return without_nul(frame) if file.strip_nul else frame


def objects_table(data: bytes) -> pd.DataFrame:
    """The cells of JSON objects, one a line or in one array.

    Raises:
        UnreadableFileError: ``NOT_TABLE``, ``NESTED``, and ``DAMAGED`` where it is no JSON.
    """
    text = data.decode(encoding_of([data], "utf-8"))
    lines = not text.lstrip().startswith("[")
    for number, line in enumerate(text.split("\n") if lines else [text], 1):
        _check_objects(line, number, lines)
    plain = TableFile(format="jsonl", delimiter=JSON_LINES if lines else ",")
    return flat(pd.read_json(io.StringIO(text), **_json_keywords(plain) | {"encoding": None}))


def _check_objects(text: str, line: int, one: bool) -> None:
    try:
        rows = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        problem = f"Line {line:,} is not valid JSON: {error}."
        raise UnreadableFileError("DAMAGED", problem, "Correct that line.") from error
    if not all(isinstance(row, dict) for row in ([rows] if one else rows)):
        raise UnreadableFileError("NOT_TABLE", f"Line {line:,} is not an object.", "Give one object a line.")


def flat(frame: pd.DataFrame) -> pd.DataFrame:
    """The table, when each of its cells is one value.

    Raises:
        UnreadableFileError: ``NESTED`` when a cell holds a list, an object or raw bytes.
    """
    for name, column in frame.items():
        if column.dtype == object and column.map(lambda cell: isinstance(cell, NESTED_CELLS)).any():
            problem = f"{str(name)!r} holds a list, an object or raw bytes."
            raise UnreadableFileError("NESTED", problem, "Flatten or drop it.")
    return frame


def without_nul(frame: pd.DataFrame) -> pd.DataFrame:
    """A table of texts without the NUL bytes in them."""
    return frame.apply(lambda column: column.str.replace("\0", "", regex=False))


def without_rows(frame: pd.DataFrame, rows: Sequence[int]) -> pd.DataFrame:
    """The table without the rows at some positions, numbered anew.

    Raises:
        KeyError: when there is no such row.
    """
    return frame.drop(index=list(rows)).reset_index(drop=True) if rows else frame


def _csv_keywords(file: TableFile) -> dict[str, Any]:
    keywords: dict[str, Any] = {
        "sep": file.delimiter,
        "encoding": file.encoding,
        "dtype": "str",
        "keep_default_na": False,
        "na_filter": False,
        "index_col": False,
        "compression": file.compression or None,
    }
    if file.delimiter != " ":
        keywords["skipinitialspace"] = True
    if not file.quote:
        keywords["quoting"] = 3
    elif file.quote != '"':
        keywords["quotechar"] = file.quote
    if file.escape:
        keywords["escapechar"] = file.escape
    if file.drop_rows and file.names:
        keywords["usecols"] = range(len(file.names))
    return {**keywords, **_header_keywords(file)}


def _json_keywords(file: TableFile) -> dict[str, Any]:
    return {
        "lines": file.delimiter == JSON_LINES,
        "dtype": False,
        "convert_dates": False,
        "convert_axes": False,
        "precise_float": True,
        "encoding": file.encoding,
        "compression": file.compression or None,
    }


def _header_keywords(file: TableFile) -> dict[str, Any]:
    keywords: dict[str, Any] = {"header": 0 if file.header else None}
    if file.skip_rows:
        keywords["skiprows"] = file.skip_rows
    if file.names:
        keywords["names"] = list(file.names)
    return keywords
