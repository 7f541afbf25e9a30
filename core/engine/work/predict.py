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
from core.errors import FoldlineError
from core.export.bundle.open import SAME_HERE, Bundle, open_bundle
from core.export.predict import predict_frame
from core.export.prediction_views import prediction_result, write_files
from core.export.schema_check import conform
from core.results.predict import PredictResult, SchemaIssue
from core.standalone.counts import counted
from core.standalone.versions import versions_text


def do_predict(ctx: Context, spec: PredictSpec) -> PredictResult:
    """Predict new rows with a bundle after a schema check."""
    ctx.progress(0, 3, "Opening the model")
    bundle = open_bundle(bundle_path(ctx, spec.model))
    ctx.progress(1, 3, "Checking the rows")
    rows = rows_of(ctx, spec.data, bundle.earlier, trim=False)
    if not len(rows.frame):
        problem = f"{counted(len(rows.frame.columns), 'column')}, no rows."
        raise FoldlineError("NO_ROWS", problem, "Give a table with rows.")
    conformed = conform(rows.frame, bundle.schema)
    ctx.progress(2, 3, "Predicting")
    predicted = predict_frame(bundle.pipeline, bundle.manifest, conformed.frame)
    given = (rows.cells, rows.frame) if spec.with_input else None
    files, left_out, marked = write_files(predicted, given, ctx.folder, spec.formats, spec.raw, bundle)
    about = [*version_issues(bundle), *map(as_issue, rows.notes)]
    issues = [*about, *conformed.issues, *formula_issues(marked)]
    issues.sort(key=lambda issue: issue.severity != "warn")
    result = prediction_result(bundle, predicted, rows.frame, issues, left_out)
    kept = ctx.workspace.put_result(ctx.project, result.KIND, way_of(spec.data), result, files)
    return result.model_copy(update={"result": kept})


def version_issues(bundle: Bundle) -> list[SchemaIssue]:
    """What is to be known of a model that was fitted with other versions than those here."""
    if not bundle.other_versions:
        return []
    text = f"{versions_text(bundle.other_versions)} {SAME_HERE}"
    return [SchemaIssue(code="VERSIONS", text=text, severity="warn")]


def formula_issues(marked: int) -> list[SchemaIssue]:
    """What was done to texts that a spreadsheet would run."""
    if not marked:
        return []
    text = (
        f"{counted(marked, 'text')} in the csv got an apostrophe in front, because a spreadsheet would run "
        "them as formulas. The option --raw, the xlsx and the Parquet file leave them as they are."
    )
    return [SchemaIssue(code="FORMULA", text=text, severity="info", count=marked)]


def as_issue(note: Note) -> SchemaIssue:
    """A note of the reader as something to know about the rows."""
    severity: Literal["warn", "info"] = "warn" if note.code in SERIOUS else "info"
    return SchemaIssue(code=note.code, column=note.column, text=note.text, severity=severity)
