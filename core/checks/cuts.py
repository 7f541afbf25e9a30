"""Numbers of which one cut parts two classes, and sums of three columns that do."""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression

from core.checks.formula import Term

LEAST_OF_A_CLASS, SURE_ROWS = 10, 250
"""Rows of each class that a cut must part, and rows from which it is sure."""
MOST_COLUMNS, THREE = 20, 3
LOOSE, TIGHT = 1e2, 1e8
"""Freedom of the weights, of all columns and of three."""
NEAR, WIDE_GAP = 15, 6.0
"""Rows on either side of a border whose distances are usual, and how many times that makes a gap."""


def parts_classes(values: np.ndarray, positive: np.ndarray) -> bool:
    """Whether one cut leaves all rows of a class above it and all others below, without a gap between them.

    Args:
        values: (rows,) NaN is left out.
        positive: (rows,) bool.
    """
    used = np.isfinite(values)
    low, high = (np.sort(values[used & side]) for side in (positive, ~positive))
    if min(len(low), len(high)) < LEAST_OF_A_CLASS:
        return False
    if low[0] > high[-1]:
        low, high = high, low
    if low[-1] >= high[0]:
        return False
    near = np.r_[low[-NEAR:], high[:NEAR]]
    usual = (near[-1] - near[0] - (high[0] - low[-1])) / (len(near) - 2)
    return bool(high[0] - low[-1] <= WIDE_GAP * usual)


def three_that_part(terms: list[Term], positive: np.ndarray) -> tuple[Term, ...]:
    """Three columns of which a weighted sum parts two classes by one cut; empty where none does."""
    some = [term for term in terms if np.isfinite(term.values).all()][:MOST_COLUMNS]
    if (
        len(some) < THREE
        or len(positive) < SURE_ROWS
        or min(positive.sum(), (~positive).sum()) < LEAST_OF_A_CLASS
    ):
        return ()
    data = np.column_stack([term.values for term in some])
    spread = data.std(axis=0)
    data = (data - data.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    whole = LogisticRegression(C=LOOSE, max_iter=500).fit(data, positive)
    chosen = np.argsort(-np.abs(whole.coef_[0]))[:THREE]
    line = LogisticRegression(C=TIGHT, max_iter=2_000).fit(data[:, chosen], positive)
    if not parts_classes(line.decision_function(data[:, chosen]), positive):
        return ()
    return tuple(some[place] for place in chosen)
