"""How well guesses of the target, made without the row that is guessed, tell it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from core.checks.finding import Subject
from core.data.table import Column
from core.spec import CLASSIFICATION

MOST_ROWS = 20_000
LEAST_ROWS = 50
FOLDS = 3
BINS = 64
CLASSES = 20
SMOOTH = 5.0

Fit = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From positions to learn from and positions to guess to guesses (rows guessed, targets)."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """A sample of the rows that have a target, and that target in numbers.

    Attributes:
        rows: at most 20,000, in table order.
        targets: (rows, k) one column of numbers, or a 0/1 column for each class (the commoner one of two).
        folds: (rows,) the fold of each.
        numbers: whether the target is a number.
    """

    subject: Subject
    rows: pd.DataFrame
    targets: np.ndarray
    folds: np.ndarray
    numbers: bool

    def strength(self, guesses: np.ndarray, some: np.ndarray | None = None) -> float:
        """2 AUC - 1 of guesses for classes (one against the rest, weighted by class), R2 for numbers.

        Args:
            guesses: (rows, k), of the rows in ``some`` (bool, all rows) where it is given.
        """
        targets = self.targets if some is None else self.targets[some]
        return explained(targets[:, 0], guesses[:, 0]) if self.numbers else gini(targets, guesses)

    def out_of_fold(self, fit: Fit) -> np.ndarray:
        """(rows, k) guesses, each by a fit without the fold of its row."""
        out = np.empty_like(self.targets)
        for fold in range(FOLDS):
            learned, judged = np.flatnonzero(self.folds != fold), np.flatnonzero(self.folds == fold)
            out[judged] = fit(learned, judged)
        return out

    def few(self, most: int) -> Evidence:
        """At most that many of the rows."""
        if len(self.rows) <= most:
            return self
        chosen = np.sort(np.random.default_rng(self.subject.seed).choice(len(self.rows), most, replace=False))
        return Evidence(
            self.subject,
            self.rows.iloc[chosen],
            self.targets[chosen],
            self.folds[chosen],
            self.numbers,
        )

    @cached_property
    def alone(self) -> dict[str, float]:
        """Name of each feature -> how well it tells the target by itself."""
        return {c.name: column_strength(self.rows[c.name], c, self) for c in self.subject.features()}

    @property
    def measure(self) -> str:
        """Name of the strength."""
        return "R²" if self.numbers else "Gini"


def evidence_of(subject: Subject) -> Evidence | None:
    """A sample of the rows; None when there are too few, or the target never varies."""
    rows = np.flatnonzero(subject.frame[subject.target].notna())
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(subject.seed).choice(rows, MOST_ROWS, replace=False))
    sample = subject.frame.iloc[rows]
    if len(rows) < LEAST_ROWS or sample[subject.target].nunique() < 2:
        return None
    folds = np.random.default_rng(subject.seed).permutation(len(rows)) % FOLDS
    numbers = subject.task not in CLASSIFICATION
    return Evidence(subject, sample, targets_of(sample[subject.target], numbers), folds, numbers)


def targets_of(values: pd.Series, numbers: bool) -> np.ndarray:
    """One column of numbers, or a 0/1 column for each class (the commoner one of two)."""
    if numbers:
        return values.to_numpy(dtype="float64")[:, None]
    classes = values.value_counts().index[:CLASSES]
    codes = classes.get_indexer(values)
    wanted = range(1) if len(classes) == 2 else range(len(classes))
    return np.column_stack([codes == code for code in wanted]).astype("float64")


def gini(targets: np.ndarray, guesses: np.ndarray) -> float:
    """2 AUC - 1, the mean over the classes that vary, weighted by their rows; 0 when none does."""
    varied = [k for k in range(targets.shape[1]) if 0 < targets[:, k].mean() < 1]
    if not varied:
        return 0.0
    ginis = [2 * _auc(targets[:, k] > 0, guesses[:, k]) - 1 for k in varied]
    return float(np.average(ginis, weights=targets[:, varied].mean(axis=0)))


def _auc(positive: np.ndarray, guesses: np.ndarray) -> float:
    """Share of pairs of a positive row and another that guesses put in order, ties counting half."""
    ones = int(positive.sum())
    above = float(rankdata(guesses)[positive].sum()) - ones * (ones + 1) / 2
    return above / (ones * (len(positive) - ones))


def explained(truth: np.ndarray, guess: np.ndarray) -> float:
    """R2; 0 when the truth never varies."""
    spread = np.var(truth)
    return float(1 - np.mean((truth - guess) ** 2) / spread) if spread > 0 else 0.0


def column_strength(values: pd.Series, column: Column, evidence: Evidence) -> float:
    """Strength of the target's mean by level or bin of one column, out of fold."""
    targets, folds = evidence.targets, evidence.folds
    if column.physical == "text":
        codes, levels = pd.factorize(values)
        return evidence.strength(level_means(codes, len(levels), targets, folds))
    measured = measured_values(values, column)
    return number_strength(measured, evidence)


def number_strength(measured: np.ndarray, evidence: Evidence) -> float:
    """The same of (rows,) numbers, NaN where there is none."""
    targets, folds = evidence.targets, evidence.folds
    codes, size = _bins(measured)
    if not evidence.numbers:
        return evidence.strength(level_means(codes, size, targets, folds))
    by_bins = evidence.strength(_lines(measured, codes, size, targets, folds))
    return max(by_bins, straight_strength(measured, evidence))


def straight_strength(measured: np.ndarray, evidence: Evidence) -> float:
    """R2 of the straight line of a numeric target over (rows,) numbers, out of fold; the mean where NaN."""
    used = np.isfinite(measured)
    if used.sum() < LEAST_ROWS:
        return 0.0
    unit = np.where(used, measured - measured[used].mean(), 0.0) / (measured[used].std() or 1.0)

    def line(fit: np.ndarray, judged: np.ndarray) -> np.ndarray:
        data = np.column_stack([np.ones(len(unit)), used, unit])
        weights, *_ = np.linalg.lstsq(data[fit], evidence.targets[fit], rcond=None)
        return np.asarray(data[judged] @ weights)

    return evidence.strength(evidence.out_of_fold(line))


def measured_values(values: pd.Series, column: Column) -> np.ndarray:
    """A column of numbers or dates as float64, NaN where there is no finite value."""
    if column.physical == "datetime":
        stamps = values.to_numpy().astype("datetime64[us]")
        return np.where(np.isnat(stamps), np.nan, stamps.astype("int64").astype("float64"))
    measured = values.to_numpy(dtype="float64")
    return np.where(np.isfinite(measured), measured, np.nan)


def _bins(measured: np.ndarray) -> tuple[np.ndarray, int]:
    """The bin of each row, -1 where there is no value: equal counts inside, equal widths outside."""
    present = measured[~np.isnan(measured)]
    if not len(present):
        return np.full(len(measured), -1), 0
    edges = np.union1d(
        np.quantile(present, np.linspace(0, 1, BINS + 1)),
        np.linspace(present.min(), present.max(), BINS + 1),
    )
    codes = np.searchsorted(edges, measured, side="right")
    return np.where(np.isnan(measured), -1, codes), len(edges) + 1


def level_means(codes: np.ndarray, size: int, targets: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """The target's mean by code, pulled towards the mean of all, from the rows of the other folds."""
    places = codes + 1  # a place of its own for missing values
    out = np.empty_like(targets)
    for fold in range(FOLDS):
        fit, judged = folds != fold, folds == fold
        counts = np.bincount(places[fit], minlength=size + 1)
        overall = targets[fit].mean(axis=0)
        for k in range(targets.shape[1]):
            sums = np.bincount(places[fit], weights=targets[fit, k], minlength=size + 1)
            out[judged, k] = ((sums + SMOOTH * overall[k]) / (counts + SMOOTH))[places[judged]]
    return out


def _lines(
    measured: np.ndarray, codes: np.ndarray, size: int, targets: np.ndarray, folds: np.ndarray
) -> np.ndarray:
    """The target's mean by bin, joined by straight lines, from the rows of the other folds."""
    out = np.empty_like(targets)
    for fold in range(FOLDS):
        fit, judged = folds != fold, folds == fold
        seen = fit & (codes >= 0)
        counts = np.bincount(codes[seen], minlength=size)
        filled = counts > 0
        if not filled.any():
            out[judged, 0] = targets[fit, 0].mean()
            continue
        centres = np.bincount(codes[seen], weights=measured[seen], minlength=size)[filled] / counts[filled]
        means = np.bincount(codes[seen], weights=targets[seen, 0], minlength=size)[filled] / counts[filled]
        empty = fit & (codes < 0)
        alone = targets[empty, 0].mean() if empty.any() else targets[fit, 0].mean()
        guesses = np.interp(measured[judged], centres, means)
        out[judged, 0] = np.where(codes[judged] < 0, alone, guesses)
    return out
