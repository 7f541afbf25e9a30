"""Spaces (what one person sees) and the projects in them."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass

from core.errors import FoldlineError
from core.standalone.counts import counted
from core.store.base import Base
from core.store.files.cleanup import drop_files
from core.store.files.paths import check_id, new_id

NAME_LENGTH = 200


@dataclass(frozen=True)
class Project:
    """One piece of work.

    Attributes:
        space: the space it is listed in.
        created: seconds since 1970, UTC.
        revision: grows with every edit, undo and redo; tells a second tab that something changed.
    """

    id: str
    space: str
    name: str
    created: float
    revision: int


class Projects(Base):
    """The part of the workspace that lists projects."""

    def new_space(self) -> str:
        """Creates an empty space and gives its unguessable id."""
        space = new_id()
        with self.db.write() as connection:
            connection.execute("INSERT INTO space VALUES (?, ?)", (space, time.time()))
        return space

    def has_space(self, space: str) -> bool:
        """Whether a space of that id exists."""
        return self.db.row("SELECT 1 FROM space WHERE id = ?", (space,)) is not None

    def create_project(self, space: str, name: str) -> str:
        """Creates a project in a space and gives its id.

        Raises:
            FoldlineError: ``SPACE`` when there is no such space, ``NAME`` when the name is blank or too long.
        """
        if not self.has_space(check_id(space, "space")):
            raise FoldlineError(
                "SPACE", "This link names no space.", "Open the app without it to get a new one."
            )
        project = new_id()
        row = (project, space, checked_name(name), time.time())
        with self.db.write() as connection:
            connection.execute("INSERT INTO project (id, space, name, created) VALUES (?, ?, ?, ?)", row)
        return project

    def project(self, project: str) -> Project:
        """The project of that id.

        Raises:
            FoldlineError: ``PROJECT`` when there is none.
        """
        return _project(self.project_row(project))

    def projects(self, space: str) -> list[Project]:
        """The projects of a space, oldest first."""
        rows = self.db.rows("SELECT * FROM project WHERE space = ? ORDER BY created", (space,))
        return [_project(row) for row in rows]

    def rename_project(self, project: str, name: str) -> None:
        """Gives a project another name.

        Raises:
            FoldlineError: ``PROJECT`` when there is none, ``NAME`` when the name is blank or too long.
        """
        self.project_row(project)
        with self.db.write() as connection:
            connection.execute("UPDATE project SET name = ? WHERE id = ?", (checked_name(name), project))

    def delete_project(self, project: str) -> None:
        """Removes a project with everything that only it uses.

        Raises:
            FoldlineError: ``PROJECT`` when there is none, ``BUSY`` when one of its jobs has not ended.
        """
        with self.db.write() as connection:
            self.project_row(project, connection)
            _refuse_busy(connection, project)
            tables = _ids(connection, "SELECT id FROM held_table WHERE project = ?", project)
            results = _ids(connection, "SELECT id FROM result WHERE project = ?", project)
            jobs = _ids(connection, "SELECT id FROM job WHERE project = ?", project)
            deployments = _ids(connection, "SELECT id FROM deployment WHERE project = ?", project)
            connection.execute("DELETE FROM project WHERE id = ?", (project,))
        drop_files(self, tables=tables, results=results, jobs=jobs, deployments=deployments)


def checked_name(name: str, what: str = "project") -> str:
    """A name without the blanks around it.

    Raises:
        FoldlineError: ``NAME`` when it is blank or too long.
    """
    name = name.strip()
    if not 1 <= len(name) <= NAME_LENGTH:
        problem = f"The {what} name has {counted(len(name), 'character')}."
        raise FoldlineError("NAME", problem, f"Give it 1 to {NAME_LENGTH} characters.")
    return name


def _refuse_busy(connection: sqlite3.Connection, project: str) -> None:
    query = "SELECT kind FROM job WHERE project = ? AND state IN ('queued', 'running')"
    row = connection.execute(query, (project,)).fetchone()
    if row is not None:
        raise FoldlineError("BUSY", f"A {row['kind']} job of this project has not ended.", "Cancel it first.")


def _ids(connection: sqlite3.Connection, query: str, project: str) -> list[str]:
    return [row["id"] for row in connection.execute(query, (project,))]


def _project(row: sqlite3.Row) -> Project:
    return Project(row["id"], row["space"], row["name"], row["created"], row["revision"])
