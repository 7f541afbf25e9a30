"""One unit of work: a candidate on a fold."""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.build import estimator
from core.catalog.metrics import METRICS, score_all
from core.data.table import Frozen
from core.errors import FoldlineError
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.plan import plan
from core.recipe.document import Candidate
from core.spec import Task
from core.train.folds.matrices import matrices
from core.train.rows.split import Rows
from core.train.rows.target import Target
from core.train.work import Resources, Work


class Unit(Frozen):
    """A candidate on a fold, with all that another process needs to run it: no rows, only what names them.

    Attributes:
        key: names the candidate within a comparison or search.
        recipe: as JSON: the table by its id, how its rows are split and prepared, the task. A text is sent
            to a process a hundred times as fast as the document, and compared at once.
        fold: its place in the split.
        fold_seed: of the folds, where they are others than the recipe's own.
    """

    key: str
    recipe: str
    candidate: Candidate
    fold: int
    fold_seed: int | None = None


def unit_of(work: Work, key: str, candidate: Candidate, fold: int) -> Unit:
    """The unit of a candidate on a fold of these rows."""
    return Unit(key=key, recipe=work.document, candidate=candidate, fold=fold, fold_seed=work.fold_seed)


def run_unit(unit: Unit, resources: Resources) -> dict[str, Any]:
    """Fit the candidate on its fold and score it, as ``score_fold``, in whatever process this is.

    Raises:
        FoldlineError: as ``Resources.load``, ``plan``, ``matrices`` and ``fit_model``.
    """
    work = resources.load(unit.recipe, unit.fold_seed)
    return score_fold(work, unit.candidate, work.split.folds[unit.fold])


def prepare_unit(unit: Unit, resources: Resources) -> None:
    """Fill the fold cache for a unit.

    Raises:
        FoldlineError: as ``Resources.load``, ``plan`` and ``matrices``.
    """
    work = resources.load(unit.recipe, unit.fold_seed)
    matrices(work, plan(work.recipe, unit.candidate), *work.split.folds[unit.fold])


def predict(model: Any, X: Any, task: Task, target: Target, threshold: float | None = None) -> Prediction:
    """What a fitted model or pipeline says of rows, with all classes of the target in its order."""
    if task == "regression":
        return of_values(model.predict(X))
    names = [str(name) for name in model.classes_]
    by_class = model.predict_proba(X)
    shares = np.zeros((len(by_class), len(target.classes)))
    for place, name in enumerate(target.classes):
        if name in names:
            shares[:, place] = by_class[:, names.index(name)]
    return of_proba(task, target.classes, shares, target.classes[-1], threshold)


def all_scores(task: Task, y: NDArray[Any], prediction: Prediction) -> dict[str, float]:
    """Every metric of the task; NaN where the validation rows do not define one.

    Raises:
        FoldlineError: ``METRIC`` when the prediction does not fit the rows.
    """
    return score_all(y, prediction, [metric for metric in METRICS if task in metric.tasks])


FEW_OF_A_CLASS = re.compile(r"least populated class|examples for at least one class")
"""How scikit-learn says that a class has too few rows to be divided."""


@contextmanager
def in_its_words() -> Iterator[None]:
    """What a model refuses becomes a coded error; what it only warns of is left unsaid.

    Raises:
        FoldlineError: ``FEW_ROWS`` when a class has too few; ``FIT``, in the model's own words, when it
            refuses the rows for another reason.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except ValueError as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        if FEW_OF_A_CLASS.search(reason):
            problem = (
                "A class has too few training rows in a fold for this model, which divides each class again."
            )
            hint = "Merge or leave out its smallest classes, or leave this model out."
            raise FoldlineError("FEW_ROWS", problem, hint) from error
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
    model = fit_model(estimator(work.recipe, candidate, resolved.coded), X_fit, work.labels(fit))
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
