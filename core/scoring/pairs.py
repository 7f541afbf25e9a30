"""What a score is computed from: the truth beside the prediction, row by row.

Everything that a score needs is worked out here once (codes, ranks, losses), so that a thousand resamples
of the rows cost a thousand weighted sums and nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import FoldlineError
from core.spec import Task

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


class Predicted(Protocol):
    """What a prediction has to offer; ``core.evaluate.prediction.Prediction`` is the one we use."""

    @property
    def task(self) -> Task: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def labels(self) -> NDArray[Any]: ...
    @property
    def proba(self) -> Floats | None: ...


@dataclass(frozen=True)
class Ranking:
    """Rows from the lowest to the highest probability of one class.

    Attributes:
        order: row positions, ascending by probability.
        hit: 1.0 where the row is of the class, in that order.
        starts: where each run of equal probabilities starts.
    """

    order: Codes
    hit: Floats
    starts: Codes


@dataclass(frozen=True)
class Cells:
    """Rows in the order of their cell of the confusion matrix.

    Attributes:
        order: row positions, ascending by cell.
        cells: ``truth * k + predicted`` of each cell that occurs.
        starts: where each of them starts in ``order``.
    """

    order: Codes
    cells: Codes
    starts: Codes


@dataclass(frozen=True, eq=False)
class Pairs:
    """Truth and prediction of the same n rows, coded.

    Attributes:
        task: what was predicted.
        classes: class names; of a binary task the positive class is the last.
        truth, predicted: (n,) positions in ``classes``, or the values of a regression.
        proba: (n, k) probabilities, or None.
    """

    task: Task
    classes: tuple[str, ...]
    truth: NDArray[Any]
    predicted: NDArray[Any]
    proba: Floats | None
    _rankings: dict[int, Ranking] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.truth)

    def take(self, rows: NDArray[Any]) -> Pairs:
        """The pairs of these row positions."""
        proba = None if self.proba is None else self.proba[rows]
        return Pairs(self.task, self.classes, self.truth[rows], self.predicted[rows], proba)

    @cached_property
    def cells(self) -> Cells:
        """Rows in the order of their cell of the confusion matrix."""
        cell = self.truth * len(self.classes) + self.predicted
        order = np.argsort(cell, kind="stable")
        starts = _starts(cell[order])
        return Cells(order, cell[order][starts], starts)

    def ranking(self, column: int) -> Ranking:
        """Rows in order of the probability of the class at position ``column``."""
        if column not in self._rankings:
            share = self.probabilities[:, column]
            order = np.argsort(share, kind="stable")
            hit = (self.truth[order] == column).astype(np.float64)
            self._rankings[column] = Ranking(order, hit, _starts(share[order]))
        return self._rankings[column]

    @property
    def probabilities(self) -> Floats:
        """``proba``.

        Raises:
            FoldlineError: ``METRIC`` when the prediction has labels only.
        """
        if self.proba is None:
            raise FoldlineError(
                "METRIC",
                "This score needs probabilities and the model gives none.",
                "Choose a score of labels.",
            )
        return self.proba

    @cached_property
    def log_losses(self) -> Floats:
        """(n,) negative log of the probability given to the true class, in nats."""
        given = self.probabilities[np.arange(len(self)), self.truth]
        eps = np.finfo(np.float64).eps
        return -np.log(np.clip(given, eps, 1 - eps))

    @cached_property
    def errors(self) -> Floats:
        """(n,) absolute errors of a regression."""
        return np.abs(self.truth - self.predicted).astype(np.float64)


class Counts(Protocol):
    """What scores of labels are computed from, b times over."""

    @property
    def confusion(self) -> Floats:
        """(b, k, k) row counts by true (second axis) and predicted class (third)."""

    @property
    def total(self) -> Floats:
        """(b,) number of rows counted."""


@dataclass(frozen=True, eq=False)
class Confusions:
    """Counts that were made elsewhere, such as one table a threshold."""

    confusion: Floats

    @property
    def total(self) -> Floats:
        """(b,) number of rows counted."""
        return np.asarray(self.confusion.sum(axis=(1, 2)), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Sample:
    """The same pairs counted with b different sets of row weights, scored in one go.

    Attributes:
        pairs: the n rows.
        weights: (b, n) how often each row counts; whole numbers.
    """

    pairs: Pairs
    weights: Floats

    @cached_property
    def total(self) -> Floats:
        """(b,) number of rows counted."""
        return np.asarray(self.weights.sum(axis=1), dtype=np.float64)

    @cached_property
    def confusion(self) -> Floats:
        """(b, k, k) row counts by true (second axis) and predicted class (third)."""
        cells, k = self.pairs.cells, len(self.pairs.classes)
        counts = np.zeros((len(self.weights), k * k))
        ordered = np.take(self.weights, cells.order, axis=1)
        counts[:, cells.cells] = np.add.reduceat(ordered, cells.starts, axis=1)
        return counts.reshape(-1, k, k)

    def mean(self, losses: Floats) -> Floats:
        """(b,) weighted mean of per-row losses (n,)."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.weights @ losses / self.total, dtype=np.float64)

    def by_rank(self, column: int) -> tuple[Floats, Floats]:
        """(b, m) counts of the class and of all rows at each distinct probability, ascending."""
        ranking = self.pairs.ranking(column)
        rows = np.take(self.weights, ranking.order, axis=1)
        hits = rows * ranking.hit
        if len(ranking.starts) < len(ranking.order):
            rows = np.add.reduceat(rows, ranking.starts, axis=1)
            hits = np.add.reduceat(hits, ranking.starts, axis=1)
        return hits, rows


def whole(pairs: Pairs) -> Sample:
    """The sample in which every row counts once."""
    return Sample(pairs, np.ones((1, len(pairs))))


def _starts(ordered: NDArray[Any]) -> Codes:
    return np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
