"""The job that predicts new rows with a bundle."""

from __future__ import annotations

from core.data.about_rows import ABOUT_ROWS
from core.data.table import Note
from core.engine.context import Context
from core.engine.job_specs import PredictSpec
from core.engine.ways import way_of
from core.engine.work.inputs import Payload, bundle_path, rows_of
from core.export.bundle.open import open_bundle
from core.export.predict import predict_frame
from core.export.prediction_views import first_rows, joined, spread, write_files
from core.export.schema_check import Finding, conform
from core.recipe.difference import model_words


def do_predict(ctx: Context, spec: PredictSpec) -> Payload:
    """Predict new rows with a bundle after a schema check."""
    ctx.progress(0, 3, "Opening the model")
    bundle = open_bundle(bundle_path(ctx, spec.model))
    ctx.progress(1, 3, "Checking the rows")
    frame, notes = rows_of(ctx, spec.data, bundle.known, trim=False)
    checked = conform(frame, bundle.schema)
    ctx.progress(2, 3, "Predicting")
    predicted = predict_frame(bundle.pipeline, bundle.manifest, checked.frame)
    out = joined(predicted, frame) if spec.with_input else predicted
    files, left_out = write_files(out, ctx.folder, spec.formats, spec.raw)
    payload = {
        "rows": len(predicted),
        "findings": [
            *map(as_finding, (note for note in notes if note.code in ABOUT_ROWS)),
            *checked.findings,
        ],
        "head": first_rows(predicted, frame),
        "left_out": left_out,
        "task": bundle.manifest.task,
        "target": bundle.manifest.target,
        "positive": bundle.manifest.positive,
        "model": model_words(bundle.recipe.chosen),
        **spread(predicted, bundle.manifest.task),
    }
    payload["result"] = ctx.workspace.put_result(ctx.project, "predict", way_of(spec.data), payload, files)
    return payload


def as_finding(note: Note) -> Finding:
    """A note of the reader as a finding."""
    return {"code": note.code, "column": "", "text": note.text, "severity": "info", "count": 0}
