"""A model that answers requests: typed rows in, predictions and what is odd about the rows out."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..prediction import dates_as_written, label_type, labels_as_trained, predict_table
from ..rows.as_trained import table_as_trained
from ..rows.checks import column_notes, row_notes
from ..rows.lost_cells import mostly_lost
from ..rows.trained_column import RowNote, TrainedColumn, trained_column
from ..sample import other_predictions, sample_frame
from ..table import typed_table
from .refusal import RefusedRequestError

HUGE = 1e100
"""From there on arithmetic with a number may leave the range of float64."""


class ServedModel:
    """A model with what its bundle says of it.

    Attributes:
        name: by which it is asked for.
        columns: the columns that it reads, by name.
        outputs: the columns of its answers.
        target_type: how the target was stored in training.
        labels: what the label of a row is, as ``label_type`` gives it; empty for a regression.
    """

    def __init__(
        self,
        pipeline: Any,
        manifest: Mapping[str, Any],
        schema: Mapping[str, Any],
        sample: Mapping[str, Any],
        name: str = "model",
    ) -> None:
        self.name, self._pipeline, self.manifest, self.sample = name, pipeline, manifest, sample
        self._missing, self._decimal = tuple(schema["missing"]), str(schema["decimal"])
        inputs = [column for column in schema["columns"] if column["role"] == "feature"]
        targets = [column for column in schema["columns"] if column["role"] == "target"]
        self.target_type = targets[0]["physical"] if targets else "text"
        self._format = targets[0]["format"] if targets else ""
        self.columns: dict[str, TrainedColumn] = {one["name"]: trained_column(one) for one in inputs}
        self._types = {name: (column.physical, column.format) for name, column in self.columns.items()}
        self._one_at_a_time = threading.Lock()
        self.outputs = tuple(self.written(pd.DataFrame(columns=list(sample["predictions"]))).columns)
        self.labels = label_type(manifest["classes"], self.target_type)

    @property
    def version(self) -> str:
        """When the model was written."""
        return str(self.manifest["created"])

    def wrong_predictions(self) -> int:
        """How many of the stored predictions come out differently here."""
        rows = sample_frame(self.sample["columns"], self.sample["physical"], self.sample["rows"])
        return other_predictions(self._predict(rows), self.sample["predictions"])

    def answer(self, raw: pd.DataFrame) -> tuple[pd.DataFrame, list[RowNote]]:
        """Predictions of rows, their labels as the training file had them, and what is different about them.

        Args:
            raw: the columns of the model; numbers as float64 or text, all else as text.

        Raises:
            RefusedRequestError: 422 ``CELL`` for a number whose scaled value has no end, ``SCHEMA`` when most
                cells of a column cannot be read.
        """
        rows, notes = table_as_trained(raw, self.columns, self._decimal)
        for name, column in self.columns.items():
            lost = mostly_lost(rows[name], column, self._missing, self._decimal)
            if lost:
                raise RefusedRequestError(422, "SCHEMA", " ".join(lost), name)
            notes += column_notes(rows[name], column, self._missing, self._decimal)
        typed = typed_table(rows, self._types, self._missing, self._decimal)
        notes += row_notes(typed)
        try:
            predicted = self._predict(typed)
            return self.written(predicted), notes
        except ValueError as error:
            if not (typed.select_dtypes("number").abs() > HUGE).any(axis=None):
                raise
            problem = "A number is too large for the model to compute with."
            raise RefusedRequestError(422, "CELL", problem) from error

    def written(self, predicted: pd.DataFrame) -> pd.DataFrame:
        """Predictions with labels as the training file had them; times are texts, as JSON has none."""
        classes = self.manifest["classes"]
        if self.target_type == "datetime":
            return dates_as_written(predicted, classes, "datetime", self._format)
        return labels_as_trained(predicted, classes, self.target_type) if len(predicted) else predicted

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        manifest = self.manifest
        with self._one_at_a_time:
            return predict_table(
                self._pipeline, rows, manifest["task"], manifest["positive"], manifest["threshold"]
            )
