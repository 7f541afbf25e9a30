"""The history of a project's recipe: a tree of edits with one head, so nothing that was tried is lost."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.store.base import Base
from core.store.files.payload import pack, unpack


@dataclass(frozen=True)
class Edit:
    """One entry of the history.

    Attributes:
        seq: its number in the project, from 1.
        parent: the entry it was made from, or None for the first.
        at: seconds since 1970, UTC.
        is_head: whether it is what the project shows now.
    """

    seq: int
    parent: int | None
    label: str
    at: float
    is_head: bool


class History(Base):
    """The part of the workspace that keeps recipes."""

    def recipe(self, project: str) -> Recipe | None:
        """The recipe at the head, or None when the project has none yet.

        Raises:
            FoldlineError: ``PROJECT`` when there is no such project, ``DAMAGED`` when it was changed on disk.
        """
        query = "SELECT edit.* FROM project JOIN edit ON project = id AND seq = head WHERE id = ?"
        row = self.db.row(query, (project,))
        if row is None:
            self.project_row(project)
            return None
        return _recipe(row)

    def edit(self, project: str, change: Callable[[Recipe | None], Recipe], label: str) -> Recipe:
        """Replaces the newest recipe by what ``change`` makes of it and gives the result.

        ``change`` runs while the database is locked for writing, so it always gets what is newest; it must be
        quick and must not use the workspace. A result equal to what it was given adds no entry.

        Raises:
            FoldlineError: ``PROJECT`` when there is none; whatever ``change`` raises, with nothing changed.
        """
        with self.db.write() as connection:
            head = self.project_row(project, connection)["head"]
            before = None if head is None else _recipe(_entry(connection, project, head))
            after = change(before)
            if after != before:
                _append(connection, project, head, after, label)
        return after

    def undo(self, project: str) -> Recipe:
        """Goes back to the recipe before the last edit and gives it.

        Raises:
            FoldlineError: ``HISTORY`` when there is nothing to undo.
        """
        return self._step(project, "parent", "undo")

    def redo(self, project: str) -> Recipe:
        """Goes forward to the edit that was visited last after this one and gives its recipe.

        Raises:
            FoldlineError: ``HISTORY`` when there is nothing to redo.
        """
        return self._step(project, "next", "redo")

    def can_undo(self, project: str) -> bool:
        """Whether ``undo`` has somewhere to go."""
        return self._neighbour(project, "parent")

    def can_redo(self, project: str) -> bool:
        """Whether ``redo`` has somewhere to go."""
        return self._neighbour(project, "next")

    def goto(self, project: str, seq: int) -> Recipe:
        """Makes any entry of the history the head and gives its recipe.

        Raises:
            FoldlineError: ``HISTORY`` when there is no such entry.
        """
        with self.db.write() as connection:
            self.project_row(project, connection)
            row = _entry(connection, project, seq)
            recipe = _recipe(row)
            _move(connection, project, seq)
            _lead_to(connection, project, row)
        return recipe

    def history(self, project: str) -> list[Edit]:
        """All entries of all branches, newest first."""
        head = self.project_row(project)["head"]
        query = "SELECT seq, parent, label, at FROM edit WHERE project = ? ORDER BY seq DESC"
        rows = self.db.rows(query, (project,))
        return [Edit(r["seq"], r["parent"], r["label"], r["at"], r["seq"] == head) for r in rows]

    def _step(self, project: str, towards: str, verb: str) -> Recipe:
        with self.db.write() as connection:
            head = self.project_row(project, connection)["head"]
            target = None if head is None else _entry(connection, project, head)[towards]
            if target is None:
                raise FoldlineError("HISTORY", f"There is nothing to {verb}.", "Make an edit first.")
            recipe = _recipe(_entry(connection, project, target))
            _move(connection, project, target)
        return recipe

    def _neighbour(self, project: str, towards: str) -> bool:
        query = (
            "SELECT edit.parent, edit.next FROM project JOIN edit ON project = id AND seq = head WHERE id = ?"
        )
        row = self.db.row(query, (self.project_row(project)["id"],))
        return row is not None and row[towards] is not None


def _entry(connection: sqlite3.Connection, project: str, seq: int) -> sqlite3.Row:
    query = "SELECT * FROM edit WHERE project = ? AND seq = ?"
    row: sqlite3.Row | None = connection.execute(query, (project, seq)).fetchone()
    if row is None:
        raise FoldlineError("HISTORY", f"The history has no entry {seq}.", "Choose one from the list.")
    return row


def _recipe(row: sqlite3.Row) -> Recipe:
    return unpack(row["recipe"], row["sha"], f"Entry {row['seq']} of the history")


def _append(
    connection: sqlite3.Connection, project: str, head: int | None, recipe: Recipe, label: str
) -> None:
    last = connection.execute("SELECT max(seq) FROM edit WHERE project = ?", (project,)).fetchone()[0]
    seq = (last or 0) + 1
    connection.execute(
        "INSERT INTO edit (project, seq, parent, label, at, recipe, sha) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (project, seq, head, label, time.time(), *pack(recipe)),
    )
    _point(connection, project, head, seq)
    _move(connection, project, seq)


def _move(connection: sqlite3.Connection, project: str, seq: int) -> None:
    connection.execute("UPDATE project SET head = ?, revision = revision + 1 WHERE id = ?", (seq, project))


def _point(connection: sqlite3.Connection, project: str, parent: int | None, child: int) -> None:
    connection.execute("UPDATE edit SET next = ? WHERE project = ? AND seq = ?", (child, project, parent))


def _lead_to(connection: sqlite3.Connection, project: str, row: sqlite3.Row) -> None:
    """Makes redo walk from the first entry to this one."""
    while row["parent"] is not None:
        _point(connection, project, row["parent"], row["seq"])
        row = _entry(connection, project, row["parent"])
