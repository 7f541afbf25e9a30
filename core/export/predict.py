"""Predictions for new rows, and files of them that are safe to open in a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Protocol

import pandas as pd

from core.errors import FoldlineError
from core.evaluate.prediction import check_classes
from core.spec import Task
from core.standalone.counts import counted
from core.standalone.files.spreadsheet import guarded
from core.standalone.prediction import predict_table
from core.store.files.atomic import replace_from

PredictionFormat = Literal["csv", "xlsx", "parquet"]
SHEET_ROWS = 1_048_575
SHEET_COLUMNS = 16_384
CELL = 32_767


class Asked(Protocol):
    """What predicting must know of the question; a Recipe and a bundle's Manifest do."""

    @property
    def task(self) -> Task: ...

    @property
    def positive(self) -> str: ...

    @property
    def threshold(self) -> float | None: ...


def predict_frame(pipeline: Any, asked: Asked, frame: pd.DataFrame) -> pd.DataFrame:
    """The predictions of a table.

    Args:
        pipeline: fitted; raw or typed table in.
        asked: task, positive class and threshold: a binary label is positive from the threshold on (0.5
            unless chosen), a multiclass label is the most probable class.
        frame: rows with at least the input columns.

    Returns:
        ``prediction``, and for a classification ``probability_<class>`` of each class, the positive class of
        a binary task last; the index of the frame. No rows give no rows.
    """
    if asked.task != "regression":
        check_classes(asked.task, pipeline.classes_, asked.positive)
    return predict_table(pipeline, frame, asked.task, asked.positive, asked.threshold)


def write_predictions(frame: pd.DataFrame, path: Path, format: PredictionFormat, raw: bool = False) -> int:
    """Write a table whole or not at all.

    Texts and headers that a spreadsheet would run as a formula get a leading apostrophe in csv; numbers stay
    as they are, written as texts too (OWASP ASVS 1.2.10). A cell of a sheet or of Parquet is a text by its
    type and never run, so nothing is changed there.

    Args:
        raw: leave such texts as they are.

    Returns:
        How many cells and headers got an apostrophe.

    Raises:
        FoldlineError: ``SHEET`` when the table does not fit into a sheet, ``DISK`` when it cannot be written.
    """
    with replace_from(path) as temporary:
        if format == "csv":
            shown, count = (frame, 0) if raw else guarded(frame)
            # RFC 4180's line end: with it Python also quotes cells that hold a carriage return.
            shown.to_csv(temporary, index=False, lineterminator="\r\n")
            return count
        if format == "parquet":
            frame.to_parquet(temporary, index=False)
        else:
            _write_sheet(frame, temporary)
        return 0


def _write_sheet(frame: pd.DataFrame, path: Path) -> None:
    _check_sheet(frame)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
        frame.to_excel(writer, index=False, sheet_name="predictions")


def _check_sheet(frame: pd.DataFrame) -> None:
    if len(frame) > SHEET_ROWS or frame.shape[1] > SHEET_COLUMNS:
        raise FoldlineError(
            "SHEET",
            f"A sheet holds {SHEET_ROWS:,} rows and {SHEET_COLUMNS:,} columns; the table has "
            f"{counted(len(frame), 'row')} and {counted(frame.shape[1], 'column')}.",
            "Write csv or parquet instead.",
        )
    for name, column in frame.items():
        if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
            continue
        if column.astype("str").str.len().max() > CELL:
            raise FoldlineError(
                "SHEET",
                f"The column {str(name)!r} has a text of more than {CELL:,} characters; a sheet cuts it.",
                "Write csv or parquet instead.",
                str(name),
            )
