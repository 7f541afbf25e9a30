"""How often the score of a packed model is said to have drifted where nothing changed, and where it did.

A bundle remembers what a twin without the test rows said of these; the packed model learned from all rows.
``python -m benchmarks.decided.refits [--draws 40]``
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.tables import work_on
from core.data.read import read
from core.drift.profile.build import reference_profile
from core.engine.settings import cap_threads
from core.evaluate.prediction import Prediction
from core.recipe.document import Candidate, Recipe
from core.recipe.suggestion.suggest import suggest
from core.recipe.usage import USUAL_DRIFT
from core.train.fit import fit, predict_rows
from core.train.folds.unit import predict
from core.train.judging.refitted import as_refitted
from core.watch.judge.limits import limits_of
from core.watch.judge.outputs import prediction_drift
from core.watch.recipe_profile import as_facts

CELLS = (
    ("lightgbm_classifier", 600, 0.2),
    ("lightgbm_classifier", 1000, 0.6),
    ("lightgbm_classifier", 4000, 0.6),
    ("hist_gradient_boosting_classifier", 1000, 0.6),
    ("random_forest_classifier", 1000, 0.6),
    ("logistic_regression", 1000, 0.6),
)
NEW = 500
MOVES = (0.0, 0.5)
"""Shift of the first column in the new rows, in standard deviations."""


def table(rows: int, noise: float, draw: np.random.Generator, move: float = 0.0) -> pd.DataFrame:
    """Four normal columns of which two decide on a class, not along a line."""
    X = draw.normal(size=(rows, 4))
    X[:, 0] += move
    y = X[:, 0] + X[:, 1] ** 2 - 1 + draw.normal(0, noise, rows) > 0
    return pd.DataFrame(X.round(3), columns=list("abcd")).assign(y=np.where(y, "yes", "no"))


def shares(model: str, rows: int, noise: float, seed: int, folder: Path) -> list[bool]:
    """Whether drift is said: as remembered before and now without a change, and now with one."""
    draw = np.random.default_rng([seed, rows])
    path = folder / f"{model}{rows}{seed}.csv"
    table(rows, noise, draw).to_csv(path, index=False)
    reading = read(path, "t.csv")
    recipe = suggest(reading.table("t.csv"), "y")
    recipe = recipe.model_copy(update={"chosen": Candidate(id="c", model=model), "seed": seed})
    work = work_on(recipe, reading.frame, folder)
    twin, packed = fit(work, "train"), fit(work, "all")
    held_out = predict_rows(work, twin, work.split.test)
    before, after = (predict_rows(work, one, work.split.train) for one in (twin, packed))
    moved = as_refitted(held_out, before, after, recipe.threshold)
    new = [predict(packed, table(NEW, noise, draw, move), recipe.task, work.target, None) for move in MOVES]
    return [
        _drifted(recipe, held_out, new[0], False),
        _drifted(recipe, moved, new[0], True),
        _drifted(recipe, moved, new[1], True),
    ]


def _drifted(recipe: Recipe, old: Prediction, new: Prediction, refitted: bool) -> bool:
    from dataclasses import replace

    profile = reference_profile(pd.DataFrame({"a": [0.0]}), [], predictions=as_facts(old))
    outputs, _ = prediction_drift(
        replace(profile, refitted=refitted), as_facts(new), limits_of(USUAL_DRIFT), None, recipe.seed
    )
    return any(one.state == "drift" for one in outputs)


def main() -> None:
    """Print a line for each cell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=40)
    asked = parser.parse_args()
    print("model, rows, noise: drift said without a change before and now; with a shift of 0.5 sd")
    with tempfile.TemporaryDirectory() as name:
        for model, rows, noise in CELLS:
            each = np.mean(
                [shares(model, rows, noise, seed, Path(name)) for seed in range(asked.draws)], axis=0
            )
            print(
                f"{model:34s} {rows:5,} {noise:.1f} {each[0]:5.0%} {each[1]:5.0%} {each[2]:5.0%}", flush=True
            )


if __name__ == "__main__":
    cap_threads()
    main()
