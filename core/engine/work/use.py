"""Jobs that take a model out: export a bundle, open one, predict a file."""

from __future__ import annotations

import importlib.metadata
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.data.parquet import read_table
from core.data.read import read
from core.engine.context import Context
from core.engine.work.data import columns_of
from core.engine.work.load import recipe_of, test_key, work_of
from core.errors import FoldlineError
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
SAMPLE_ROWS = 20
SHOWN_LEVELS = 50
SHOWN_COLUMNS = 30
BINS = 30
BUNDLE = "bundle.zip"
ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?")


def known_scores(ctx: Context, recipe: Recipe) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The comparison and the test result that still hold for a recipe, each None when there is none."""
    compared = ctx.workspace.result(ctx.project, "compare", fingerprint(recipe, "compare"))
    return compared, ctx.workspace.result(ctx.project, "evaluate", fingerprint(recipe, "fit"))


def weights(tested: dict[str, Any] | None) -> dict[str, float] | None:
    """Column -> importance, most important first, as a test result found it; None when there is none."""
    if not tested:
        return None
    return dict(zip(tested["importance"]["column"], tested["importance"]["mean"], strict=True))


def validated(ctx: Context, recipe: Recipe, compared: dict[str, Any] | None) -> dict[str, Any] | None:
    """The score of the chosen model in validation: value, low and high; None when it was not measured."""
    chosen = recipe.chosen
    if compared and chosen in recipe.candidates:
        mine = next((row for row in compared["board"] if chosen and row["id"] == chosen.id), None)
        return mine and {"value": mine["mean"], "low": mine["low"], "high": mine["high"]}
    tuned = ctx.workspace.result(ctx.project, "tune", ctx.workspace.get(ctx.project, "tuned", ""))
    if tuned and chosen and tuned["best"]["all_params"] == chosen.params and tuned["model"] == chosen.model:
        known = tuned["division"] == fingerprint(recipe, "division") and tuned["metric"] == recipe.metric
        return {"value": tuned["best"]["score"], "low": None, "high": None} if known else None
    return None


def report_of(ctx: Context, recipe: Recipe, work: Work) -> dict[str, Any]:
    """What is known of the recipe's model, in the shape of a run's report.json."""
    compared, tested = known_scores(ctx, recipe)
    rows = compared["board"] if compared else []
    chosen = recipe.chosen.id if recipe.chosen else ""
    scores = tested["scores"] if tested else {}
    return {
        "task": recipe.task,
        "metric": recipe.metric,
        "leaderboard": rows,
        "chosen": chosen,
        "cv_score": validated(ctx, recipe, compared),
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
    wanted = [*recipe.inputs, recipe.column(recipe.target)]
    profile = reference_profile(
        work.frame.iloc[work.target.rows],
        wanted,
        predictions=stated(said),
        target=recipe.target,
        importance=weights(tested),
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
    words = card(
        recipe,
        report,
        importance=list((weights(tested) or {}).items()),
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
        used.head(SAMPLE_ROWS),
        words,
        scores,
        table=table,
        reference_profile=profile,
        joblib=bool(ctx.spec.get("joblib")),
    )
    payload = {
        "name": f"{recipe.source.name}, {model_words(recipe.chosen)}",
        "part": part,
        "rows": len(rows),
        "bytes": path.stat().st_size,
        "card": words,
        "members": sorted(manifest.members),
        "report": report,
        "tested_rows": min(len(used), SAMPLE_ROWS),
        "fingerprint": fingerprint(recipe, "fit"),
        **bundle_facts(open_bundle(path)),
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
        "positive": manifest.positive,
        "threshold": manifest.threshold,
        "inputs": [
            {"name": c.name, "kind": c.kind, "low": c.low, "high": c.high, "levels": c.levels[:SHOWN_LEVELS]}
            for c in bundle.schema.inputs
        ],
        "example": dict(zip(bundle.sample.columns, bundle.sample.rows[0], strict=True))
        if bundle.sample.rows
        else {},
        "has_reference": bundle.reference_profile is not None,
    }


def do_open(ctx: Context) -> dict[str, Any]:
    """Open a bundle, test it, and keep it for predicting. Spec: ``path`` (in tmp), ``name``."""
    # Under a name of our own, which a refusal can tell; a refused file goes with the job's folder.
    path = Path(ctx.spec["path"]).replace(ctx.folder / BUNDLE)
    facts = {"name": ctx.spec["name"], **bundle_facts(open_bundle(path))}
    facts["result"] = ctx.workspace.put_result(ctx.project, "bundle", "opened", facts, {"bundle.zip": path})
    return facts


def bundle_path(ctx: Context) -> Path:
    """The bundle that a spec names: ``bundle`` (a path, on the command line) or ``result`` of the project."""
    if "result" in ctx.spec:
        return ctx.workspace.result_file(ctx.project, ctx.spec["result"], "bundle.zip")
    return Path(ctx.spec["bundle"])


def frame_of(ctx: Context, spec: dict[str, Any]) -> pd.DataFrame:
    """The rows that a spec names.

    Args:
        spec: ``table`` of the project, ``rows`` that were typed in (name -> values), ``source`` (a kept file)
            with its ``name``, or a file by ``path`` and ``name``.

    Raises:
        FoldlineError: ``SOURCE`` when the file is no longer kept; what reading it raises.
    """
    if "table" in spec:
        return read_table(ctx.workspace.table_path(ctx.project, spec["table"]))
    if "rows" in spec:
        return typed_in(spec["rows"])
    if "source" in spec:
        kept = ctx.workspace.find_result(ctx.project, "source", spec["source"])
        if kept is None:
            hint = "Load it again."
            raise FoldlineError("SOURCE", f"The file {spec['name']} is no longer kept.", hint, spec["name"])
        path = ctx.workspace.result_file(ctx.project, kept.id, "source.bin")
        return read(path, spec["name"]).frame
    return read(Path(spec["path"]), spec["name"]).frame


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

    Spec: a bundle (see ``bundle_path``), ``data`` (see ``frame_of``), ``formats``, ``raw``, ``with_input``.
    """
    ctx.progress(0, 3, "Opening the model")
    bundle = open_bundle(bundle_path(ctx))
    ctx.progress(1, 3, "Checking the rows")
    frame = frame_of(ctx, ctx.spec["data"])
    checked = conform(frame, bundle.schema)
    ctx.progress(2, 3, "Predicting")
    said = predict_frame(bundle.pipeline, bundle.manifest, checked.frame)
    files, left = written(ctx, joined(said, frame) if ctx.spec.get("with_input") else said)
    head = joined(said.head(SHOWN), frame.iloc[:SHOWN, :SHOWN_COLUMNS])
    head = head[[*said.columns, *head.columns.drop(list(said.columns))]]
    payload = {
        "rows": len(said),
        "findings": list(checked.findings),
        "head": {str(name): [_cell(value) for value in values] for name, values in head.items()},
        "left_out": left,
        "task": bundle.manifest.task,
        "target": bundle.manifest.target,
        "positive": bundle.manifest.positive,
        "model": model_words(bundle.recipe.chosen),
        **spread(said, bundle),
    }
    payload["result"] = ctx.workspace.put_result(ctx.project, "predict", "newest", payload, files)
    return payload


def _cell(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value if isinstance(value, int | float | str) else str(value)
