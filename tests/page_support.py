"""A workspace with tables that were read and looked at, and the app opened on one of its projects."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.engine.run_here import run_here
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.results.base import parsed
from core.results.inspect import InspectResult
from core.results.preview import PreviewResult
from core.store.workspace import Workspace
from ui.prepare.preview import key_of

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module", name="home")
def module_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The workspace folder that the tests of a file share; they take it over by ``home = module_home``."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("home")
        patch.setenv("FOLDLINE_HOME", str(folder))
        yield folder


@dataclass(frozen=True)
class Loaded:
    """A table in a project, with what looking at it found."""

    workspace: Workspace
    project: str
    recipe: Recipe

    def again(self) -> Loaded:
        """The same table in a project of its own, so that a test may change it."""
        ws, recipe = self.workspace, self.recipe
        project = ws.create_project(ws.new_space(), "A copy")
        table = ws.table(self.project, recipe.source.table)
        copy = ws.new_upload(project)
        shutil.copyfile(ws.table_path(self.project, table.id), copy)
        ws.add_table(project, copy, table)
        ws.edit(project, lambda _: recipe, "data: a copy")
        for kind, key in (("profile", table.id), ("inspect", fingerprint(recipe, "data"))):
            found = ws.result(self.project, kind, key)
            assert found is not None
            ws.put_result(project, kind, key, found)
        for model in {one.model for one in recipe.candidates}:
            key = key_of(recipe, model)
            shown = ws.result(self.project, "preview", key)
            if shown is not None:
                ws.put_result(project, "preview", key, shown)
        return Loaded(ws, project, recipe)

    def now(self) -> Recipe:
        """The recipe as it is now."""
        found = self.workspace.recipe(self.project)
        assert found is not None
        return found

    def labels(self) -> list[str]:
        """The history, newest first."""
        return [edit.label for edit in self.workspace.history(self.project)]

    def look(self) -> InspectResult:
        """Looks at the table as the recipe has it now."""
        spec = {"recipe": self.now().model_dump(mode="json")}
        return parsed(InspectResult, run_here(self.workspace, self.project, "inspect", spec))

    def preview(self, model: str = "") -> PreviewResult:
        """Prepares some rows as the recipe has it now."""
        recipe = self.now()
        chosen = model or first_model(recipe)
        key = key_of(recipe, chosen)
        spec = {"recipe": recipe.model_dump(mode="json"), "model": chosen, "key": key}
        return parsed(PreviewResult, run_here(self.workspace, self.project, "preview", spec))


def first_model(recipe: Recipe) -> str:
    """The model that automatic steps are shown for at first."""
    return next(one.model for one in recipe.candidates if not one.model.startswith("dummy_"))


def loaded(home: Path, file: Path) -> Loaded:
    """A file read into a new project, looked at and previewed."""
    ws = Workspace(home)
    project = ws.create_project(ws.new_space(), "Mine")
    run_here(ws, project, "read", {"path": str(file), "name": file.name, "keep": True})
    recipe = ws.recipe(project)
    assert recipe is not None
    found = Loaded(ws, project, recipe)
    found.look()
    if recipe.target:
        found.preview()
    return found


def opened(page: str, project: str = "", **state: Any) -> AppTest:
    """A page of the app on a project; on a new one when none is given."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    if project:
        app.query_params["project"] = project
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    return app.switch_page(f"pages/{page}.py").run() if page != "data" else app


def tied(widgets: Any, key: str) -> Any:
    """The widget that now shows what is tied under a key, see ``ui.widgets.tied``."""
    return next(one for one in widgets if one.key == key or (one.key or "").startswith(f"{key}.."))


def texts(app: AppTest) -> str:
    """All that is written on the page."""
    kinds: list[Callable[[], Any]] = [
        lambda: app.markdown,
        lambda: app.caption,
        lambda: app.title,
        lambda: app.header,
        lambda: app.subheader,
        lambda: app.error,
    ]
    return "\n".join(str(element.value) for kind in kinds for element in kind())
