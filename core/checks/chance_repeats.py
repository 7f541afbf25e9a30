"""How many rows would repeat another one by chance, no row being a copy of another."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
PRIME = 0x9E3779B97F4A7C15
"""Odd, with bits of both kinds: it tells the same value in two columns apart."""
MOST_ROWS = 50_000
FEWEST = 2
CLEARLY = 4
"""Standard errors by which repeats must be more than chance gives."""


def are_chance(frame: pd.DataFrame, seed: int) -> bool:
    """Whether rows repeat others about as often as rows drawn on their own would.

    Args:
        frame: (rows, columns) what is compared; of more than 50,000 rows a sample is looked at.
        seed: of the two halves, one of which is asked for rows that repeat one of the other.
    """
    frame = frame.sample(min(len(frame), MOST_ROWS), random_state=seed)
    is_half = np.arange(len(frame)) < len(frame) // 2
    hashes = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    repeats = int(np.isin(hashes[is_half], hashes[~is_half]).sum())
    if not repeats:
        return False
    chance = repeats_by_chance(frame, is_half)
    return bool(repeats - chance < max(FEWEST, CLEARLY * chance**0.5))


def repeats_by_chance(frame: pd.DataFrame, is_test: np.ndarray) -> float:
    """The test rows that are expected to repeat a training row, all rows being drawn on their own.

    A copy is the same in every column. Where a row repeats others by chance, some agree with it in all
    columns but a few and differ there: those, and how common its values in these few are, tell how
    many would agree there too. The columns that tell most count; all that depend on each other tell less.

    Args:
        frame: (rows, columns) the columns of the model and the target.
        is_test: (rows,) whether a row is one of the test.
    """
    columns = [_hashes(frame[name], place) for place, name in enumerate(frame.columns)]
    whole = np.add.reduce(columns)
    most = 0.0
    for block in _blocks(len(columns)):
        within = np.add.reduce([columns[place] for place in block])
        among, same = _count(whole - within, is_test), _count(whole, is_test)
        share = _count(within, is_test) / max(1, int((~is_test).sum()))
        pairs = (among - same) * share / np.maximum(1 - share, 1e-9)
        most = max(most, float(-np.expm1(-pairs).sum()))
    return most


def _hashes(values: pd.Series, place: int) -> Hashes:
    """(rows,) a number for each value, another one in each column."""
    hashes = pd.util.hash_pandas_object(values, index=False).to_numpy(dtype=np.uint64)
    mixed: Hashes = (hashes ^ (hashes >> np.uint64(31))) * np.uint64((PRIME * (2 * place + 1)) % 2**64)
    return mixed ^ (mixed >> np.uint64(29))


def _blocks(columns: int) -> Iterator[range]:
    """Each column, and runs of 2, 4, ... neighbours, such as the indicators of one category."""
    size = 1
    while size < columns:
        yield from (range(start, min(start + size, columns)) for start in range(0, columns, size))
        size *= 2


def _count(keys: Hashes, is_test: np.ndarray) -> NDArray[np.float64]:
    """(test rows,) how many training rows have the key of each test row."""
    train, counts = np.unique(keys[~is_test], return_counts=True)
    if not len(train):
        return np.zeros(int(is_test.sum()))
    places = np.minimum(np.searchsorted(train, keys[is_test]), len(train) - 1)
    return np.where(train[places] == keys[is_test], counts[places], 0).astype(np.float64)
