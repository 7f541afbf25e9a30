"""The probabilities of a model put right by rows that it was judged on, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from core.evaluate.intervals.units import Units
from core.scoring.pairs import Floats, Pairs

FLOOR = 1e-4
"""Probabilities below it count as it: a forest's 0 says hardly more than that."""
MOST_SHIFTED = 20
"""With more classes than that only the stretch is fitted."""
SHIFT_SPREAD, STRETCH_SPREAD = 3.0, 0.5
STEPS, CLOSE = 25, 1e-6


@dataclass(frozen=True, eq=False)
class Recalibration:
    """Log probabilities are stretched alike and shifted by class: temperature and prior shift.

    Attributes:
        place: (k + 1,) shift of each class, then the stretch.
        covariance: (k + 1, k + 1) of ``place``.
    """

    place: Floats
    covariance: Floats

    def drawn(self, logs: Floats, count: int, rng: np.random.Generator) -> Floats:
        """(k, count, n) probabilities of rows, by places drawn within what is known of them."""
        places = rng.multivariate_normal(self.place, self.covariance, count, method="eigh").T
        shifted = places[-1][:, None] * logs.T[:, None, :] + places[:-1, :, None]
        shares = np.exp(shifted - shifted.max(axis=0))
        return np.asarray(shares / shares.sum(axis=0), dtype=np.float64)


def logs_of(pairs: Pairs) -> Floats:
    """(n, k) log probabilities, none below that of ``FLOOR``."""
    return np.log(np.maximum(pairs.probabilities, FLOOR))


def recalibration(pairs: Pairs, logs: Floats, units: Units) -> Recalibration:
    """Shifts and stretch that fit the rows best (Cox 1958 for two classes), by Newton's steps.

    A weak prior (no shift, stretch 1) stands for rows that are not there, so that any rows will do. The
    covariance allows for units whose rows are alike (White's sandwich over units).

    Args:
        pairs: n rows with probabilities of k classes.
        logs: (n, k) ``logs_of`` them.
        units: of the same rows.
    """
    k = logs.shape[1]
    prior = np.r_[np.full(k, SHIFT_SPREAD if k <= MOST_SHIFTED else 1e-6), STRETCH_SPREAD] ** -2.0
    usual = np.r_[np.zeros(k), 1.0]
    place, happened = usual.copy(), np.eye(k)[pairs.truth]
    for _ in range(STEPS):
        chance = softmax(place[-1] * logs + place[:-1], axis=1)
        scores = _scores(happened - chance, logs)
        step = np.linalg.solve(
            _information(chance, logs) + np.diag(prior), scores.sum(axis=0) - prior * (place - usual)
        )
        place = place + step
        if np.abs(step).max() < CLOSE:
            break
    bread = np.linalg.inv(_information(chance, logs) + np.diag(prior))
    return Recalibration(place, bread @ (_meat(scores, units) + np.diag(prior)) @ bread)


def _scores(surprise: Floats, logs: Floats) -> Floats:
    return np.column_stack([surprise, np.sum(surprise * logs, axis=1)])


def _information(chance: Floats, logs: Floats) -> Floats:
    """(k + 1, k + 1) expected information of shifts and stretch."""
    k = chance.shape[1]
    out = np.empty((k + 1, k + 1))
    centred = chance * (logs - np.sum(chance * logs, axis=1, keepdims=True))
    out[:k, :k] = np.diag(chance.sum(axis=0)) - chance.T @ chance
    out[:k, k] = out[k, :k] = centred.sum(axis=0)
    out[k, k] = float(np.sum(centred * logs))
    return out


def _meat(scores: Floats, units: Units) -> Floats:
    if units.alike == "rows":
        return np.asarray(scores.T @ scores, dtype=np.float64)
    sums = np.stack([np.bincount(units.codes, column, units.count) for column in scores.T], axis=1)
    return np.asarray(sums.T @ sums, dtype=np.float64)
