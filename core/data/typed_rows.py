"""Rows that a person typed in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?")


def typed_in(rows: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """Rows that a person typed in: numbers as numbers, times in ISO 8601 as times, the rest as it stands."""
    return pd.DataFrame({name: _column(values) for name, values in rows.items()})


def _column(values: Sequence[Any]) -> pd.Series:
    texts = [value for value in values if value is not None]
    if all(isinstance(value, int | float) for value in texts):
        return pd.Series(values, dtype="float64")
    if all(isinstance(value, str) and ISO.fullmatch(value) for value in texts):
        times = pd.to_datetime(pd.Series(values, dtype="str"), format="ISO8601", errors="coerce")
        return times.astype("datetime64[us]")
    return pd.Series([None if value is None else str(value) for value in values], dtype="str")
