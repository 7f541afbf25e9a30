"""The pandas call that gives a file's cells as they stand; an exported script repeats exactly this call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from core.data.table import ReadOptions
from core.errors import FoldlineError

JSON_LINES = "\n"
SHORT_CALL = 100


def frame_from_file(path: Path, read: ReadOptions) -> pd.DataFrame:
    """The cells of a file: all text for a CSV, as pandas types them for the other formats.

    Errors of pandas are passed on as they are; ``core.data.read`` turns them into coded ones.

    Raises:
        FoldlineError: ``OPTIONS`` when rows are to be left out that are not there.
    """
    frame: pd.DataFrame = getattr(pd, _function(read))(path, **_keywords(read))
    if read.format in ("parquet", "jsonl") and read.names:
        frame = frame.set_axis(list(read.names), axis=1)
    if read.strip_nul:
        frame = frame.apply(lambda column: column.str.replace("\0", "", regex=False))
    return _without(frame, read.drop_rows) if read.drop_rows else frame


def _without(frame: pd.DataFrame, rows: tuple[int, ...]) -> pd.DataFrame:
    if not all(0 <= row < len(frame) for row in rows) or len(set(rows)) >= len(frame):
        problem = f"The options leave out rows that the file does not have, or all of its {len(frame):,}."
        raise FoldlineError("OPTIONS", problem, "Read the file anew, or write the recipe again.")
    return frame.drop(index=list(rows)).reset_index(drop=True)


def pandas_call(read: ReadOptions, path_expr: str) -> str:
    """The same as Python source: one expression that needs only ``import pandas as pd``.

    Args:
        path_expr: source of the path, such as ``'"data.csv"'`` or ``"path"``.
    """
    arguments = [path_expr, *(f"{name}={value!r}" for name, value in _keywords(read).items())]
    call = f"pd.{_function(read)}({', '.join(arguments)})"
    if len(call) > SHORT_CALL:
        call = f"pd.{_function(read)}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"
    if read.format in ("parquet", "jsonl") and read.names:
        call += f".set_axis({list(read.names)!r}, axis=1)"
    if read.strip_nul:
        call += """.apply(lambda column: column.str.replace("\\0", "", regex=False))"""
    if read.drop_rows:
        call += f".drop(index={list(read.drop_rows)!r}).reset_index(drop=True)"
    return call


def _function(read: ReadOptions) -> str:
    return {"csv": "read_csv", "xlsx": "read_excel", "parquet": "read_parquet", "jsonl": "read_json"}[
        read.format
    ]


def _keywords(read: ReadOptions) -> dict[str, Any]:
    if read.format == "csv":
        return _csv_keywords(read)
    if read.format == "xlsx":
        keywords = {
            "sheet_name": read.sheet or 0,
            "engine": "calamine",
            "dtype": "object",
            "na_filter": False,
        }
        return {**keywords, **_header(read)}
    if read.format == "parquet":
        return {"to_pandas_kwargs": {"ignore_metadata": True}}
    return {
        "lines": read.delimiter == JSON_LINES,
        "dtype": False,
        "convert_dates": False,
        "convert_axes": False,
        "precise_float": True,
        "encoding": read.encoding,
        "compression": read.compression or None,
    }


def _csv_keywords(read: ReadOptions) -> dict[str, Any]:
    keywords: dict[str, Any] = {
        "sep": read.delimiter,
        "encoding": read.encoding,
        "dtype": "str",
        "keep_default_na": False,
        "na_filter": False,
        "index_col": False,
        "compression": read.compression or None,
    }
    if read.delimiter != " ":
        keywords["skipinitialspace"] = True
    if not read.quote:
        keywords["quoting"] = 3
    elif read.quote != '"':
        keywords["quotechar"] = read.quote
    if read.escape:
        keywords["escapechar"] = read.escape
    if read.drop_rows and read.names:
        keywords["usecols"] = range(len(read.names))
    return {**keywords, **_header(read)}


def _header(read: ReadOptions) -> dict[str, Any]:
    keywords: dict[str, Any] = {"header": 0 if read.header else None}
    if read.skip_rows:
        keywords["skiprows"] = read.skip_rows
    if read.names:
        keywords["names"] = list(read.names)
    return keywords
