"""What a bundle's predict.py does: load the model beside it, then predict or test itself."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

import pandas as pd
import skops.io

from .allowed import TRUSTED
from .counts import counted
from .files.read_file import read_new_file
from .files.records import UnreadableFileError, check_output, refusing
from .files.spreadsheet import guarded
from .plan import TableFile
from .prediction import dates_as_written, predict_table
from .rows.new_table import typed_new_table
from .rows.trained_column import trained_column
from .sample import other_predictions, sample_frame
from .versions import other_versions, versions_text


def predict_main(folder: str, file: TableFile) -> None:
    """Obey the command line of a bundle.

    Args:
        folder: where the bundle was unpacked.
        file: how the training file was read.
    """
    given = _predict_arguments()
    model = stored_model(folder)
    manifest, schema = stored_document(folder, "manifest.json"), stored_document(folder, "schema.json")
    told = versions_text(other_versions(manifest["versions"]))
    if told:
        print(f"{told} See with --check whether it still predicts the same.", file=sys.stderr)
    if given.check:
        _check_sample(model, manifest, stored_document(folder, "sample.json"))
    if given.data:
        try:
            check_output(given.output, given.data)
            with refusing(given.data):
                plain = _predictions(model, _new_table(given, schema, file), manifest)
                predictions = _with_dates(plain, manifest, schema)
            with refusing(given.output, "FILE"):
                marked = _write(predictions, given.output, given.raw)
        except UnreadableFileError as error:
            sys.exit(str(error))
        if marked:
            print(
                f"{counted(marked, 'text')} got an apostrophe, they look like formulas; --raw leaves them.",
                file=sys.stderr,
            )
        print(f"Wrote {counted(len(predictions), 'prediction')} to {given.output}.")


def _with_dates(
    predictions: pd.DataFrame, manifest: Mapping[str, Any], schema: Mapping[str, Any]
) -> pd.DataFrame:
    """The predictions with classes that are times as the training file writes them."""
    targets = [column for column in schema["columns"] if column["role"] == "target"]
    stored, format = (targets[0]["physical"], targets[0]["format"]) if targets else ("text", "")
    return dates_as_written(predictions, manifest["classes"], stored, format)


def _write(predictions: pd.DataFrame, path: str, raw: bool) -> int:
    """Write the predictions and give how many texts were marked as no formula."""
    shown, marked = (predictions, 0) if raw else guarded(predictions)
    shown.to_csv(path, index=False)
    return marked


def _predict_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Predict with the model beside this file.")
    parser.add_argument("data", nargs="?", help="a csv, xlsx or Parquet file")
    parser.add_argument("-o", "--output", default="predictions.csv", help="the file to write")
    parser.add_argument("--sep", default="", help="separator of a csv that differs from the training file's")
    parser.add_argument("--raw", action="store_true", help="leave texts that look like formulas as they are")
    parser.add_argument("--check", action="store_true", help="compare with the stored predictions")
    given = parser.parse_args()
    given.sep = given.sep.replace("\\t", "\t")
    if len(given.sep) > 1:
        parser.error("the separator is one character")
    if given.output.lower().endswith((".xlsx", ".parquet")):
        parser.error(f"{given.output} would hold a csv; give it a name that ends in .csv")
    if not given.check and not given.data:
        parser.error("give a file to predict, or --check")
    return given


def stored_document(folder: str, name: str) -> dict[str, Any]:
    """The content of a JSON file of the bundle that was unpacked in a folder."""
    with open(os.path.join(folder, name), encoding="utf-8") as stream:
        return dict(json.load(stream))


def stored_model(folder: str) -> Any:
    """The model, if its file is the one that was written and holds only types of the list."""
    path = os.path.join(folder, "model.skops")
    with open(path, "rb") as stream:
        digest = hashlib.sha256(stream.read()).hexdigest()
    if digest != stored_document(folder, "manifest.json")["members"]["model.skops"]:
        sys.exit("model.skops was changed; use the file of the bundle.")
    return skops.io.load(path, trusted=TRUSTED)


def _check_sample(model: Any, manifest: Mapping[str, Any], sample: Mapping[str, Any]) -> None:
    """Say whether the model gives the predictions that were stored with it; leave when it does not."""
    rows = sample_frame(sample["columns"], sample["physical"], sample["rows"])
    differing = other_predictions(_predictions(model, rows, manifest), sample["predictions"])
    if differing:
        sys.exit(
            f"{counted(differing, 'stored prediction', 'comes')} out differently; install requirements.txt."
        )
    print("The model gives the stored predictions exactly.")


def _predictions(model: Any, frame: pd.DataFrame, manifest: Mapping[str, Any]) -> pd.DataFrame:
    return predict_table(model, frame, manifest["task"], manifest["positive"], manifest["threshold"])


def _new_table(given: argparse.Namespace, schema: Mapping[str, Any], file: TableFile) -> pd.DataFrame:
    """The typed rows of the file that was given."""
    inputs = {
        column["name"]: trained_column(column) for column in schema["columns"] if column["role"] == "feature"
    }
    others = [column["name"] for column in schema["columns"]]
    raw = read_new_file(given.data, file, {name: c.physical for name, c in inputs.items()}, given.sep)
    return typed_new_table(raw, inputs, others, schema["missing"], schema["decimal"])
