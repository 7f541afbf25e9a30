"""The ``profile`` command: a file described and checked."""

from __future__ import annotations

import argparse

from core.command.outputs import Answer
from core.command.session import session
from core.command.tables import lines
from core.data.formats.parquet import read_table
from core.recipe.fingerprint import fingerprint
from core.recipe.first import suggested


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
