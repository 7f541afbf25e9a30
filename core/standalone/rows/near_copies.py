"""Near-duplicates: rows that differ from another one by little in their numbers and by nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.neighbors import KDTree

SPREADS = 3.0
"""Standard deviations that a number's width is at least: columns that are mostly 0 have no quantiles."""
MIDDLE = 0.5
"""Where a missing number stands, between the 5 % and the 95 % quantile at 0 and 1."""


def near_parts(frame: pd.DataFrame, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The columns of a table by which rows are near: numbers and times scaled, all else as codes.

    Args:
        names: of the columns.

    Returns:
        (rows, k) numbers in units of their width from the 5 % to the 95 % quantile; (rows, l) codes, among
        them whether a number is missing.
    """
    numbers, codes = [], []
    for name in names:
        values = frame[name]
        if pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_datetime64_any_dtype(values.dtype):
            scaled = _scaled(_measured(values))
            missing = np.isnan(scaled)
            numbers.append(np.where(missing, MIDDLE, scaled))
            if missing.any():
                codes.append(missing.astype("int64"))
        else:
            codes.append(pd.factorize(values)[0])
    empty = np.empty((len(frame), 0))
    return (
        np.column_stack(numbers) if numbers else empty,
        np.column_stack(codes) if codes else empty.astype("int64"),
    )


def _measured(values: pd.Series) -> np.ndarray:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        stamps = values.to_numpy().astype("datetime64[us]")
        return np.where(np.isnat(stamps), np.nan, stamps.astype("int64").astype("float64"))
    measured = values.to_numpy(dtype="float64", na_value=np.nan)
    return np.where(np.isfinite(measured), measured, np.nan)


def _scaled(values: np.ndarray) -> np.ndarray:
    present = values[~np.isnan(values)]
    if not len(present):
        return values
    low, high = np.quantile(present, (0.05, 0.95))
    width = max(float(high - low), SPREADS * float(present.std())) or 1.0
    return np.clip((values - low) / width, -1.0, 2.0)


def near_pairs(numbers: np.ndarray, codes: np.ndarray, within: float) -> tuple[np.ndarray, np.ndarray]:
    """Positions of pairs of rows with the same codes and numbers that differ by at most that in all.

    Args:
        numbers, codes: as ``near_parts`` gives them.
        within: sum of the differences of the scaled numbers.

    Returns:
        (pairs,) the earlier rows and (pairs,) the later ones.
    """
    blocks = np.zeros(len(numbers), dtype=np.int64)
    if codes.shape[1]:
        blocks = np.unique(codes, axis=0, return_inverse=True)[1].ravel()
    order = np.argsort(blocks, kind="stable")
    ends = np.flatnonzero(np.diff(blocks[order])) + 1
    first, second = [np.empty(0, dtype="int64")], [np.empty(0, dtype="int64")]
    for block in np.split(order, ends):
        if len(block) < 2 or not numbers.shape[1]:
            continue
        near = KDTree(numbers[block], metric="manhattan").query_radius(numbers[block], within)
        one = np.repeat(np.arange(len(block)), [len(some) for some in near])
        two = np.concatenate(near)
        later = two > one
        first.append(block[one[later]])
        second.append(block[two[later]])
    return np.concatenate(first), np.concatenate(second)


def near_repeats(frame: pd.DataFrame, names: Sequence[str], within: float) -> np.ndarray:
    """(rows,) whether a row is near an earlier one that is not itself left out for that."""
    first, second = near_pairs(*near_parts(frame, names), within)
    repeats = np.zeros(len(frame), dtype=bool)
    order = np.lexsort((second, first))
    for one, two in zip(first[order], second[order], strict=True):
        repeats[two] |= not repeats[one]
    return repeats
