"""Two tabs at once, a clock that a person sets, code to read, and a workspace that cannot be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from core.engine import jobs
from core.recipe import edits
from core.store.workspace import Workspace
from tests.e2e.accessibility import violations
from tests.e2e.conftest import Visit
from tests.e2e.prepared import Prepared
from tests.e2e.server import ROOT, Server
from tests.e2e.visitor import Visitor


@pytest.fixture(scope="module")
def ready(home: Path) -> Prepared:
    """The churn sample with two models to compare, one of them chosen."""
    found = Prepared(Workspace(home), "At once")
    found.read(ROOT / "sample_data" / "churn.csv")
    found.work("inspect")
    models = ["logistic_regression", "tree_classifier"]
    found.edit(lambda old: edits.set_candidates(old, models), "models")
    found.edit(lambda old: edits.choose(old, "tree_classifier"), "choose")
    return found


def both_press(visitor: Visitor, page: str, project: str, key: str) -> None:
    """Open a page in two tabs and press the same button in both, one right after the other."""
    other = visitor.second_tab()
    tabs = (visitor.page, other)
    for tab in tabs:
        tab.goto(f"{visitor.server.url}/{page}?project={project}", wait_until="commit")
    buttons = [tab.locator(f".st-key-{key}").get_by_role("button") for tab in tabs]
    for button in buttons:
        expect(button).to_be_enabled()
    for button in buttons:
        button.click(no_wait_after=True)
    for tab in tabs:
        expect(tab.get_by_text(re.compile("took ")).first).to_be_visible(timeout=90_000)
    other.close()


@pytest.mark.parametrize(
    ("page", "kind", "key"),
    [("models", "compare", "models-start"), ("evaluate", "evaluate", "evaluate-open")],
)
def test_two_tabs_that_press_the_same_make_one_job(
    page: str, kind: str, key: str, visit: Visit, server: Server, ready: Prepared
) -> None:
    visitor = visit()
    both_press(visitor, page, ready.project, key)
    made = [job for job in jobs.jobs(server.workspace, ready.project) if job.kind == kind]
    assert [job.state for job in made] == ["done"]
    visitor.settle().healthy()


@pytest.mark.parametrize(("page", "key"), [("models", "compare.clock"), ("export", "export.clock")])
def test_a_person_sets_the_clock_of_a_job(
    page: str, key: str, visit: Visit, server: Server, ready: Prepared
) -> None:
    visitor = visit().open(page, ready.project).is_at(page)
    box = visitor.keyed(key).get_by_role("spinbutton")
    box.fill("7")
    box.press("Enter")
    visitor.settle().reload()
    expect(visitor.keyed(key).get_by_role("spinbutton")).to_have_value("7")
    assert getattr(server.recipe(ready.project).clocks, key.partition(".")[0]) == 7
    visitor.healthy()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_code_behind_a_click_can_be_read(theme: str, visit: Visit, ready: Prepared) -> None:
    visitor = visit(theme).open("data", ready.project).is_at("data")
    visitor.page.get_by_test_id("stPopoverButton").filter(has_text="Code").click()
    inside = visitor.page.get_by_test_id("stPopoverBody")
    for what in ("Pipeline", "Script", "Recipe"):
        inside.get_by_role("radio", name=what).click()
        expect(inside.locator("code .token").first).to_be_visible()
        visitor.settle()
        visitor.page.wait_for_timeout(500)  # colours glide
        weak = [each for each in violations(visitor.page) if each.startswith("color-contrast")]
        assert weak == [], what


def test_a_workspace_that_cannot_be_used_shows_no_list_of_files(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    server = Server(tmp_path / "home")
    (tmp_path / "home" / "foldline.sqlite").write_bytes(b"no database" * 999)
    server.start()
    visitor = Visitor(browser, server)
    try:
        visitor.page.goto(server.url, wait_until="commit")
        visitor.sees("Foldline cannot show your work now")
        expect(visitor.page.get_by_test_id("stSidebarNavLink")).to_have_count(0)
        expect(visitor.page.get_by_text("evaluate", exact=True)).to_have_count(0)
    finally:
        visitor.context.close()
        server.kill()  # no job server was started, and there is no database to ask


@pytest.mark.parametrize(("width", "most"), [(800, 240), (1440, 300)])
def test_the_menu_leaves_a_narrow_page_its_room(width: int, most: int, visit: Visit, ready: Prepared) -> None:
    visitor = visit(width=width).open("tune", ready.project).is_at("tune")
    place = visitor.page.get_by_test_id("stSidebar").bounding_box()
    assert place is not None and place["width"] <= most
    assert visitor.overflow() <= 2
