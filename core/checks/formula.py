"""Terms of which a weighted sum is the target, exactly but for rounding or nearly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.checks.finding import Severity
from core.checks.rounding import step_of

LEAST_ROWS = 60
MOST_TERMS, MOST_PARTS = 3, 5
ROWS_A_TERM = 5
ROUNDED = 1e-3
"""Share of the target's variance that rounding may leave open."""
FOLLOWING = 0.98
"""Share of the rows that must follow; the ratio of a small number is rounded more."""
MOST_FOLLOW, SLACK, TINY = 0.95, 1.25, 1e-7
"""Share of rows that are off by no more than rounding gives, times that, beside the digits of a float."""
SIGNS = {"-": "difference of", "+": "sum of", "*": "product of", "/": "ratio of"}


@dataclass(frozen=True, eq=False)
class Term:
    """What is computed of one or two columns.

    Attributes:
        values: (rows,).
        rounding: (rows,) by how much they may be off as the columns are rounded.
        sign: between the two columns.
    """

    values: np.ndarray
    rounding: np.ndarray
    columns: tuple[str, ...]
    sign: str = ""

    @property
    def words(self) -> str:
        """In the middle of a sentence."""
        return f"the {SIGNS[self.sign]} {' and '.join(self.columns)}" if self.sign else self.columns[0]


@dataclass(frozen=True, eq=False)
class Formula:
    """Terms of which a weighted sum is the target, and whether it is but for rounding; or no terms."""

    terms: tuple[Term, ...] = ()
    follows: bool = False

    def verdict(self, target: str) -> tuple[str, Severity]:
        """What is said of it, and how loud."""
        listed = ", ".join(term.words for term in self.terms)
        if self.follows:
            return f"{target} can be computed from {listed}, but for rounding.", "error"
        nearly = f"{target} can nearly be computed from {listed}, but not to the last digit"
        return f"{nearly}: make sure that they are known before.", "warn"


@dataclass(frozen=True, eq=False)
class Fit:
    """A weighted sum of terms: (k,) weights, (rows,) what it leaves of the target, how much that is.

    Attributes:
        nearly: whether it is next to nothing.
        follows: whether it is so little in nearly all rows as the rounding of columns and target explains.
    """

    weights: np.ndarray
    left: np.ndarray
    nearly: bool
    follows: bool


def _fitted(target: np.ndarray, data: np.ndarray, rounding: np.ndarray) -> Fit:
    """The weighted sum of (rows, k) values, each off by its rounding at most, that is next to the target."""
    line = np.column_stack([np.ones(len(target)), data])
    weights, *_ = np.linalg.lstsq(line, target, rcond=None)
    left = target - line @ weights
    following = np.sort(left**2)[: int(FOLLOWING * len(left))].mean()
    nearly = bool(following <= ROUNDED * np.var(target) and np.var(target) > 0)
    off = step_of(target) / 2 + rounding @ np.abs(weights[1:])
    follows = nearly and bool(
        (np.abs(left) <= SLACK * off + TINY * np.abs(target).max()).mean() >= MOST_FOLLOW
    )
    return Fit(weights[1:], left, nearly, follows)


def all_at_once(target: np.ndarray, terms: list[Term]) -> Formula:
    """The columns of which the target is a weighted sum, two to five; nothing where it is none."""
    most = min(len(terms), len(target) // ROWS_A_TERM)
    data = np.column_stack([term.values for term in terms[:most]])
    complete = np.isfinite(data).mean(axis=0) >= 0.8
    places = np.flatnonzero(complete)
    rows = np.isfinite(data[:, places]).all(axis=1)
    if len(places) < 2 or rows.sum() < max(LEAST_ROWS, ROWS_A_TERM * len(places)):
        return Formula()
    unit, rounding = _in_units([terms[place] for place in places], rows)
    fit = _fitted(target[rows], unit, rounding)
    if not fit.nearly:
        return Formula()
    order, nearest = np.argsort(-np.abs(fit.weights)), Formula()
    for size in range(1, MOST_PARTS + 1):
        some = order[:size]
        fit = _fitted(target[rows], unit[:, some], rounding[:, some])
        formula = Formula(tuple(terms[places[i]] for i in some), fit.follows)
        if fit.follows:
            return formula
        nearest = formula if fit.nearly and not nearest.terms else nearest
    return nearest


def _in_units(terms: Sequence[Term], rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(rows, k) values about 0 with a spread of 1, and by how much each may be off."""
    data = np.column_stack([term.values[rows] for term in terms])
    scale = np.maximum(data.std(axis=0), 1e-12)
    return (data - data.mean(axis=0)) / scale, np.column_stack([t.rounding[rows] for t in terms]) / scale


def one_by_one(target: np.ndarray, terms: list[Term]) -> Formula:
    """At most three terms whose weighted sum is the target, found greedily; nothing where it is none."""
    data = np.column_stack([term.values for term in terms])
    used = np.isfinite(data)
    scale = np.nanstd(data, axis=0)
    unit = np.where(used, (data - np.nanmean(data, axis=0)) / np.where(scale > 0, scale, 1), 0.0)
    left, chosen, nearest = target - target.mean(), list[int](), Formula()
    for _ in range(MOST_TERMS):
        chosen.append(int(np.argmax(np.abs(left @ unit))))
        rows = used[:, chosen].all(axis=1)
        if rows.sum() < max(LEAST_ROWS, len(rows) / 2):
            return nearest
        fit = _fitted(target[rows], *_in_units([terms[place] for place in chosen], rows))
        formula = Formula(tuple(terms[place] for place in chosen), fit.follows)
        if fit.follows:
            return formula
        nearest = formula if fit.nearly and not nearest.terms else nearest
        left = np.zeros(len(target))
        left[rows] = fit.left
    return nearest
