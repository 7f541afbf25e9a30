"""The job that rehearses when to retrain the model of a deployment, on a labelled history."""

from __future__ import annotations

from core.data.table import Note, Table
from core.deployment.labelled_rows import labelled_rows
from core.deployment.succession_results import ReplayResult
from core.engine.contest_specs import RehearseSpec
from core.engine.context import Context
from core.engine.job_specs import TableRows
from core.engine.succession_specs import ReplaySpec
from core.engine.work.rehearse import played_again
from core.engine.work.succession import At, deployment_at, recipe_on, table_of
from core.watch.decision.thresholds import policy_from


def do_replay(ctx: Context, spec: ReplaySpec) -> ReplayResult:
    """Play a history again with the recipe of the model at work and the plan's rule."""
    ctx.progress(0, 1, "Gathering labelled rows")
    at = deployment_at(ctx, spec.at)
    table, notes = _history(ctx, at, spec)
    asked = RehearseSpec(
        recipe=recipe_on(at.bundle, table),
        first=spec.first,
        windows=spec.windows,
        delay=spec.delay,
        newest=spec.newest,
        policy=policy_from(at.now.plan.policy),
    )
    played = played_again(ctx, asked)
    result = ReplayResult(
        deployment=at.now.name,
        folder=str(at.folder.root),
        model=at.now.champion,
        history=table.name,
        played=played.model_copy(update={"notes": (*notes, *played.notes)}),
    )
    ctx.workspace.put_result(ctx.project, result.KIND, ctx.job, result)
    return result


def _history(ctx: Context, at: At, spec: ReplaySpec) -> tuple[Table, tuple[Note, ...]]:
    if isinstance(spec.history, TableRows):
        return ctx.workspace.table(ctx.project, spec.history.table), ()
    rows = labelled_rows(at.folder, at.now, at.bundle, as_labelled=False)
    return table_of(ctx, at, rows, spec.history == "training and batches")
