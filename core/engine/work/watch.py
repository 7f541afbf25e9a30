"""The job that compares new data with a reference."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from core.data.kinds import classify
from core.data.table import Column, Known, Note, Table
from core.drift.profile.build import reference_profile, reference_sample
from core.drift.profile.document import ReferenceProfile
from core.engine.context import Context
from core.engine.work.data import columns_of
from core.engine.work.inputs import work_of
from core.engine.work.model_facts import known_scores, stated, watched, weights
from core.engine.work.predict import ABOUT_ROWS, rows_of
from core.errors import FoldlineError
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.export.bundle.open import Bundle, open_bundle
from core.export.schema_check import conform
from core.recipe.document import Recipe, parse
from core.results.drift import DriftResult
from core.standalone.order import as_groups
from core.train.fit import fit, predict_rows
from core.train.target import labels_of
from core.train.unit import predict
from core.watch.drift import DriftReport, drift, drift_frames
from core.watch.judge.same_rows import SAME_ROWS
from core.watch.performance import Performance, performance
from core.watch.report import html

UNGROUPED = (
    "The new rows lack the group column {name!r}, so the interval takes them as independent; "
    "it is too narrow when rows of one group are alike."
)
Compared = tuple[DriftReport, Performance | None, tuple[Note, ...]]
"""A report, how the model does on new labels if there are any, and how the new rows were read."""
LEARNED = "The new rows are those of the reference; a score on rows that the model learned from says nothing."


def said_by(bundle: Bundle, frame: pd.DataFrame) -> Prediction | None:
    """What a bundle's model says of new rows; None when the rows lack what it needs."""
    try:
        rows = conform(frame, bundle.schema).frame
    except FoldlineError as error:
        if error.code != "SCHEMA":
            raise
        return None
    manifest = bundle.manifest
    if manifest.task == "regression":
        return of_values(bundle.pipeline.predict(rows))
    shares = bundle.pipeline.predict_proba(rows)
    return of_proba(manifest.task, bundle.pipeline.classes_, shares, manifest.positive, manifest.threshold)


def scored(
    recipe: Recipe, frame: pd.DataFrame, said: Prediction | None, holdout: Any, same_rows: bool
) -> Performance | None:
    """The metric on the new rows that have a label, with its interval; None when there are no labels.

    Args:
        same_rows: whether the new rows are those of the reference, which the model may have learned from.
    """
    if said is None or recipe.target not in frame.columns or frame[recipe.target].isna().all():
        return None
    if same_rows:
        return Performance("not_computed", None, holdout, None, LEARNED)
    labels = labels_of(recipe, frame[recipe.target])
    known = holdout and holdout.get("name") == recipe.metric and holdout.get("low") is not None
    same = holdout if known else None
    groups = groups_of(recipe, frame)
    found = performance(recipe.metric, labels, said, same, recipe.seed, groups)
    lacking = [column.name for column in recipe.with_role("group")] if groups is None else []
    if lacking and found.now is not None:
        found = replace(found, text=f"{found.text} {UNGROUPED.format(name=lacking[0])}")
    return found


def groups_of(recipe: Recipe, frame: pd.DataFrame) -> Any:
    """The group of each new row, or None when no column has that role or the rows lack it."""
    grouping = next((c for c in recipe.with_role("group") if c.name in frame.columns), None)
    return None if grouping is None else as_groups(frame[grouping.name], grouping.missing)


def against_bundle(ctx: Context, path: Path, current: dict[str, Any]) -> Compared:
    """Drift of new rows against the reference profile that travels with a model.

    Raises:
        FoldlineError: ``REFERENCE`` when the bundle has none.
    """
    bundle = open_bundle(path)
    frame, notes = rows_of(ctx, current, bundle.known)
    if bundle.reference_profile is None:
        raise FoldlineError(
            "REFERENCE", "The bundle has no reference profile.", "Give the training file instead."
        )
    reference = ReferenceProfile.from_dict(bundle.reference_profile)
    said = said_by(bundle, frame)
    report = drift(
        reference,
        frame,
        sensitivity=ctx.spec.get("sensitivity", "normal"),
        predictions=stated(said) if said is not None else None,
    )
    same_rows = SAME_ROWS in report.findings
    return report, scored(bundle.recipe, frame, said, reference.metric, same_rows), notes


def known_of(recipe: Recipe, table: Table) -> Known:
    """How the table of a recipe was read, for files that are to be read like it."""
    types = {c.name: (table.column(c.name).physical, c.format) for c in recipe.columns}
    read = recipe.source.read
    needed = tuple(column.name for column in watched(recipe))
    return Known(columns=types, missing=read.missing, needed=needed, read=read)


def against_project(ctx: Context, current: dict[str, Any]) -> Compared:
    """Drift of new rows against the project's training table; with a chosen model also of its predictions."""
    recipe = parse(ctx.spec["reference"]["recipe"])
    known = known_of(recipe, ctx.workspace.table(ctx.project, recipe.source.table))
    frame, notes = rows_of(ctx, current, known)
    work = work_of(ctx, recipe)
    old = work.frame.iloc[work.target.rows]
    columns = watched(recipe)
    said_new: Prediction | None = None
    said_old: Prediction | None = None
    if recipe.chosen is not None:
        pipeline = fit(work, "train")
        said_old = predict_rows(work, pipeline, work.division.test)
        if all(column.name in frame.columns for column in columns):
            said_new = predict(pipeline, frame, recipe.task, work.target, recipe.threshold)
    _, tested = known_scores(ctx, recipe)
    profile = reference_profile(
        old,
        [*columns, recipe.column(recipe.target)],
        target=recipe.target,
        predictions=None if said_old is None else stated(said_old),
        importance=weights(tested),
        seed=recipe.seed,
        decimal=recipe.source.read.decimal,
        others=[column.name for column in recipe.columns],
        time=next(iter(recipe.with_role("time")), None),
    )
    report = drift(
        profile,
        frame,
        reference_sample=reference_sample(old, columns, seed=recipe.seed),
        sensitivity=ctx.spec.get("sensitivity", "normal"),
        predictions=None if said_new is None else stated(said_new),
        seed=recipe.seed,
    )
    # Without an evaluation there is no hold-out score: the test set is only opened on purpose.
    holdout = {"name": recipe.metric, **tested["scores"][recipe.metric]} if tested else None
    return report, scored(recipe, frame, said_new, holdout, SAME_ROWS in report.findings), notes


def against_file(ctx: Context, current: dict[str, Any]) -> Compared:
    """Drift between two tables; kinds are those that the first one suggests.

    Of the project's own table the target is judged on its own, and what is no feature is left out.
    """
    reference = ctx.spec["reference"]
    old, _ = rows_of(ctx, reference)
    frame, notes = rows_of(ctx, current)
    columns: tuple[Column, ...] = classify(old, {})
    target: str | None = None
    time: Column | None = None
    if "table" in reference:
        table = ctx.workspace.table(ctx.project, reference["table"])
        recipe = ctx.workspace.recipe(ctx.project)
        columns = table.columns
        if recipe and recipe.source.table == table.id:
            every = columns_of(recipe, table)
            time = next((c for c in every if c.role == "time"), None)
            columns = tuple(c for c in every if c.role in ("feature", "target"))
            target = recipe.target or None
    kept = [c for c in columns if c.kind not in ("id", "constant") or c.name == target]
    sensitivity = ctx.spec.get("sensitivity", "normal")
    report = drift_frames(old, frame, kept, target=target, sensitivity=sensitivity, time=time)
    return report, None, notes


def do_drift(ctx: Context) -> DriftResult:
    """Compare new data with a reference.

    Spec: ``reference`` ({bundle} | {result} | {recipe} | {table} | {path, name}), ``current`` ({table} |
    {path, name}), ``sensitivity``.
    """
    reference = ctx.spec["reference"]
    current = ctx.spec["current"]
    ctx.progress(0, 2, "Reading and comparing")
    if "bundle" in reference:
        report, scores, notes = against_bundle(ctx, Path(reference["bundle"]), current)
    elif "result" in reference:
        path = ctx.workspace.result_file(ctx.project, reference["result"], "bundle.zip")
        report, scores, notes = against_bundle(ctx, path, current)
    elif "recipe" in reference:
        report, scores, notes = against_project(ctx, current)
    else:
        report, scores, notes = against_file(ctx, current)
    page = ctx.folder / "drift.html"
    page.write_text(html(report, "Drift report"), encoding="utf-8")
    about = tuple(note for note in notes if note.code in ABOUT_ROWS)
    found = DriftResult.model_validate({**report.to_dict(), "performance": scores, "notes": about})
    kept = ctx.workspace.put_result(ctx.project, "drift", "newest", found, {"drift.html": page})
    return found.model_copy(update={"result": kept})
