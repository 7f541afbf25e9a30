"""The order in which rows are drawn and learned from: by their content, wherever they stand in the file."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

ODD = np.uint64(0x9E3779B97F4A7C15)
"""An odd number with bits of both kinds all over; a product with it loses nothing."""
MISSING = np.uint64(0xD1B54A32D192ED03)
"""The hash of a cell without a value."""


def row_hashes(frame: pd.DataFrame) -> np.ndarray:
    """(n,) uint64 of the cells of each row, whatever the order of the columns.

    Those of a table divided by columns add up to those of the whole table.

    Args:
        frame: a typed table: numbers, texts and times.
    """
    out = np.zeros(len(frame), dtype=np.uint64)
    for name in frame.columns:
        of_name = np.uint64(int.from_bytes(hashlib.sha256(str(name).encode()).digest()[:8], "little"))
        out += (_cell_hashes(frame[name]) ^ of_name) * ODD
    return out


def by_content(hashes: np.ndarray) -> np.ndarray:
    """(n,) positions of the rows in the order of their hashes; equal rows stay as they stand."""
    return np.argsort(hashes, kind="stable")


def _cell_hashes(values: pd.Series) -> np.ndarray:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        ticks = values.to_numpy(dtype="datetime64[us]").astype("int64")
        return pd.util.hash_array(ticks)
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.to_numpy(dtype="float64", na_value=np.nan) + 0.0  # -0.0 is 0.0
        hashes = pd.util.hash_array(numbers)
        hashes[np.isnan(numbers)] = MISSING
        return hashes
    codes, texts = pd.factorize(values)
    of_texts = pd.util.hash_array(np.asarray(texts, dtype=object), categorize=False)
    return np.append(of_texts, MISSING)[codes]  # a missing value has the code -1
