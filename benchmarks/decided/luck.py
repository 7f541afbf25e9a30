"""How often a board calls models different that differ by their own randomness alone, fitted anew each time.

Each fit is a tree on two columns that are drawn for it, so that no kind of model is better than another.
Folds show that; a hold-out does not.
``python -m benchmarks.decided.luck [--draws 200]``
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.model_selection import StratifiedKFold, StratifiedShuffleSplit
from sklearn.tree import DecisionTreeClassifier

from core.catalog.metrics import METRICS
from core.engine.settings import cap_threads
from core.evaluate.prediction import Prediction, of_proba
from core.scoring.pairing import pair
from core.scoring.pairs import whole
from core.train.ranking.contributions import judged_rows, mean_without_each
from core.train.ranking.interval import Interval
from core.train.ranking.leaderboard import Entrant, leaderboard

COLUMNS, MODELS, DEPTH = 8, 10, 5
CELLS = ((600, 5), (2000, 5), (600, 1), (2000, 1))
"""Rows, and folds: 1 for a hold-out of a fifth."""


def main() -> None:
    """Print a line for each cell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=200)
    asked = parser.parse_args()
    for rows, folds in CELLS:
        share = np.mean([any_behind(rows, folds, seed) for seed in range(asked.draws)])
        print(
            f"{rows:,} rows, {f'{folds} folds' if folds > 1 else 'a hold-out':10s} {share:5.1%}", flush=True
        )


def any_behind(rows: int, folds: int, seed: int) -> bool:
    """Whether the board of one table calls any of ten equally good kinds of model behind."""
    draw = np.random.default_rng([seed, rows])
    X = draw.normal(size=(rows, COLUMNS))
    share = expit(0.8 * X @ np.linspace(1, 0.3, COLUMNS))
    y = np.where(draw.random(rows) < share, "1", "0").astype(object)
    one = (
        StratifiedKFold(folds, shuffle=True, random_state=seed)
        if folds > 1
        else StratifiedShuffleSplit(1, test_size=0.2, random_state=seed)
    )
    parts, metric = list(one.split(X, y.astype(str))), METRICS["roc_auc"]
    judged, entrants = judged_rows(parts, 2), {}
    for i in range(MODELS):
        pairs = [pair(y[valid], fitted(draw, X, y, fit, valid)) for fit, valid in parts]
        scores = np.array([float(metric.make(whole(each))[0]) for each in pairs])
        without = mean_without_each(metric, pairs, judged)
        entrants[f"m{i}"] = Entrant(scores, without, Interval(0.0), i)
    return any(not row.tied_with_best for row in leaderboard(entrants, judged, metric))


def fitted(draw: np.random.Generator, X: Any, y: Any, fit: Any, valid: Any) -> Prediction:
    """What a tree on two columns drawn for this fit says of the validation rows."""
    columns = draw.choice(COLUMNS, 2, replace=False)
    tree = DecisionTreeClassifier(max_depth=DEPTH, random_state=int(draw.integers(2**31)))
    shares = tree.fit(X[fit][:, columns], y[fit].astype(str)).predict_proba(X[valid][:, columns])
    return of_proba("binary", ("0", "1"), shares)


if __name__ == "__main__":
    cap_threads()
    main()
