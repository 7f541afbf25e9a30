"""The deployments of a project: each a folder whose log says all about it, and a row that names it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.errors import FoldlineError
from core.store.base import Base
from core.store.files.cleanup import drop_files
from core.store.files.paths import check_id, new_id
from core.store.projects import checked_name

UNDER_WAY = """SELECT 1 FROM job WHERE project = ? AND instr(spec, ?) AND state IN ('queued', 'running')"""


@dataclass(frozen=True)
class DeploymentInfo:
    """A deployment as a list shows it; ``created`` in seconds since 1970, UTC."""

    id: str
    name: str
    created: float


class Deployments(Base):
    """The part of the workspace that lists deployments."""

    @contextmanager
    def new_deployment(self, project: str, name: str) -> Iterator[tuple[str, Path]]:
        """Names a new deployment when the block that makes its folder ends well; gives id and folder.

        Raises:
            FoldlineError: ``PROJECT``, ``NAME`` when the name is blank or too long, ``DISK``.
        """
        name = checked_name(name, "deployment")
        self.project_row(project)
        deployment = new_id()
        try:
            yield deployment, self.paths.deployment(deployment)
            with self.db.write() as connection:
                self.project_row(project, connection)
                row = (deployment, project, name, time.time())
                connection.execute("INSERT INTO deployment VALUES (?, ?, ?, ?)", row)
        except BaseException:
            drop_files(self, deployments=[deployment])
            raise

    def deployments(self, project: str) -> list[DeploymentInfo]:
        """The deployments of a project, oldest first.

        Raises:
            FoldlineError: ``PROJECT`` when there is none.
        """
        self.project_row(project)
        query = "SELECT id, name, created FROM deployment WHERE project = ? ORDER BY created"
        return [DeploymentInfo(**dict(row)) for row in self.db.rows(query, (project,))]

    def deployment_folder(self, project: str, deployment: str) -> Path:
        """The folder of a deployment of this project.

        Raises:
            FoldlineError: ``DEPLOYMENT`` when the project has none of that id.
        """
        query = "SELECT 1 FROM deployment WHERE project = ? AND id = ?"
        if self.db.row(query, (project, check_id(deployment, "deployment"))) is None:
            problem = f"The project has no deployment {deployment[:22]!r}."
            raise FoldlineError("DEPLOYMENT", problem, "Choose one from the list.")
        return self.paths.deployment(deployment)

    def delete_deployment(self, project: str, deployment: str) -> None:
        """Removes a deployment with its folder.

        Raises:
            FoldlineError: ``DEPLOYMENT`` when there is none of that id; ``BUSY`` while one of its jobs runs.
        """
        self.deployment_folder(project, deployment)
        with self.db.write() as connection:
            if connection.execute(UNDER_WAY, (project, deployment)).fetchone() is not None:
                problem = "A job of this deployment has not ended."
                raise FoldlineError("BUSY", problem, "Wait for it, or cancel it first.")
            connection.execute("DELETE FROM deployment WHERE id = ?", (deployment,))
        drop_files(self, deployments=[deployment])
