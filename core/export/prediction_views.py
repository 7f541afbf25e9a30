"""Predictions as files and as a page shows them: with the given columns, first rows and spread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.errors import FoldlineError
from core.export.bundle.open import Bundle
from core.export.given_cells import as_given
from core.export.predict import PredictionFormat, write_predictions
from core.recipe.difference import model_words
from core.results.base import Columns
from core.results.predict import Bins, PredictResult, SchemaIssue
from core.standalone.prediction import dates_as_written, exact_labels, labels_as_trained

SHOWN = 200
SHOWN_CLASSES = 20
SHOWN_COLUMNS = 30
BINS = 30


def joined(predicted: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """The predictions with the columns given before them; a given name that clashes is marked."""
    names = [f"{name} (given)" if name in predicted.columns else str(name) for name in frame.columns]
    return pd.concat([frame.set_axis(names, axis=1), predicted.set_axis(frame.index)], axis=1)


def write_files(
    predicted: pd.DataFrame,
    given: tuple[pd.DataFrame, pd.DataFrame] | None,
    folder: Path,
    formats: Sequence[PredictionFormat],
    raw: bool,
    bundle: Bundle,
) -> tuple[dict[str, Path], dict[str, str], int]:
    """Write a table in each format; where cells have types, labels have that of the training file.

    Args:
        given: the rows as their file has them and as they were read, to stand before the predictions.
        bundle: whose predictions they are.

    Returns:
        Name -> path of the files, format -> why it was left out, and how many cells got an apostrophe.

    Raises:
        FoldlineError: ``SHEET`` when the only file asked for cannot be a sheet.
    """
    files: dict[str, Path] = {}
    left: dict[str, str] = {}
    marked = 0
    views = _views(predicted, bundle)
    for form in formats:
        path, out = folder / f"predictions.{form}", views[form]
        if given is not None:
            out = joined(out, as_given(*given, form))
        try:
            marked += write_predictions(out, path, form, raw=raw)
        except FoldlineError as error:
            if error.code != "SHEET" or len(formats) == 1:
                raise
            left[form] = error.problem
            continue
        files[path.name] = path
    return files, left, marked


def _views(predicted: pd.DataFrame, bundle: Bundle) -> dict[PredictionFormat, pd.DataFrame]:
    """The predictions as each format has them: times by the training file, labels typed where cells are."""
    classes, stored, format = bundle.manifest.classes, bundle.schema.target_type, bundle.schema.target_format
    written = dates_as_written(predicted, classes, stored, format)
    if format:
        return {"csv": written, "xlsx": written, "parquet": written}
    typed = labels_as_trained(written, classes, stored)
    return {
        "csv": written,
        "xlsx": typed,
        "parquet": exact_labels(typed, classes) if stored == "text" else typed,
    }


def prediction_result(
    bundle: Bundle,
    predicted: pd.DataFrame,
    frame: pd.DataFrame,
    issues: Sequence[SchemaIssue],
    left_out: dict[str, str],
) -> PredictResult:
    """What a page shows of predictions.

    Args:
        predicted: as ``predict_frame`` gives them.
        frame: the rows as they were given.
        issues: what is to be known of these rows.
        left_out: format of a file -> why it was not written.
    """
    task = bundle.manifest.task
    classes, stored = bundle.manifest.classes, bundle.schema.target_type
    predicted = dates_as_written(predicted, classes, stored, bundle.schema.target_format)
    numbers = {"regression": "prediction", "binary": predicted.columns[-1]}.get(task)
    return PredictResult(
        rows=len(predicted),
        findings=tuple(issues),
        head=first_rows(predicted, frame),
        left_out=left_out,
        task=task,
        target=bundle.manifest.target,
        positive=bundle.manifest.positive,
        model=model_words(bundle.recipe.chosen),
        counts=None if task == "regression" else class_counts(predicted["prediction"]),
        bins=None if numbers is None else binned(predicted[numbers]),
    )


def first_rows(predicted: pd.DataFrame, frame: pd.DataFrame) -> Columns:
    """The first rows, JSON-ready: column -> values, the predictions before the given columns."""
    head = joined(predicted.head(SHOWN), frame.iloc[:SHOWN, :SHOWN_COLUMNS])
    head = head[[*predicted.columns, *head.columns.drop(list(predicted.columns))]]
    return {str(name): tuple(_cell(value) for value in values) for name, values in head.items()}


def class_counts(labels: pd.Series) -> dict[str, int]:
    """Rows by predicted class, most frequent first; at most 20 classes."""
    return {str(name): int(rows) for name, rows in labels.value_counts().head(SHOWN_CLASSES).items()}


def binned(values: pd.Series) -> Bins:
    """Counts of numbers in equal bins; values that are not finite are left out."""
    numbers = values.to_numpy(dtype=np.float64)
    numbers = numbers[np.isfinite(numbers)]
    counts, edges = np.histogram(numbers, bins=BINS) if len(numbers) else (np.zeros(1), np.array([0.0, 1.0]))
    return Bins(low=edges[:-1].tolist(), high=edges[1:].tolist(), count=counts.tolist())


def _cell(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value if isinstance(value, int | float | str) else str(value)
