"""Runs: what was trained, with the recipe and table it came from."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.data.table import Frozen
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.store.files.cleanup import drop_files
from core.store.files.paths import new_id
from core.store.files.payload import pack, unpack
from core.store.results import Results

KIND = "run"


@dataclass(frozen=True)
class RunInfo:
    """A run as a list shows it.

    Attributes:
        at: seconds since 1970, UTC.
        job: id of the job that made it, or empty.
        recipe: the recipe it was made with.
        table: id of the table it was made from.
        fingerprint: of the parts of the recipe and the table that decide its outcome.
        summary: the few numbers that a list shows.
    """

    id: str
    kind: str
    at: float
    label: str
    job: str
    recipe: Recipe
    table: str
    fingerprint: str
    summary: dict[str, Any]


@dataclass(frozen=True)
class Run:
    """A run with its payload. ``files`` gives the names to ask ``run_file`` for."""

    info: RunInfo
    payload: dict[str, Any]
    files: tuple[str, ...]


class Runs(Results):
    """The part of the workspace that keeps runs."""

    def add_run(
        self,
        project: str,
        *,
        kind: str,
        recipe: Recipe,
        table: str,
        fingerprint: str,
        payload: dict[str, Any] | Frozen,
        summary: dict[str, Any],
        files: Mapping[str, Path] | None = None,
        label: str = "",
        job: str = "",
    ) -> str:
        """Stores a finished run and gives its id.

        Raises:
            FoldlineError: ``PROJECT`` when there is none, ``DISK`` when there is no room.
        """
        run = new_id()
        self.put_result(project, KIND, run, payload, files)
        facts = (table, fingerprint, json.dumps(summary))
        with self.db.write() as connection:
            row = (run, project, kind, time.time(), label, job, *pack(recipe), *facts)
            connection.execute("INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        return run

    def runs(self, project: str) -> list[RunInfo]:
        """The runs of a project, newest first."""
        self.project_row(project)
        rows = self.db.rows("SELECT * FROM run WHERE project = ? ORDER BY at DESC", (project,))
        return [_info(row) for row in rows]

    def run(self, project: str, run: str) -> Run:
        """One run with its payload.

        Raises:
            FoldlineError: ``RUN`` when the project has none of that id, ``DAMAGED`` when it changed on disk.
        """
        info = _info(self._run_row(project, run))
        stored = self._run_result(project, run)
        return Run(info, self.result_by_id(project, stored), tuple(self._of_project(project, stored).files))

    def run_file(self, project: str, run: str, name: str) -> Path:
        """A file kept with a run, checked against its hash.

        Raises:
            FoldlineError: ``RUN`` or ``RESULT`` when there is none, ``DAMAGED`` when it was changed on disk.
        """
        return self.result_file(project, self._run_result(project, run), name)

    def label_run(self, project: str, run: str, label: str) -> None:
        """Gives a run another label.

        Raises:
            FoldlineError: ``RUN`` when the project has none of that id.
        """
        self._run_row(project, run)
        with self.db.write() as connection:
            connection.execute("UPDATE run SET label = ? WHERE id = ?", (label, run))

    def delete_run(self, project: str, run: str) -> None:
        """Removes a run with its payload and files.

        Raises:
            FoldlineError: ``RUN`` when the project has none of that id.
        """
        self._run_row(project, run)
        stored = self._run_result(project, run)
        with self.db.write() as connection:
            connection.execute("DELETE FROM run WHERE id = ?", (run,))
            connection.execute("DELETE FROM result WHERE id = ?", (stored,))
        drop_files(self, results=[stored])

    def _run_row(self, project: str, run: str) -> sqlite3.Row:
        row = self.db.row("SELECT * FROM run WHERE project = ? AND id = ?", (project, run))
        if row is None:
            raise FoldlineError("RUN", f"The project has no run {run[:22]!r}.", "Choose one from the list.")
        return row

    def _run_result(self, project: str, run: str) -> str:
        self._run_row(project, run)
        info = self.find_result(project, KIND, run)
        if info is None:
            raise FoldlineError(
                "RUN", f"The result of run {run!r} has gone.", "Delete the run and train again."
            )
        return info.id


def _info(row: sqlite3.Row) -> RunInfo:
    recipe = unpack(row["recipe"], row["sha"], f"The run {row['label'] or row['id']}")
    facts = (row["table_id"], row["fingerprint"], json.loads(row["summary"]))
    return RunInfo(row["id"], row["kind"], row["at"], row["label"], row["job"], recipe, *facts)
