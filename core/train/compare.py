"""Compare candidates: every one on every fold, the same rows for all, and an honest leaderboard."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from core.build import estimator
from core.catalog.metrics import METRICS
from core.catalog.models import MODELS, baseline_for
from core.errors import FoldlineError
from core.plan import Plan, plan
from core.recipe.document import Candidate
from core.recipe.fingerprint import fingerprint
from core.results.compare import BoardRow, CompareResult, RowCounts
from core.spec import Metric
from core.train.board import board, judged, row_scores, sizes
from core.train.folds.matrices import cache_key
from core.train.folds.runner import Progress, Runner
from core.train.folds.unit import Unit, prepare_unit, run_unit, unit_of
from core.train.ranking.contributions import Judged
from core.train.ranking.interval import possible
from core.train.ranking.leaderboard import Row
from core.train.tried import Tried
from core.train.work import Work


def _plain(value: Any) -> Any:
    return None if value is None or (isinstance(value, float) and not np.isfinite(value)) else value


def row_facts(row: Row, metric: Metric) -> BoardRow:
    """A leaderboard row as it is stored: what is not available is None; the interval ends where scores do."""
    facts = {name: _plain(value) for name, value in asdict(row).items()}
    if facts["low"] is not None and facts["high"] is not None:
        facts["low"], facts["high"] = possible(facts["low"], facts["high"], metric)
    return BoardRow.model_validate(facts)


def _ordered(work: Work, candidates: Sequence[Candidate]) -> list[Unit]:
    """Quick candidates first so that the board fills at once, then the slowest so that none is left over."""
    quick = [c for c in candidates if MODELS[c.model].cost <= 1]
    slow = sorted((c for c in candidates if MODELS[c.model].cost > 1), key=lambda c: -MODELS[c.model].cost)
    folds = range(len(work.split.folds))
    return [unit_of(work, c.id, c, fold) for c in (*quick, *slow) for fold in folds]


def _prepare(work: Work, resolved: dict[str, Plan], run: Runner) -> dict[str, dict[str, str]]:
    """Fill the fold cache; candidate id -> error of those whose preparation fails."""
    candidates = {one.id: one for one in work.recipe.candidates}
    units: dict[str, Unit] = {}
    for key, one in resolved.items():
        for fold, (fit, valid) in enumerate(work.split.folds):
            entry = cache_key(one, work.recipe.source.table, fit, valid)
            if entry not in units:
                units[entry] = unit_of(work, key, candidates[key], fold)
    missing = [unit for entry, unit in units.items() if not work.resources.cache.has(entry)]
    return {outcome.unit.key: outcome.error for outcome in run.run(prepare_unit, missing) if outcome.error}


def _resolve(work: Work, tried: dict[str, Tried]) -> dict[str, Plan]:
    resolved = {}
    for key, one in tried.items():
        try:
            made = plan(work.recipe, one.candidate)
            estimator(work.recipe, one.candidate, made.coded)  # wrong settings show before anything is fitted
            resolved[key] = made
        except FoldlineError as error:
            one.error = error.as_dict()
    return resolved


def compare(work: Work, progress: Progress, run: Runner) -> tuple[CompareResult, dict[str, Tried]]:
    """Fit and score every candidate of the recipe on every fold.

    A candidate that fails is a row with its reason. When it is stopped, the finished candidates are ranked.

    Args:
        run: has the resources that gave the work, or the same elsewhere.

    Returns:
        The result, and the candidates with their validation predictions.

    Raises:
        FoldlineError: ``CANDIDATES`` when there are none.
    """
    started = time.perf_counter()
    folds = len(work.split.folds)
    tried = {c.id: Tried(c, folds) for c in work.recipe.candidates}
    if not tried:
        raise FoldlineError(
            "CANDIDATES", "No model is chosen for the comparison.", "Choose at least one model."
        )
    resolved = _resolve(work, tried)
    progress.progress(0, len(tried) * folds, "Preparing the folds")
    failed, validated = _prepare(work, resolved, run), judged(work)
    for key, error in failed.items():
        tried[key].error = error
    units = _ordered(work, [tried[key].candidate for key in resolved if not tried[key].error])
    lead: str | None = None
    for done, outcome in enumerate(run.run(run_unit, units), start=1):
        one = tried[outcome.unit.key]
        one.cpu_seconds += outcome.cpu
        one.peak_mb = max(one.peak_mb, outcome.peak_mb)
        if outcome.value is None:
            one.error = one.error or outcome.error
        else:
            one.take(outcome.unit.fold, outcome.value)
        if one.error or one.finished == folds:
            lead = _tell(work, validated, progress, tried, one)
        progress.progress(
            done, len(units), f"{MODELS[one.candidate.model].label}, fold {outcome.unit.fold + 1}"
        )
    return _result(work, validated, tried, time.perf_counter() - started, lead), tried


def _tell(
    work: Work, validated: Judged, progress: Progress, tried: dict[str, Tried], one: Tried
) -> str | None:
    rows = board(work, validated, list(tried.values()))
    metric = METRICS[work.recipe.metric]
    progress.event("board", candidate=one.facts(), board=[row_facts(row, metric) for row in rows])
    return rows[0].id if rows else None


def _result(
    work: Work, validated: Judged, tried: dict[str, Tried], seconds: float, lead: str | None
) -> CompareResult:
    recipe, split, target = work.recipe, work.split, work.target
    metric, ranked = METRICS[recipe.metric], board(work, validated, list(tried.values()))
    return CompareResult(
        task=recipe.task,
        metric=recipe.metric,
        better=metric.better,
        target=recipe.target,
        classes=tuple(map(str, target.classes)),
        table=recipe.source.table,
        fingerprint=fingerprint(recipe, "compare"),
        split=fingerprint(recipe, "split"),
        words=split.words,
        rows=RowCounts(
            train=len(split.train),
            test=len(split.test),
            without_target=target.without,
            repeated=target.repeated,
            gaps=dict(target.gaps),
        ),
        sizes=tuple(sizes(work)),
        baseline=baseline_for(recipe.task),
        candidates=tuple(one.facts() for one in tried.values()),
        board=tuple(row_facts(row, metric) for row in ranked),
        best=lead,
        judged_by="rows",
        best_rows=row_scores(validated, tried[ranked[0].id]) if ranked else None,
        margin=recipe.margin,
        seconds=seconds,
        cpu_seconds=sum(one.cpu_seconds for one in tried.values()),
    )
