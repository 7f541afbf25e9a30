"""The ``predict`` command: a file, or one row, predicted with a bundle."""

from __future__ import annotations

import argparse
import shutil

from core.command.one_row import one_row
from core.command.outputs import Answer, new_file
from core.command.session import existing, session
from core.engine.job_specs import FileForm, PathFile, PredictSpec
from core.errors import FoldlineError
from core.results.predict import PredictResult
from core.standalone.counts import counted

FORMATS: dict[str, FileForm] = {".csv": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}


def predict_command(asked: argparse.Namespace) -> Answer:
    """Predict a file, or one row, with a bundle.

    Raises:
        FoldlineError: ``USAGE`` unless there is either a row or a file of rows and one to write to.
    """
    if asked.row is not None and asked.data is None and asked.out is None:
        return one_row(asked)
    if asked.row is not None or asked.data is None or asked.out is None or asked.why or asked.goal:
        problem = "Give either a file of rows with --out, or --row; --why and --goal go with --row."
        raise FoldlineError("USAGE", problem, "See predict --help.")
    form = FORMATS.get(asked.out.suffix.lower())
    if form is None:
        raise FoldlineError(
            "FORMAT", f"{asked.out.name} is not a known kind of file.", "Use .csv, .xlsx or .parquet."
        )
    out = new_file(asked.out, asked.bundle, asked.data)
    with session() as s:
        data = PathFile(path=str(existing(asked.data)), name=asked.data.name)
        spec = PredictSpec(bundle=str(existing(asked.bundle)), data=data, formats=(form,), raw=asked.raw)
        result = s.ask(PredictResult, spec)
        shutil.copyfile(s.workspace.result_file(s.project, result.result, f"predictions.{form}"), out)
    facts = {
        "rows": result.rows,
        "out": str(asked.out),
        "findings": [issue.model_dump() for issue in result.findings],
        "task": result.task,
    }
    notes = [f"  {issue.text}" for issue in result.findings]
    return facts, "\n".join([f"{counted(result.rows, 'prediction')} written to {asked.out}.", *notes])
