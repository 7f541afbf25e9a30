"""The ``drift`` command: new data beside a bundle or an older file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from core.command.outputs import Answer, new_file
from core.command.session import existing, session
from core.command.tables import lines
from core.engine.job_specs import BundlePath, DriftSpec, PathFile
from core.store.files.atomic import write_bytes
from core.watch.result import DriftResult
from core.watch.words.grouped_issues import grouped

EXIT_CODES: dict[str, int] = {
    "stable": 0,
    "drift": 3,
    "worse": 4,
    "broken": 5,
    "too_few_rows": 6,
    "look": 7,
}
"""State of a verdict -> exit code, for a scheduler that asks for it; 1 and 2 are those of any command."""


def drift_command(asked: argparse.Namespace) -> Answer:
    """Compare new data with a bundle's training data or with an older file."""
    reference = existing(asked.reference)
    out = new_file(asked.out, asked.reference, asked.current) if asked.out else None
    is_bundle = reference.suffix == ".zip" and _has_manifest(reference)
    with session() as s:
        file = PathFile(path=str(reference), name=reference.name)
        old = BundlePath(bundle=str(reference)) if is_bundle else file
        new = PathFile(path=str(existing(asked.current)), name=asked.current.name)
        spec = DriftSpec(reference=old, current=new, sensitivity=asked.sensitivity, target=asked.target)
        report = s.ask(DriftResult, spec)
        page = s.workspace.result_file(s.project, report.result, "drift.html").read_bytes()
    if out is not None:
        as_page = out.suffix.lower() in (".html", ".htm")
        write_bytes(out, page if as_page else json.dumps(report.facts(), indent=1).encode())
    rows = [(c.name, c.state, c.reason) for c in report.columns]
    words = [
        report.verdict.action,
        report.verdict.text,
        *(f"{one.severity} {one.code}: {one.text}" for one in grouped(report.findings)),
        *lines(("column", "state", "reason"), rows),
        *(f"note {note.code}: {note.text}" for note in report.notes),
    ]
    return report.facts(), "\n".join(words)


def _has_manifest(path: Path) -> bool:
    import zipfile

    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return "manifest.json" in archive.namelist()
