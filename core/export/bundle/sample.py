"""A few rows with their predictions: the self-test that travels with a model."""

from __future__ import annotations

from typing import Any

import pandas as pd

from core.data.table import Frozen, Physical
from core.errors import FoldlineError
from core.export.predict import Asked, predict_frame
from core.standalone.sample import other_predictions, sample_cell, sample_frame

MOST_ROWS = 20
Cell = float | str | None


class Sample(Frozen):
    """Rows and the predictions that the stored model gave for them.

    Attributes:
        columns, physical: names and types of the columns.
        rows: one list a row; numbers exact (infinities as text), times as ISO 8601.
        predictions: names and values of the columns of ``predict_frame``.
    """

    columns: tuple[str, ...]
    physical: tuple[Physical, ...]
    rows: tuple[tuple[Cell, ...], ...]
    predictions: dict[str, tuple[Cell, ...]]

    def frame(self) -> pd.DataFrame:
        """The rows as the typed table that they were."""
        return sample_frame(self.columns, self.physical, self.rows)


def sample_of(frame: pd.DataFrame, pipeline: Any, asked: Asked) -> Sample:
    """The self-test of a fitted pipeline.

    Args:
        frame: at most 20 rows, typed or all text, with the columns that the pipeline reads.
    """
    rows = frame.head(MOST_ROWS).reset_index(drop=True)
    physical = tuple(_physical(rows[name]) for name in rows.columns)
    cells = [[sample_cell(cell) for cell in rows[name]] for name in rows.columns]
    plain = Sample(
        columns=tuple(map(str, rows.columns)),
        physical=physical,
        rows=tuple(zip(*cells, strict=True)),
        predictions={},
    )
    expected = predict_frame(pipeline, asked, plain.frame())
    predictions = {
        str(name): tuple(sample_cell(cell) for cell in expected[name]) for name in expected.columns
    }
    return plain.model_copy(update={"predictions": predictions})


def self_test(sample: Sample, pipeline: Any, asked: Asked) -> int:
    """How many of the stored predictions a model gives differently, bit for bit; 0 means the same."""
    return other_predictions(predict_frame(pipeline, asked, sample.frame()), sample.predictions)


def _physical(values: pd.Series) -> Physical:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return "datetime"
    if pd.api.types.is_bool_dtype(values.dtype) or values.dtype == object or values.dtype == "category":
        raise FoldlineError(
            "EXPORT",
            f"The sample column {str(values.name)!r} has the type {values.dtype}.",
            "Give rows of a stored table.",
            str(values.name),
        )
    return "number" if pd.api.types.is_numeric_dtype(values.dtype) else "text"
