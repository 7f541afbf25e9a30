"""A model that answers requests: typed rows in, predictions and what is odd about the rows out."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..prediction import dates_as_written, label_type, labels_as_trained, predict_table
from ..rows.as_trained import table_as_trained
from ..rows.checks import column_notes, row_notes
from ..rows.lost_cells import mostly_lost
from ..rows.trained_column import RowNote, TrainedColumn, trained_column
from ..sample import other_predictions, sample_frame
from ..table import typed_table
from .bodies import cells_of
from .refusal import RefusedRequestError
from .single_row import SingleRow

MODEL_NAME = "model"
"""By which the model of a service is asked for."""
HUGE = 1e100
"""From there on arithmetic with a number may leave the range of float64."""


class ServedModel:
    """A model with what its bundle says of it.

    Attributes:
        columns: the columns that it reads, by name.
        others: further columns that its bundle knows, such as the target.
        outputs: the columns of its answers.
        target_type: how the target was stored in training.
        labels: what the label of a row is, as ``label_type`` gives it; empty for a regression.
        version: what tells it from others, by default when it was written.
    """

    def __init__(
        self,
        pipeline: Any,
        manifest: Mapping[str, Any],
        schema: Mapping[str, Any],
        sample: Mapping[str, Any],
        version: str = "",
    ) -> None:
        self._pipeline, self.manifest, self.sample = pipeline, manifest, sample
        self.version = version or str(manifest["created"])
        self._missing, self._decimal = tuple(schema["missing"]), str(schema["decimal"])
        inputs = [column for column in schema["columns"] if column["role"] == "feature"]
        targets = [column for column in schema["columns"] if column["role"] == "target"]
        self.target_type = targets[0]["physical"] if targets else "text"
        self._format = targets[0]["format"] if targets else ""
        self.others = tuple(column["name"] for column in schema["columns"] if column["role"] != "feature")
        self.columns: dict[str, TrainedColumn] = {one["name"]: trained_column(one) for one in inputs}
        self._types = {name: (column.physical, column.format) for name, column in self.columns.items()}
        self._single = SingleRow(self.columns, self._missing, self._decimal)
        self._one_at_a_time = threading.Lock()
        self.outputs = tuple(self.written(pd.DataFrame(columns=list(sample["predictions"]))).columns)
        self.labels = label_type(manifest["classes"], self.target_type)

    def wrong_predictions(self) -> int:
        """How many of the stored predictions come out differently here."""
        rows = sample_frame(self.sample["columns"], self.sample["physical"], self.sample["rows"])
        return other_predictions(self._predict(rows), self.sample["predictions"])

    def answer(self, cells: Mapping[str, Sequence[Any]]) -> tuple[pd.DataFrame, list[RowNote]]:
        """Predictions of rows, their labels as the training file had them, and what is different about them.

        Args:
            cells: column -> values as JSON has them, at least those of the model, all of one length.

        Raises:
            RefusedRequestError: 422 ``CELL`` for a number whose scaled value has no end, ``SCHEMA`` when most
                cells of a column cannot be read, and as ``cells_of``.
        """
        is_single = bool(cells) and len(next(iter(cells.values()))) == 1
        typed, notes = self._single.made(cells) if is_single else self._made(cells)
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

    def _made(self, cells: Mapping[str, Sequence[Any]]) -> tuple[pd.DataFrame, list[RowNote]]:
        """The rows as the model takes them, and what is different about them."""
        raw = pd.DataFrame({name: cells_of(cells[name], name) for name in self.columns})
        rows, notes = table_as_trained(raw, self.columns, self._decimal)
        for name, column in self.columns.items():
            lost = mostly_lost(rows[name], column, self._missing, self._decimal)
            if lost:
                raise RefusedRequestError(422, "SCHEMA", " ".join(lost), name)
            notes += column_notes(rows[name], column, self._missing, self._decimal)
        typed = typed_table(rows, self._types, self._missing, self._decimal)
        return typed, [*notes, *row_notes(typed)]

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        manifest = self.manifest
        with self._one_at_a_time:
            return predict_table(
                self._pipeline, rows, manifest["task"], manifest["positive"], manifest["threshold"]
            )
