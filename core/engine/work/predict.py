"""The job that predicts new rows with a bundle."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.data.formats.parquet import read_table
from core.data.read import read
from core.data.reread import read_like
from core.data.table import Known, Note
from core.engine.context import Context
from core.engine.ways import way
from core.engine.work.bundle import bundle_path
from core.errors import FoldlineError
from core.export.bundle.open import Bundle, open_bundle
from core.export.predict import predict_frame, write_predictions
from core.export.schema_check import Finding, conform
from core.recipe.difference import model_words

SHOWN = 200
SHOWN_COLUMNS = 30
BINS = 30
ABOUT_ROWS = frozenset(
    (
        "PREAMBLE",
        "HEADER_REPEATED",
        "NO_HEADER",
        "BLANK_LINES",
        "EMPTY_ROWS",
        "SHORT_ROWS",
        "TOTAL",
        "FOOTER",
        "SHEETS",
        "OTHER_DECIMAL",
        "AMBIGUOUS_NUMBER",
    )
)
"""Notes of the reader that tell which rows of a file were taken, and how its numbers were understood."""
ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?")


def rows_of(
    ctx: Context, spec: dict[str, Any], known: Known | None = None, trim: bool = True
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """The rows that a spec names, and what was noticed while a file of them was read.

    Args:
        spec: ``table`` of the project, ``rows`` that were typed in (name -> values), ``source`` (a kept file)
            with its ``name``, or a file by ``path`` and ``name``.
        known: the columns of the training table; a file is read like it.
        trim: leave empty rows at the end of a file out, with a note.

    Raises:
        FoldlineError: ``SOURCE`` when the file is no longer kept; what reading it raises.
    """
    if "table" in spec:
        return read_table(ctx.workspace.table_path(ctx.project, spec["table"])), ()
    if "rows" in spec:
        return typed_in(spec["rows"]), ()
    path = _file_of(ctx, spec)
    reading = read_like(path, spec["name"], known, trim) if known else read(path, spec["name"], trim=trim)
    return reading.frame, reading.notes


def _file_of(ctx: Context, spec: dict[str, Any]) -> Path:
    if "source" in spec:
        kept = ctx.workspace.find_result(ctx.project, "source", spec["source"])
        if kept is None:
            hint = "Load it again."
            raise FoldlineError("SOURCE", f"The file {spec['name']} is no longer kept.", hint, spec["name"])
        return ctx.workspace.result_file(ctx.project, kept.id, "source.bin")
    return Path(spec["path"])


def told(note: Note) -> Finding:
    """A note of the reader as a finding."""
    return {"code": note.code, "column": "", "text": note.text, "severity": "info", "count": 0}


def typed_in(rows: dict[str, list[Any]]) -> pd.DataFrame:
    """Rows that a person typed in: numbers as numbers, times in ISO 8601 as times, the rest as it stands."""
    return pd.DataFrame({name: _column(values) for name, values in rows.items()})


def _column(values: list[Any]) -> pd.Series:
    texts = [value for value in values if value is not None]
    if all(isinstance(value, int | float) for value in texts):
        return pd.Series(values, dtype="float64")
    if all(isinstance(value, str) and ISO.fullmatch(value) for value in texts):
        times = pd.to_datetime(pd.Series(values, dtype="str"), format="ISO8601", errors="coerce")
        return times.astype("datetime64[us]")
    return pd.Series([None if value is None else str(value) for value in values], dtype="str")


def joined(said: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """The predictions with the columns given before them; a given name that clashes is marked."""
    names = [f"{name} (given)" if name in said.columns else str(name) for name in frame.columns]
    return pd.concat([frame.set_axis(names, axis=1), said.set_axis(frame.index)], axis=1)


def written(ctx: Context, out: pd.DataFrame) -> tuple[dict[str, Path], dict[str, str]]:
    """The files asked for, and why one of several was left out.

    Raises:
        FoldlineError: ``SHEET`` when the only file asked for cannot be a sheet.
    """
    formats = ctx.spec.get("formats", ("csv",))
    files: dict[str, Path] = {}
    left: dict[str, str] = {}
    for form in formats:
        path = ctx.folder / f"predictions.{form}"
        try:
            write_predictions(out, path, form, raw=bool(ctx.spec.get("raw")))
        except FoldlineError as error:
            if error.code != "SHEET" or len(formats) == 1:
                raise
            left[form] = error.problem
            continue
        files[path.name] = path
    return files, left


def spread(said: pd.DataFrame, bundle: Bundle) -> dict[str, Any]:
    """How the predictions are spread: rows by class, and bins of the number or the positive probability."""
    task = bundle.manifest.task
    if task == "regression":
        return {"bins": binned(said["prediction"])}
    counts = {str(name): int(rows) for name, rows in said["prediction"].value_counts().head(20).items()}
    return {"counts": counts} | ({"bins": binned(said.iloc[:, -1])} if task == "binary" else {})


def binned(values: pd.Series) -> dict[str, list[float]]:
    """Counts of numbers in equal bins, in the form that ``ui.charts.histogram`` takes."""
    known = values.to_numpy(dtype=np.float64)
    known = known[np.isfinite(known)]
    counts, edges = np.histogram(known, bins=BINS) if len(known) else (np.zeros(1), np.array([0.0, 1.0]))
    return {"low": edges[:-1].tolist(), "high": edges[1:].tolist(), "count": counts.tolist()}


def do_predict(ctx: Context) -> dict[str, Any]:
    """Predict new rows with a bundle after a schema check.

    Spec: a bundle (see ``bundle_path``), ``data`` (see ``rows_of``), ``formats``, ``raw``, ``with_input``.
    """
    ctx.progress(0, 3, "Opening the model")
    bundle = open_bundle(bundle_path(ctx))
    ctx.progress(1, 3, "Checking the rows")
    frame, notes = rows_of(ctx, ctx.spec["data"], bundle.known, trim=False)
    checked = conform(frame, bundle.schema)
    ctx.progress(2, 3, "Predicting")
    said = predict_frame(bundle.pipeline, bundle.manifest, checked.frame)
    files, left = written(ctx, joined(said, frame) if ctx.spec.get("with_input") else said)
    head = joined(said.head(SHOWN), frame.iloc[:SHOWN, :SHOWN_COLUMNS])
    head = head[[*said.columns, *head.columns.drop(list(said.columns))]]
    payload = {
        "rows": len(said),
        "findings": [*map(told, (note for note in notes if note.code in ABOUT_ROWS)), *checked.findings],
        "head": {str(name): [_cell(value) for value in values] for name, values in head.items()},
        "left_out": left,
        "task": bundle.manifest.task,
        "target": bundle.manifest.target,
        "positive": bundle.manifest.positive,
        "model": model_words(bundle.recipe.chosen),
        **spread(said, bundle),
    }
    payload["result"] = ctx.workspace.put_result(
        ctx.project, "predict", way(ctx.spec["data"]), payload, files
    )
    return payload


def _cell(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value if isinstance(value, int | float | str) else str(value)
