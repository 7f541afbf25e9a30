"""Levels of categorical columns as numbers, and flags of missing values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..cells import as_text
from .base import AddColumns, ChangeValues


class GroupStatistic(AddColumns):
    """A statistic of a numeric column within each level of another, learned from the training rows.

    Args:
        columns: the column that groups, then the numeric one.
        statistic: ``mean``, ``median``, ``std``, ``min`` or ``max``; unseen levels get that of all rows.
    """

    def __init__(self, columns: Sequence[str], statistic: str = "mean") -> None:
        self.columns = columns
        self.statistic = statistic

    def _learn(self, X: pd.DataFrame) -> None:
        by, value = self.columns
        table = X[value].groupby(as_text(X[by])).agg(self.statistic)
        self.levels_ = [str(level) for level in table.index]
        self.values_ = table.to_numpy(dtype="float64")
        self.overall_ = float(X[value].agg(self.statistic))

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        by, value = self.columns
        statistic = as_text(X[by]).map(dict(zip(self.levels_, self.values_, strict=True))).astype("float64")
        return {f"{value} {self.statistic} by {by}": statistic.fillna(self.overall_)}


class Frequency(AddColumns):
    """Share of the same level among the training rows with a value; 0 for unseen levels and for no value."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = columns

    def _learn(self, X: pd.DataFrame) -> None:
        shares = X[self.columns[0]].value_counts(normalize=True)
        self.levels_ = [str(level) for level in shares.index]
        self.shares_ = shares.to_numpy(dtype="float64")

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        name = self.columns[0]
        share = X[name].map(dict(zip(self.levels_, self.shares_, strict=True))).astype("float64")
        return {f"{name} share": share.fillna(0.0)}


class MissingFlag(AddColumns):
    """1 where a value is missing, else 0, for each of the columns."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = columns

    def _compute(self, X: pd.DataFrame) -> dict[str, Any]:
        return {f"{name} missing": X[name].isna().astype("float64") for name in self.columns}


class LevelShare(ChangeValues):
    """Each level replaced by its share of the training rows; 0 for unseen levels, missing is a level."""

    def fit(self, X: Any, y: Any = None) -> LevelShare:
        """Learn the shares of each column of a frame or array."""
        self._remember_names(X)
        counts = [levels.value_counts(normalize=True) for levels in self._columns(X)]
        self.levels_ = [[str(level) for level in count.index] for count in counts]
        self.shares_ = [count.to_numpy(dtype="float64") for count in counts]
        return self

    def transform(self, X: Any) -> np.ndarray:
        """float64, rows x columns."""
        shares = zip(self.levels_, self.shares_, strict=True)
        columns = zip(self._columns(X), shares, strict=True)
        mapped = [column.map(dict(zip(*pair, strict=True))).astype("float64") for column, pair in columns]
        return np.column_stack([column.fillna(0.0) for column in mapped])

    @staticmethod
    def _columns(X: Any) -> list[pd.Series]:
        frame = pd.DataFrame(X)
        return [frame.iloc[:, place].fillna("") for place in range(frame.shape[1])]
