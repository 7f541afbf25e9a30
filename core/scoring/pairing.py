"""The truth laid beside a prediction, with every misfit refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import FoldlineError
from core.scoring.pairs import Codes, Floats, Pairs, Predicted
from core.standalone.counts import counted, counted_of


def pair(y_true: Any, prediction: Predicted) -> Pairs:
    """The truth laid beside a prediction, checked.

    A class that a multiclass model never saw counts as one with probability zero.

    Args:
        y_true: (n,) labels as str, or float64 of a regression; array or Series.
        prediction: of the same n rows.

    Raises:
        FoldlineError: ``METRIC`` when lengths differ, there are no rows, a value is missing or not finite, a
            label is not one of the classes of a binary task, or a probability is outside 0 to 1.
    """
    truth, labels = np.asarray(y_true), np.asarray(prediction.labels)
    if len(truth) != len(labels):
        raise FoldlineError(
            "METRIC",
            f"There are {counted(len(truth), 'true value')} and {counted(len(labels), 'prediction')}.",
            "Give the same rows.",
        )
    if len(truth) == 0:
        raise FoldlineError(
            "METRIC", "There are no rows to score.", "Give at least one row with a known target."
        )
    if prediction.task == "regression":
        return Pairs("regression", (), _finite(truth, "target"), _finite(labels, "prediction"), None)
    return _classes(truth, labels, prediction)


def _classes(truth: NDArray[Any], labels: NDArray[Any], prediction: Predicted) -> Pairs:
    classes = tuple(prediction.classes)
    if pd.isna(truth).any():
        missing = int(pd.isna(truth).sum())
        raise FoldlineError(
            "METRIC", f"{counted(missing, 'true label', 'is')} missing.", "Leave out rows without a target."
        )
    proba = None if prediction.proba is None else _shares(prediction.proba, len(truth), len(classes))
    codes = _codes(truth, classes)
    unseen = tuple(sorted({str(label) for label in truth[codes < 0]}))
    if unseen and prediction.task == "binary":
        raise FoldlineError(
            "METRIC",
            f"{unseen[0]!r} is not one of {classes[0]!r} and {classes[-1]!r}.",
            "Correct the target.",
        )
    if unseen:
        classes += unseen
        codes = _codes(truth, classes)
        proba = None if proba is None else np.hstack([proba, np.zeros((len(truth), len(unseen)))])
    predicted = _codes(labels, classes)
    if (predicted < 0).any():
        stranger = labels[predicted < 0][0]
        raise FoldlineError(
            "METRIC", f"The predicted label {str(stranger)!r} is not a class.", "Check the model."
        )
    return Pairs(prediction.task, classes, codes, predicted, proba)


def _codes(labels: NDArray[Any], classes: Sequence[str]) -> Codes:
    index = pd.Index(list(classes), dtype=object)
    codes = index.get_indexer(pd.Index(labels.astype(object), dtype=object))
    return np.asarray(codes, dtype=np.int64)


def _finite(values: NDArray[Any], what: str) -> Floats:
    numbers = np.asarray(values, dtype=np.float64)
    wrong = int((~np.isfinite(numbers)).sum())
    if wrong:
        raise FoldlineError(
            "METRIC",
            f"{counted_of(wrong, len(numbers), f'{what} value', 'is')} missing or infinite.",
            "Leave out rows without a target." if what == "target" else "Choose another model.",
        )
    return numbers


def _shares(proba: NDArray[Any], rows: int, classes: int) -> Floats:
    shares = np.asarray(proba, dtype=np.float64)
    if shares.shape != (rows, classes):
        raise FoldlineError(
            "METRIC",
            f"The probabilities are {shares.shape}, {(rows, classes)} is needed.",
            "Give one column a class.",
        )
    if not bool(((shares >= 0) & (shares <= 1)).all()):
        raise FoldlineError("METRIC", "A probability is missing or outside 0 to 1.", "Choose another model.")
    return shares
