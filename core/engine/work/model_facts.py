"""What is known of a recipe's model when it leaves: scores, importance, and the profile of its rows."""

from __future__ import annotations

import importlib.metadata
from datetime import UTC, datetime
from typing import Any

from sklearn.pipeline import Pipeline

from core.drift.profile.build import reference_profile
from core.engine.context import Context
from core.engine.work.inputs import test_key
from core.evaluate.prediction import Prediction
from core.recipe.document import ColumnChoice, Recipe
from core.recipe.fingerprint import fingerprint
from core.train.fit import predict_rows
from core.train.fold_cache import Work

PACKAGES = ("numpy", "pandas", "scikit-learn", "lightgbm", "skops")


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
        found = mine if mine and mine["mean"] is not None else None
        return found and {"value": found["mean"], "low": found["low"], "high": found["high"]}
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


def watched(recipe: Recipe) -> list[ColumnChoice]:
    """The columns that are compared for a recipe: what the model reads."""
    fed = {name for step in recipe.features for name in step.columns}
    return [c for c in recipe.columns if c.role != "target" and (c in recipe.inputs or c.name in fed)]


def stated(prediction: Prediction) -> dict[str, Any]:
    """A prediction as the drift profile takes it: task, scores, labels."""
    if prediction.task == "regression":
        return {"task": prediction.task, "scores": prediction.labels}
    scores = None if prediction.proba is None or prediction.task != "binary" else prediction.proba[:, -1]
    return {"task": prediction.task, "scores": scores, "labels": prediction.labels}


def held_out(ctx: Context, work: Work, report: dict[str, Any], fitted: Pipeline) -> dict[str, Any]:
    """The profile of the training rows, with what a model said of the held-out rows.

    Args:
        fitted: the recipe's pipeline, fitted on the training part only.
    """
    recipe = work.recipe
    said = predict_rows(work, fitted, work.division.test)
    _, tested = known_scores(ctx, recipe)
    found = report["test"].get(recipe.metric)
    metric = found and {"name": recipe.metric, **found}
    wanted = [*watched(recipe), recipe.column(recipe.target)]
    profile = reference_profile(
        work.frame.iloc[work.target.rows],
        wanted,
        predictions=stated(said),
        target=recipe.target,
        importance=weights(tested),
        metric=metric,
        seed=recipe.seed,
        decimal=recipe.source.read.decimal,
        others=[column.name for column in recipe.columns],
        time=next(iter(recipe.with_role("time")), None),
    )
    return profile.to_dict()
