"""Jobs that take a model out: export a bundle, open one, predict a file."""

from __future__ import annotations

import importlib.metadata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from core.data.parquet import read_table
from core.data.read import read
from core.engine.context import Context
from core.engine.work.data import columns_of
from core.engine.work.load import recipe_of, test_key, work_of
from core.evaluate.prediction import Prediction
from core.export.bundle import write_bundle
from core.export.card import card
from core.export.conform import conform
from core.export.load import Bundle, open_bundle
from core.export.predict import predict_frame, write_predictions
from core.export.schema import describe
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.recipe.words import model_words
from core.train.fit import fit, predict_rows, rows_of
from core.train.folds import Work
from core.watch.profile import reference_profile

PACKAGES = ("numpy", "pandas", "scikit-learn", "lightgbm", "skops")
SHOWN = 200


def known_scores(ctx: Context, recipe: Recipe) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The comparison and the test result that still hold for a recipe, each None when there is none."""
    compared = ctx.workspace.result(ctx.project, "compare", fingerprint(recipe, "compare"))
    return compared, ctx.workspace.result(ctx.project, "evaluate", fingerprint(recipe, "fit"))


def report_of(ctx: Context, recipe: Recipe, work: Work) -> dict[str, Any]:
    """What is known of the recipe's model, in the shape of a run's report.json."""
    compared, tested = known_scores(ctx, recipe)
    rows = compared["board"] if compared else []
    chosen = recipe.chosen.id if recipe.chosen else ""
    mine = next((row for row in rows if row["id"] == chosen), None)
    scores = tested["scores"] if tested else {}
    return {
        "task": recipe.task,
        "metric": recipe.metric,
        "leaderboard": rows,
        "chosen": chosen,
        "cv_score": mine and {"mean": mine["mean"], "std": mine["std"], "ci": [mine["low"], mine["high"]]},
        "test": {name: {k: s[k] for k in ("value", "low", "high")} for name, s in scores.items()},
        "baseline": {name: s["baseline"] for name, s in scores.items()},
        "test_opened": len(ctx.workspace.openings(ctx.project, test_key(recipe))),
        "rows": len(work.target.rows),
        "columns": len(recipe.inputs),
        "words": work.division.words,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
    }


def stated(prediction: Prediction) -> dict[str, Any]:
    """A prediction as the drift profile takes it: task, scores, labels."""
    if prediction.task == "regression":
        return {"task": prediction.task, "scores": prediction.labels}
    scores = None if prediction.proba is None or prediction.task != "binary" else prediction.proba[:, -1]
    return {"task": prediction.task, "scores": scores, "labels": prediction.labels}


def held_out(ctx: Context, work: Work, report: dict[str, Any]) -> dict[str, Any]:
    """The profile of the training rows, with what the model said of the held-out rows."""
    recipe = work.recipe
    said = predict_rows(work, fit(work, "train"), work.division.test)
    _, tested = known_scores(ctx, recipe)
    found = report["test"].get(recipe.metric)
    metric = found and {"name": recipe.metric, **found}
    importance = None
    if tested:
        importance = dict(zip(tested["importance"]["column"], tested["importance"]["mean"], strict=True))
    wanted = [*recipe.inputs, recipe.column(recipe.target)]
    profile = reference_profile(
        work.frame.iloc[work.target.rows],
        wanted,
        predictions=stated(said),
        target=recipe.target,
        importance=importance,
        metric=metric,
        seed=recipe.seed,
    )
    return profile.to_dict()


def do_export(ctx: Context) -> dict[str, Any]:
    """Fit the chosen model for keeps and write its bundle.

    Spec: ``recipe``, ``part`` (``all`` or ``train``), ``joblib`` (add model.joblib).
    """
    recipe, part = recipe_of(ctx), ctx.spec.get("part", "all")
    work = work_of(ctx, recipe)
    table = ctx.workspace.table(ctx.project, recipe.source.table)
    ctx.progress(0, 3, "Fitting")
    pipeline = fit(work, part)
    rows = rows_of(work, part)
    ctx.progress(1, 3, "Describing the training rows")
    report = report_of(ctx, recipe, work)
    used = work.frame.iloc[rows]
    schema = describe(recipe, columns_of(recipe, table), used)
    inspected = ctx.workspace.result(ctx.project, "inspect", fingerprint(recipe, "data"))
    _, tested = known_scores(ctx, recipe)
    ranked = zip(tested["importance"]["column"], tested["importance"]["mean"], strict=True) if tested else ()
    words = card(
        recipe,
        report,
        importance=list(ranked),
        findings=inspected["findings"] if inspected else (),
        source_sha=table.source_sha,
    )
    ctx.progress(2, 3, "Writing and testing the bundle")
    path = ctx.folder / "bundle.zip"
    scores = {"cv": report["cv_score"], "test": report["test"], "test_opened": report["test_opened"]}
    profile = held_out(ctx, work, report)
    manifest = write_bundle(
        path,
        pipeline,
        recipe,
        schema,
        used.head(20),
        words,
        scores,
        table=table,
        reference_profile=profile,
        joblib=bool(ctx.spec.get("joblib")),
    )
    payload = {
        "part": part,
        "rows": len(rows),
        "bytes": path.stat().st_size,
        "card": words,
        "members": sorted(manifest.members),
        "model": model_words(recipe.chosen),
        "report": report,
    }
    key = f"{fingerprint(recipe, 'fit')}-{part}"
    payload["result"] = ctx.workspace.put_result(ctx.project, "export", key, payload, {"bundle.zip": path})
    ctx.progress(3, 3, "Done")
    return payload


def bundle_facts(bundle: Bundle) -> dict[str, Any]:
    """What a page shows of an opened bundle."""
    manifest = bundle.manifest
    return {
        "task": manifest.task,
        "target": manifest.target,
        "classes": list(manifest.classes),
        "created": manifest.created,
        "versions": manifest.versions,
        "other_versions": {name: list(pair) for name, pair in bundle.other_versions.items()},
        "scores": manifest.scores,
        "model": model_words(bundle.recipe.chosen),
        "inputs": [{"name": c.name, "kind": c.kind} for c in bundle.schema.inputs],
        "has_reference": bundle.reference_profile is not None,
    }


def do_open(ctx: Context) -> dict[str, Any]:
    """Open a bundle, test it, and keep it for predicting. Spec: ``path`` (in tmp), ``name``."""
    path = Path(ctx.spec["path"])
    facts = {"name": ctx.spec["name"], **bundle_facts(open_bundle(path))}
    facts["result"] = ctx.workspace.put_result(ctx.project, "bundle", "opened", facts, {"bundle.zip": path})
    return facts


def bundle_path(ctx: Context) -> Path:
    """The bundle that a spec names: ``bundle`` (a path, on the command line) or ``result`` of the project."""
    if "result" in ctx.spec:
        return ctx.workspace.result_file(ctx.project, ctx.spec["result"], "bundle.zip")
    return Path(ctx.spec["bundle"])


def frame_of(ctx: Context, spec: dict[str, Any]) -> pd.DataFrame:
    """The rows that a spec names: ``table`` of the project, or a file by ``path`` and ``name``."""
    if "table" in spec:
        return read_table(ctx.workspace.table_path(ctx.project, spec["table"]))
    return read(Path(spec["path"]), spec["name"]).frame


def do_predict(ctx: Context) -> dict[str, Any]:
    """Predict new rows with a bundle after a schema check.

    Spec: a bundle (see ``bundle_path``), ``data`` (see ``frame_of``), ``formats``, ``raw``.
    """
    ctx.progress(0, 3, "Opening the model")
    bundle = open_bundle(bundle_path(ctx))
    ctx.progress(1, 3, "Checking the rows")
    frame = frame_of(ctx, ctx.spec["data"])
    checked = conform(frame, bundle.schema)
    ctx.progress(2, 3, "Predicting")
    said = predict_frame(bundle.pipeline, bundle.manifest, checked.frame)
    out = pd.concat([frame, said.set_axis(frame.index)], axis=1) if ctx.spec.get("with_input") else said
    files = {}
    for form in ctx.spec.get("formats", ("csv",)):
        path = ctx.folder / f"predictions.{form}"
        write_predictions(out, path, form, raw=bool(ctx.spec.get("raw")))
        files[path.name] = path
    head = pd.concat([said, frame.set_axis(said.index)], axis=1).head(SHOWN)
    payload = {
        "rows": len(said),
        "findings": list(checked.findings),
        "head": {
            str(name): [_cell(value) for value in head.iloc[:, i]] for i, name in enumerate(head.columns)
        },
        "counts": {str(k): int(v) for k, v in said["prediction"].value_counts().head(20).items()},
        "task": bundle.manifest.task,
        "model": model_words(bundle.recipe.chosen),
    }
    if bundle.manifest.task == "regression":
        payload["quantiles"] = [float(v) for v in said["prediction"].quantile([0, 0.25, 0.5, 0.75, 1])]
    payload["result"] = ctx.workspace.put_result(ctx.project, "predict", "newest", payload, files)
    return payload


def _cell(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value if isinstance(value, int | float | str) else str(value)
