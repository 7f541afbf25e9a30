"""What a script does: train from the raw file, then predict."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from .files.read_file import read_new_file, read_training_file
from .files.records import UnreadableFileError
from .plan import TableFile, Training
from .prediction import predict_table
from .split import train_and_test
from .table import typed_table
from .target import read_target, target_rows, target_values


def train_main(training: Training, file: TableFile, build: Callable[[], Any]) -> None:
    """Obey the command line of a script.

    Args:
        file: how the training file is read; a new one is read like it.
        build: makes the pipeline: raw table in, prediction out.
    """
    given = _training_arguments()
    try:
        predictions = _trained_predictions(given, training, file, build)
    except UnreadableFileError as error:
        sys.exit(str(error))
    predictions.to_csv(given.output, index=False)
    print(f"Wrote {len(predictions):,} predictions to {given.output}.")


def _trained_predictions(
    given: argparse.Namespace, training: Training, file: TableFile, build: Callable[[], Any]
) -> pd.DataFrame:
    """The predictions of new rows, or of the test rows with their positions."""
    target, decided_by = training.target, (training.task, training.positive, training.threshold)
    raw = read_training_file(given.data, file)
    frame = typed_table(raw, training.types, training.missing, file.decimal)
    column = read_target(frame[target.name], target)
    values, rows = target_values(column, target), target_rows(frame, column, target)
    train, test = train_and_test(frame, rows, values, training.hold_out)
    fitted = rows if given.rows == "all" else train
    pipeline = build().fit(frame.iloc[fitted], values[fitted])
    print(f"Learned from {len(fitted):,} rows.")
    if given.predict:
        wanted = {name: physical for name, (physical, _) in training.types.items() if name != target.name}
        raw = read_new_file(given.predict, file, wanted)
        return predict_table(
            pipeline, typed_table(raw, training.types, training.missing, file.decimal), *decided_by
        )
    predictions = predict_table(pipeline, frame.iloc[test], *decided_by)
    predictions.insert(0, "row", np.asarray(test))
    return predictions


def _training_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the model and predict.")
    parser.add_argument("data", help="the file to learn from")
    parser.add_argument("--rows", choices=("train", "all"), default="train", help="the rows to learn from")
    parser.add_argument("--predict", metavar="NEW", help="a file to predict; the test rows without it")
    parser.add_argument("-o", "--output", default="predictions.csv", help="the file to write")
    return parser.parse_args()
