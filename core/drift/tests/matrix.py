"""Turning two samples of typed columns into one matrix of numbers that a classifier can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.drift.profile.document import ColumnProfile, Numbers
from core.drift.profile.row_digest import mixed


def coded(
    old: Mapping[str, pd.Series], new: Mapping[str, pd.Series], columns: Sequence[ColumnProfile]
) -> tuple[list[str], Numbers, Numbers]:
    """Names and a matrix a side: numbers as they are, levels by frequency, dates as weekday and hour,
    texts as their length; ids are left out, what is missing stays NaN.
    """
    names: list[str] = []
    parts: tuple[list[Numbers], list[Numbers]] = ([], [])
    for column in columns:
        if column.kind == "id" or column.name not in old or column.name not in new:
            continue
        for name, a, b in _columns(column, old[column.name], new[column.name]):
            if _varies(a, b):
                names.append(name)
                parts[0].append(a)
                parts[1].append(b)
    if not names:
        return [], np.empty((0, 0)), np.empty((0, 0))
    return names, np.column_stack(parts[0]), np.column_stack(parts[1])


def _varies(a: Numbers, b: Numbers) -> bool:
    """Whether the column holds two different values, a missing one counted as a value."""
    first = a[0] if len(a) else np.nan
    return not all(bool(((side == first) | (np.isnan(side) & np.isnan(first))).all()) for side in (a, b))


def _columns(column: ColumnProfile, a: pd.Series, b: pd.Series) -> list[tuple[str, Numbers, Numbers]]:
    name = column.name
    if column.kind == "datetime":
        parts = [(f"{name} weekday", "day_of_week"), (f"{name} hour", "hour")]
        return [(label, _part(a, part), _part(b, part)) for label, part in parts]
    if column.kind == "text":
        return [(f"{name} length", _length(a), _length(b))]
    if column.physical == "number":
        return [(name, a.to_numpy(np.float64), b.to_numpy(np.float64))]
    return [(name, *_level_codes(a, b))]


def _part(values: pd.Series, part: str) -> Numbers:
    return np.asarray(getattr(values.dt, part).to_numpy(np.float64, na_value=np.nan))


def _length(values: pd.Series) -> Numbers:
    return np.asarray(values.str.len().to_numpy(np.float64, na_value=np.nan))


def _level_codes(a: pd.Series, b: pd.Series) -> tuple[Numbers, Numbers]:
    """Levels numbered by how often both sides together hold them, ties in order of the alphabet."""
    codes, levels = pd.factorize(pd.concat([a, b], ignore_index=True))
    sizes = np.bincount(codes[codes >= 0], minlength=len(levels))
    order = (
        np.lexsort((np.asarray(levels, dtype=str), -sizes)) if len(levels) else np.empty(0, dtype=np.int64)
    )
    numbers = np.full(len(levels) + 1, np.nan)
    numbers[order] = np.arange(len(levels))
    return numbers[codes[: len(a)]], numbers[codes[len(a) :]]


def row_order(matrix: Numbers) -> NDArray[np.int64]:
    """Positions that put the rows into an order that depends on their content only."""
    keys = np.zeros(len(matrix), dtype=np.uint64)
    for values in matrix.T:
        plain = np.where(np.isnan(values), np.nan, values + 0.0)
        keys = mixed(keys, plain.view(np.uint64))
    return np.argsort(keys, kind="stable")


def drawn(matrix: Numbers, rows: int, rng: np.random.Generator) -> Numbers:
    """At most that many rows at random, the same whatever order they came in."""
    order = row_order(matrix)
    return np.asarray(matrix[order[rng.permutation(len(matrix))[:rows]]])


def ranked(matrix: Numbers, rng: np.random.Generator) -> Numbers:
    """Each column replaced by ranks between 0 and 1, ties and missing values (lowest) in random order.

    After it every column is uniform, so only relations between columns are left to tell two sides apart.
    """
    result = np.empty_like(matrix)
    for position, values in enumerate(matrix.T):
        lowest = np.where(np.isnan(values), -np.inf, values)
        order = np.lexsort((rng.random(len(values)), lowest))
        result[order, position] = (np.arange(len(values)) + 0.5) / len(values)
    return result
