"""One unit of work: a candidate on a fold."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.catalog.metrics import METRICS, score_all
from core.errors import FoldlineError
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.plan import plan
from core.recipe.document import Candidate
from core.spec import Task
from core.train.folds.fold_cache import Work, fresh, matrices
from core.train.split import Rows
from core.train.target import Target


@dataclass(frozen=True)
class Unit:
    """A candidate on a fold; ``key`` names the candidate within a search."""

    key: str
    candidate: Candidate
    fold: int
    seed_folds: int | None = None


def predict(model: Any, X: Any, task: Task, target: Target, threshold: float | None = None) -> Prediction:
    """What a fitted model or pipeline says of rows, with all classes of the target in its order."""
    if task == "regression":
        return of_values(model.predict(X))
    found = [str(name) for name in model.classes_]
    known = model.predict_proba(X)
    shares = np.zeros((len(known), len(target.classes)))
    for place, name in enumerate(target.classes):
        if name in found:
            shares[:, place] = known[:, found.index(name)]
    return of_proba(task, target.classes, shares, target.classes[-1], threshold)


def all_scores(task: Task, y: NDArray[Any], prediction: Prediction) -> dict[str, float]:
    """Every metric of the task; NaN where the validation rows do not define one.

    Raises:
        FoldlineError: ``METRIC`` when the prediction does not fit the rows.
    """
    return score_all(y, prediction, [metric for metric in METRICS if task in metric.tasks])


@contextmanager
def in_its_words() -> Iterator[None]:
    """What a model refuses becomes a coded error; what it only warns of is left unsaid.

    Raises:
        FoldlineError: ``FIT`` when the model refuses the rows, in its own words.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except ValueError as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise FoldlineError(
            "FIT", f"The model refused the data: {reason}.", "Change its hyperparameters or the preparation."
        ) from error


def fit_model(model: Any, X: Any, y: NDArray[Any]) -> Any:
    """The model fitted.

    Raises:
        FoldlineError: ``FIT`` as ``in_its_words``.
    """
    with in_its_words():
        return model.fit(X, y)


def score_fold(work: Work, candidate: Candidate, rows: tuple[Rows, Rows]) -> dict[str, Any]:
    """Fit a candidate on a fold and score it: scores, seconds, rounds and the validation prediction."""
    resolved = plan(work.recipe, candidate)
    fit, valid = rows
    X_fit, X_valid = matrices(work, resolved, fit, valid)
    started = time.perf_counter()
    model = fit_model(fresh(work, candidate, resolved), X_fit, work.labels(fit))
    fitted = time.perf_counter()
    with in_its_words():  # some settings show only now that they do not fit, such as too many neighbours
        prediction = predict(model, X_valid, work.recipe.task, work.target)
    done = time.perf_counter()
    rounds = getattr(model, "rounds_", None) or getattr(model, "n_iter_", None)
    return {
        "scores": all_scores(work.recipe.task, work.labels(valid), prediction),
        "fit_seconds": fitted - started,
        "predict_seconds": done - fitted,
        "rounds": int(np.max(rounds)) if rounds is not None and np.size(rounds) else None,
        "prediction": prediction,
    }
