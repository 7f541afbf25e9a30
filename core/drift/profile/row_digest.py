"""A digest of the rows of a table, whatever their order: it tells which values stand together, and no row."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

MIX = np.uint64(0x9E3779B97F4A7C15)
MISSING = np.uint64(0x5851F42D4C957F2D)
Keys = NDArray[np.uint64]


def mixed(keys: Keys, added: Keys) -> Keys:
    """(n,) keys of rows with one more column in them; the same values in other rows give other keys."""
    keys = (keys ^ added) * MIX
    return keys ^ (keys >> np.uint64(29))


def column_keys(values: pd.Series) -> Keys:
    """(n,) a number for each cell of a column of float64, times or text; all missing cells have the same."""
    missing = values.isna().to_numpy()
    if pd.api.types.is_numeric_dtype(values.dtype):
        plain = np.where(missing, 0.0, values.to_numpy(np.float64)) + 0.0  # -0.0 equals 0.0
    elif pd.api.types.is_datetime64_any_dtype(values.dtype):
        plain = values.to_numpy("datetime64[us]").view(np.int64)
    else:
        plain = values.astype(object).where(~missing, "").to_numpy(dtype=object)
    return np.where(missing, MISSING, pd.util.hash_array(plain))


def row_keys(columns: Iterable[pd.Series], rows: int) -> Keys:
    """(n,) a number for each row, from its cells in the order of the columns."""
    keys = np.zeros(rows, dtype=np.uint64)
    for values in columns:
        keys = mixed(keys, column_keys(values))
    return keys


def digest(keys: Keys) -> str:
    """The sum of the keys modulo 2**64 in hexadecimal."""
    return f"{int(keys.sum(dtype=np.uint64)):016x}"
