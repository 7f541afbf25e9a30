"""Pairs of many columns that go with the target together: products of matrices instead of one by one."""

from __future__ import annotations

import numpy as np

MOST_COLUMNS, MOST_PAIRS = 600, 20
CLOSE = 0.995
"""Correlation from which two columns are looked at together."""
LOOSER = 0.98
"""It must be less without the target."""


def pairs_beside(data: np.ndarray, targets: np.ndarray, numbers: bool) -> list[tuple[int, int]]:
    """Positions of pairs of which one column is the other times, divided by, plus or minus the target.

    Args:
        data: (rows, columns), NaN where there is no value.
        targets: (rows, k) a number, or 0/1 for each class.
        numbers: which of the two.
    """
    data = data[:, :MOST_COLUMNS]
    data = np.where(np.isfinite(data), data, np.nanmean(data, axis=0))
    matrices = _beside_number(data, targets[:, 0]) if numbers else _within_classes(data, targets)
    usual = np.abs(_correlation(data, data))
    found: dict[tuple[int, int], float] = {}
    for matrix, plain in matrices:
        close = np.where(plain < LOOSER, np.abs(matrix), 0.0)
        np.fill_diagonal(close, 0.0)
        for place in np.argsort(-close, axis=None)[:MOST_PAIRS]:
            one, two = (int(i) for i in np.unravel_index(place, close.shape))
            if close[one, two] >= CLOSE and usual[one, two] < LOOSER:
                found.setdefault((min(one, two), max(one, two)), close[one, two])
    return list(found)[:MOST_PAIRS]


def _beside_number(data: np.ndarray, target: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    with np.errstate(divide="ignore", invalid="ignore"):
        divided = target[:, None] / data
    divided = np.where(np.isfinite(divided), divided, 0.0)
    nothing = np.zeros((data.shape[1], data.shape[1]))
    return [(_correlation(one, data), nothing) for one in (target[:, None] * data, divided)]


def _within_classes(data: np.ndarray, targets: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Correlations within classes, of the columns and of their logarithms, beside those of all rows."""
    pairs = []
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(data)
    logs = np.where(np.isfinite(logs).all(axis=0), logs, 0.0)
    for values in (data, logs):
        inside = values.copy()
        rest = 1 - targets.sum(axis=1)
        for member in (*targets.T, rest):
            rows = member > 0
            if rows.any():
                inside[rows] -= values[rows].mean(axis=0)
        pairs.append((_correlation(inside, inside), np.abs(_correlation(values, values))))
    return pairs


def _correlation(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    a, b = one - one.mean(axis=0), two - two.mean(axis=0)
    a, b = (v / np.maximum(np.sqrt((v**2).sum(axis=0)), 1e-300) for v in (a, b))
    return np.asarray(np.nan_to_num(a.T @ b))
