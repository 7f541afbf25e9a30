"""What a script does: train from the raw file, then predict."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from .plan import Training
from .prediction import predict_table
from .split import train_and_test
from .table import typed_table
from .target import read_target, target_rows, target_values


def train_main(
    training: Training,
    build: Callable[[], Any],
    read_training: Callable[[str], pd.DataFrame],
    read_raw: Callable[[str, dict[str, str]], pd.DataFrame],
) -> None:
    """Obey the command line of a script.

    Args:
        build: makes the pipeline: raw table in, prediction out.
        read_training, read_raw: read the training file, and a new one by the names and types of columns.
    """
    given = _training_arguments()
    target, decided_by = training.target, (training.task, training.positive, training.threshold)
    frame = typed_table(read_training(given.data), training.types, training.missing, training.decimal)
    column = read_target(frame[target.name], target)
    values, rows = target_values(column, target), target_rows(frame, column, target)
    train, test = train_and_test(frame, rows, values, training.hold_out)
    fitted = rows if given.rows == "all" else train
    pipeline = build().fit(frame.iloc[fitted], values[fitted])
    print(f"Learned from {len(fitted):,} rows.")
    if given.predict:
        wanted = {name: physical for name, (physical, _) in training.types.items() if name != target.name}
        raw = read_raw(given.predict, wanted)
        new = typed_table(raw, training.types, training.missing, training.decimal)
        predictions = predict_table(pipeline, new, *decided_by)
    else:
        predictions = predict_table(pipeline, frame.iloc[test], *decided_by)
        predictions.insert(0, "row", np.asarray(test))
    predictions.to_csv(given.output, index=False)
    print(f"Wrote {len(predictions):,} predictions to {given.output}.")


def _training_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the model and predict.")
    parser.add_argument("data", help="the file to learn from")
    parser.add_argument("--rows", choices=("train", "all"), default="train", help="the rows to learn from")
    parser.add_argument("--predict", metavar="NEW", help="a file to predict; the test rows without it")
    parser.add_argument("-o", "--output", default="predictions.csv", help="the file to write")
    return parser.parse_args()
