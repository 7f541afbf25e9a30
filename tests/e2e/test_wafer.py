"""The wafer sample and its next quarter: what has drifted is named on screen, as the truth file says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.engine import jobs
from core.recipe.document import Recipe
from tests.e2e.conftest import Visit
from tests.e2e.server import ROOT, Server
from tests.e2e.visitor import Visitor

SAMPLES = ROOT / "sample_data"
TRUTH: dict[str, Any] = json.loads((SAMPLES / "wafer_truth.json").read_text(encoding="utf-8"))
NEXT: Path = SAMPLES / "wafer_yield_next_quarter.csv"


@pytest.fixture(scope="module")
def fab(visit: Visit) -> Iterator[Visitor]:
    """Somebody from the fab."""
    visitor = visit()
    visitor.open()
    yield visitor
    visitor.healthy()


@pytest.fixture(scope="module")
def recipe(fab: Visitor, server: Server) -> Recipe:
    """The recipe that comes with the sample, loaded by its card."""
    fab.click("Load", key="sample.wafer_yield.csv").wait_job("read").wait_job("inspect")
    return server.recipe(fab.project)


@pytest.fixture(scope="module")
def report(fab: Visitor, server: Server, recipe: Recipe) -> dict[str, Any]:
    """What Monitor found, asked for on its page."""
    before = server.latest(fab.project, "read")
    assert before is not None
    fab.go("monitor").upload(NEXT, key="monitor.choice").wait_job("read", after=before.id)
    fab.click("Compare", key="monitor.start").wait_job("drift", timeout=180)
    job = server.latest(fab.project, "drift")
    assert job is not None
    return jobs.result(server.workspace, fab.project, job.id)


def test_the_sample_comes_with_a_recipe_that_runs(recipe: Recipe) -> None:
    assert (recipe.target, recipe.task, recipe.positive) == ("result", "binary", "fail")
    assert recipe.source.rows == TRUTH["rows"]


def test_what_drifted_is_found_and_nothing_else(report: dict[str, Any], recipe: Recipe) -> None:
    found = {column["name"] for column in report["columns"] if column["state"] == "drift"}
    truth = set(TRUTH["drifted"]) - {TRUTH["target"]}
    assert truth <= found
    assert not found & set(TRUTH["undrifted"])
    assert report["target"]["state"] == "drift"
    assert report["joint"]["state"] == "drift"


def test_the_drifted_columns_are_on_screen(fab: Visitor, report: dict[str, Any]) -> None:
    number = sum(column["state"] == "drift" for column in report["columns"])
    asked = sum(column["state"] != "not_computed" for column in report["columns"])
    fab.drawn().sees(f"{number} of {asked}").sees(report["verdict"]["action"])
    # A table is drawn on a canvas; what it says stands in its hidden twin for those who do not see it.
    cells = fab.main.get_by_test_id("stDataFrame").first.locator("table td").all_text_contents()
    for column in set(TRUTH["drifted"]) - {TRUTH["target"]}:
        assert "Drift" in cells[cells.index(column) + 1], column
    fab.healthy()


def test_the_drift_of_a_column_is_drawn(fab: Visitor, report: dict[str, Any]) -> None:
    legends = fab.drawn().main.locator(".legendtext").all_text_contents()
    assert {"reference", "current"} <= set(legends)


def test_the_report_can_be_taken_away(fab: Visitor, report: dict[str, Any], tmp_path: Path) -> None:
    page = fab.downloads(lambda: fab.button("Report as a page").click(), tmp_path)
    text = page.read_text(encoding="utf-8")
    assert all(column in text for column in TRUTH["drifted"])
    assert "<script" not in text
