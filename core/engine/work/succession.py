"""The jobs that find a deployment its next model: train one on what came, test it against the champion."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pandas as pd

from core.catalog.metrics import METRICS
from core.data.formats.parquet import read_table, write_table
from core.data.stacked import stacked
from core.data.table import Note, Table
from core.deployment.deployment import Deployment
from core.deployment.folder import DeploymentFolder
from core.deployment.labelled_rows import labelled_rows
from core.deployment.model_entries import Retrained
from core.deployment.succession import evidence_of, join_challenger, note_contest
from core.deployment.succession_results import ContestResult, SucceedResult
from core.digits import number, span
from core.engine.contest_specs import ChallengeSpec
from core.engine.context import Context
from core.engine.job_specs import BundlePath, ExportSpec, PathFile, ReadSpec
from core.engine.round_specs import DeploymentId, DeploymentPath
from core.engine.succession_specs import ContestSpec, SucceedSpec
from core.engine.work.bundle import write
from core.engine.work.challenge import do_challenge
from core.engine.work.data import store_table
from core.engine.work.deploy import folder_of
from core.engine.work.inputs import work_of
from core.engine.work.train import evaluated
from core.errors import FoldlineError
from core.export.bundle.open import Bundle, open_bundle
from core.recipe.difference import model_words
from core.recipe.document import Recipe
from core.recipe.rebase import rebased
from core.results.evaluate import EvaluateResult
from core.standalone.counts import counted
from core.store.models import BUNDLE
from core.train.rows.target import as_learned
from core.watch.overlap import overlap_of


@dataclass(frozen=True, eq=False)
class At:
    """A deployment as it is when a job begins."""

    folder: DeploymentFolder
    now: Deployment
    bundle: Bundle


def deployment_at(ctx: Context, where: DeploymentPath | DeploymentId) -> At:
    """The deployment, with its model at work opened.

    Raises:
        FoldlineError: ``DEPLOYMENT`` as ``folder_of`` and ``Deployment.working``; as ``open_bundle``.
    """
    folder = DeploymentFolder(folder_of(ctx, where))
    now = folder.state()
    return At(folder, now, open_bundle(folder.model(now.working())))


def do_succeed(ctx: Context, spec: SucceedSpec) -> SucceedResult:
    """Train the champion's recipe on labelled rows of batches, test it once, let it join as a challenger."""
    ctx.progress(0, 4, "Gathering labelled rows")
    at = deployment_at(ctx, spec.at)
    rows = labelled_rows(at.folder, at.now, at.bundle, spec.batches)
    table, notes = table_of(ctx, at, rows, spec.with_training)
    recipe = recipe_on(at.bundle, table)
    ctx.progress(1, 4, "Judging it on test rows")
    tested = evaluated(ctx, recipe, aside=True)
    ctx.progress(2, 4, "Fitting and packing")
    path = ctx.folder / BUNDLE
    write(ctx, ExportSpec(recipe=recipe, part="all"), work_of(ctx, recipe), path)
    label = f"{model_words(recipe.chosen)}, {table.name}"
    model = join_challenger(at.folder, path, label, spec.by)
    text = _score_words(recipe, tested)
    entry = Retrained(model=model, parent=at.now.champion, data=table.id, rows=table.rows, text=text)
    at.folder.append(spec.by, entry)
    return SucceedResult(
        deployment=at.now.name,
        model=model,
        label=label,
        table=table.id,
        rows=table.rows,
        text=text,
        notes=notes,
    )


def table_of(ctx: Context, at: At, rows: pd.DataFrame, with_training: bool) -> tuple[Table, tuple[Note, ...]]:
    """Labelled rows as a table of the project, below the training table where that is asked for.

    Raises:
        FoldlineError: ``TABLE`` when the project does not hold that; ``LABELS`` when it has all the rows.
    """
    if not with_training:
        return _stored(ctx, rows, _named(at, rows)), ()
    held = {table.id: table for table in ctx.workspace.tables(ctx.project)}
    before = held.get(at.bundle.recipe.source.table)
    if before is None:
        hint = "Load it on the Data page, or train on the labelled rows alone."
        raise FoldlineError(
            "TABLE", "The project does not hold the table that the champion learned from.", hint
        )
    rows, known = _unlearned(at, rows)
    came = _stored(ctx, rows, _named(at, rows))
    parts = [(one, read_table(ctx.workspace.table_path(ctx.project, one.id))) for one in (before, came)]
    joined, notes = stacked(parts[0], parts[1])
    return _stored(ctx, joined, f"{before.name} and {came.name}"), (*known, *notes)


def _named(at: At, rows: pd.DataFrame) -> str:
    return f"{counted(len(rows), 'labelled row')} of {at.now.name}"


def _unlearned(at: At, rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """The rows without those of the champion's own training table, which would be there twice."""
    overlap = overlap_of(at.bundle, as_learned(at.bundle.recipe, rows))
    if overlap.code:
        text = "Whether the training table holds rows of the batches cannot be told; they may count twice."
        return rows, (Note(code=overlap.code, text=text),)
    many = int(overlap.rows.sum())
    if many == len(rows):
        problem = "The model at work has learned from all of these rows already."
        raise FoldlineError("LABELS", problem, "Choose batches that came later.", at.now.name)
    if not many:
        return rows, ()
    text = f"{counted(many, 'labelled row', 'is')} left out: the training table has them already."
    return rows[~overlap.rows].reset_index(drop=True), (Note(code="LEARNED_ROWS", text=text),)


def _stored(ctx: Context, rows: pd.DataFrame, name: str) -> Table:
    path = ctx.folder / "labelled_rows.parquet"
    write_table(rows, path)
    return store_table(ctx, ReadSpec(path=str(path), name=name, adopt=False, own=True))[0]


def recipe_on(bundle: Bundle, table: Table) -> Recipe:
    """The champion's recipe on that table.

    Raises:
        FoldlineError: ``SCHEMA`` when the table lacks columns of it.
    """
    moved = rebased(bundle.recipe, table)
    if moved is not None:
        return moved
    there = {column.name for column in table.columns}
    lacking = [one.name for one in bundle.recipe.columns if one.name not in there]
    problem = f"The batches lack columns that the recipe uses: {', '.join(map(repr, lacking[:5]))}."
    raise FoldlineError("SCHEMA", problem, "Train on other batches, or on a file that has them.")


def _score_words(recipe: Recipe, tested: EvaluateResult) -> str:
    score = tested.scores[recipe.metric]
    ends = span(score.low, score.high, score.value)
    value = number(score.value, score.low, score.high)
    return f"{METRICS[recipe.metric].label} {value}{f' ({ends})' if ends else ''} on its own test rows."


def do_contest(ctx: Context, spec: ContestSpec) -> ContestResult:
    """Test a challenger against the champion on labelled rows of batches, and note it in the log."""
    at = deployment_at(ctx, spec.at)
    if spec.challenger not in at.now.challengers:
        raise FoldlineError(
            "DEPLOYMENT", "This model is no challenger here.", "Look at the deployment again."
        )
    rows = labelled_rows(at.folder, at.now, at.bundle, spec.batches, as_labelled=True)
    path = ctx.folder / "contest.parquet"
    write_table(rows, path)
    compared = do_challenge(ctx, _challenge(at, spec, path))
    evidence = evidence_of(compared, sha256(path.read_bytes()).hexdigest())
    note_contest(at.folder, spec.challenger, evidence, spec.by)
    return ContestResult(
        deployment=at.now.name,
        champion=at.now.champion,
        challenger=spec.challenger,
        evidence=evidence,
        compared=compared,
    )


def _challenge(at: At, spec: ContestSpec, path: Path) -> ChallengeSpec:
    return ChallengeSpec(
        champion=BundlePath(bundle=str(at.folder.model(at.now.champion))),
        challenger=BundlePath(bundle=str(at.folder.model(spec.challenger))),
        data=PathFile(path=str(path), name=path.name),
        metric=spec.metric,
        peek=True,
    )
