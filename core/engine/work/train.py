"""Jobs that train: compare, tune, evaluate, and preview what the preparation does."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from core.catalog.models import MODELS
from core.engine.context import Context
from core.engine.job_kinds import job_kind
from core.engine.job_specs import PreviewSpec, RecipeSpec, ValidateSpec
from core.engine.resources import resources_of
from core.engine.work.inputs import predictions_of, runner, work_of
from core.recipe.columns import columns_of
from core.recipe.difference import model_words
from core.recipe.document import Recipe
from core.recipe.split import test_key
from core.results.base import RunResult
from core.results.compare import CompareResult
from core.results.evaluate import EvaluateResult
from core.results.parts import Parts
from core.results.preview import PreviewResult
from core.results.tune import NoGain, TuneResult
from core.results.validate import ValidateResult
from core.standalone.counts import counted
from core.store.files.atomic import disk_errors
from core.train.compare import compare
from core.train.folds.fold_predictions import FOLDS, write_predictions
from core.train.judging.carrier import carrier_of
from core.train.judging.out_of_fold import validate, validation_thresholds
from core.train.judging.test_set import judge
from core.train.judging.too_good import doubt_of
from core.train.judging.validation_score import of_search
from core.train.preview import preview, preview_rows
from core.train.ranking.wording import lead_words
from core.train.rows.copies import copies_across
from core.train.rows.opened import locked_rows, looks_at
from core.train.tune import tune
from core.train.work import frame_of, split_of

K = TypeVar("K", bound=RunResult)


def do_compare(ctx: Context, spec: RecipeSpec) -> CompareResult:
    """Compare the recipe's candidates."""
    work = work_of(ctx, spec.recipe)
    result, tried = compare(work, ctx, runner(ctx, work))
    files, parts = {}, Parts()
    predictions = {key: one.predictions for key, one in tried.items() if one.status == "done"}

    def written() -> Path:
        with disk_errors(ctx.folder / FOLDS):
            write_predictions(ctx.folder / FOLDS, work, predictions)
        return ctx.folder / FOLDS

    if predictions and (path := parts.of("validation predictions", written, None)):
        files[FOLDS] = path
    unfinished = any(one.status == "stopped" for one in result.candidates)
    cut_by = ctx.stopped_by if unfinished else ""
    columns = columns_of(spec.recipe, ctx.workspace.table(ctx.project, spec.recipe.source.table))
    doubt = parts.of("look at the best score", lambda: doubt_of(work, tried, result.best or "", columns), "")
    copies = parts.of("copies across the split", lambda: copies_across(work, columns).words, "")
    carrier = parts.of("look at one column", lambda: carrier_of(work, tried, result.best or "", ctx), None)
    changes: dict[str, Any] = {
        "copies": copies,
        "left_out": tuple(parts.failed),
        "cut_by": cut_by,
        "doubt": doubt,
        "carrier": carrier,
    }
    result = result.model_copy(update=changes)
    best = result.board[0] if result.board else None
    ends = (best.mean, best.low, best.high) if best else (None, None, None)
    numbers = dict(zip(("score", "low", "high"), ends, strict=True))
    return keep(ctx, "compare", spec.recipe, result, numbers, lead_words(result), files)


def do_tune(ctx: Context, spec: RecipeSpec) -> TuneResult:
    """Search the hyperparameters of the recipe's model."""
    work = work_of(ctx, spec.recipe)
    result = tune(work, ctx, runner(ctx, work))
    if result.cut_by == "stop" and ctx.stopped_by == "time":
        result = result.model_copy(update={"cut_by": "time"})
    gain = None if isinstance(result.gain, NoGain) else result.gain.mean
    score = of_search(result)
    numbers = {"score": score.mean, "low": score.low, "high": score.high, "gain": gain}
    label = f"Tuned {MODELS[result.model].label}, {counted(len(result.trials), 'trial')}"
    return keep(ctx, "tune", spec.recipe, result, numbers, label)


def do_validate(ctx: Context, spec: ValidateSpec) -> ValidateResult:
    """Judge the chosen model on validation rows; the test set stays locked."""
    work = work_of(ctx, spec.recipe)
    result = validate(work, predictions_of(ctx, spec.recipe), ctx, runner(ctx, work))
    ctx.workspace.put_result(ctx.project, result.KIND, spec.key, result)
    return result


def do_evaluate(ctx: Context, spec: RecipeSpec) -> EvaluateResult:
    """Open the locked test set for the chosen model; the opening is counted when its scores are kept."""
    return evaluated(ctx, spec.recipe)


def evaluated(ctx: Context, recipe: Recipe, aside: bool = False) -> EvaluateResult:
    """What the locked test set says of a recipe's model, kept as a run.

    Args:
        aside: for a model beside the project's own, whose newest result stays the newest.
    """
    work = work_of(ctx, recipe)
    kept_folds, run = predictions_of(ctx, recipe), runner(ctx, work)
    facts = judge(work, ctx, lambda: validation_thresholds(work, kept_folds, run))
    rows = locked_rows(recipe, work.resources.read, work.split.test)
    before = looks_at(rows, ctx.workspace.openings(ctx.project), ctx.workspace.tables(ctx.project))
    facts |= {"opened": len(before.at) + 1, "opened_rows": before.rows, "opened_unknown": before.unknown}
    with ctx.workspace.opening(ctx.project, test_key(recipe), rows.masks):
        result = EvaluateResult.model_validate(facts)
        score = result.scores[recipe.metric]
        numbers = {"score": score.value, "low": score.low, "high": score.high}
        label = f"Tested {model_words(recipe.chosen)}"
        return keep(ctx, "evaluate", recipe, result, numbers, label, aside=aside)


def do_preview(ctx: Context, spec: PreviewSpec) -> PreviewResult:
    """Show what the preparation for a model makes of some real rows."""
    recipe = spec.recipe
    read = resources_of(ctx.workspace, ctx.project).read
    frame = frame_of(recipe, read, rows=preview_rows(recipe, split_of(recipe, read)[1].train))
    result = preview(recipe, frame, spec.model)
    ctx.workspace.put_result(ctx.project, result.KIND, spec.key, result)
    return result


def keep(
    ctx: Context,
    kind: str,
    recipe: Recipe,
    result: K,
    numbers: dict[str, Any],
    label: str,
    files: dict[str, Path] | None = None,
    aside: bool = False,
) -> K:
    """The result with the id of the run it is kept as; it is also the newest of its kind, unless ``aside``.

    Args:
        numbers: what a list of runs shows beside the metric: score, and low and high or gain.
    """
    mark = result.fingerprint
    run = ctx.workspace.add_run(
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
    result = result.model_copy(update={"run": run})
    ctx.workspace.put_result(ctx.project, kind, mark, result)
    if not aside:
        ctx.workspace.put(ctx.project, job_kind(kind).newest, mark)
    return result
