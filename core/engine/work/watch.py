"""The job that compares new data with a reference."""

from __future__ import annotations

import pandas as pd

from core.data.about_rows import ABOUT_ROWS
from core.data.table import Note
from core.drift.profile.document import ReferenceProfile
from core.engine.context import Context
from core.engine.job_specs import BundlePath, BundleResult, DriftSpec, PathFile, RecipeReference, TableRows
from core.engine.work.inputs import bundle_path, rows_of, stored_result, work_of
from core.errors import FoldlineError
from core.evaluate.prediction import Prediction
from core.export.bundle.open import open_bundle
from core.export.bundle.prediction import prediction_of
from core.export.model_report import importance_of
from core.recipe.columns import earlier_table, model_columns
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.results.evaluate import EvaluateResult
from core.train.fit import fit, predict_rows
from core.train.folds.unit import predict
from core.train.work import Work
from core.watch.comparison import against_profile, against_rows, against_training
from core.watch.report import html
from core.watch.result import DriftReport, DriftResult

Notes = tuple[Note, ...]
"""How the new rows were read."""
PAGE = "drift.html"


def do_drift(ctx: Context, spec: DriftSpec) -> DriftResult:
    """Compare new data with a reference."""
    ctx.progress(0, 2, "Reading and comparing")
    report, notes = compared(ctx, spec)
    page = ctx.folder / PAGE
    page.write_text(html(report, "Drift report"), encoding="utf-8")
    about = tuple(note for note in notes if note.code in ABOUT_ROWS)
    result = DriftResult(**dict(report), notes=about)
    kept = ctx.workspace.put_result(ctx.project, result.KIND, "newest", result, {PAGE: page})
    return result.model_copy(update={"result": kept})


def compared(ctx: Context, spec: DriftSpec) -> tuple[DriftReport, Notes]:
    """The comparison that a spec asks for."""
    if isinstance(spec.reference, BundlePath | BundleResult):
        return with_bundle(ctx, spec, spec.reference)
    if isinstance(spec.reference, RecipeReference):
        return with_recipe(ctx, spec, spec.reference.recipe)
    return with_rows(ctx, spec, spec.reference)


def with_bundle(ctx: Context, spec: DriftSpec, model: BundlePath | BundleResult) -> tuple[DriftReport, Notes]:
    """New rows against the reference profile of a bundle.

    Raises:
        FoldlineError: ``REFERENCE`` when the bundle has none.
    """
    bundle = open_bundle(bundle_path(ctx, model))
    frame, notes = rows_of(ctx, spec.current, bundle.earlier)
    if bundle.reference_profile is None:
        problem = "The bundle has no reference profile."
        raise FoldlineError("REFERENCE", problem, "Give the training file instead.")
    reference = ReferenceProfile.from_dict(bundle.reference_profile)
    prediction = prediction_of(bundle, frame)
    return against_profile(bundle.recipe, reference, frame, prediction, spec.how(bundle.recipe)), notes


def with_recipe(ctx: Context, spec: DriftSpec, recipe: Recipe) -> tuple[DriftReport, Notes]:
    """New rows against the training rows of a recipe; with a chosen model also its predictions."""
    earlier = earlier_table(recipe, ctx.workspace.table(ctx.project, recipe.source.table))
    frame, notes = rows_of(ctx, spec.current, earlier)
    work = work_of(ctx, recipe)
    training = work.frame.iloc[work.target.rows]
    tested = stored_result(ctx, EvaluateResult, fingerprint(recipe, "fit"))
    # Without an evaluation there is no hold-out score: the test set is only opened on purpose.
    holdout = {"name": recipe.metric, **tested.scores[recipe.metric].model_dump()} if tested else None
    predicted, importance = predictions(work, frame), importance_of(tested)
    report = against_training(recipe, training, frame, predicted, importance, holdout, spec.how(recipe))
    return report, notes


def predictions(work: Work, frame: pd.DataFrame) -> tuple[Prediction | None, Prediction | None]:
    """What the chosen model, fitted on the training part, says of the held-out rows and of new ones."""
    recipe = work.recipe
    if recipe.chosen is None:
        return None, None
    pipeline = fit(work, "train")
    old = predict_rows(work, pipeline, work.split.test)
    if any(column.name not in frame.columns for column in model_columns(recipe)):
        return old, None
    return old, predict(pipeline, frame, recipe.task, work.target, recipe.threshold)


def with_rows(ctx: Context, spec: DriftSpec, reference: TableRows | PathFile) -> tuple[DriftReport, Notes]:
    """New rows against a table of the project, or a file."""
    old, _ = rows_of(ctx, reference)
    frame, notes = rows_of(ctx, spec.current)
    table = ctx.workspace.table(ctx.project, reference.table) if isinstance(reference, TableRows) else None
    return against_rows(old, frame, spec.how(spec.roles), table, spec.roles), notes
