"""What the models of a comparison said of the validation rows, kept as arrays beside its run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core.evaluate.prediction import Prediction, of_proba, of_values
from core.recipe.document import Candidate
from core.train.work import Work

FOLDS = "folds.npz"
SAID = "said_"
"""Before the id of a candidate, which is free text, in the names of stored arrays."""


def write_predictions(path: Path, work: Work, predictions: Mapping[str, list[Prediction | None]]) -> None:
    """Write the validation predictions: positive probability, all probabilities, or numbers.

    Args:
        predictions: candidate id -> its prediction of each fold.
    """
    out: dict[str, Any] = {"rows": np.concatenate([valid for _, valid in work.split.folds])}
    for key, folds in predictions.items():
        parts = [p for p in folds if p is not None]
        if work.recipe.task == "regression":
            out[SAID + key] = np.concatenate([p.labels for p in parts])
        else:
            shares = np.concatenate([p.proba for p in parts if p.proba is not None])
            out[SAID + key] = shares[:, -1] if work.recipe.task == "binary" else shares.astype("float32")
    np.savez_compressed(path, **out)


def stored_prediction(work: Work, candidate: Candidate, path: Path | None) -> Prediction | None:
    """What a candidate said of the validation rows of all folds, in their order, in a comparison.

    None when it took no part in one, or that is not kept.

    Args:
        path: the predictions of a comparison of this very recipe; None when they are not kept.
    """
    recipe, classes = work.recipe, work.target.classes
    if path is None or candidate not in recipe.candidates:
        return None
    with np.load(path, allow_pickle=False) as stored:
        if SAID + candidate.id not in stored:
            return None
        values = stored[SAID + candidate.id]
    if recipe.task == "regression":
        return of_values(values)
    shares = np.column_stack([1 - values, values]) if recipe.task == "binary" else values.astype("float64")
    return of_proba(recipe.task, classes, shares, classes[-1])
