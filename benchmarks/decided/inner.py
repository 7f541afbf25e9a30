"""The rows on which a booster stops: drawn at random, beside whole groups or the last in time."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import roc_auc_score, root_mean_squared_error
from sklearn.model_selection import GroupShuffleSplit, ShuffleSplit

from benchmarks.tables import ROOT, work_on
from core.data.read import read
from core.data.table import Table
from core.plan import plan
from core.recipe import edits
from core.recipe.document import Candidate, Recipe
from core.recipe.suggestion.suggest import suggest
from core.train.folds.matrices import matrices
from core.train.work import Work

WAFERS = ROOT / "sample_data" / "wafer_yield.csv"
BIKES = ROOT.parent / "shared" / "data" / "bike_sharing.csv"
SHARE = 0.1
Fitted = tuple[Any, int]


def work_of(path: Path, target: str, leaves: tuple[str, ...], **roles: str) -> Work:
    """The table of a file with some columns left out and roles given, five folds."""
    reading = read(path, path.name)
    table = Table(id="0" * 64, name=path.name, rows=len(reading.frame), columns=reading.columns)
    levels = [] if reading.frame[target].dtype == "float64" else list(reading.frame[target].unique())
    recipe: Recipe = suggest(table, target, levels=levels, counts=[1] * len(levels), **roles)
    for name in leaves:
        recipe = edits.set_role(recipe, name, "ignore")
    frame = reading.frame
    return work_on(recipe, frame, Path(tempfile.mkdtemp()))


def light(X: Any, y: Any, stop: Any, number: bool) -> Fitted:
    """LightGBM with the settings of the catalog that stops on the rows ``stop``."""
    kind = lightgbm.LGBMRegressor if number else lightgbm.LGBMClassifier
    model = kind(n_estimators=1000, learning_rate=0.05, n_jobs=1, verbosity=-1, random_state=0)
    rest = np.setdiff1d(np.arange(len(y)), stop)
    calls: list[Any] = [lightgbm.early_stopping(50, verbose=False)]
    model.fit(X[rest], y[rest], eval_X=X[stop], eval_y=y[stop], callbacks=calls)
    return model, int(model.best_iteration_)


def histogram(X: Any, y: Any, stop: Any, number: bool) -> Fitted:
    """HistGradientBoosting with the settings of the catalog that stops on the rows ``stop``."""
    kind = HistGradientBoostingRegressor if number else HistGradientBoostingClassifier
    model = kind(max_iter=500, early_stopping=True, n_iter_no_change=20, random_state=0)
    rest = np.setdiff1d(np.arange(len(y)), stop)
    model.fit(X[rest], y[rest], X_val=X[stop], y_val=y[stop])
    return model, int(model.n_iter_)


def inner(work: Work, fit: Any, honest: bool, seed: int) -> Any:
    """Positions among the rows of a fold on which the model stops."""
    if not honest:
        return next(ShuffleSplit(1, test_size=SHARE, random_state=seed).split(fit))[1]
    groups = work.groups(fit)
    if groups is None:
        return np.arange(len(fit) - round(SHARE * len(fit)), len(fit))
    return next(GroupShuffleSplit(1, test_size=SHARE, random_state=seed).split(fit, groups=groups))[1]


def measure(name: str, work: Work, learn: Callable[..., Fitted], model: str) -> None:
    """Print rounds and validation scores of the two ways, over folds and three draws."""
    number = work.recipe.task == "regression"
    resolved = plan(work.recipe, Candidate(id="one", model=model))
    found: dict[bool, list[tuple[int, float]]] = {False: [], True: []}
    for fit, valid in work.split.folds:
        X, V = (np.asarray(part) for part in matrices(work, resolved, fit, valid))
        labels = work.target.values if number else work.target.values == work.target.classes[-1]
        for honest in found:
            for seed in range(3):
                fitted, rounds = learn(X, labels[fit], inner(work, fit, honest, seed), number)
                said = fitted.predict(V) if number else fitted.predict_proba(V)[:, 1]
                score = (root_mean_squared_error if number else roc_auc_score)(labels[valid], said)
                found[honest].append((rounds, float(score)))
    for honest, pairs in found.items():
        rounds, scores = np.array(pairs).T
        way = "honest" if honest else "random"
        metric = "RMSE" if number else "ROC AUC"
        print(f"{name}, {model}, {way}: {rounds.mean():.0f} rounds, {metric} {scores.mean():.4f}")
    gain = np.array([s for _, s in found[True]]) - np.array([s for _, s in found[False]])
    print(f"    honest minus random: {gain.mean():+.4f}, from {gain.min():+.4f} to {gain.max():+.4f}")


def main() -> None:
    """The wafers by lot and in time; bicycles in time, where the table is there."""
    warnings.simplefilter("ignore")
    works = {"wafers by lot": work_of(WAFERS, "result", ("processed_at",), group="lot")}
    works["wafers in time"] = work_of(WAFERS, "result", ("lot",), time="processed_at")
    if BIKES.is_file():
        works["bicycles in time"] = work_of(BIKES, "cnt", ("casual", "registered"), time="date")
    for name, work in works.items():
        kind = "regressor" if work.recipe.task == "regression" else "classifier"
        measure(name, work, light, f"lightgbm_{kind}")
        measure(name, work, histogram, f"hist_gradient_boosting_{kind}")


if __name__ == "__main__":
    main()
