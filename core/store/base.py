"""What every part of the workspace stands on."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import cast

from core.errors import FoldlineError
from core.store.database import Database
from core.store.files.paths import Paths, check_id


class Base:
    """The paths and the database of one workspace.

    Args:
        root: the folder of the workspace; created when absent.
    """

    def __init__(self, root: Path) -> None:
        self.paths = Paths(root)
        self.db = Database(self.paths.database)

    @property
    def root(self) -> Path:
        """The folder of the workspace."""
        return self.paths.root

    def project_row(self, project: str, connection: sqlite3.Connection | None = None) -> sqlite3.Row:
        """The row of a project; read within a transaction when its connection is given.

        Raises:
            FoldlineError: ``PROJECT`` when there is none.
        """
        query = "SELECT * FROM project WHERE id = ?"
        values = (check_id(project, "project"),)
        row = connection.execute(query, values).fetchone() if connection else self.db.row(query, values)
        if row is None:
            raise FoldlineError(
                "PROJECT", "This project does not exist.", "Choose one from the list, or start a new one."
            )
        return cast(sqlite3.Row, row)
