"""The ``run`` command: from a recipe and a file to a bundle and a report."""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path
from typing import Any

from core.catalog.metrics import ranking_first
from core.checks.finding import Finding
from core.command.outputs import folder
from core.command.run_steps import Run
from core.command.session import Session, existing, session
from core.command.tables import finding_words, lines
from core.data.formats.parquet import read_table
from core.data.reread import words
from core.data.table import Note, Table
from core.engine.job_specs import InspectSpec
from core.errors import FoldlineError
from core.export.model_report import versions
from core.findings import GROUPED, unsettled
from core.recipe.columns import check_formats
from core.recipe.document import Recipe, load
from core.recipe.own_marks import with_own_marks
from core.recipe.rebase import rebased
from core.results.inspect import InspectResult
from core.results.run_report import ReportRow, ReportScore, RunReport, report_rows, report_tuning
from core.standalone.counts import counted, first_of
from core.store.files.atomic import write_bytes
from core.train.judging.validation_score import of_chosen
from core.train.rows.copies import copies_note
from core.train.rows.order import order_note, unused_notes
from core.train.rows.target_words import others, target_note


def fitted(recipe: Recipe, s: Session, data: Path, before: Table | None = None) -> tuple[Recipe, Table]:
    """The recipe on the table that the file gives; a recipe that says how to read its file is obeyed.

    Args:
        before: the table of the recipe, for a file that may be written in another way.

    Raises:
        FoldlineError: ``SCHEMA`` when the file lacks columns of the recipe, and as ``check_formats`` and
            ``read_again``.
    """
    check_formats(recipe)
    is_given = before is None and "read" in recipe.source.model_fields_set
    formats = {column.name: column.format for column in recipe.columns if column.format}
    target = recipe.target if before else ""
    table = s.load(data, recipe.source if is_given else None, target, formats, before)
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
    if before is None:
        return moved, table
    frame = read_table(s.workspace.table_path(s.project, table.id))
    moved, notes = with_own_marks(moved, frame)
    return moved, table.model_copy(update={"notes": (*notes, *table.notes)})


def _unnamed(recipe: Recipe, table: Table) -> tuple[Note, ...]:
    """The columns of the file that the recipe does not name, which no model reads."""
    named = {column.name for column in recipe.columns}
    more = [column.name for column in table.columns if column.name not in named]
    if not more:
        return ()
    listed = first_of(list(map(repr, more)), 5)
    text = f"No model reads {counted(len(more), 'column')} of the file that the recipe lacks: {listed}."
    return (Note(code="NOT_IN_RECIPE", text=text),)


def run_command(asked: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Compare, tune if planned, fit, open the test once; write bundle.zip and report.json.

    Once models were compared the report is written, whatever happens then: it names the parts that failed.
    """
    recipe = load(asked.recipe)
    data, out = existing(asked.data), folder(asked.out)
    with session() as s:
        return run_in(s, recipe, data, out, asked.out)[:2]


def run_in(
    s: Session, recipe: Recipe, data: Path, out: Path, named: Path, before: Table | None = None
) -> tuple[dict[str, Any], str, Run]:
    """A run in a session, as ``run_command``, and what it did.

    Args:
        named: the folder as it was asked for.
        before: as in ``fitted``.
    """
    started = time.perf_counter()
    recipe, table = fitted(recipe, s, data, before)
    inspected = s.ask(InspectResult, InspectSpec(recipe=recipe))
    done = Run(s, recipe)
    notes = (
        *target_note(recipe, table, done.compared.rows.gaps),
        *inspected.unread,
        *_unnamed(recipe, table),
        *copies_note(done.compared.copies),
        *order_note(recipe),
        *unused_notes(recipe, is_run=True),
        *others(table.notes, recipe),
    )
    done.go_on(out)
    carrier = done.compared.carrier
    carried = [carrier.finding] if carrier else []
    report = RunReport(
        **_choices(done.recipe),
        **_findings(done),
        notes=notes,
        findings=(*inspected.findings, *carried),
        seconds=time.perf_counter() - started,
        peak_mb=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    )
    facts = report.model_dump(mode="json")
    write_bytes(out / "report.json", json.dumps(facts, indent=1, allow_nan=False).encode())
    write_bytes(out / "recipe.json", done.recipe.to_json().encode())
    problems = unsettled(inspected.findings, done.recipe.accepted)
    roles = {column.name for column in recipe.columns if column.role in ("target", "group", "time")}
    about = [one for one in inspected.findings if one.column in roles or one.code == GROUPED]
    doubts = [one for one in about if one not in problems]
    return facts, _words(report, problems, out, named, doubts), done


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


def _findings(done: Run) -> dict[str, Any]:
    compared, tested, rows = done.compared, done.tested, done.compared.rows
    score = of_chosen(done.recipe, compared, done.tuned)
    tests = ranking_first(tested.scores, done.recipe.metric) if tested else {}
    return {
        "leaderboard": report_rows(compared),
        "cv_score": score
        and ReportScore(mean=score.mean, std=score.std, ci=(score.low, score.high), why=score.why),
        "tuning": report_tuning(done.tuned),
        "test": {name: s.alone for name, s in tests.items()},
        "baseline": {name: s.baseline for name, s in tests.items()},
        "test_opened": tested.opened if tested else 0,
        "importance": tested.importance if tested else {},
        "validation": compared.words,
        "without_target": rows.without_target,
        "repeated": rows.repeated,
        "conclusion": done.conclusion,
        "left_out": (
            *compared.left_out,
            *(tested.left_out if tested else ()),
            *(done.exported.report.left_out if done.exported else ()),
        ),
        "failed": done.failed,
        "rows": done.exported.report.rows if done.exported else rows.train + rows.test,
        "columns": len(done.recipe.inputs),
        "versions": versions(),
        "advice": done.exported.report.advice if done.exported else None,
    }


def _words(report: RunReport, problems: list[Finding], out: Path, named: Path, doubts: list[Finding]) -> str:
    rows = [(row.rank, row.label, row.mean, *row.ci, row.status) for row in report.leaderboard]
    table = lines(("rank", "model", report.metric, "low", "high", "status"), rows)
    failed = [f"FAILED {one.part}: {one.code}: {one.problem} {one.hint}".rstrip() for one in report.failed]
    if any(one.part == "export" for one in report.failed) and (out / "bundle.zip").exists():
        failed.append("The bundle.zip in the folder is that of an earlier run.")
    failed += [_why(row) for row in report.leaderboard if row.error is not None]
    noted = [f"note {note.code}: {note.text}" for note in report.notes]
    worst = [f"PROBLEM, not mended: {p.code} {p.column}: {p.reason}" for p in problems]
    advised = [report.advice.words] if report.advice else []
    left_out = [f"note {one.code}: no {one.part}. {one.problem}" for one in report.left_out]
    board = [report.validation, *table, report.conclusion]
    said = [
        *failed,
        *worst,
        *finding_words(doubts),
        *advised,
        *noted,
        *board,
        *_test_words(report),
        *left_out,
        f"Written to {named}.",
    ]
    return "\n".join(said)


def _why(row: ReportRow) -> str:
    """Why a model is not ranked."""
    error = row.error
    return f"FAILED {row.label}: {error.code}: {error.problem} {error.hint}".rstrip() if error else ""


def _test_words(report: RunReport) -> list[str]:
    score = report.test.get(report.metric)
    if score is None:
        return []
    if score.value is None:
        return [f"Test {report.metric} of {report.chosen}: not defined here."]
    ends = f"no interval: {score.why}" if score.low is None else f"{score.low:.4f} to {score.high:.4f}"
    return [f"Test {report.metric} of {report.chosen}: {score.value:.4f} ({ends})."]
