"""The cells of new rows as they stood in their file, beside the predictions."""

from __future__ import annotations

from typing import Any

import pandas as pd

from core.export.predict import PredictionFormat

EXACT = 2**53
"""Whole numbers up to this are the same in float64."""


def as_given(cells: pd.DataFrame, frame: pd.DataFrame, form: PredictionFormat) -> pd.DataFrame:
    """The rows that were given, so that their keys still join: nothing is spelled anew that need not be.

    A csv has every cell as it stands in the file. Where cells have types, numbers and times are those that
    were read and texts stay as they stand, the words for "no value" included.

    Args:
        cells: as the file has them; text for a csv.
        frame: the same rows and columns as they were read: float64, str and datetime64.
        form: of the file that is written.
    """
    columns = {}
    for place, name in enumerate(frame.columns):
        cell, value = (each.iloc[:, place].reset_index(drop=True) for each in (cells, frame))
        columns[name] = _text(cell, value) if form == "csv" else _typed(cell, value)
    return pd.DataFrame(columns).set_axis(frame.index)


def with_whole_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """The table in which columns that hold whole numbers only are integers."""
    return pd.DataFrame({name: _whole(values) for name, values in frame.items()})


def _text(cell: pd.Series, value: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_dtype(value.dtype) and not pd.api.types.is_string_dtype(cell.dtype):
        return value
    return cell.map(_spelled) if cell.dtype == object else _whole(cell)


def _typed(cell: pd.Series, value: pd.Series) -> pd.Series:
    kinds = pd.api.types
    if kinds.is_bool_dtype(cell.dtype) or kinds.is_integer_dtype(cell.dtype):
        return cell
    if kinds.is_string_dtype(value.dtype) and not kinds.is_numeric_dtype(cell.dtype):
        return cell.map(_spelled).astype("str").where(cell.notna() & (cell != ""))
    return value if kinds.is_float_dtype(cell.dtype) else _whole(value)


def _spelled(value: Any) -> Any:
    """A cell of a sheet or of JSON: a whole number has no decimals."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= EXACT:
        return int(value)
    return value


def _whole(values: pd.Series) -> pd.Series:
    """The numbers as integers where all of them are; other columns as they are."""
    if not pd.api.types.is_float_dtype(values.dtype):
        return values
    there = values.dropna()
    is_whole = len(there) and ((there % 1 == 0) & (there.abs() <= EXACT)).all()
    return values.astype("Int64") if is_whole else values
