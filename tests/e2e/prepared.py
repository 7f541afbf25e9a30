"""Projects with real results, made by the app's own jobs before its server starts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.engine.run_here import run_here
from core.recipe import edits
from core.recipe.document import Recipe
from core.recipe.fixes import apply_fix
from core.results.base import parsed
from core.results.inspect import InspectResult
from core.store.workspace import Workspace


class Prepared:
    """One project of a workspace whose jobs are done here and now.

    Args:
        workspace: where it lives.
        name: what it is called on screen.
    """

    def __init__(self, workspace: Workspace, name: str) -> None:
        self.workspace = workspace
        self.project = workspace.create_project(workspace.new_space(), name)

    @property
    def recipe(self) -> Recipe:
        """The recipe as it is now."""
        found = self.workspace.recipe(self.project)
        assert found is not None
        return found

    def job(self, kind: str, **spec: Any) -> dict[str, Any]:
        """Do a job and give what it found."""
        return run_here(self.workspace, self.project, kind, spec)

    def work(self, kind: str) -> dict[str, Any]:
        """Do a job that needs nothing but the recipe."""
        return self.job(kind, recipe=self.recipe.model_dump(mode="json"))

    def read(self, path: Path, adopt: bool = True) -> str:
        """Read a file and give the id of its table."""
        found = self.job("read", path=str(path), name=path.name, keep=True, adopt=adopt)
        return str(found["table"])

    def edit(self, change: Any, label: str) -> None:
        """Edit the recipe, as one step of its history."""
        self.workspace.edit(self.project, lambda old: change(old or Recipe()), label)

    def fix(self, *codes: str) -> None:
        """Take the fixes of the checks that found something."""
        for finding in parsed(InspectResult, self.work("inspect")).findings:
            if finding.fix and finding.code in codes:
                self.edit(lambda old, fix=finding.fix: apply_fix(old, fix), finding.fix.label.lower())
        self.work("inspect")

    def train(self, models: Sequence[str], chosen: str, trials: int = 0) -> None:
        """Compare models, choose one, tune it when there are trials, and open the test set."""
        self.edit(lambda old: edits.set_candidates(old, models), "models to compare")
        self.work("compare")
        self.edit(lambda old: edits.choose(old, chosen), f"choose {chosen}")
        if trials:
            self.edit(lambda old: edits.set_tuning(old, trials=trials), "trials")
            best = self.work("tune")["best"]["all_params"]
            self.edit(lambda old: edits.choose(old, chosen, "tuned", **best), "take the tuned model")
        self.work("evaluate")

    def leave(self, table: str) -> None:
        """Pack the model and predict a table with it."""
        packed = self.job("export", recipe=self.recipe.model_dump(mode="json"), part="all", joblib=False)
        self.job(
            "predict",
            result=packed["result"],
            data={"table": table},
            formats=["csv", "xlsx", "parquet"],
            with_input=True,
        )

    def see(self, views: dict[str, Any]) -> None:
        """Have the pages show what a person who was there before has chosen to see."""
        for key, value in views.items():
            self.workspace.put(self.project, f"view.{key}", value)

    def watch(self, table: str) -> dict[str, Any]:
        """Compare a later table with the rows that the model learned from."""
        reference = {"recipe": self.recipe.model_dump(mode="json")}
        return self.job("drift", reference=reference, current={"table": table}, sensitivity="normal")
