"""Terms of which a weighted sum is the target, exactly but for rounding or nearly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.checks.finding import Severity

LEAST_ROWS = 60
MOST_TERMS, MOST_PARTS = 3, 9
ROWS_A_TERM = 5
ROUNDED = 1e-3
"""Share of the target's variance that rounding may leave open."""
FOLLOWING = 0.98
"""Share of the rows that must follow; the ratio of a small number is rounded more."""
MOST_FOLLOW, SLACK, TINY = 0.95, 1.25, 1e-7
"""Share of rows that are off by no more than rounding gives, times that, beside the digits of a float."""
EVEN_ROWS, WITHIN, EXPLAINED, LEAST_VALUES = 0.995, 1.1, 0.8, 6
"""Share of the rows that must lie within rounding, times that, of a target rounded so coarsely that this
leaves open more than next to nothing; share of its spread that must be explained, and values it must have."""
SIGNS = {
    "-": "difference of",
    "+": "sum of",
    "*": "product of",
    "/": "ratio of",
    ">": "larger of",
    "<": "smaller of",
    "^": "square of",
}


@dataclass(frozen=True, eq=False)
class Term:
    """What is computed of one or two columns.

    Attributes:
        values: (rows,).
        rounding: (rows,) by how much they may be off as the columns are rounded.
        sign: between the two columns.
        parts: the terms of which it is made, where it is of two.
    """

    values: np.ndarray
    rounding: np.ndarray
    columns: tuple[str, ...]
    sign: str = ""
    parts: tuple[Term, ...] = ()

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


def _fitted(target: Term, rows: np.ndarray, data: np.ndarray, rounding: np.ndarray) -> Fit:
    """The weighted sum of (rows, k) values, each off by its rounding at most, that is next to the target."""
    wanted, unsure = target.values[rows], target.rounding[rows]
    line = np.column_stack([np.ones(len(wanted)), data])
    weights, *_ = np.linalg.lstsq(line, wanted, rcond=None)
    left = wanted - line @ weights
    following = np.sort(left**2)[: int(FOLLOWING * len(left))].mean()
    nearly = bool(following <= ROUNDED * np.var(wanted) and np.var(wanted) > 0)
    off = unsure + rounding @ np.abs(weights[1:])
    digits = TINY * np.abs(wanted).max()
    follows = nearly and bool((np.abs(left) <= SLACK * off + digits).mean() >= MOST_FOLLOW)
    return Fit(weights[1:], left, nearly, follows or _within_rounding(wanted, left, unsure, line.shape[1]))


def _within_rounding(wanted: np.ndarray, left: np.ndarray, unsure: np.ndarray, terms: int) -> bool:
    """Whether a coarsely rounded target is left no more than its rounding: honest noise knows no such end."""
    enough = len(wanted) >= 2 * ROWS_A_TERM * terms and len(np.unique(wanted)) >= LEAST_VALUES
    if not enough or np.var(left) > (1 - EXPLAINED) * np.var(wanted):
        return False
    usual = float(np.sqrt((unsure**2).mean() / 3))
    most = WITHIN * unsure + 3 * usual * np.sqrt(terms / len(wanted))
    return bool(usual > 0 and (np.abs(left) <= most).mean() >= EVEN_ROWS)


def all_at_once(target: Term, terms: list[Term]) -> Formula:
    """The columns of which the target is a weighted sum, two to nine; nothing where it is none."""
    most = min(len(terms), len(target.values) // ROWS_A_TERM)
    data = np.column_stack([term.values for term in terms[:most]])
    complete = np.isfinite(data).mean(axis=0) >= 0.8
    places = np.flatnonzero(complete)
    rows = np.isfinite(data[:, places]).all(axis=1) & np.isfinite(target.values)
    if len(places) < 2 or rows.sum() < max(LEAST_ROWS, ROWS_A_TERM * len(places)):
        return Formula()
    unit, rounding = _in_units([terms[place] for place in places], rows)
    fit = _fitted(target, rows, unit, rounding)
    if not (fit.nearly or fit.follows):
        return Formula()
    order, nearest = np.argsort(-np.abs(fit.weights)), Formula()
    for size in range(1, MOST_PARTS + 1):
        some = order[:size]
        fit = _fitted(target, rows, unit[:, some], rounding[:, some])
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


def one_by_one(target: Term, terms: list[Term]) -> Formula:
    """At most three terms whose weighted sum is the target, found greedily; nothing where it is none."""
    data = np.column_stack([term.values for term in terms])
    used = np.isfinite(data)
    scale = np.nanstd(data, axis=0)
    unit = np.where(used, (data - np.nanmean(data, axis=0)) / np.where(scale > 0, scale, 1), 0.0)
    left, chosen, nearest = target.values - target.values.mean(), list[int](), Formula()
    for _ in range(MOST_TERMS):
        chosen.append(int(np.argmax(np.abs(left @ unit))))
        rows = used[:, chosen].all(axis=1)
        if rows.sum() < max(LEAST_ROWS, len(rows) / 2):
            return nearest
        fit = _fitted(target, rows, *_in_units([terms[place] for place in chosen], rows))
        formula = Formula(tuple(terms[place] for place in chosen), fit.follows)
        if fit.follows:
            return formula
        nearest = formula if fit.nearly and not nearest.terms else nearest
        left = np.zeros(len(target.values))
        left[rows] = fit.left
    return nearest
