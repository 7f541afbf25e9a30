"""A problem that the checks found is carried on until it is mended, or let stand for a reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.checks.finding import Finding
from core.errors import FoldlineError
from core.export.card import card
from core.findings import unsettled
from core.recipe import edits, usage_edits
from core.recipe.document import Recipe, parse
from core.results.bundle import ModelReport
from tests.page_support import Loaded, loaded, module_home, opened, texts
from ui.widgets.state import Change

home = module_home
LEAK = "billed"
WARNED = "These scores may mislead"
PAGES = ("models", "tune", "evaluate", "export")


@pytest.fixture(scope="module")
def leaky(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    rng = np.random.default_rng(3)
    left = rng.random(400) < 0.4
    frame = pd.DataFrame(
        {
            "age": rng.integers(18, 90, 400),
            LEAK: np.where(left, 0.0, rng.uniform(5, 90, 400)).round(2),
            "left": np.where(left, "yes", "no"),
        }
    )
    path = tmp_path_factory.mktemp("leaky") / "leaky.csv"
    frame.to_csv(path, index=False)
    project = loaded(home, path)
    take = edits.set_target(project.now(), "left", "binary", "yes")
    project.workspace.edit(project.project, lambda _: edits.choose(take, "logistic_regression"), "target")
    project.look()
    return project


def changed(project: Loaded, change: Change, words: str) -> Recipe:
    return project.workspace.edit(project.project, lambda old: change(old or Recipe()), words)


@pytest.mark.parametrize("page", PAGES)
def test_it_is_told_on_every_page_behind(leaky: Loaded, page: str) -> None:
    app = opened(page, leaky.project)
    assert not app.exception
    assert WARNED in texts(app) and LEAK in texts(app)


def test_it_stays_when_another_choice_makes_the_checks_run_again(leaky: Loaded) -> None:
    changed(leaky, lambda old: edits.set_metric(old, "log_loss"), "metric")
    assert WARNED in texts(opened("models", leaky.project))
    leaky.workspace.undo(leaky.project)


def test_it_goes_when_it_is_mended(leaky: Loaded) -> None:
    changed(leaky, lambda old: edits.set_role(old, LEAK, "ignore"), "left out")
    assert WARNED not in texts(opened("models", leaky.project))
    leaky.workspace.undo(leaky.project)


def test_it_is_let_stand_for_a_reason_only(leaky: Loaded) -> None:
    app: AppTest = opened("data", leaky.project)
    go = next(button for button in app.button if button.label == "Let it stand")
    assert go.disabled
    next(field for field in app.text_input if field.label == "Reason").input("billed before it ends").run()
    next(button for button in app.button if button.label == "Let it stand").click().run()
    assert not app.exception
    assert "Let stand: billed before it ends" in texts(app)
    assert WARNED not in texts(opened("models", leaky.project))
    next(button for button in app.button if button.label == "Count it again").click().run()
    assert WARNED in texts(opened("models", leaky.project))


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 301])
def test_no_reason_is_none(reason: str) -> None:
    with pytest.raises(FoldlineError) as refused:
        usage_edits.accept(Recipe(), "LEAKAGE", "billed", reason)
    assert refused.value.code == "REASON"


def test_the_card_says_which_and_why() -> None:
    leaks = [
        Finding(code="LEAKAGE", severity="error", column=name, reason=f"{name} tells all.") for name in "ab"
    ]
    recipe = usage_edits.accept(Recipe(target="y"), "LEAKAGE", "a", "it is known\nat the call")
    assert [one.column for one in unsettled(leaks, recipe.accepted)] == ["b"]
    assert parse(recipe.model_dump(mode="json")) == recipe
    text = card(recipe, ModelReport(task="binary", metric="roc_auc", rows=1, columns=1), findings=leaks)
    assert "LEAKAGE a: a tells all. Let stand, because: it is known at the call" in text
    assert "**Not mended; the scores may mislead.** LEAKAGE b" in text
    assert usage_edits.accept_no_more(recipe, "LEAKAGE", "a") == Recipe(target="y")
