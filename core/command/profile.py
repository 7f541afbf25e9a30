"""The ``profile`` command: a file described and checked."""

from __future__ import annotations

import argparse

from core.command.outputs import Answer
from core.command.run import fitted
from core.command.session import Session, existing, session
from core.command.tables import finding_words, lines
from core.data.formats.parquet import read_table
from core.engine.job_specs import InspectSpec
from core.recipe.document import Recipe, load
from core.recipe.fingerprint import fingerprint
from core.recipe.suggestion.first import suggested
from core.results.inspect import InspectResult
from core.standalone.counts import counted
from core.train.rows.order import unused_notes
from core.train.rows.target_words import marks_note, others


def _recipe(asked: argparse.Namespace, s: Session) -> Recipe:
    """The recipe by which the file is described: the one that was given, else one that is suggested."""
    if asked.recipe:
        return fitted(load(asked.recipe), s, existing(asked.data))[0]
    table = s.load(asked.data, target=asked.target or "")
    if not asked.target:
        return s.recipe()
    frame = read_table(s.workspace.table_path(s.project, table.id))
    return suggested(table, frame, asked.target)


def profile_command(asked: argparse.Namespace) -> Answer:
    """Describe and check a file."""
    with session() as s:
        recipe = _recipe(asked, s)
        table = s.workspace.table(s.project, recipe.source.table)
        inspected = s.ask(InspectResult, InspectSpec(recipe=recipe))
        choices = {choice.name: choice for choice in recipe.columns}
    described = [(c, choices.get(c.name, c)) for c in table.columns]
    notes = (*marks_note(recipe), *inspected.unread, *unused_notes(recipe), *others(table.notes, recipe))
    facts = {
        "rows": table.rows,
        "columns": [
            {
                "name": c.name,
                "kind": choice.kind,
                "role": choice.role,
                "missing": c.missing,
                "unique": c.unique,
                "reason": c.reason,
            }
            for c, choice in described
        ],
        "target": recipe.target,
        "task": recipe.task if recipe.target else "",
        "findings": [finding.model_dump(mode="json") for finding in inspected.findings],
        "notes": [note.model_dump() for note in notes],
        "read": table.read.model_dump(mode="json"),
        "fingerprint": fingerprint(recipe, "data"),
        "profile": inspected.profile.model_dump(mode="json"),
    }
    rows = [(c.name, choice.kind, choice.role, c.missing, c.unique) for c, choice in described]
    words = [
        (
            f"{counted(table.rows, 'row')}, {counted(len(table.columns), 'column')}, target "
            f"{recipe.target or 'none'}."
        )
    ]
    words += lines(("column", "kind", "role", "missing", "unique"), rows)
    words += finding_words(inspected.findings)
    words += [f"note {note.code}: {note.text}" for note in notes]
    return facts, "\n".join(words)
