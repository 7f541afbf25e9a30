"""What each row, group or stretch of time does to the mean score of a candidate over its folds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.evaluate.intervals.jackknife import without_each
from core.evaluate.intervals.units import Units, units_of
from core.scoring.pairs import Codes, Floats, Pairs, whole
from core.spec import Metric

REFITTED = 0.25
"""Variance of a difference by the fitted rows, as a part of that by as many judged ones, beside what folds
show; measured (docs/decisions/0021). One fold shows nothing: then 1, as Nadeau and Bengio (2003) take."""


def nothing(_rows: Codes) -> None:
    """Rows have no group, or no time."""


@dataclass(frozen=True, eq=False)
class Judged:
    """The validation rows of a comparison.

    Attributes:
        units: what of the distinct rows is independent; one is left out at a time.
        codes: fold -> (n_valid,) the unit of each of its rows.
        fitted: rows that a model was fitted on, the mean over the folds.
    """

    units: Units
    codes: tuple[Codes, ...]
    fitted: float

    @property
    def rounds(self) -> float:
        """How often each row was judged."""
        return sum(map(len, self.codes)) / len(self.units.codes)

    @property
    def refits(self) -> float:
        """Judged rows over fitted ones."""
        return len(self.units.codes) / self.fitted

    @property
    def most_inflation(self) -> float:
        """As much as Nadeau and Bengio (2003) take: where folds show nothing of refitting, or of a search."""
        return 1 + self.refits

    @property
    def inflation(self) -> float:
        """By how much the variance of a difference is larger than that by the judged rows alone."""
        return 1 + (REFITTED if len(self.codes) > 1 else 1.0) * self.refits


def judged_rows(
    folds: Sequence[tuple[Codes, Codes]],
    classes: int,
    groups: Callable[[Codes], Any] = nothing,
    times: Callable[[Codes], Any] = nothing,
    order: Codes | None = None,
) -> Judged:
    """The validation rows of folds, each a pair (rows to fit, rows to validate).

    Args:
        classes: number of classes, 0 of a regression.
        order: the rows in the order in which they are dealt into blocks; as their numbers go when None.
        groups, times: give the group, and the place in time, of each of some rows; None where rows have none.
    """
    rows = np.unique(np.concatenate([valid for _, valid in folds]))
    rows = rows if order is None else order[np.isin(order, rows)]
    units = units_of(len(rows), classes, groups(rows), times(rows))
    places = np.argsort(rows)
    codes = tuple(units.codes[places[np.searchsorted(rows, valid, sorter=places)]] for _, valid in folds)
    return Judged(units, codes, float(np.mean([len(fit) for fit, _ in folds])))


def mean_without_each(metric: Metric, folds: Sequence[Pairs], judged: Judged) -> Floats:
    """(units,) the mean score over the folds without each unit; NaN where it is not defined without it.

    Folds that do not define the score at all do not count, as in the mean itself.
    """
    sums, counted = np.zeros(judged.units.count), 0
    for pairs, codes in zip(folds, judged.codes, strict=True):
        score = float(metric.for_ranking(metric.make(whole(pairs)))[0])
        if not np.isfinite(score):
            continue
        there, places = np.unique(codes, return_inverse=True)
        scores = np.full(judged.units.count, score)
        without = without_each(metric, pairs, Units(judged.units.alike, places, len(there)))
        scores[there] = metric.for_ranking(without)
        sums, counted = sums + scores, counted + 1
    return sums / counted if counted else np.full(judged.units.count, np.nan)


def mean_without_each_fold(scores: Floats) -> Floats:
    """(J,) the mean of fold scores (J,) without each of them."""
    return np.asarray((scores.sum() - scores) / max(len(scores) - 1, 1), dtype=np.float64)
