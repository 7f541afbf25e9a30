"""Options whose words change with what is chosen elsewhere keep their meaning in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.recipe import edits
from core.store.workspace import Workspace
from tests.e2e.conftest import Visit
from tests.e2e.prepared import Prepared
from tests.e2e.server import ROOT, Server
from tests.e2e.visitor import Visitor


@pytest.fixture(scope="module")
def churn(home: Path) -> Prepared:
    """The churn sample with two models that are prepared in different ways."""
    made = Prepared(Workspace(home), "Words")
    made.read(ROOT / "sample_data" / "churn.csv")
    made.work("inspect")
    made.edit(lambda old: edits.set_candidates(old, ["logistic_regression", "lightgbm_classifier"]), "models")
    return made


def _is_fine(visitor: Visitor) -> None:
    """No choice was taken for one that there is not."""
    visitor.settle().healthy()
    expect(visitor.page.get_by_text("CATALOG")).to_have_count(0)


def test_automatic_steps_follow_another_model_and_a_group(
    visit: Visit, server: Server, churn: Prepared
) -> None:
    workspace, project = server.workspace, churn.project
    visitor = visit().open("prepare", project).is_at("prepare")
    for _ in range(2):
        for model in ("LightGBM", "Logistic regression"):
            visitor.choose("Automatic steps as for", model)
            _is_fine(visitor)
    visitor.choose("Keep together by", "customer_id")
    visitor.settle()
    visitor.choose("Automatic steps as for", "LightGBM")
    _is_fine(visitor)
    for key in ("shell.undo", "shell.redo", "shell.undo"):
        visitor.keyed(key).get_by_role("button").first.click()
        _is_fine(visitor)
    assert workspace.history(project)[1].label == "models", "only the group was chosen"
