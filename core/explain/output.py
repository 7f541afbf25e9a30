"""The number that is explained: what the last step of a pipeline gives before it is squeezed into [0, 1]."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, softmax

from core.spec import Task

Numbers = NDArray[np.float64]
SAME = 1e-9
TRIED = 64


@dataclass(frozen=True, eq=False)
class Output:
    """One number for each row: what is predicted, log-odds, or a probability.

    Attributes:
        before: the steps before the model.
        model: the last step, without a threshold around it.
        place: of the explained class in ``model.classes_``; None of a regression.
        margin: whether it is the model's own score of the class, else its probability.
        centred: whether the mean score of all classes is taken off, as scores of several classes are
            defined up to a common number.
        scale: in words.
    """

    before: Any
    model: Any
    place: int | None
    margin: bool
    centred: bool
    scale: str

    def prepared(self, frame: pd.DataFrame) -> Any:
        """The matrix that the model is given."""
        return self.before.transform(frame)

    def __call__(self, frame: pd.DataFrame) -> Numbers:
        """(n,) outputs of typed rows."""
        return self.of_matrix(self.prepared(frame))

    def of_matrix(self, matrix: Any) -> Numbers:
        """(n,) outputs of prepared rows."""
        if self.place is None:
            return np.asarray(self.model.predict(matrix), dtype=np.float64).ravel()
        if not self.margin:
            return np.asarray(self.model.predict_proba(matrix)[:, self.place], dtype=np.float64)
        return self.chosen(scores(self.model, matrix))

    def chosen(self, values: Numbers) -> Numbers:
        """(n,) of the explained class, from (n, k) scores, or (n, 1) of two classes, or parts of them."""
        if values.shape[1] == 1:
            return values[:, 0] if self.place == 1 else -values[:, 0]
        own = values[:, self.place or 0]
        return own - values.mean(axis=1) if self.centred else own


def last_step(pipeline: Any) -> Any:
    """The model of a fitted pipeline, without a threshold around it."""
    model = pipeline.named_steps["model"]
    return getattr(model, "estimator_", model) if hasattr(model, "pos_label") else model


def booster_of(model: Any) -> Any:
    """The fitted LightGBM model in ours, or None."""
    inner = getattr(model, "model_", None)
    return inner if type(inner).__module__.startswith("lightgbm") else None


def scores(model: Any, matrix: Any) -> Numbers:
    """(n, k) scores of the classes, (n, 1) of two classes: log-odds of the second one."""
    booster = booster_of(model)
    found = (
        booster.predict(matrix, raw_score=True, validate_features=False)
        if booster is not None
        else model.decision_function(matrix)
    )
    values = np.asarray(found, dtype=np.float64)
    return values.reshape(len(values), -1)


def output_of(pipeline: Any, task: Task, label: str, rows: pd.DataFrame) -> Output:
    """The output that explains a class, or the predicted number.

    A score counts as such when its logistic function (softmax of several classes) is the probability on the
    rows given; else the probability itself is explained.

    Args:
        label: the explained class; not used for a regression.
        rows: typed rows to try that on.
    """
    model, before = last_step(pipeline), pipeline[:-1]
    if task == "regression":
        return Output(before, model, None, False, False, "the predicted number")
    place = [str(name) for name in model.classes_].index(label)
    matrix = before.transform(rows.head(TRIED))
    if not _has_margin(model, matrix):
        return Output(before, model, place, False, False, f"the probability of {label}")
    several = len(model.classes_) > 2
    words = f"log-odds of {label}"
    if several:
        words = f"log of the probability of {label} over the geometric mean of all classes'"
    return Output(before, model, place, True, several, words)


def _has_margin(model: Any, matrix: Any) -> bool:
    if booster_of(model) is None and not hasattr(model, "decision_function"):
        return False
    values, shares = scores(model, matrix), np.asarray(model.predict_proba(matrix))
    if values.shape[1] == 1:
        return shares.shape[1] == 2 and bool(np.abs(expit(values[:, 0]) - shares[:, 1]).max() < SAME)
    return values.shape == shares.shape and bool(np.abs(softmax(values, axis=1) - shares).max() < SAME)
