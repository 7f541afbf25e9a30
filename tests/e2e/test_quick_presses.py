"""Presses faster than the browser learns what the last one did write nothing of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.recipe import edits, usage_edits
from core.recipe.document import Recipe
from core.store.workspace import Workspace
from tests.e2e.conftest import Visit
from tests.e2e.prepared import Prepared
from tests.e2e.server import ROOT, Server

MODELS = ["logistic_regression", "tree_classifier"]
EDITS = (
    (lambda old: edits.set_candidates(old, MODELS), "models"),
    (lambda old: edits.set_split(old, test_size=0.3), "test size"),
    (lambda old: edits.set_step(old, "numeric", "scale", "robust"), "scale"),
    (lambda old: edits.set_seed(old, 7), "seed"),
    (lambda old: edits.add_feature(old, "ratio", tuple(_numbers(old))), "feature"),
    (lambda old: edits.set_metric(old, "log_loss"), "metric"),
    (lambda old: usage_edits.set_margin(old, 0.05), "margin"),
    (lambda old: edits.set_split(old, test_size=0.4), "test size again"),
)


def _numbers(recipe: Recipe) -> list[str]:
    return [column.name for column in recipe.inputs if column.kind == "numeric"][:2]


@pytest.fixture(scope="module")
def edited(home: Path) -> Prepared:
    """The churn sample with edits that the widgets of several pages show."""
    made = Prepared(Workspace(home), "Edited")
    made.read(ROOT / "sample_data" / "churn.csv")
    made.work("inspect")
    for change, label in EDITS:
        made.edit(change, label)
    return made


@pytest.mark.parametrize("pause", [60, 150, 250])
@pytest.mark.parametrize("page", ["prepare", "features", "models"])
def test_undo_and_redo_in_quick_succession_write_no_edit(
    page: str, pause: int, visit: Visit, server: Server, edited: Prepared
) -> None:
    workspace, project = server.workspace, edited.project
    before = workspace.history(project)
    visitor = visit().open(page, project).is_at(page)
    for key in ("shell.undo", "shell.redo", "shell.undo"):
        button = visitor.keyed(key).get_by_role("button").first
        expect(button).to_be_enabled()
        button.scroll_into_view_if_needed()
        place = button.bounding_box()
        assert place is not None
        for _ in range(3):
            # The mouse stays where it is, as a hand's does: between two draws no button may be under it.
            visitor.page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
            visitor.page.wait_for_timeout(pause)
        visitor.settle()
        after = workspace.history(project)
        assert [edit.label for edit in after[: len(after) - len(before)]] == []
    visitor.healthy()
    workspace.goto(project, before[0].seq)
