"""The ``suggest`` command: the recipe that fits a file."""

from __future__ import annotations

import argparse

from core.command.outputs import Answer, new_file
from core.command.session import session
from core.command.tables import finding_words
from core.data.formats.parquet import read_table
from core.engine.resources import resources_of
from core.engine.work.data import role_findings
from core.recipe.columns import columns_of
from core.recipe.suggestion.first import suggested
from core.store.files.atomic import write_bytes
from core.train.rows.copies import copies_across, copies_note
from core.train.rows.target_words import codes_note, others, target_note, written_notes
from core.train.rows.unread import truth_among_numbers
from core.train.workable import workable


def suggest_command(asked: argparse.Namespace) -> Answer:
    """Write the recipe that fits a file."""
    out = new_file(asked.out, asked.data)
    with session() as s:
        table = s.load(asked.data, target=asked.target)
        frame = read_table(s.workspace.table_path(s.project, table.id))
        recipe = suggested(table, frame, asked.target, task=asked.task, time=asked.time, group=asked.group)
        resources = resources_of(s.workspace, s.project)
        work = resources.work(recipe)
        doubts = workable(recipe, role_findings(recipe, table, frame), resources.read)
    words = work.split.words
    codes = () if asked.task else codes_note(recipe, table)
    copies = copies_note(copies_across(work, columns_of(recipe, table)).words)
    about_target = target_note(recipe, table, work.target.gaps)
    written = written_notes(recipe, frame)
    truth = truth_among_numbers(recipe, frame)
    notes = (*codes, *about_target, *truth, *written, *copies, *others(table.notes, recipe))
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
        "without_target": work.target.without,
        "repeated": work.target.repeated,
        "notes": [note.model_dump() for note in notes],
        "findings": [finding.model_dump(mode="json") for finding in doubts],
    }
    summary = f"{recipe.task}, target {recipe.target}, ranked by {recipe.metric}."
    noted = [f"note {note.code}: {note.text}" for note in notes]
    noted = [*finding_words(doubts), *noted]
    return facts, "\n".join([*noted, summary, words, f"Written to {asked.out}."])
