"""Calendar parts, cycles and spans of dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from .base import AddColumns, PrepareColumns

DAY = 86_400.0


PARTS = {"year": 0, "quarter": 4, "month": 12, "day": 31, "weekday": 7, "hour": 24, "dayofyear": 366}


FOUND_AS = {"weekday": "day_of_week", "dayofyear": "day_of_year"}


def date_parts(values: pd.Series, parts: Sequence[str], cycles: bool) -> dict[str, pd.Series]:
    """Calendar parts of a datetime column as float columns, with sine and cosine of those that come round."""
    out: dict[str, pd.Series] = {}
    for part in parts:
        number = getattr(values.dt, FOUND_AS.get(part, part)).astype("float64")
        out[f"{values.name} {part}"] = number
        if cycles and PARTS[part]:
            angle = 2 * np.pi * number / PARTS[part]
            out[f"{values.name} {part} sin"] = np.sin(angle)
            out[f"{values.name} {part} cos"] = np.cos(angle)
    return out


class DateFeatures(AddColumns):
    """Calendar parts of a datetime column, and their cycles.

    Args:
        columns: one name.
        parts: names out of PARTS, separated by spaces.
        cycles: add sine and cosine, so that December is near January.
    """

    def __init__(
        self, columns: Sequence[str], parts: str = "year month weekday", cycles: bool = True
    ) -> None:
        self.columns = columns
        self.parts = parts
        self.cycles = cycles

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        return date_parts(X[self.columns[0]], self.parts.split(), self.cycles)


class Elapsed(AddColumns):
    """Days from the second date to the first, or from the earliest training date when there is one column."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = columns

    def _learn(self, X: pd.DataFrame) -> None:
        earliest = X[self.columns[0]].min()
        self.origin_ = "1970-01-01" if pd.isna(earliest) else earliest.isoformat()

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        later = X[self.columns[0]]
        two = len(self.columns) > 1
        start = X[self.columns[1]] if two else pd.Timestamp(self.origin_)
        name = f"{self.columns[0]} days" if not two else f"{self.columns[0]} - {self.columns[1]} days"
        return {name: (later - start).dt.total_seconds() / DAY}


class DateParts(PrepareColumns):
    """Datetime columns as calendar parts, cycles and days since the earliest training date.

    Args:
        parts: names out of PARTS, separated by spaces.
        cycles: add sine and cosine of parts that come round.
        elapsed: add days since the earliest training date.
    """

    def __init__(
        self, parts: str = "year month day weekday hour", cycles: bool = True, elapsed: bool = True
    ) -> None:
        self.parts = parts
        self.cycles = cycles
        self.elapsed = elapsed

    def fit(self, X: pd.DataFrame, y: Any = None) -> DateParts:
        """Learn the earliest date of each column."""
        earliest = [X[name].min() for name in X.columns]
        self.origins_ = ["1970-01-01" if pd.isna(date) else date.isoformat() for date in earliest]
        self.names_out_ = list(self._frame(X.iloc[:1]))
        return self

    def _frame(self, X: pd.DataFrame) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for name, origin in zip(X.columns, self.origins_, strict=True):
            out.update(date_parts(X[name], self.parts.split(), self.cycles))
            if self.elapsed:
                out[f"{name} days"] = (X[name] - pd.Timestamp(origin)).dt.total_seconds() / DAY
        return out

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """float64, rows x parts."""
        return np.column_stack([np.asarray(column, dtype="float64") for column in self._frame(X).values()])
