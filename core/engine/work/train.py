"""Jobs that train: compare, tune, evaluate, and preview what the preparation does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.catalog.metrics import METRICS
from core.catalog.models import MODELS, baseline_for
from core.data.formats.parquet import read_table
from core.engine.context import Context
from core.engine.work.inputs import recipe_of, runner, test_key, work_of
from core.evaluate.importance import importance
from core.evaluate.payload import to_dict
from core.evaluate.prediction import Prediction, of_proba
from core.evaluate.report import evaluate
from core.evaluate.segments import slices
from core.evaluate.threshold import threshold_table
from core.recipe.difference import model_words
from core.recipe.document import Candidate, Recipe
from core.recipe.fingerprint import fingerprint
from core.scoring.pairing import pair
from core.train.compare import compare
from core.train.fit import fit, predict_rows
from core.train.fold_cache import Work
from core.train.preview import preview
from core.train.tune import tune
from core.train.unit import all_scores, predict

PREVIEW_ROWS = 20_000
WIDE = 100
"""Columns from which each is shuffled twice only."""
IMPORTANCE_CELLS = 100_000
"""Rows times columns that the importance looks at; more columns look at fewer rows."""
NEWEST = {"compare": "compared", "tune": "tuned", "evaluate": "evaluated"}
"""Kind of job -> the name under which a project keeps the fingerprint of its newest result."""
SAID = "said_"
"""Before the id of a candidate, which is free text, in the names of stored arrays."""


def do_compare(ctx: Context) -> dict[str, Any]:
    """Compare the recipe's candidates. Spec: ``recipe``."""
    recipe = recipe_of(ctx)
    work = work_of(ctx, recipe)
    result, tried = compare(work, ctx, runner(ctx))
    best = result["board"][0] if result["board"] else None
    files = {}
    done = {key: one for key, one in tried.items() if one.status == "done"}
    if done:
        path = ctx.folder / "folds.npz"
        np.savez_compressed(path, **_stored(work, {key: one.predictions for key, one in done.items()}))
        files["folds.npz"] = path
    label = f"Compared {_models(result)}"
    label += f", best {MODELS[tried[best['id']].candidate.model].label}" if best else ""
    found = best or dict.fromkeys(("mean", "low", "high"))
    numbers = {"score": found["mean"], "low": found["low"], "high": found["high"]}
    return kept(ctx, "compare", recipe, result, numbers, label, files)


def _models(compared: dict[str, Any]) -> str:
    """How many models were compared beside the baseline, and how many of them finished if not all did."""
    states = [one["status"] for one in compared["candidates"] if one["model"] != compared["baseline"]]
    models = f"{len(states)} model" + ("" if len(states) == 1 else "s")
    return models if "stopped" not in states else f"{states.count('done')} of {models}, stopped"


def kept(
    ctx: Context,
    kind: str,
    recipe: Recipe,
    result: dict[str, Any],
    numbers: dict[str, Any],
    label: str,
    files: dict[str, Path] | None = None,
) -> dict[str, Any]:
    """The result with the id of the run it is kept as; it is also the newest of its kind.

    Args:
        numbers: what a list of runs shows beside the metric: score, and low and high or gain.
    """
    mark = result["fingerprint"]
    result["run"] = ctx.workspace.add_run(
        ctx.project,
        kind=kind,
        recipe=recipe,
        table=recipe.source.table,
        fingerprint=mark,
        payload=result,
        summary={"metric": recipe.metric, **numbers},
        files=files,
        label=label,
        job=ctx.job,
    )
    ctx.workspace.put_result(ctx.project, kind, mark, result)
    ctx.workspace.put(ctx.project, NEWEST[kind], mark)
    return result


def _stored(work: Work, predictions: dict[str, list[Prediction | None]]) -> dict[str, Any]:
    """Validation predictions as arrays: positive probability, all probabilities, or numbers."""
    out: dict[str, Any] = {"rows": np.concatenate([valid for _, valid in work.division.folds])}
    for key, folds in predictions.items():
        parts = [p for p in folds if p is not None]
        if work.recipe.task == "regression":
            out[SAID + key] = np.concatenate([p.labels for p in parts])
        else:
            shares = np.concatenate([p.proba for p in parts if p.proba is not None])
            out[SAID + key] = shares[:, -1] if work.recipe.task == "binary" else shares.astype("float32")
    return out


def do_tune(ctx: Context) -> dict[str, Any]:
    """Search the settings of the recipe's model. Spec: ``recipe``."""
    recipe = recipe_of(ctx)
    result = tune(work_of(ctx, recipe), ctx, runner(ctx))
    best = result["best"]
    label = f"Tuned {MODELS[result['model']].label}, {len(result['trials'])} trials"
    return kept(
        ctx, "tune", recipe, result, {"score": best["score"], "gain": result["gain"].get("mean")}, label
    )


def judged(ctx: Context, work: Work) -> dict[str, Any]:
    """The chosen model fitted on the training rows and judged on the locked test rows."""
    recipe, rows = work.recipe, work.division.test
    ctx.progress(0, 4, "Fitting on the training rows")
    pipeline = fit(work, "train")
    baseline = baseline_for(recipe.task)
    dummy = fit(work, "train", Candidate(id=baseline, model=baseline))
    ctx.progress(1, 4, "Scoring the test rows")
    y, frame = work.labels(rows), work.frame.iloc[rows]
    prediction = predict_rows(work, pipeline, rows)
    plain = predict(dummy, frame, recipe.task, work.target)
    groups = work.groups(rows)
    out = evaluate(y, prediction, plain, groups=groups, seed=recipe.seed)
    seen = work.division.train
    out["train_scores"] = all_scores(recipe.task, work.labels(seen), predict_rows(work, pipeline, seen))
    ctx.progress(2, 4, "Measuring what each column is worth")
    names = [column.name for column in recipe.inputs]

    def say(part: pd.DataFrame) -> Prediction:
        return predict(pipeline, part, recipe.task, work.target, recipe.threshold)

    metric = METRICS[recipe.metric]
    most = min(2_000, max(200, IMPORTANCE_CELLS // len(names)))
    stop = ctx.should_stop
    times = 5 if len(names) <= WIDE else 2
    found = importance(say, frame, y, names, metric, times, most, recipe.seed, should_stop=stop)
    out["importance"] = to_dict(found)
    out["curves"]["validation_thresholds"] = validation_thresholds(ctx, work)
    ctx.progress(3, 4, "Looking for weak segments")
    out["slices"] = to_dict(
        slices(frame, y, prediction, metric, names, groups=groups, seed=recipe.seed).head(30)
    )
    ctx.progress(4, 4, "Done")
    return out


def validation_thresholds(ctx: Context, work: Work) -> dict[str, Any] | None:
    """What each threshold gives on the validation rows of the comparison that the chosen model won.

    None when there are no probabilities of two classes, or no comparison of this very candidate.
    """
    recipe = work.recipe
    compared = ctx.workspace.result(ctx.project, "compare", fingerprint(recipe, "compare"))
    if recipe.task != "binary" or recipe.chosen is None or compared is None:
        return None
    if recipe.chosen not in recipe.candidates or not is_kept(ctx, compared["run"]):
        return None
    path = ctx.workspace.run_file(ctx.project, compared["run"], "folds.npz")
    with np.load(path, allow_pickle=False) as stored:
        if SAID + recipe.chosen.id not in stored:
            return None
        rows, share = stored["rows"], stored[SAID + recipe.chosen.id]
    classes = work.target.classes
    said = of_proba("binary", classes, np.column_stack([1 - share, share]), classes[-1])
    return to_dict(threshold_table(pair(work.labels(rows), said)))


def is_kept(ctx: Context, run: str) -> bool:
    """Whether a run was not deleted, with its files."""
    kept = {info.id for info in ctx.workspace.runs(ctx.project)}
    return run in kept and "folds.npz" in ctx.workspace.run(ctx.project, run).files


def do_evaluate(ctx: Context) -> dict[str, Any]:
    """Open the locked test set for the chosen model; the opening is counted. Spec: ``recipe``."""
    recipe = recipe_of(ctx)
    work = work_of(ctx, recipe)
    opened = ctx.workspace.record_opening(ctx.project, test_key(recipe))
    result = judged(ctx, work)
    result |= {
        "fingerprint": fingerprint(recipe, "fit"),
        "metric": recipe.metric,
        "model": model_words(recipe.chosen),
        "opened": opened,
        "words": work.division.words,
        "train_rows": len(work.division.train),
        "test_rows": len(work.division.test),
    }
    score = result["scores"][recipe.metric]
    numbers = {"score": score["value"], "low": score["low"], "high": score["high"]}
    return kept(ctx, "evaluate", recipe, result, numbers, f"Tested {model_words(recipe.chosen)}")


def do_preview(ctx: Context) -> dict[str, Any]:
    """Show what the preparation makes of real rows. Spec: ``recipe``, ``candidate`` (model id)."""
    recipe = recipe_of(ctx)
    path = ctx.workspace.table_path(ctx.project, recipe.source.table)
    rows = np.random.default_rng(recipe.seed).permutation(recipe.source.rows)[:PREVIEW_ROWS]
    frame = read_table(path, rows=np.sort(rows))
    result = preview(recipe, frame, ctx.spec["model"])
    ctx.workspace.put_result(ctx.project, "preview", ctx.spec["key"], result)
    return result
