"""The target: how its column is read, and which rows have one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .cells import as_number, as_text, without
from .plan import TargetColumn


def read_target(values: pd.Series, target: TargetColumn) -> pd.Series:
    """The values of a target column as float64 or text, missing where its words for "no value" stand."""
    present = without(values, target.missing, target.missing, target.decimal, target.format)
    return as_number(present, target.decimal) if target.number else as_text(present)


def target_values(column: pd.Series, target: TargetColumn) -> np.ndarray:
    """The values to learn, of a column as ``read_target`` gives it."""
    return column.to_numpy(dtype="float64" if target.number else object)


def target_rows(frame: pd.DataFrame, column: pd.Series, target: TargetColumn) -> np.ndarray:
    """Positions of the rows that are used: those with a target, and of equal rows the first."""
    used = column.notna().to_numpy()
    if target.distinct is not None:
        names = [name for name in target.distinct if name in frame.columns]
        used = used & ~frame[names].duplicated().to_numpy()
    return np.flatnonzero(used)
