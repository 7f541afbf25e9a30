"""What a fitted pipeline says of rows: numbers, or labels and probabilities."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from .cells import without_century


def labels_from(classes: Sequence[str], shares: np.ndarray, threshold: float) -> np.ndarray:
    """The labels of two classes: the second from this probability on."""
    return np.asarray(classes, dtype=object)[(shares[:, 1] >= threshold).astype(np.int64)]


def decided(
    task: str, classes: Sequence[str], proba: Any, positive: str = "", threshold: float | None = None
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Classes, probabilities and labels; the positive class of a binary task is moved to the end.

    Args:
        classes: as ``model.classes_``; ``proba`` has a column for each.
        positive: the positive class of a binary task; by default the last one.
        threshold: a binary label is positive from this probability on, by default 0.5; a multiclass label is
            the most probable class, the first of equals.
    """
    names, shares = [str(name) for name in classes], np.asarray(proba, dtype=np.float64)
    if task != "binary":
        return names, shares, np.asarray(names, dtype=object)[shares.argmax(axis=1)]
    order = [1, 0] if positive == names[0] else [0, 1]
    names, shares = [names[i] for i in order], shares[:, order]
    return names, shares, labels_from(names, shares, 0.5 if threshold is None else threshold)


def predict_table(
    pipeline: Any, frame: pd.DataFrame, task: str, positive: str = "", threshold: float | None = None
) -> pd.DataFrame:
    """The predictions of a table: ``prediction``, and ``probability_<class>`` of each class.

    The positive class of a binary task is last; the index is that of the frame. No rows give no rows.
    """
    if task == "regression":
        values = pipeline.predict(frame) if len(frame) else np.zeros(0)
        return pd.DataFrame({"prediction": np.asarray(values, dtype=np.float64).ravel()}, index=frame.index)
    classes = [str(name) for name in pipeline.classes_]
    proba = pipeline.predict_proba(frame) if len(frame) else np.zeros((0, len(classes)))
    names, shares, labels = decided(task, classes, proba, positive, threshold)
    columns: dict[str, Any] = {"prediction": pd.array(labels, dtype="str")}
    columns |= {f"probability_{name}": shares[:, i] for i, name in enumerate(names)}
    return pd.DataFrame(columns, index=frame.index)


def class_as_written(name: str, format: str) -> str:
    """A class of a target of times as its file writes it: by its format, else in ISO 8601 and days alone."""
    time = pd.Timestamp(name)
    if format:
        return str(time.strftime(without_century(format)))
    return time.date().isoformat() if time == time.normalize() else time.isoformat()


def dates_as_written(
    predictions: pd.DataFrame, classes: Sequence[str], stored: str, format: str
) -> pd.DataFrame:
    """Predictions whose classes are times as the training file writes them, in labels and names of columns.

    Args:
        predictions, classes, stored: as in ``labels_as_trained``.
        format: strptime format of the target, or empty.
    """
    written = {name: class_as_written(name, format) for name in classes} if stored == "datetime" else {}
    if len(set(written.values())) < len(classes) or not written:
        return predictions
    labels = pd.array([written[str(label)] for label in predictions["prediction"]], dtype="str")
    names = {f"probability_{name}": f"probability_{text}" for name, text in written.items()}
    return predictions.assign(prediction=labels).rename(columns=names)


def label_type(classes: Sequence[str], stored: str) -> str:
    """What labels were in the training file: ``int64``, ``float64``, ``bool`` or ``str``; empty without any.

    Args:
        classes, stored: as in ``labels_as_trained``.
    """
    if not classes:
        return ""
    if stored == "number":
        values = pd.to_numeric(pd.Series(list(classes)))
        is_whole = bool((values % 1 == 0).all() and (values.abs() <= 2**53).all())
        return "int64" if is_whole else "float64"
    return "bool" if {name.lower() for name in classes} == {"true", "false"} else "str"


def labels_as_trained(predictions: pd.DataFrame, classes: Sequence[str], stored: str) -> pd.DataFrame:
    """Predictions whose labels are numbers, or true and false, where the classes of the training file were.

    Args:
        predictions: as ``predict_table`` gives them, with other columns or not.
        classes: of the model; none for a regression.
        stored: type of the target in the training table, such as ``number``.
    """
    if stored == "datetime" and classes:
        return predictions.assign(prediction=_dates(predictions["prediction"]))
    dtype = label_type(classes, stored)
    labels = predictions["prediction"]
    if dtype in ("int64", "float64"):
        return predictions.assign(prediction=pd.to_numeric(labels).astype(dtype))
    return predictions.assign(prediction=labels.str.lower() == "true") if dtype == "bool" else predictions


def _dates(labels: pd.Series) -> pd.Series:
    """Labels in ISO 8601 as times, or days where none has a time; other labels stay texts."""
    times = pd.to_datetime(labels, format="ISO8601", errors="coerce")
    if times.isna().any():
        return labels
    if (times == times.dt.normalize()).all():
        return pd.Series([datetime.date(t.year, t.month, t.day) for t in times], labels.index, dtype="object")
    return times.astype("datetime64[us]")


def exact_labels(predictions: pd.DataFrame, classes: Sequence[str]) -> pd.DataFrame:
    """Predictions whose labels are whole numbers too long for float64, which were kept as texts, as int64.

    For Parquet alone: numbers of sheets and of JSON lose digits beyond 15. Others stay as they are.
    """
    numbers = [int(name) for name in classes if name.removeprefix("-").isdecimal() and str(int(name)) == name]
    if len(numbers) < len(classes) or not numbers or max(map(abs, numbers)) <= 2**53:
        return predictions
    kind = "int64" if min(numbers) >= -(2**63) and max(numbers) < 2**63 else "uint64"
    if min(numbers) < (0 if kind == "uint64" else -(2**63)) or max(numbers) >= 2**64:
        return predictions
    labels = np.array([int(label) for label in predictions["prediction"]], dtype=kind)
    return predictions.assign(prediction=labels)
