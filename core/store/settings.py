"""Small values that a project remembers, by key."""

from __future__ import annotations

import json
from typing import Any

from core.store.base import Base


class Settings(Base):
    """The part of the workspace that keeps small values."""

    def get(self, project: str, key: str, default: Any = None) -> Any:
        """The JSON value last put under the key, or the default."""
        row = self.db.row("SELECT value FROM setting WHERE project = ? AND key = ?", (project, key))
        return default if row is None else json.loads(row["value"])

    def put(self, project: str, key: str, value: Any) -> None:
        """Keeps a JSON value under the key, in place of an earlier one.

        Raises:
            FoldlineError: ``PROJECT`` when there is none.
        """
        with self.db.write() as connection:
            self.project_row(project, connection)
            connection.execute(
                "INSERT INTO setting VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                (project, key, json.dumps(value)),
            )
