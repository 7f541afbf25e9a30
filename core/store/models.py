"""The registry of models: each has versions, each version a bundle and a role."""

from __future__ import annotations

import json
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.data.table import Frozen
from core.recipe.document import Recipe
from core.recipe.usage import LearnedFrom
from core.store.files.paths import new_id
from core.store.files.payload import pack, unpack
from core.store.results import Results, insert_result

KIND = "export"
BUNDLE = "bundle.zip"
Role = Literal["champion", "challenger", "archived"]
QUERY = """SELECT model_version.*, target, result.at, result.files
    FROM model_version JOIN model ON model.id = model JOIN result ON result.id = result
    WHERE model.project = ? AND role = ifnull(?, role) AND fingerprint = ifnull(?, fingerprint)
        AND part = ifnull(?, part) ORDER BY result.at DESC, number DESC"""
MODEL = "INSERT INTO model VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
ARCHIVE = "UPDATE model_version SET role = 'archived' WHERE model = ? AND role = 'champion'"
VERSION = """INSERT INTO model_version
    SELECT ?, ?, ifnull(max(number), 0) + 1, 'champion', ?, ?, ?, ?, ?, ?
    FROM model_version WHERE model = ?"""


@dataclass(frozen=True)
class ModelVersion:
    """A model as it was exported once; neither its bundle nor its recipe ever changes.

    Attributes:
        result: id of the result that holds the bundle and what is shown of it.
        model: id of the model; the versions of one predict the same target of a project.
        number: counts from 1 within the model.
        role: ``champion`` is the version in use, ``challenger`` one that is tried beside it, ``archived`` one
            that was in use before.
        part: the rows it learned from.
        fingerprint: of the part ``fit`` of the recipe.
        job: id of the job that made it.
        run: id of the run that judged it on the test set, empty without one; it may be deleted since.
        at: seconds since 1970, UTC.
        bundle: SHA-256 of the bundle.
    """

    result: str
    model: str
    target: str
    number: int
    role: Role
    part: LearnedFrom
    fingerprint: str
    recipe: Recipe
    job: str
    run: str
    at: float
    bundle: str


class Models(Results):
    """The part of the workspace that keeps models."""

    def add_version(
        self,
        project: str,
        bundle: Path,
        payload: dict[str, Any] | Frozen,
        *,
        recipe: Recipe,
        fingerprint: str,
        part: LearnedFrom,
        job: str = "",
        run: str = "",
    ) -> str:
        """Registers a bundle as the newest version of the model of its target; gives the id of its result.

        The new version is the champion and the one before is archived; choosing roles otherwise is to come.
        Result and version are named in one transaction, so after a crash there are both or neither.

        Args:
            bundle: a file in the workspace's tmp folder, which is moved.
            payload: what is shown of it, JSON-ready.

        Raises:
            FoldlineError: ``PROJECT`` when there is none, ``DISK`` when there is no room.
        """
        result = new_id()
        with self.named_after(project, result, payload, {BUNDLE: bundle}) as (connection, facts):
            insert_result(connection, result, project, KIND, result, facts)
            model = _model(connection, project, recipe.target)
            connection.execute(ARCHIVE, (model,))
            row = (result, model, part, fingerprint, *pack(recipe), job, run, model)
            connection.execute(VERSION, row)
        return result

    def versions(
        self,
        project: str,
        *,
        role: Role | None = None,
        fingerprint: str | None = None,
        part: LearnedFrom | None = None,
    ) -> list[ModelVersion]:
        """The versions of all models of a project, newest first, or those of a role, a fingerprint, a part.

        Raises:
            FoldlineError: ``DAMAGED`` when a recipe was changed on disk.
        """
        return [_version(row) for row in self.db.rows(QUERY, (project, role, fingerprint, part))]

    def champion(self, project: str) -> ModelVersion | None:
        """The version in use; the newest where several targets have one. None before the first export."""
        return next(iter(self.versions(project, role="champion")), None)


def _model(connection: sqlite3.Connection, project: str, target: str) -> str:
    """The id of the model of a target, which is entered with its first version."""
    connection.execute(MODEL, (new_id(), project, target, time.time()))
    query = "SELECT id FROM model WHERE project = ? AND target = ?"
    return str(connection.execute(query, (project, target)).fetchone()["id"])


def _version(row: sqlite3.Row) -> ModelVersion:
    recipe = unpack(row["recipe"], row["sha"], f"Version {row['number']} of the model of {row['target']}")
    same = ("result", "model", "target", "number", "role", "part", "fingerprint", "job", "run", "at")
    bundle = json.loads(row["files"])[BUNDLE]
    return ModelVersion(**{name: row[name] for name in same}, recipe=recipe, bundle=bundle)
