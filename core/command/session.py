"""A workspace for one command: the same store and the same jobs as the app, in a folder that goes away."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.command.folder import own_folder
from core.data.table import Table
from core.engine.job_specs import JobSpec, ReadSpec
from core.engine.job_state import Event, Job
from core.engine.run_here import run_here
from core.errors import FoldlineError
from core.recipe.document import Recipe, Source
from core.results.base import R, parsed
from core.results.inspect import ReadResult
from core.store.workspace import Workspace


@dataclass(frozen=True)
class Session:
    """A workspace with one project."""

    workspace: Workspace
    project: str

    def ask(self, model: type[R], spec: JobSpec) -> R:
        """Do the job that finds a kind of result, tell its progress on stderr, and give what it found.

        Raises:
            FoldlineError: the job's own error.
        """
        payload = run_here(self.workspace, self.project, model.KIND, spec, _tell, _tell_progress)
        return parsed(model, payload)

    def load(
        self,
        path: Path,
        like: Source | None = None,
        target: str = "",
        formats: Mapping[str, str] | None = None,
        before: Table | None = None,
    ) -> Table:
        """A data file as a table of the project.

        Args:
            like: the table of a recipe, which says how to read the file; without it that is found out and
                the project gets a recipe that fits.
            target: the column that is to be predicted, when a person named one.
            formats: strptime formats of columns by name, which the recipe has.
            before: a table that the file goes with; it is read like that as far as it is written like it.

        Raises:
            FoldlineError: ``FILE`` when there is none, and as the reader says.
        """
        spec = ReadSpec(
            path=str(existing(path)),
            name=path.name,
            keep=True,
            like=like,
            before=before,
            adopt=like is None and before is None,
            target=target,
            formats=dict(formats or {}),
        )
        return self.workspace.table(self.project, self.ask(ReadResult, spec).table)

    def recipe(self) -> Recipe:
        """The recipe of the project.

        Raises:
            FoldlineError: ``RECIPE`` when there is none yet.
        """
        recipe = self.workspace.recipe(self.project)
        if recipe is None:
            raise FoldlineError("RECIPE", "There is no recipe yet.", "Load data first.")
        return recipe


def existing(path: Path) -> Path:
    """The path, absolute.

    Raises:
        FoldlineError: ``FILE`` when it is not a file that can be read.
    """
    if not path.is_file():
        raise FoldlineError("FILE", f"There is no file {path}.", "Check the name.", str(path))
    try:
        with path.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        problem = f"{path} cannot be read: {error.strerror}."
        raise FoldlineError("FILE", problem, "Check its rights.", str(path)) from error
    return path.resolve()


def _tell(event: Event) -> None:
    if event.kind == "board":
        row = event.facts["candidate"]
        print(f"  {row['label']}: {row['status']}, {row['seconds']:.1f} s", file=sys.stderr)


def _tell_progress(job: Job) -> None:
    print(f"  [{job.done:g}/{job.total:g}] {job.message}", file=sys.stderr)


@contextmanager
def session() -> Iterator[Session]:
    """A session in a temporary folder, removed at the end."""
    with own_folder() as root:
        workspace = Workspace(root)
        yield Session(workspace, workspace.create_project(workspace.new_space(), "command line"))
