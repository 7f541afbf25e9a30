"""The job that predicts new rows with a bundle."""

from __future__ import annotations

from typing import Literal

from core.data.about_rows import SERIOUS
from core.data.table import Note
from core.engine.context import Context
from core.engine.job_specs import PredictSpec
from core.engine.ways import way_of
from core.engine.work.inputs import bundle_path
from core.engine.work.new_rows import rows_of
from core.export.bundle.open import open_bundle
from core.export.predict import predict_frame
from core.export.prediction_views import joined, prediction_result, write_files
from core.export.schema_check import conform
from core.results.predict import PredictResult, SchemaIssue


def do_predict(ctx: Context, spec: PredictSpec) -> PredictResult:
    """Predict new rows with a bundle after a schema check."""
    ctx.progress(0, 3, "Opening the model")
    bundle = open_bundle(bundle_path(ctx, spec.model))
    ctx.progress(1, 3, "Checking the rows")
    rows = rows_of(ctx, spec.data, bundle.earlier, trim=False)
    conformed = conform(rows.frame, bundle.schema)
    ctx.progress(2, 3, "Predicting")
    predicted = predict_frame(bundle.pipeline, bundle.manifest, conformed.frame)
    out = joined(predicted, rows.frame) if spec.with_input else predicted
    files, left_out = write_files(out, ctx.folder, spec.formats, spec.raw)
    issues = [*map(as_issue, rows.notes), *conformed.issues]
    result = prediction_result(bundle, predicted, rows.frame, issues, left_out)
    kept = ctx.workspace.put_result(ctx.project, result.KIND, way_of(spec.data), result, files)
    return result.model_copy(update={"result": kept})


def as_issue(note: Note) -> SchemaIssue:
    """A note of the reader as something to know about the rows."""
    severity: Literal["warn", "info"] = "warn" if note.code in SERIOUS else "info"
    return SchemaIssue(code=note.code, column=note.column, text=note.text, severity=severity)
