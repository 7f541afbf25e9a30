"""Predictions as files and as a page shows them: with the given columns, first rows and spread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.errors import FoldlineError
from core.export.predict import PredictionFormat, write_predictions
from core.spec import Task

SHOWN = 200
SHOWN_COLUMNS = 30
BINS = 30


def joined(predicted: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """The predictions with the columns given before them; a given name that clashes is marked."""
    names = [f"{name} (given)" if name in predicted.columns else str(name) for name in frame.columns]
    return pd.concat([frame.set_axis(names, axis=1), predicted.set_axis(frame.index)], axis=1)


def write_files(
    out: pd.DataFrame, folder: Path, formats: Sequence[PredictionFormat], raw: bool
) -> tuple[dict[str, Path], dict[str, str]]:
    """Write a table in each format: name -> path of the files, and format -> why it was left out.

    Raises:
        FoldlineError: ``SHEET`` when the only file asked for cannot be a sheet.
    """
    files: dict[str, Path] = {}
    left: dict[str, str] = {}
    for form in formats:
        path = folder / f"predictions.{form}"
        try:
            write_predictions(out, path, form, raw=raw)
        except FoldlineError as error:
            if error.code != "SHEET" or len(formats) == 1:
                raise
            left[form] = error.problem
            continue
        files[path.name] = path
    return files, left


def first_rows(predicted: pd.DataFrame, frame: pd.DataFrame) -> dict[str, list[Any]]:
    """The first rows, JSON-ready: column -> values, the predictions before the given columns."""
    head = joined(predicted.head(SHOWN), frame.iloc[:SHOWN, :SHOWN_COLUMNS])
    head = head[[*predicted.columns, *head.columns.drop(list(predicted.columns))]]
    return {str(name): [_cell(value) for value in values] for name, values in head.items()}


def spread(predicted: pd.DataFrame, task: Task) -> dict[str, Any]:
    """How the predictions are spread: rows by class, and bins of the number or the positive probability."""
    if task == "regression":
        return {"bins": binned(predicted["prediction"])}
    counts = {str(name): int(rows) for name, rows in predicted["prediction"].value_counts().head(20).items()}
    return {"counts": counts} | ({"bins": binned(predicted.iloc[:, -1])} if task == "binary" else {})


def binned(values: pd.Series) -> dict[str, list[float]]:
    """Counts of numbers in equal bins: lower ends, upper ends and counts."""
    known = values.to_numpy(dtype=np.float64)
    known = known[np.isfinite(known)]
    counts, edges = np.histogram(known, bins=BINS) if len(known) else (np.zeros(1), np.array([0.0, 1.0]))
    return {"low": edges[:-1].tolist(), "high": edges[1:].tolist(), "count": counts.tolist()}


def _cell(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value if isinstance(value, int | float | str) else str(value)
