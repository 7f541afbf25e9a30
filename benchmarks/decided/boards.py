"""How often a board says something that is not so, and how often it tells a true gap.

Predictions are drawn, no model is fitted: candidates share most of what they say, and what each has learned
varies from fold to fold as refitted models do.
``python -m benchmarks.decided.boards [--draws 200] [--cells WORD]``
"""

from __future__ import annotations

import argparse
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit, ndtr, ndtri, softmax
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedKFold,
    StratifiedShuffleSplit,
    TimeSeriesSplit,
)

from core.catalog.metrics import METRICS
from core.engine.settings import cap_threads
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.scoring.pairing import pair
from core.scoring.pairs import whole
from core.train.ranking.contributions import Judged, judged_rows, mean_without_each
from core.train.ranking.interval import Interval
from core.train.ranking.leaderboard import Entrant, Row, leaderboard

SHARED = 2 / 3
"""Variance of what a candidate says that all say; the difference of two ROC AUCs on 5,000 rows has then a
standard error of 0.005."""
REFIT, LASTING = 0.3, 0.5
"""Variance of a difference by refitting, as a part of that by the judged rows; what all folds share of it."""
SIGNAL = 1.2
POSITIVES = {"rare": 0.02, "half": 0.5}
CLASSES = {"rare": 2, "half": 2, "classes": 3}


@dataclass(frozen=True)
class Cell:
    """One kind of comparison.

    Attributes:
        kind: of the target: rare, half, classes, normal, heavy, groups, time.
        folds: 5, 15 (three times five), or 1 for a hold-out.
        behind: by how much ROC AUC the last candidates are behind the others; 0 for none.
        lagging: how many of them.
    """

    kind: str
    metric: str
    rows: int
    candidates: int
    folds: int = 5
    behind: float = 0.0
    lagging: int = 1


CELLS = (
    Cell("half", "roc_auc", 200, 10, 15),
    Cell("half", "roc_auc", 1000, 3),
    Cell("half", "roc_auc", 1000, 12),
    Cell("half", "roc_auc", 2000, 10, 1),
    Cell("half", "accuracy", 1000, 10),
    Cell("half", "log_loss", 2000, 10, 1),
    Cell("rare", "roc_auc", 200, 10),
    Cell("rare", "roc_auc", 1000, 10),
    Cell("rare", "average_precision", 1000, 10, 15),
    Cell("rare", "roc_auc", 5000, 10),
    Cell("rare", "roc_auc", 5000, 10, 1),
    Cell("rare", "f1", 1000, 10),
    Cell("classes", "log_loss", 200, 10),
    Cell("classes", "f1_macro", 1000, 10),
    Cell("classes", "accuracy", 2000, 10, 1),
    Cell("normal", "rmse", 200, 12, 15),
    Cell("normal", "rmse", 1000, 10),
    Cell("normal", "r2", 2000, 10, 1),
    Cell("heavy", "rmse", 200, 10),
    Cell("heavy", "rmse", 2000, 10, 1),
    Cell("heavy", "mae", 1000, 12),
    Cell("heavy", "median_ae", 1000, 10),
    Cell("groups", "mae", 200, 10),
    Cell("groups", "mae", 1000, 10),
    Cell("time", "mae", 1000, 10),
    Cell("time", "mae", 5000, 10),
    Cell("half", "roc_auc", 5000, 10),
    Cell("half", "roc_auc", 5000, 3, behind=0.02),
    Cell("half", "roc_auc", 5000, 10, behind=0.02),
    Cell("half", "roc_auc", 5000, 10, behind=0.02, lagging=9),
)


def main() -> None:
    """Print a line for each cell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--cells", default="", help="only those whose line holds this")
    asked = parser.parse_args()
    warnings.simplefilter("ignore", UserWarning)  # classes with fewer rows than folds
    print(f"{'cell':44s} false   told")
    for cell in CELLS:
        if asked.cells in name_of(cell):
            false, told = np.mean([outcome(cell, seed) for seed in range(asked.draws)], axis=0)
            print(f"{name_of(cell):44s} {false:5.1%}  {told:5.1%}", flush=True)


def name_of(cell: Cell) -> str:
    """What is drawn, in a few words."""
    gap = f", {cell.lagging} behind by {cell.behind}" if cell.behind else ""
    return f"{cell.kind} {cell.metric} {cell.rows:,} x{cell.candidates} f{cell.folds}{gap}"


def outcome(cell: Cell, seed: int) -> tuple[bool, float]:
    """Whether the board of one draw says anything false, and the share of those behind that it tells."""
    draw = np.random.default_rng([seed, cell.rows, cell.candidates, cell.folds])
    rows = board(cell, draw)
    lagging = (
        {f"m{i}" for i in range(cell.candidates - cell.lagging, cell.candidates)} if cell.behind else set()
    )
    behind = {row.id for row in rows if not row.tied_with_best and np.isfinite(row.diff_low)}
    return bool(behind - lagging), len(behind & lagging) / max(len(lagging), 1)


def board(cell: Cell, draw: np.random.Generator) -> list[Row]:
    """The leaderboard of one draw."""
    judged, entrants = judged_models(cell, draw)
    return leaderboard(entrants, judged, METRICS[cell.metric])


def judged_models(cell: Cell, draw: np.random.Generator) -> tuple[Judged, dict[str, Entrant]]:
    """The validation rows of one draw, and its candidates."""
    world = World(cell, draw)
    folds = splits_of(cell, world, draw)
    groups, times = world.groups, world.times
    judged = judged_rows(
        folds,
        CLASSES.get(cell.kind, 0),
        lambda rows: None if groups is None else groups[rows],
        lambda rows: None if times is None else times[rows],
    )
    metric, entrants = METRICS[cell.metric], {}
    for i in range(cell.candidates):
        made = world.predictions(draw, [valid for _, valid in folds], i >= cell.candidates - cell.lagging)
        pairs = [pair(world.truth[valid], one) for one, (_, valid) in zip(made, folds, strict=True)]
        scores = np.array([float(metric.make(whole(one))[0]) for one in pairs])
        without = mean_without_each(metric, pairs, judged)
        entrants[f"m{i}"] = Entrant(scores, without, Interval(0.0), i)
    return judged, entrants


class World:
    """A table and how candidates miss it: together, each for itself, and each anew in every fold."""

    def __init__(self, cell: Cell, draw: np.random.Generator) -> None:
        self.cell, n = cell, cell.rows
        self.groups = draw.integers(0, 20 if n < 500 else 40, n) if cell.kind == "groups" else None
        self.times = np.arange(n) if cell.kind == "time" else None
        self.width = CLASSES.get(cell.kind, 1) if cell.kind == "classes" else 1
        if cell.kind == "classes":
            self.truth: Any = draw.choice(["a", "b", "c"], n, p=[0.6, 0.3, 0.1]).astype(object)
        elif cell.kind in POSITIVES:
            self.truth = np.where(draw.random(n) < POSITIVES[cell.kind], "1", "0").astype(object)
        else:
            self.truth = draw.normal(size=n) * 2
        self.common = self.noise(draw)

    def noise(self, draw: np.random.Generator) -> np.ndarray[Any, Any]:
        """(n, width) of variance 1: heavy-tailed, alike in groups or alike in time where the cell says so."""
        n = self.cell.rows
        if self.cell.kind == "heavy":
            return draw.standard_t(3, (n, 1)) / np.sqrt(3)
        plain = draw.normal(size=(n, self.width))
        if self.groups is not None:
            return np.sqrt(0.5) * (plain + draw.normal(size=(40, 1))[self.groups])
        if self.times is not None:
            for i in range(1, n):
                plain[i] = 0.9 * plain[i - 1] + np.sqrt(1 - 0.9**2) * plain[i]
        return plain

    def predictions(self, draw: np.random.Generator, folds: list[Any], lagging: bool) -> list[Prediction]:
        """What a candidate says of the validation rows of each fold."""
        own = np.sqrt(SHARED) * self.common + np.sqrt(1 - SHARED) * self.noise(draw)
        lasting, made = draw.normal(), []
        for valid in folds:
            luck = np.sqrt(LASTING) * lasting + np.sqrt(1 - LASTING) * draw.normal()
            made.append(
                self._prediction(own[valid], self.truth[valid], luck, self.cell.behind if lagging else 0)
            )
        return made

    def _prediction(self, noise: Any, truth: Any, luck: float, behind: float) -> Prediction:
        if self.truth.dtype != object:
            return of_values(
                truth + noise[:, 0] * (1 + 0.37 * np.sqrt(REFIT / 0.3 / self.cell.rows) * luck + behind)
            )
        signal = 3.0 if self.cell.metric == "f1" else SIGNAL
        signal = np.sqrt(2) * float(ndtri(ndtr(signal / np.sqrt(2)) - behind))
        signal += 0.9 * np.sqrt(REFIT / 0.3 / self.cell.rows) * luck
        if self.cell.kind == "classes":
            names = ("a", "b", "c")
            hits = (truth[:, None] == np.array(names)).astype(float)
            return of_proba("multiclass", names, softmax(SIGNAL * (signal * hits + noise), axis=1))
        share = POSITIVES[self.cell.kind]
        seen = signal * ((truth == "1") - 0.5) + noise[:, 0]
        p = expit(SIGNAL * seen + np.log(share / (1 - share)))
        return of_proba("binary", ("0", "1"), np.column_stack([1 - p, p]))


def splits_of(cell: Cell, world: World, draw: np.random.Generator) -> list[tuple[Any, Any]]:
    """(rows to fit, rows to validate) of each fold."""
    seed, places, truth = int(draw.integers(2**31)), np.zeros(cell.rows), world.truth
    if cell.kind == "groups":
        return list(GroupKFold(5, shuffle=True, random_state=seed).split(places, groups=world.groups))
    if cell.kind == "time":
        return list(TimeSeriesSplit(5).split(places))
    strata = truth.astype(str) if cell.kind in CLASSES else None
    if cell.folds == 1:
        one = ShuffleSplit if strata is None else StratifiedShuffleSplit
        return list(one(1, test_size=0.1, random_state=seed).split(places, strata))
    if cell.folds > 5:
        many = RepeatedKFold if strata is None else RepeatedStratifiedKFold
        return list(many(n_splits=5, n_repeats=cell.folds // 5, random_state=seed).split(places, strata))
    fold = KFold if strata is None else StratifiedKFold
    return list(fold(5, shuffle=True, random_state=seed).split(places, strata))


if __name__ == "__main__":
    cap_threads()
    main()
