"""Rows drawn with each class in proportion, as far as a class has rows enough."""

from __future__ import annotations

import numpy as np
from sklearn.model_selection import ShuffleSplit, StratifiedShuffleSplit


def strata_of(values: np.ndarray, least: int, most: int | None = None) -> np.ndarray | None:
    """The classes of rows to be drawn in proportion, those with few rows together as one.

    Args:
        values: the class of each row.
        least: rows below which a class has few.
        most: number of strata that there is room for.

    Returns:
        One label a row; None when fewer than two strata are left.
    """
    labels = values.astype(str)
    names, codes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    order = np.argsort(counts, kind="stable")
    few = int((counts < least).sum())
    if most is not None and len(names) > most:
        few = max(few, len(names) - most + 1)
    if not few:
        return labels
    while few < len(names) and counts[order[:few]].sum() < least:
        few += 1
    if few >= len(names):
        return None
    strata = np.arange(len(names))
    strata[order[:few]] = order[0]
    pooled: np.ndarray = strata[codes].astype(str)
    return pooled


def draw_rows(values: np.ndarray | None, rows: int, share: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Positions of training rows and of test rows, drawn at random.

    Args:
        values: (rows,) the class of each, to be drawn in proportion; None draws without regard to it.
        share: of the rows that are for the test.
    """
    room = int(min(np.floor((1 - share) * rows), np.ceil(share * rows)))
    strata = None if values is None else strata_of(values, 2, room)
    kind = ShuffleSplit if strata is None else StratifiedShuffleSplit
    train, test = next(kind(1, test_size=share, random_state=seed).split(np.zeros(rows), strata))
    return (train, test) if values is None else _with_every_class(values.astype(str), train, test, seed)


def _with_every_class(
    labels: np.ndarray, train: np.ndarray, test: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """The same draw with rows changed over until each class of at least two rows is on both sides."""
    train, test, random = train.copy(), test.copy(), np.random.RandomState(seed)
    names, counts = np.unique(labels, return_counts=True)
    for name in names[counts >= 2]:
        for here, there in ((train, test), (test, train)):
            places = np.flatnonzero(labels[here] == name)
            sizes = dict(zip(*np.unique(labels[there], return_counts=True), strict=True))
            largest = max(sizes, key=lambda one: sizes[one])
            if name in sizes or sizes[largest] < 2:
                continue
            mine = random.choice(places)
            other = random.choice(np.flatnonzero(labels[there] == largest))
            here[mine], there[other] = there[other], here[mine]
    return train, test
