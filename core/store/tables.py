"""Tables of a project: Parquet files named by their content, seen only by the projects that hold them."""

from __future__ import annotations

import time
from pathlib import Path

from core.data.table import Table
from core.errors import FoldlineError
from core.store.base import Base
from core.store.files.atomic import disk_errors, move_into, room, sha256_of
from core.store.files.payload import damaged

LINK = """INSERT INTO held_table VALUES (?, ?, ?, ?)
    ON CONFLICT (project, id) DO UPDATE SET document = excluded.document, at = excluded.at"""
FileState = tuple[int, int, int, int, int]


class Tables(Base):
    """The part of the workspace that keeps tables."""

    def new_upload(self, project: str, size: int = 0) -> Path:
        """A path for incoming bytes; it is swept when the process that writes it has gone.

        Args:
            size: the expected number of bytes, to refuse early what does not fit.

        Raises:
            FoldlineError: ``PROJECT`` when there is none, ``DISK`` when there is no room.
        """
        self.project_row(project)
        room(self.paths.tmp, size)
        return self.paths.upload()

    def add_table(self, project: str, parquet: Path, table: Table) -> Table:
        """Moves a finished Parquet file into the workspace and links it to the project.

        Adding the same content again changes only what is known of it (name, kinds, notes).

        Raises:
            FoldlineError: ``PROJECT``; ``DAMAGED`` when the file's hash is not ``table.id``; ``DISK``.
        """
        if sha256_of(parquet) != table.id:
            raise _damaged(table)
        with self.db.write() as connection:
            self.project_row(project, connection)
            self._keep(parquet, table)
            connection.execute(LINK, (project, table.id, table.model_dump_json(), time.time()))
        return table

    def _keep(self, parquet: Path, table: Table) -> None:
        target = self.paths.table(table.id)
        if target.exists() and sha256_of(target) == table.id:
            parquet.unlink()
            return
        move_into(parquet, target)
        with disk_errors(target):
            target.chmod(0o400)

    def table(self, project: str, table: str) -> Table:
        """The handle of a table that is linked to this project.

        Raises:
            FoldlineError: ``TABLE`` when the project has no such table.
        """
        row = self.db.row("SELECT document FROM held_table WHERE project = ? AND id = ?", (project, table))
        if row is None:
            problem = f"The project has no table {table[:12]!r}."
            raise FoldlineError("TABLE", problem, "Load the data on the Data page.")
        return Table.model_validate_json(row["document"])

    def tables(self, project: str) -> list[Table]:
        """The tables of a project, newest first."""
        self.project_row(project)
        rows = self.db.rows("SELECT document FROM held_table WHERE project = ? ORDER BY at DESC", (project,))
        return [Table.model_validate_json(row["document"]) for row in rows]

    def table_path(self, project: str, table: str) -> Path:
        """The Parquet file of a table that is linked to this project; read it, never change it.

        The whole file is compared with its name (1.6 GB a second) when this process opens it first, and again
        whenever the system says that it was changed.

        Raises:
            FoldlineError: ``TABLE`` when the project has no such table, ``DAMAGED`` when its file has gone or
                is not what was stored.
        """
        table_now = self.table(project, table)
        path = self.paths.table(table_now.id)
        try:
            state = _state(path)
            if _verified.get(path) != state:
                if sha256_of(path) != table_now.id:
                    raise _damaged(table_now)
                _verified[path] = state
        except OSError as error:
            raise _damaged(table_now) from error
        return path


_verified: dict[Path, FileState] = {}


def _state(path: Path) -> FileState:
    """What changes with every change of a file."""
    facts = path.stat()
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


def _damaged(table: Table) -> FoldlineError:
    return damaged(f"The table {table.name}", "Load its file again on the Data page.")
