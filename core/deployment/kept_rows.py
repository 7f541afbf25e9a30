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


def given_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows without the columns that were added when they were kept."""
    return frame[[name for name in frame.columns if not str(name).startswith(OWN)]]


def with_predictions(
    frame: pd.DataFrame, prediction: Prediction | None, flags: Iterable[tuple[str, np.ndarray]]
) -> pd.DataFrame:
    """The rows with a column for the prediction, one for each class, and one for each kind of flag."""
    added = {}
    if prediction is not None:
        added[SAID] = prediction.labels
        for place, name in enumerate(prediction.classes if prediction.proba is not None else ()):
            added[f"{SHARE}{name}"] = prediction.proba[:, place]  # type: ignore[index]
    added |= {f"{OWN}{kind}": rows for kind, rows in flags}
    return pd.concat([frame, pd.DataFrame(added, index=frame.index)], axis=1)


def kept_prediction(frame: pd.DataFrame, task: Task) -> Prediction | None:
    """What the model said of kept rows; None when it could not take them."""
    if SAID not in frame.columns:
        return None
    if task == "regression":
        return Prediction(task, (), frame[SAID].to_numpy(np.float64))
    names = [name for name in frame.columns if name.startswith(SHARE)]
    classes = tuple(name.removeprefix(SHARE) for name in names)
    proba = frame[names].to_numpy(np.float64) if names else None
    return Prediction(task, classes, frame[SAID].to_numpy(object), proba)


def data_hash(frame: pd.DataFrame, target: str) -> str:
    """SHA-256 of rows, in their order, whatever the order of their columns; labels are no part of it."""
    names = sorted(str(name) for name in frame.columns if name != target)
    digest = sha256("\n".join(names).encode("utf-8", "surrogatepass"))
    if names and len(frame):
        digest.update(row_hashes(frame, names).tobytes())
    return digest.hexdigest()
