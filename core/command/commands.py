"""What each command does; every one runs the app's own jobs and gives JSON-ready facts and words."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.command.outputs import new_file
from core.command.run import run_command
from core.command.session import existing, session
from core.command.tables import lines
from core.data.formats.parquet import read_table
from core.errors import FoldlineError
from core.recipe.fingerprint import fingerprint
from core.recipe.first import suggested
from core.store.files.atomic import write_bytes
from core.train.split import divide
from core.train.target import target_of
from core.watch.judge.grouped_findings import noticed
from core.watch.result import DriftResult

Answer = tuple[dict[str, Any], str]
FORMATS = {".csv": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}


def suggest_command(asked: argparse.Namespace) -> Answer:
    """Write the recipe that fits a file."""
    out = new_file(asked.out)
    with session() as s:
        table = s.load(asked.data)
        frame = read_table(s.workspace.table_path(s.project, table.id))
        recipe = suggested(table, frame, asked.target, task=asked.task, time=asked.time, group=asked.group)
        words = divide(recipe, frame, target_of(recipe, frame)).words
    write_bytes(out, recipe.to_json().encode())
    facts = {
        "recipe": str(asked.out),
        "task": recipe.task,
        "target": recipe.target,
        "positive": recipe.positive,
        "metric": recipe.metric,
        "rows": table.rows,
        "columns": [column.model_dump(mode="json") for column in recipe.columns],
        "candidates": [candidate.id for candidate in recipe.candidates],
        "validation": words,
    }
    told = f"{recipe.task}, target {recipe.target}, ranked by {recipe.metric}."
    return facts, "\n".join([told, words, f"Written to {asked.out}."])


def predict_command(asked: argparse.Namespace) -> Answer:
    """Predict a file with a bundle."""
    form = FORMATS.get(asked.out.suffix.lower())
    if form is None:
        raise FoldlineError(
            "FORMAT", f"{asked.out.name} is not a known kind of file.", "Use .csv, .xlsx or .parquet."
        )
    out = new_file(asked.out)
    with session() as s:
        data = {"path": str(existing(asked.data)), "name": asked.data.name}
        spec = {"bundle": str(existing(asked.bundle)), "data": data, "formats": [form], "raw": asked.raw}
        found = s.run("predict", spec)
        shutil.copyfile(s.workspace.result_file(s.project, found["result"], f"predictions.{form}"), out)
    facts = {
        "rows": found["rows"],
        "out": str(asked.out),
        "findings": found["findings"],
        "task": found["task"],
    }
    told = [f"  {finding['text']}" for finding in found["findings"]]
    return facts, "\n".join([f"{found['rows']:,} predictions written to {asked.out}.", *told])


def drift_command(asked: argparse.Namespace) -> Answer:
    """Compare new data with a bundle's training data or with an older file."""
    reference = existing(asked.reference)
    out = new_file(asked.out) if asked.out else None
    is_bundle = reference.suffix == ".zip" and _has_manifest(reference)
    with session() as s:
        old = {"bundle": str(reference)} if is_bundle else {"path": str(reference), "name": reference.name}
        new = {"path": str(existing(asked.current)), "name": asked.current.name}
        found = s.ask(DriftResult, {"reference": old, "current": new, "sensitivity": asked.sensitivity})
        page = s.workspace.result_file(s.project, found.result, "drift.html").read_bytes()
    if out is not None:
        as_page = out.suffix.lower() in (".html", ".htm")
        write_bytes(out, page if as_page else json.dumps(found.facts(), indent=1).encode())
    rows = [(c.name, c.state, c.reason) for c in found.columns]
    words = [
        found.verdict.action,
        found.verdict.text,
        *(f"{one.severity} {one.code}: {one.text}" for one in noticed(found.findings)),
        *lines(("column", "state", "reason"), rows),
        *(f"note {note.code}: {note.text}" for note in found.notes),
    ]
    return found.facts(), "\n".join(words)


def _has_manifest(path: Path) -> bool:
    import zipfile

    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return "manifest.json" in archive.namelist()


def profile_command(asked: argparse.Namespace) -> Answer:
    """Describe and check a file."""
    with session() as s:
        table = s.load(asked.data)
        recipe = s.recipe()
        if asked.target:
            frame = read_table(s.workspace.table_path(s.project, table.id))
            recipe = suggested(table, frame, asked.target)
        found = s.run("inspect", {"recipe": recipe.model_dump(mode="json")})
        roles = {column.name: column.role for column in recipe.columns}
    facts = {
        "rows": table.rows,
        "columns": [
            {
                "name": c.name,
                "kind": c.kind,
                "role": roles.get(c.name, c.role),
                "missing": c.missing,
                "unique": c.unique,
                "reason": c.reason,
            }
            for c in table.columns
        ],
        "target": recipe.target,
        "task": recipe.task if recipe.target else "",
        "findings": found["findings"],
        "notes": [note.model_dump() for note in table.notes],
        "read": table.read.model_dump(mode="json"),
        "fingerprint": fingerprint(recipe, "data"),
        "profile": found["profile"],
    }
    rows = [(c["name"], c["kind"], c["role"], c["missing"], c["unique"]) for c in facts["columns"]]
    words = [f"{table.rows:,} rows, {len(table.columns)} columns, target {recipe.target or 'none'}."]
    words += lines(("column", "kind", "role", "missing", "unique"), rows)
    heads = [" ".join(filter(None, (f["severity"], f["code"], f["column"]))) for f in found["findings"]]
    words += [f"{head}: {f['reason']}" for head, f in zip(heads, found["findings"], strict=True)]
    words += [f"note {note.code}: {note.text}" for note in table.notes]
    return facts, "\n".join(words)


COMMANDS: dict[str, Callable[[argparse.Namespace], Answer]] = {
    "suggest": suggest_command,
    "run": run_command,
    "predict": predict_command,
    "drift": drift_command,
    "profile": profile_command,
}
