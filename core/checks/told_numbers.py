"""Texts that hold the very number of the target, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd

from core.checks.number_spelling import NUMBER, number_value, plain_numbers
from core.checks.rounding import step_of

MOST_NUMBERS, MOST_PAIRED = 12, 6
LEAST_VALUES, LEAST_ROWS, LEAST_TOLD = 20, 60, 40
"""Different values of the target, rows, and rows that are told, from which it can be no chance."""
DIGITS = 1e-9
MUCH_LESS = 0.7
"""Share of the rows that a plainer reading leaves untold, below which one of two numbers is named instead."""
Reading = tuple[str, Callable[[np.ndarray], np.ndarray]]


def _sums(numbers: np.ndarray) -> np.ndarray:
    return _of_pairs(numbers, np.add)


def _differences(numbers: np.ndarray) -> np.ndarray:
    return np.abs(_of_pairs(numbers, np.subtract))


def _products(numbers: np.ndarray) -> np.ndarray:
    return _of_pairs(numbers, np.multiply)


READINGS: tuple[Reading, ...] = (
    ("a number in it", lambda numbers: numbers),
    ("the sum of two numbers in it", _sums),
    ("the difference of two numbers in it", _differences),
    ("the product of two numbers in it", _products),
)


def told_numbers(texts: pd.Series, target: np.ndarray, seed: int) -> tuple[float, str]:
    """Share of the rows whose text holds their target beyond what other rows' targets would, and by what.

    Args:
        texts: (rows,).
        target: (rows,) numbers.
    """
    if len(target) < LEAST_ROWS or len(np.unique(target)) < LEAST_VALUES:
        return 0.0, ""
    near = step_of(target) / 2 + DIGITS * np.abs(target)
    others = np.random.default_rng(seed).permutation(len(target))
    numbers = _table(plain_numbers(texts))
    best = (0.0, "")
    for words, made in READINGS:
        values = made(numbers)
        told, chance = (_held(values, target[of], near[of]) for of in (np.arange(len(target)), others))
        if told.sum() < LEAST_TOLD or len(np.unique(target[told])) < LEAST_VALUES:
            continue
        beyond = float((told.mean() - chance.mean()) / (1 - chance.mean())) if chance.mean() < 1 else 0.0
        if not best[1] or 1 - beyond < MUCH_LESS * (1 - best[0]):
            best = beyond, words
    return best


def _table(texts: pd.Series) -> np.ndarray:
    """(rows, k) the first numbers of each text, NaN beyond."""
    each = [[number_value(one) for one in NUMBER.findall(text)[:MOST_NUMBERS]] for text in texts]
    table = np.full((len(each), max(map(len, each), default=0)), np.nan)
    for row, values in enumerate(each):
        table[row, : len(values)] = values
    return table


def _of_pairs(numbers: np.ndarray, made: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
    pairs = list(combinations(range(min(MOST_PAIRED, numbers.shape[1])), 2))
    if not pairs:
        return np.empty((len(numbers), 0))
    return np.column_stack([made(numbers[:, a], numbers[:, b]) for a, b in pairs])


def _held(values: np.ndarray, target: np.ndarray, near: np.ndarray) -> np.ndarray:
    """(rows,) whether one of (rows, k) values is that row's target, but for rounding."""
    return np.asarray((np.abs(values - target[:, None]) <= near[:, None]).any(axis=1))
