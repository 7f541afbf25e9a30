"""The job that runs a round of a deployment."""

from __future__ import annotations

import pandas as pd

from core.deployment.labelling import ArrivedLabels
from core.deployment.result import RoundResult
from core.deployment.round import Round
from core.deployment.scoring import Arrived
from core.deployment.serving_spool import owned, waiting_files
from core.engine.context import Context
from core.engine.job_specs import KeptFile, PathFile, RowSource, TableRows
from core.engine.round_specs import RoundSpec
from core.engine.work.deploy import folder_of
from core.engine.work.new_rows import rows_of
from core.errors import FoldlineError

UNREADABLE = ("SOURCE", "TABLE")
"""Codes that say that there are no rows to read at all, and nothing about those that came."""


def do_round(ctx: Context, spec: RoundSpec) -> RoundResult:
    """Score a batch, join labels, run the checks."""
    if spec.data is None and spec.labels is None and not spec.served:
        raise FoldlineError("NO_ROWS", "Neither rows nor labels were given.", "Give a file of one of them.")
    ctx.progress(0, 3, "Opening the model")
    going = Round(folder_of(ctx, spec.at), spec.by)
    batch = spec.batch
    if spec.served:
        _take_in(going)
    if spec.data is not None:
        ctx.progress(1, 3, "Scoring and comparing")
        scored = going.score(_arrived(ctx, going, spec.data))
        batch = batch or ("" if spec.key else scored)
    if spec.labels is not None:
        ctx.progress(2, 3, "Joining labels")
        labels = rows_of(ctx, spec.labels, going.champion.earlier, trim=False)
        going.label(ArrivedLabels(labels.frame, spec.key, batch))
    result = going.result()
    ctx.workspace.put_result(ctx.project, result.KIND, ctx.job, result)
    return result


def _take_in(going: Round) -> None:
    """Makes batches of what services have left, but for what they are writing or others take in."""
    for path in waiting_files(going.folder.root):
        with owned(path) as mine:
            if mine:
                going.take_in(path)


def _arrived(ctx: Context, going: Round, source: RowSource) -> Arrived:
    """The rows that came; a file that cannot be read is a batch too, of none."""
    name = _name(ctx, source)
    try:
        rows = rows_of(ctx, source, going.champion.earlier)
    except FoldlineError as problem:
        if problem.code in UNREADABLE:
            raise
        return Arrived(pd.DataFrame(), name, problem=problem)
    return Arrived(rows.frame, name, rows.notes)


def _name(ctx: Context, source: RowSource) -> str:
    if isinstance(source, PathFile | KeptFile):
        return source.name
    if isinstance(source, TableRows):
        return ctx.workspace.table(ctx.project, source.table).name
    return "typed rows"
