"""One case in a browser: the number changes while the slider is held, and another answer is found."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from core.recipe import edits
from core.store.workspace import Workspace
from tests.e2e.conftest import Visit
from tests.e2e.prepared import Prepared
from tests.e2e.server import Server, wait_until

CHURN = Path(__file__).parents[2] / "sample_data" / "churn.csv"


def test_the_answer_changes_while_the_slider_is_held(home: Path, server: Server, visit: Visit) -> None:
    prepared = Prepared(Workspace(home), "One row")
    prepared.read(CHURN)
    prepared.edit(lambda old: edits.choose(old, "logistic_regression"), "a model")
    prepared.job("export", recipe=prepared.recipe.model_dump(mode="json"), part="train", joblib=False)
    prepared.see({"predict.mode": "case"})
    visitor = visit(width=1440).open("predict", prepared.project)
    answer = visitor.keyed("predict.one")
    expect(answer).to_contain_text("is predicted to be")
    visitor.sees("Adds up").settle()

    slider = visitor.page.locator("input.range").first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    before, height = answer.inner_text(), box["y"] + box["height"] / 2
    visitor.page.mouse.move(box["x"] + 0.1 * box["width"], height)
    visitor.page.mouse.down()
    visitor.page.mouse.move(box["x"] + 0.9 * box["width"], height, steps=8)
    wait_until(lambda: answer.inner_text() != before, "another number while the button is down")
    visitor.page.mouse.up()
    visitor.settle()
    held = slider.input_value()

    visitor.click("Find the nearest such row")
    visitor.sees("The nearest row found with")
    said = answer.inner_text().splitlines()[1:3]
    visitor.click("Take this row over")
    wait_until(lambda: answer.inner_text().splitlines()[1:3] != said, "the answer of the row that was found")
    taken = answer.inner_text()
    visitor.reload()
    expect(answer).to_contain_text("is predicted to be")
    assert answer.inner_text() == taken
    assert held and visitor.overflow() <= 0
    visitor.healthy()
