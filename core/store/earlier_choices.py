"""What version 0.1.0 remembered of widgets and a recipe holds today, put into the recipes once."""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from typing import Any

from core.errors import FoldlineError
from core.recipe.document import parse
from core.store.files.payload import digest, pack_document

PLACES = {
    "view.evaluate.cost.alarm": ("costs", "false_alarm"),
    "view.evaluate.cost.miss": ("costs", "miss"),
    "view.export.part": ("export", "part"),
    "view.export.joblib": ("export", "joblib"),
    "view.monitor.sensitivity": ("drift", "sensitivity"),
}
"""Setting of a project -> the part of the recipe and the field that took its place."""
LABEL = "choices of an earlier version"
QUERY = "SELECT project, key, value FROM setting WHERE key = ?"
HEAD = "SELECT edit.* FROM project JOIN edit ON project = id AND seq = head WHERE id = ?"
EDIT = """INSERT INTO edit (project, seq, parent, label, at, recipe, sha, next)
    SELECT ?, max(seq) + 1, ?, ?, ?, ?, ?, ? FROM edit WHERE project = ?"""
NEXT = "UPDATE edit SET next = (SELECT max(seq) FROM edit WHERE project = ?1) WHERE project = ?1 AND seq = ?2"
MOVE = """UPDATE project SET head = (SELECT max(seq) FROM edit WHERE project = ?1), revision = revision + 1
    WHERE id = ?1"""


def take_over(connection: sqlite3.Connection) -> None:
    """Puts such settings into the newest recipe of their project, as one edit of its history.

    A value that a recipe refuses is left out, as 0.1.0 did with what was no option; a damaged recipe stays as
    it is, and is told when its project is opened.
    """
    chosen: dict[str, list[tuple[str, str, str]]] = {}
    for key, (part, field) in PLACES.items():
        for row in connection.execute(QUERY, (key,)).fetchall():
            chosen.setdefault(row["project"], []).append((part, field, row["value"]))
        connection.execute("DELETE FROM setting WHERE key = ?", (key,))
    for project, values in chosen.items():
        head = connection.execute(HEAD, (project,)).fetchone()
        if head is not None and digest(head["recipe"]) == head["sha"]:
            _append(connection, head, values)


def _append(connection: sqlite3.Connection, head: sqlite3.Row, values: list[tuple[str, str, str]]) -> None:
    """Adds the edit where it changes something; what was undone before can still be done again after it."""
    document = json.loads(zlib.decompress(head["recipe"]))
    chosen = document
    for part, field, value in values:
        chosen = _with(chosen, part, field, value)
    if chosen == document or parse(chosen) == parse(document):
        return
    recipe, sha = pack_document(json.dumps(chosen))
    project, seq = head["project"], head["seq"]
    connection.execute(EDIT, (project, seq, LABEL, time.time(), recipe, sha, head["next"], project))
    connection.execute(NEXT, (project, seq))
    connection.execute(MOVE, (project,))


def _with(document: dict[str, Any], part: str, field: str, value: str) -> dict[str, Any]:
    """The recipe with a field of a part that has this JSON value, or as it was when it refuses the value."""
    try:
        chosen = {**document, part: {**document.get(part, {}), field: json.loads(value)}}
        parse(chosen)
    except (ValueError, FoldlineError):
        return document
    return chosen
