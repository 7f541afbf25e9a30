"""Results: a JSON payload and files, addressed by (kind, key) within a project and verified when read."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.data.table import Frozen
from core.errors import FoldlineError
from core.store.base import Base
from core.store.files.atomic import make_folder, move_into, room, sha256_of, write_bytes
from core.store.files.cleanup import drop_files
from core.store.files.paths import new_id
from core.store.files.payload import damaged, decode, digest, encode

Facts = tuple[str, str]
"""Of a result on disk: SHA-256 of its payload; its files as JSON, name -> SHA-256."""


@dataclass(frozen=True)
class ResultInfo:
    """What is known of a result without reading it.

    Attributes:
        at: seconds since 1970, UTC.
        files: name -> SHA-256 of the files kept with it.
    """

    id: str
    kind: str
    key: str
    at: float
    sha: str
    files: dict[str, str]


class Results(Base):
    """The part of the workspace that keeps results."""

    def put_result(
        self,
        project: str,
        kind: str,
        key: str,
        payload: dict[str, Any] | Frozen,
        files: Mapping[str, Path] | None = None,
    ) -> str:
        """Stores a result, replaces an earlier one of the same kind and key, and gives its id.

        Files and payload are on disk before the row that names them, so a crash leaves no half result.

        Args:
            files: name (such as ``model.skops``) -> a file in the workspace's tmp folder, which is moved.

        Raises:
            FoldlineError: ``PROJECT``, ``DISK``, or ``FILE`` for a name of another form.
        """
        result = new_id()
        with self.named_after(project, result, payload, files or {}) as (connection, facts):
            earlier = _forget(connection, project, kind, key)
            insert_result(connection, result, project, kind, key, facts)
        drop_files(self, results=earlier)
        return result

    @contextmanager
    def named_after(
        self, project: str, result: str, payload: dict[str, Any] | Frozen, files: Mapping[str, Path]
    ) -> Iterator[tuple[sqlite3.Connection, Facts]]:
        """A transaction that names a new result, begun when its files and payload are on disk.

        When the block fails they are removed again; after a crash they are swept, since no row names them.
        """
        self.project_row(project)
        data = encode(payload)
        room(self.root, len(data))
        try:
            shas = self._keep_files(result, files)
            write_bytes(self.paths.payload(result), data)
            with self.db.write() as connection:
                self.project_row(project, connection)
                yield connection, (digest(data), json.dumps(shas))
        except BaseException:
            drop_files(self, results=[result])
            raise

    def _keep_files(self, result: str, files: Mapping[str, Path]) -> dict[str, str]:
        targets = {name: self.paths.file(result, name) for name in files}
        if targets:
            make_folder(self.paths.files(result))
        shas = {}
        for name, target in targets.items():
            shas[name] = sha256_of(files[name])
            move_into(files[name], target)
        return shas

    def find_result(self, project: str, kind: str, key: str) -> ResultInfo | None:
        """What is known of the newest result of that kind and key, or None when there is none."""
        query = "SELECT * FROM result WHERE project = ? AND kind = ? AND key = ? ORDER BY at DESC LIMIT 1"
        row = self.db.row(query, (project, kind, key))
        return None if row is None else _info(row)

    def result(self, project: str, kind: str, key: str) -> dict[str, Any] | None:
        """The newest payload of that kind and key, or None when there is none.

        Raises:
            FoldlineError: ``DAMAGED`` when it was changed on disk.
        """
        info = self.find_result(project, kind, key)
        return None if info is None else self._payload(info)

    def result_by_id(self, project: str, result: str) -> dict[str, Any]:
        """The payload of a result of this project.

        Raises:
            FoldlineError: ``RESULT`` when the project has none of that id, ``DAMAGED``.
        """
        return self._payload(self._of_project(project, result))

    def result_file(self, project: str, result: str, name: str) -> Path:
        """A file kept with a result of this project, checked against its hash.

        Raises:
            FoldlineError: ``RESULT`` when the project has none of that id or name, ``DAMAGED``.
        """
        info = self._of_project(project, result)
        if name not in info.files:
            raise _unknown(name)
        path = self.paths.file(result, name)
        if not path.is_file() or sha256_of(path) != info.files[name]:
            raise damaged(f"The file {name} of the result {info.kind}")
        return path

    def result_files(self, project: str, result: str) -> list[str]:
        """The names of the files kept with a result of this project; empty when it gave way to a newer."""
        row = self.db.row("SELECT * FROM result WHERE project = ? AND id = ?", (project, result))
        return [] if row is None else sorted(_info(row).files)

    def drop_result(self, project: str, kind: str, key: str) -> None:
        """Removes the result of that kind and key; none is fine."""
        with self.db.write() as connection:
            gone = _forget(connection, project, kind, key)
        drop_files(self, results=gone)

    def _of_project(self, project: str, result: str) -> ResultInfo:
        row = self.db.row("SELECT * FROM result WHERE project = ? AND id = ?", (project, result))
        if row is None:
            raise _unknown(result[:22])
        return _info(row)

    def _payload(self, info: ResultInfo) -> dict[str, Any]:
        path = self.paths.payload(info.id)
        what = f"The result {info.kind}"
        if not path.is_file():
            raise damaged(what)
        return decode(path.read_bytes(), info.sha, what)


def insert_result(
    connection: sqlite3.Connection, result: str, project: str, kind: str, key: str, facts: Facts
) -> None:
    """Writes the row of a result whose files are safe."""
    row = (result, project, kind, key, time.time(), *facts)
    connection.execute("INSERT INTO result VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def _forget(connection: sqlite3.Connection, project: str, kind: str, key: str) -> list[str]:
    query = "DELETE FROM result WHERE project = ? AND kind = ? AND key = ? RETURNING id"
    return [row["id"] for row in connection.execute(query, (project, kind, key)).fetchall()]


def _unknown(name: str) -> FoldlineError:
    return FoldlineError("RESULT", f"The project has no result {name!r}.", "Run that step again.")


def _info(row: sqlite3.Row) -> ResultInfo:
    return ResultInfo(row["id"], row["kind"], row["key"], row["at"], row["sha"], json.loads(row["files"]))
