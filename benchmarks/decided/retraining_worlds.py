"""Models at work whose truth is known by how rows are drawn: before and after a drop.

A world draws the labelled rows of one window: truth, prediction, groups, times. ``lost`` is by how much the
score falls: in points of a share or an area, in parts of an error; ``week`` is for worlds that have a season.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.signal import lfilter
from scipy.special import expit
from scipy.stats import norm

from core.evaluate.prediction import Prediction, of_proba, of_values
from core.scoring.pairs import Floats

Drawn = tuple[Any, Prediction, Any, Any]
Draw = Callable[[np.random.Generator, int, float, int], Drawn]
RIGHT = 0.85
MEMORY = 0.9
"""Correlation of neighbours of the series behind wrong rows that follow each other."""
SWING = 0.04


@dataclass(frozen=True)
class World:
    """A case.

    Attributes:
        metric: id of the score.
        lost: by how much it falls.
        holdout: rows of the hold-out; ``labels`` that come each week.
        told: whether the groups or times of rows are told to the rule.
    """

    name: str
    metric: str
    draw: Draw
    lost: float = 0.1
    holdout: int = 1_000
    labels: int = 100
    told: bool = True


def _named(truth: Any, share: Floats) -> tuple[Any, Prediction]:
    named = np.where(truth == 1, "yes", "no").astype(object)
    return named, of_proba("binary", ("no", "yes"), np.column_stack([1 - share, share]))


def _of_right(rng: np.random.Generator, right: Any) -> tuple[Any, Prediction]:
    truth = rng.integers(0, 2, len(right))
    sure = rng.uniform(0.55, 0.95, len(right))
    return _named(truth, np.where(np.where(right, truth, 1 - truth) == 1, sure, 1 - sure))


def labels(rng: np.random.Generator, rows: int, lost: float, week: int) -> Drawn:
    """Two classes, rows right or wrong independently."""
    return *_of_right(rng, rng.random(rows) < RIGHT - lost), None, None


def season(rng: np.random.Generator, rows: int, lost: float, week: int) -> Drawn:
    """As ``labels`` with a yearly swing; the hold-out (week -1) is of a whole year."""
    weeks = rng.integers(0, 52, rows) if week < 0 else week
    return (
        *_of_right(rng, rng.random(rows) < RIGHT - lost + SWING * np.sin(2 * np.pi * weeks / 52)),
        None,
        None,
    )


def season_seen_in_part(rng: np.random.Generator, rows: int, lost: float, week: int) -> Drawn:
    """As ``season``, the hold-out of the best quarter of the year."""
    return season(rng, rows, lost, 13 if week < 0 else week)


def groups(rng: np.random.Generator, rows: int, lost: float, week: int) -> Drawn:
    """Rows of five to a group, a fifth of whose wrong rows is decided by the group."""
    codes = np.arange(rows) // 5
    level = expit(norm.ppf(RIGHT - lost) * 2.1 + 1.5 * rng.normal(size=codes[-1] + 1))
    return *_of_right(rng, rng.random(rows) < level[codes]), codes, None


def series(rng: np.random.Generator, rows: int, lost: float, week: int) -> Drawn:
    """Wrong rows follow each other: a series that remembers lies behind them."""
    noise = lfilter([np.sqrt(1 - MEMORY**2)], [1, -MEMORY], rng.normal(size=rows + 100))[100:]
    return *_of_right(rng, noise < norm.ppf(RIGHT - lost)), None, np.arange(rows)


def scores(rng: np.random.Generator, rows: int, lost: float, week: int, positive: float = 0.3) -> Drawn:
    """Probabilities whose ROC AUC is 0.85, calibrated before the drop."""
    truth = (rng.random(rows) < positive).astype(int)
    before, now = (np.sqrt(2) * norm.ppf(area) for area in (RIGHT, RIGHT - lost))
    seen = now * (truth - 0.5) + rng.normal(size=rows)
    return *_named(truth, expit(before * seen + np.log(positive / (1 - positive)))), None, None


def rare(rng: np.random.Generator, rows: int, lost: float, week: int) -> Drawn:
    """As ``scores`` with 2 % positive."""
    return scores(rng, rows, lost, week, 0.02)


def numbers(rng: np.random.Generator, rows: int, lost: float, week: int) -> Drawn:
    """Normal errors, larger by a part of ``lost``."""
    truth = 10 * rng.normal(size=rows)
    return truth, of_values(truth + (1 + lost) * rng.normal(size=rows)), None, None


def heavy(rng: np.random.Generator, rows: int, lost: float, week: int) -> Drawn:
    """Errors with tails of t2, which have no variance."""
    truth = 10 * rng.normal(size=rows)
    return truth, of_values(truth + (1 + lost) * rng.standard_t(2, rows)), None, None


def worlds() -> Iterator[World]:
    """Every case, the ordinary ones first."""
    for many in (10, 50, 100, 300):
        yield World("labels", "accuracy", labels, labels=many)
    for rows in (60, 200, 5_000):
        yield World("labels", "accuracy", labels, holdout=rows)
    yield World("labels, 5 points", "accuracy", labels, lost=0.05, labels=300, holdout=5_000)
    yield World("probabilities", "roc_auc", scores)
    yield World("probabilities", "log_loss", scores)
    yield World("probabilities", "f1", scores)
    for many in (100, 1_000):
        yield World("2 % positive", "roc_auc", rare, labels=many, holdout=5_000)
        yield World("2 % positive", "average_precision", rare, labels=many, holdout=5_000)
    yield World("numbers", "mae", numbers, lost=0.3)
    yield World("numbers", "rmse", numbers, lost=0.3)
    yield World("tails of t2", "mae", heavy, lost=0.3)
    yield World("tails of t2", "rmse", heavy, lost=0.3)
    yield World("groups of 5", "accuracy", groups)
    yield World("groups, not told", "accuracy", groups, told=False)
    yield World("alike in time", "accuracy", series, holdout=2_000)
    yield World("alike in time", "accuracy", series, holdout=2_000, labels=300)
    yield World("in time, not told", "accuracy", series, holdout=2_000, told=False)
    yield World("season of 4 points", "accuracy", season)
    yield World("best quarter held out", "accuracy", season_seen_in_part)
