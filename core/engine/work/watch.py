"""The job that compares new data with a reference."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from core.catalog.metrics import stand_ins
from core.data.about_rows import SERIOUS
from core.data.table import Note
from core.engine.context import Context
from core.engine.job_specs import BundlePath, BundleResult, DriftSpec, PathFile, RecipeReference, TableRows
from core.engine.work.hold_out import remembered
from core.engine.work.inputs import bundle_path, stored_result, watched_rows, work_of
from core.engine.work.new_rows import rows_of
from core.engine.work.reference_predictions import said_of_all, unlabelled_of
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
from core.watch.against_bundle import against_bundle
from core.watch.comparison import Training, against_rows, against_training, with_issues
from core.watch.group_news import Groups
from core.watch.judge.schema_gate import DataIssue
from core.watch.labelled_score import holdouts_of
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
    report = with_notes(report, notes)
    page.write_text(html(report, "Drift report"), encoding="utf-8")
    result = DriftResult(**dict(report), notes=tuple(note for note in notes if note.code not in SERIOUS))
    kept = ctx.workspace.put_result(ctx.project, result.KIND, ctx.job, result, {PAGE: page})
    return result.model_copy(update={"result": kept})


def with_notes(report: DriftReport, notes: Notes) -> DriftReport:
    """The report with the notes on values, which may be others than the file means, among its warnings."""
    issues = [DataIssue("warn", note.code, note.column, note.text) for note in notes if note.code in SERIOUS]
    return with_issues(report, tuple(issues))


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
        FoldlineError: ``REFERENCE`` when the bundle has none, ``TARGET`` when another one is asked for.
    """
    bundle = open_bundle(bundle_path(ctx, model))
    if spec.target and spec.target != bundle.recipe.target:
        problem = f"The bundle predicts {bundle.recipe.target!r}, not {spec.target!r}."
        raise FoldlineError("TARGET", problem, "Leave --target out.", spec.target)
    rows = rows_of(ctx, spec.current, bundle.earlier)
    report = against_bundle(bundle, rows.frame, prediction_of(bundle, rows.frame), spec.how(bundle.recipe))
    return report, rows.notes


def with_recipe(ctx: Context, spec: DriftSpec, recipe: Recipe) -> tuple[DriftReport, Notes]:
    """New rows against the training rows of a recipe; with a chosen model also its predictions."""
    work = work_of(ctx, recipe)
    table = ctx.workspace.table(ctx.project, recipe.source.table)
    rows = rows_of(ctx, spec.current, earlier_table(recipe, table, work.frame))
    tested = stored_result(ctx, EvaluateResult, fingerprint(recipe, "fit"))
    # Without an evaluation there is no hold-out score: the test set is only opened on purpose.
    asked = (recipe.metric, *stand_ins(recipe.metric, recipe.task))
    scores = tested.scores if tested else {}
    pipeline = None if recipe.chosen is None else fit(work, "train")
    held = None if pipeline is None else predict_rows(work, pipeline, work.split.test)
    holdouts = holdouts_of(
        *(
            remembered(work, name, held, scores[name].alone.model_dump(), scores[name].baseline)
            for name in asked
            if name in scores and held is not None
        )
    )
    told = training_of(work, pipeline, held)
    training = replace(told, importance=importance_of(tested), holdouts=tuple(holdouts))
    said = None
    if pipeline is not None and all(column.name in rows.frame.columns for column in model_columns(recipe)):
        said = predict(pipeline, rows.frame, recipe.task, work.target, recipe.threshold)
    return against_training(recipe, training, rows.frame, said, spec.how(recipe)), rows.notes


def training_of(work: Work, pipeline: Any, held: Prediction | None) -> Training:
    """The training rows as a reference, with what a model says of them as if it had not learned from any.

    Args:
        pipeline: the chosen model, fitted on the training part; None when none is chosen.
        held: what it says of the test rows.
    """
    training = Training(
        watched_rows(work, work.target.rows), unlabelled_of(work, pipeline), groups=learned_groups(work)
    )
    if pipeline is None or held is None:
        return training
    said = said_of_all(work, pipeline, "train", held)
    return replace(training, prediction=said.prediction, crossed=said.crossed)


def learned_groups(work: Work) -> Groups | None:
    """The groups that the training part holds; None without groups, or where the test rows share one."""
    train, test = work.groups(work.split.train), work.groups(work.split.test)
    if train is None or test is None or np.isin(test, train).any():
        return None
    return frozenset(map(str, train))


def with_rows(ctx: Context, spec: DriftSpec, reference: TableRows | PathFile) -> tuple[DriftReport, Notes]:
    """New rows, read like the table of the project, or the file, that they are compared with."""
    old = rows_of(ctx, reference)
    new = rows_of(ctx, spec.current, old.earlier)
    table = ctx.workspace.table(ctx.project, reference.table) if isinstance(reference, TableRows) else None
    report = against_rows(old.frame, new.frame, spec.how(spec.roles), table, spec.roles, spec.target)
    lasting = (
        note for note in old.notes if note.code != "TIME_ZONE"
    )  # zones were compared with the new ones
    about_old = (note.model_copy(update={"text": f"In the reference, {note.text}"}) for note in lasting)
    return report, (*new.notes, *about_old)
