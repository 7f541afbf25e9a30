"""What a script does: train from the raw file, then predict."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from .counts import counted
from .files.read_file import read_new_file, read_training_file
from .files.records import UnreadableFileError, check_output, refusing
from .plan import TableFile, Training
from .prediction import predict_table
from .rows.learned import learned
from .rows.new_table import typed_new_table
from .rows.row_order import by_content, row_hashes
from .rows.trained_column import TrainedColumn
from .rows.zones import carries_zone
from .split import train_and_test
from .table import typed_table
from .target import gap_words, read_target, target_gaps, target_rows, target_values


def train_main(training: Training, file: TableFile, build: Callable[[], Any]) -> None:
    """Obey the command line of a script.

    Args:
        file: how the training file is read; a new one is read like it.
        build: makes the pipeline: raw table in, prediction out.
    """
    given = _training_arguments()
    try:
        check_output(given.output, given.data, given.predict or "")
        with refusing(given.data):
            predictions = _trained_predictions(given, training, file, build)
        with refusing(given.output, "FILE"):
            predictions.to_csv(given.output, index=False)
    except UnreadableFileError as error:
        sys.exit(str(error))
    print(f"Wrote {counted(len(predictions), 'prediction')} to {given.output}.")


def _trained_predictions(
    given: argparse.Namespace, training: Training, file: TableFile, build: Callable[[], Any]
) -> pd.DataFrame:
    """The predictions of new rows, or of the test rows with their positions."""
    target, decided_by = training.target, (training.task, training.positive, training.threshold)
    raw = _training_table(given.data, training, file)
    frame = typed_table(raw, training.types, training.missing, file.decimal, training.verbatim)
    column = read_target(frame[target.name], target)
    order = by_content(row_hashes(frame)) if training.hold_out.by_content else None
    values, rows = target_values(column, target), target_rows(frame, column, target, order)
    train, test = train_and_test(frame, rows, values, training.hold_out)
    fitted = rows if given.rows == "all" else train
    pipeline = build().fit(frame.iloc[fitted], values[fitted])
    print(f"Learned from {counted(len(fitted), 'row')}.")
    if column.isna().any():
        words = gap_words(target_gaps(frame[target.name], column))
        print(f"{counted(column.isna().sum(), 'row', 'has')} no {target.name} and were set aside ({words}).")
    repeated = int(column.notna().sum()) - len(rows)
    if repeated:
        print(f"Rows left out because they repeat an earlier one, or nearly do: {repeated:,}.")
    if given.predict:
        inputs = _learned_inputs(training, raw.iloc[fitted], frame.iloc[fitted], file.decimal)
        new = read_new_file(given.predict, file, {name: c.physical for name, c in inputs.items()})
        typed = typed_new_table(new, inputs, training.types, training.missing, file.decimal)
        return predict_table(pipeline, typed, *decided_by)
    test = test if training.hold_out.time else np.sort(test)
    predictions = predict_table(pipeline, frame.iloc[test], *decided_by)
    predictions.insert(0, "row", np.asarray(test))
    return predictions


def _training_table(path: str, training: Training, file: TableFile) -> pd.DataFrame:
    """The raw training table.

    Raises:
        UnreadableFileError: ``SCHEMA`` when it lacks a column.
    """
    raw = read_training_file(path, file).rename(columns=str)
    lacking = ", ".join(repr(name) for name in training.types if name not in raw.columns)
    if lacking:
        hint = "Give the file that the model was trained on."
        raise UnreadableFileError("SCHEMA", f"{path} lacks the columns {lacking}.", hint)
    return raw


def _learned_inputs(
    training: Training, raw: pd.DataFrame, frame: pd.DataFrame, decimal: str
) -> dict[str, TrainedColumn]:
    """What the columns that the model reads looked like in the rows that it learned from."""
    inputs = {}
    for name, (kind, missing) in training.inputs.items():
        physical, format = training.types[name]
        zoned = carries_zone(raw[name]) if physical == "datetime" else None
        joined, marks = training.joined.get(name, {}), training.marks.get(name, "")
        plain = TrainedColumn(name, kind, physical, format, missing, zoned=zoned, joined=joined, marks=marks)
        inputs[name] = learned(plain, frame[name], training.missing, decimal)
    return inputs


def _training_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the model and predict.")
    parser.add_argument("data", help="the file to learn from")
    parser.add_argument("--rows", choices=("train", "all"), default="train", help="the rows to learn from")
    parser.add_argument("--predict", metavar="NEW", help="a file to predict; the test rows without it")
    parser.add_argument("-o", "--output", default="predictions.csv", help="the file to write")
    return parser.parse_args()
