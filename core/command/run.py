"""The ``run`` command: from a recipe and a file to a bundle and a report."""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import time
from pathlib import Path
from typing import Any

from core.checks.finding import Finding
from core.command.outputs import folder
from core.command.session import Session, existing, session
from core.command.tables import lines
from core.data.reread import words
from core.data.table import Table
from core.engine.job_specs import ExportSpec, InspectSpec, RecipeSpec
from core.errors import FoldlineError
from core.findings import unsettled
from core.recipe import edits
from core.recipe.document import Recipe, load
from core.recipe.rebase import rebased
from core.results.bundle import ExportResult
from core.results.compare import CompareResult
from core.results.evaluate import EvaluateResult
from core.results.inspect import InspectResult
from core.results.run_report import ReportScore, RunReport, report_rows, report_tuning
from core.results.tune import TuneResult
from core.store.files.atomic import write_bytes
from core.train.target_words import target_note
from core.train.validation_score import of_chosen


def fitted(recipe: Recipe, s: Session, data: Path) -> tuple[Recipe, Table]:
    """The recipe on the table that the file gives; a recipe that says how to read its file is obeyed.

    Raises:
        FoldlineError: ``SCHEMA`` when the file lacks columns of the recipe, and as ``read_again``.
    """
    is_given = "read" in recipe.source.model_fields_set
    table = s.load(data, recipe.source if is_given else None)
    moved = rebased(recipe, table)
    if moved is None:
        names = {column.name for column in table.columns}
        lacking = [c.name for c in recipe.columns if c.name not in names]
        problem = (
            f"{data.name} lacks the columns {', '.join(map(repr, lacking[:5]))}."
            if lacking
            else "There is no target."
        )
        how = f"The recipe reads its file with {words(recipe.source.read)}. " if is_given and lacking else ""
        hint = f"{how}Give the file that the recipe was written for."
        raise FoldlineError("SCHEMA", problem, hint, data.name)
    return moved, table


def pick(compared: CompareResult, recipe: Recipe) -> Recipe:
    """The recipe with its model: the one it names, else the first of the leaderboard.

    Raises:
        FoldlineError: ``CANDIDATES`` when every candidate failed.
    """
    if recipe.chosen is not None:
        return recipe
    if not compared.board:
        reason = next((c.error.problem for c in compared.candidates if c.error), "")
        raise FoldlineError(
            "CANDIDATES", f"Every model failed. {reason}", "Look at the reasons and change the recipe."
        )
    best = compared.board[0].id
    candidate = next(c for c in recipe.candidates if c.id == best)
    return edits.choose(recipe, candidate.model, candidate.id, **candidate.params)


def run_command(asked: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Compare, tune if planned, fit, open the test once; write bundle.zip and report.json."""
    started = time.perf_counter()
    recipe = load(asked.recipe)
    data, out = existing(asked.data), folder(asked.out)
    with session() as s:
        recipe, table = fitted(recipe, s, data)
        inspected = s.ask(InspectResult, InspectSpec(recipe=recipe))
        compared = s.ask(CompareResult, RecipeSpec(recipe=recipe))
        notes = (*target_note(recipe, table, compared.rows.gaps), *table.notes)
        recipe = pick(compared, recipe)
        tuned = None
        if recipe.tuning.planned:
            tuned = s.ask(TuneResult, RecipeSpec(recipe=recipe))
            recipe = edits.choose(recipe, tuned.model, "tuned", **tuned.best.all_params)
        tested = s.ask(EvaluateResult, RecipeSpec(recipe=recipe))
        exported = s.ask(ExportResult, ExportSpec(recipe=recipe))
        shutil.copyfile(s.workspace.result_file(s.project, exported.result, "bundle.zip"), out / "bundle.zip")
    report = RunReport(
        **_choices(recipe),
        **_findings(recipe, compared, tuned, tested, exported),
        notes=notes,
        findings=inspected.findings,
        seconds=time.perf_counter() - started,
        peak_mb=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    )
    facts = report.model_dump(mode="json")
    write_bytes(out / "report.json", json.dumps(facts, indent=1, allow_nan=False).encode())
    write_bytes(out / "recipe.json", recipe.to_json().encode())
    return facts, _words(report, unsettled(inspected.findings, recipe.accepted), asked.out)


def _choices(recipe: Recipe) -> dict[str, Any]:
    chosen = recipe.chosen
    return {
        "task": recipe.task,
        "metric": recipe.metric,
        "target": recipe.target,
        "chosen": chosen and chosen.id,
        "model": chosen,
        "seed": recipe.seed,
    }


def _findings(
    recipe: Recipe,
    compared: CompareResult,
    tuned: TuneResult | None,
    tested: EvaluateResult,
    exported: ExportResult,
) -> dict[str, Any]:
    score = of_chosen(recipe, compared, tuned)
    return {
        "leaderboard": report_rows(compared),
        "cv_score": score and ReportScore(mean=score.mean, std=score.std, ci=(score.low, score.high)),
        "tuning": report_tuning(tuned),
        "test": {name: s.alone for name, s in tested.scores.items()},
        "baseline": {name: s.baseline for name, s in tested.scores.items()},
        "test_opened": tested.opened,
        "importance": tested.importance,
        "validation": compared.words,
        "without_target": compared.rows.without_target,
        "rows": exported.report.rows,
        "columns": exported.report.columns,
        "versions": exported.report.versions,
        "advice": exported.report.advice,
    }


def _words(report: RunReport, problems: list[Finding], out: Path) -> str:
    rows = [(row.rank, row.label, row.mean, *row.ci, row.status) for row in report.leaderboard]
    table = lines(("rank", "model", report.metric, "low", "high", "status"), rows)
    score = report.test[report.metric]
    ends = f"{score.low:.4f} to {score.high:.4f}" if score.low is not None else f"no interval: {score.why}"
    test = f"Test {report.metric} of {report.chosen}: {score.value:.4f} ({ends})."
    noted = [f"note {note.code}: {note.text}" for note in report.notes]
    worst = [f"PROBLEM, not mended: {p.code} {p.column}: {p.reason}" for p in problems]
    advised = [report.advice.words] if report.advice else []
    return "\n".join([*worst, *advised, *noted, report.validation, *table, test, f"Written to {out}."])
