"""A problem that the checks found is carried on until it is mended, or let stand for a reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from benchmarks.decided.gain import Silent
from benchmarks.decided.planted import planted
from benchmarks.decided.real_tables import real
from core.checks.finding import Finding
from core.engine.processes.units import ForkRunner
from core.engine.resources import resources_of
from core.errors import FoldlineError
from core.export.card import card
from core.findings import unsettled
from core.recipe import edits, usage_edits
from core.recipe.columns import columns_of
from core.recipe.document import Recipe, parse
from core.recipe.fingerprint import fingerprint
from core.results.bundle import ModelReport
from core.train.compare import compare
from core.train.rows.copies import copies_across
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


@pytest.fixture(scope="module")
def copied_rows(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    table = planted("copies with noise", real("diabetes"), 1)[0]
    path = tmp_path_factory.mktemp("copied") / "copied.csv"
    table[0].to_csv(path, index=False)
    project = loaded(home, path)
    take = edits.choose(edits.set_target(project.now(), table[1], "regression"), "ridge")
    take = edits.set_candidates(take, ["ridge"])
    project.workspace.edit(project.project, lambda _: take, "target")
    project.look()
    return project


@pytest.mark.parametrize("page", PAGES)
def test_a_problem_of_rows_is_carried_on_too(copied_rows: Loaded, page: str) -> None:
    assert WARNED in texts(opened(page, copied_rows.project))
    changed(copied_rows, lambda old: edits.set_metric(old, "mae"), "metric")
    assert WARNED in texts(opened(page, copied_rows.project))  # the checks did not run again
    copied_rows.workspace.undo(copied_rows.project)


@pytest.mark.parametrize("page", ["tune", "evaluate", "export"])
def test_what_only_the_comparison_showed_is_carried_on(copied_rows: Loaded, page: str) -> None:
    recipe = copied_rows.now()
    work = resources_of(copied_rows.workspace, copied_rows.project).work(recipe)
    result, _ = compare(work, Silent(), ForkRunner(work.resources, 1))
    table = copied_rows.workspace.table(copied_rows.project, recipe.source.table)
    words = copies_across(work, columns_of(recipe, table)).words
    told = result.model_copy(update={"copies": words, "doubt": "The best model is nearly always right."})
    copied_rows.workspace.put_result(copied_rows.project, told.KIND, fingerprint(recipe, "compare"), told)
    app = opened(page, copied_rows.project)
    shown = " ".join(one.value for one in app.warning)
    assert words
    assert "nearly repeat a row learned from" in shown and not app.exception
    assert "nearly always right" in shown
