"""A workspace of 0.1.0, with one result of each kind of job, opens on every page."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.recipe.document import VERSION
from core.store.files.payload import digest, encode
from core.store.workspace import Workspace
from tests.golden_support import golden_workspace
from tests.page_support import opened, texts

SHOWN = {
    "data": "Looking at the table",
    "prepare": "Test\\: 20\\% drawn at random",
    "features": "Features",
    "models": "cannot be told apart",
    "tune": "fresh folds",
    "evaluate": "fitted on 400 rows, judged on 100",
    "export": "transformers",
    "predict": "Predicted classes",
    "monitor": "100 new rows",
    "runs": "Compared 2 models",
}
"""Page -> what it shows of the results that are stored."""


@pytest.fixture(scope="module", name="old")
def old_workspace(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    home = tmp_path_factory.mktemp("old")
    workspace, project = golden_workspace(home)
    workspace.put(project, "view.predict.mode", "table")
    return home, project


@pytest.mark.parametrize("page", SHOWN)
def test_a_page_shows_what_was_stored(
    page: str, old: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, project = old
    monkeypatch.setenv("FOLDLINE_HOME", str(home))
    app = opened(page, project)
    assert not app.exception
    assert not app.error, [element.value for element in app.error]
    assert SHOWN[page] in texts(app), texts(app)


@pytest.fixture(scope="module", name="newer")
def newer_workspace(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The same with every result in a form of a later version."""
    home = tmp_path_factory.mktemp("newer")
    workspace, project = golden_workspace(home)
    for row in workspace.db.rows("SELECT id FROM result"):
        data = encode(workspace.result_by_id(project, row["id"]) | {"version": 99})
        workspace.paths.payload(row["id"]).write_bytes(data)
        with workspace.db.write() as connection:
            connection.execute("UPDATE result SET sha = ? WHERE id = ?", (digest(data), row["id"]))
    return home, project


@pytest.mark.parametrize("page", sorted(SHOWN.keys() - {"data", "prepare", "features"}))
def test_what_is_stored_in_an_unknown_form_counts_as_absent(
    page: str, newer: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, project = newer
    monkeypatch.setenv("FOLDLINE_HOME", str(home))
    app = opened(page, project)
    assert not app.exception
    if page == "runs":  # two runs are compared side by side: that this cannot be done is told
        assert "RESULT" in app.error[0].value
    else:
        assert not app.error, [element.value for element in app.error]
        assert SHOWN[page] not in texts(app)


def test_the_recipe_is_brought_to_the_current_version(old: tuple[Path, str]) -> None:
    home, project = old
    recipe = Workspace(home).recipe(project)
    assert recipe is not None
    assert recipe.version == VERSION
