"""Every page with real results, in both themes and two widths; `make screenshots` keeps the pictures."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.recipe import edits
from core.store.workspace import Workspace
from tests.e2e.accessibility import violations
from tests.e2e.prepared import Prepared
from tests.e2e.server import ROOT, Server
from tests.e2e.visitor import Visitor
from ui.frame.page_list import PLACES

SAMPLES = ROOT / "sample_data"
QUICK = ("logistic_regression", "gaussian_nb", "tree_classifier", "lightgbm_classifier", "knn_classifier")
PAGES = [place.id for place in PLACES]
THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def churn(home: Path) -> Prepared:
    """The churn sample, walked to its end."""
    found = Prepared(Workspace(home), "Churn study")
    table = found.read(SAMPLES / "churn.csv")
    found.fix("LEAKAGE", "DUPLICATES", "DISGUISED_MISSING")
    found.edit(lambda old: edits.add_feature(old, "ratio", ("support_calls", "tenure_months")), "a ratio")
    found.train(QUICK, "lightgbm_classifier", trials=12)
    found.leave(table)
    found.see({"predict.mode": "table", "predict.table": table, "evaluate.tab": "Ranking"})
    return found


@pytest.fixture(scope="module")
def wafers(home: Path) -> Prepared:
    """The wafer sample with a model and the next quarter."""
    found = Prepared(Workspace(home), "Etch line 3")
    found.read(SAMPLES / "wafer_yield.csv")
    found.fix("GROUPED")
    later = found.read(SAMPLES / "wafer_yield_next_quarter.csv", adopt=False)
    found.train(("logistic_regression", "lightgbm_classifier"), "lightgbm_classifier")
    found.watch(later)
    return found


@pytest.fixture(scope="module")
def projects(churn: Prepared, wafers: Prepared) -> dict[str, str]:
    """Page -> the project that shows it best."""
    return {page: (wafers if page == "monitor" else churn).project for page in PAGES}


@pytest.fixture(scope="module")
def server(home: Path, projects: dict[str, str]) -> Iterator[Server]:
    """A server that starts on finished work."""
    running = Server(home)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures go: into the documentation when they are asked for."""
    if os.environ.get("FOLDLINE_SCREENSHOTS") == "1":
        return ROOT / "docs" / "screenshots"
    return tmp_path_factory.mktemp("screenshots")


@pytest.fixture(scope="module")
def seen(browser: Browser, server: Server) -> Iterator[dict[tuple[str, int], Visitor]]:
    """One visitor for each theme and width."""
    found = {(t, w): Visitor(browser, server, t, w) for t in THEMES for w in (1440, 800)}
    yield found
    for visitor in found.values():
        visitor.close()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_with_results(
    page: str,
    theme: str,
    seen: dict[tuple[str, int], Visitor],
    server: Server,
    projects: dict[str, str],
    folder: Path,
) -> None:
    visitor = seen[theme, 1440].open(page, projects[page]).is_at(page)
    server.wait_idle(projects[page])
    picture = visitor.settle().screenshot(folder / f"{page}-{theme}.png")
    assert picture.stat().st_size > 20_000
    assert visitor.overflow() <= 2
    visitor.healthy()
    assert violations(visitor.page) == []


@pytest.mark.parametrize("page", PAGES)
def test_a_narrow_window_needs_no_scrolling_sideways(
    page: str,
    seen: dict[tuple[str, int], Visitor],
    projects: dict[str, str],
    tmp_path: Path,
) -> None:
    visitor = seen["light", 800].open(page, projects[page]).is_at(page)
    visitor.screenshot(tmp_path / f"{page}.png")
    assert visitor.overflow() <= 2
    visitor.healthy()


def test_the_recipe_of_a_run_is_restored_and_taken_back(
    seen: dict[tuple[str, int], Visitor], server: Server, churn: Prepared
) -> None:
    before = churn.recipe
    visitor = (
        seen["light", 1440].open("runs", churn.project).is_at("runs").sees("From the first to the second")
    )
    visitor.pick_rows("runs.table", 1)  # of the two that are compared at first the comparison is left
    visitor.click("Restore its recipe").sees(re.compile("Restored"))
    assert server.recipe(churn.project).chosen is None
    visitor.click("Undo", key="runs.undo").sees("Since then the recipe has changed")
    assert server.recipe(churn.project) == before
    visitor.healthy()
