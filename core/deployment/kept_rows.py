"""The rows of a batch as they are kept: as they were read, with what the model said of each and its flags."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import numpy as np
import pandas as pd

from core.evaluate.prediction import Prediction
from core.spec import Task
from core.watch.distinct_rows import row_hashes

OWN = "foldline:"
"""How the names of the added columns begin; given columns of such a name are those of an earlier batch."""
SAID, SHARE = f"{OWN}prediction", f"{OWN}probability_"
SHORT = 12
"""Digits of the SHA-256 of a challenger in the names of its columns."""


def given_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows without the columns that were added when they were kept."""
    return frame[[name for name in frame.columns if not str(name).startswith(OWN)]]


def prediction_columns(prediction: Prediction, challenger: str = "") -> dict[str, np.ndarray]:
    """The columns that keep a prediction: one for what was said, one for each class.

    Args:
        challenger: SHA-256 of the model that said it in the shadow; empty for the one that was at work.
    """
    said, share = _names(challenger)
    shares = prediction.proba
    classes = () if shares is None else prediction.classes
    of_classes = {f"{share}{name}": shares[:, place] for place, name in enumerate(classes)}  # type: ignore[index]
    return {said: prediction.labels, **of_classes}


def with_predictions(
    frame: pd.DataFrame, prediction: Prediction | None, flags: Iterable[tuple[str, np.ndarray]]
) -> pd.DataFrame:
    """The rows with columns for the prediction, and one for each kind of flag."""
    added = {} if prediction is None else prediction_columns(prediction)
    added |= {f"{OWN}{kind}": rows for kind, rows in flags}
    return pd.concat([frame, pd.DataFrame(added, index=frame.index)], axis=1)


def kept_prediction(frame: pd.DataFrame, task: Task, challenger: str = "") -> Prediction | None:
    """What a model said of kept rows; None when it could not take them, or was not asked.

    Args:
        challenger: as in ``prediction_columns``.
    """
    said, share = _names(challenger)
    if said not in frame.columns:
        return None
    if task == "regression":
        return Prediction(task, (), frame[said].to_numpy(np.float64))
    names = [name for name in frame.columns if name.startswith(share)]
    classes = tuple(name.removeprefix(share) for name in names)
    proba = frame[names].to_numpy(np.float64) if names else None
    return Prediction(task, classes, frame[said].to_numpy(object), proba)


def _names(challenger: str) -> tuple[str, str]:
    """The column of what was said, and how those of the classes begin."""
    if not challenger:
        return SAID, SHARE
    return f"{OWN}shadow_{challenger[:SHORT]}_prediction", f"{OWN}shadow_{challenger[:SHORT]}_probability_"


def data_hash(frame: pd.DataFrame, target: str) -> str:
    """SHA-256 of rows, in their order, whatever the order of their columns; labels are no part of it."""
    names = sorted(str(name) for name in frame.columns if name != target)
    digest = sha256("\n".join(names).encode("utf-8", "surrogatepass"))
    if names and len(frame):
        digest.update(row_hashes(frame, names).tobytes())
    return digest.hexdigest()
