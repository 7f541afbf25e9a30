"""What the browser sends late, of a recipe, page or project of before, is not taken for a choice."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

from core.recipe import edits, usage_edits
from core.recipe.document import Recipe
from core.store.workspace import Workspace
from tests.page_support import Loaded, loaded, opened, tied
from tests.page_support import module_home as home  # noqa: F401

ROOT = Path(__file__).resolve().parents[1]
MODELS = ["logistic_regression", "tree_classifier"]


@pytest.fixture(scope="module")
def churn(home: Path) -> Loaded:  # noqa: F811
    return loaded(home, ROOT / "sample_data" / "churn.csv")


@pytest.fixture
def edited(churn: Loaded) -> Loaded:
    """A project whose every edit is one that some page shows."""
    made = churn.again()
    for change in (
        lambda old: edits.set_split(old, test_size=0.3),
        lambda old: edits.set_step(old, "numeric", "scale", "robust"),
        lambda old: edits.set_candidates(old, MODELS),
        lambda old: edits.set_metric(old, "log_loss"),
        lambda old: usage_edits.set_margin(old, 0.05),
        lambda old: edits.choose(old, "tree_classifier"),
        lambda old: edits.set_tuning(old, trials=30),
        lambda old: edits.set_seed(old, 7),
    ):
        made.workspace.edit(made.project, lambda old, change=change: change(old or Recipe()), "edit")
    return made


def sent(app: AppTest) -> WidgetStates:
    """What a browser sends that shows the page as it is."""
    return app._tree.get_widget_states()


def pressed(app: AppTest, key: str, shown: WidgetStates) -> AppTest:
    """A button is pressed in a browser that still shows the page as it was then."""
    app.button(key=key).click()
    late = WidgetStates()
    late.CopyFrom(shown)
    now = {one.id: one for one in sent(app).widgets}
    late.widgets.append(now[app.button(key=key).id])
    return app._run(late)


@pytest.mark.parametrize("page", ["data", "prepare", "features", "models", "tune", "evaluate", "monitor"])
def test_quick_undo_and_redo_write_no_edit(page: str, edited: Loaded) -> None:
    app = opened(page, edited.project)
    many = len(edited.workspace.history(edited.project))
    for key in ["shell.undo"] * (many - 1) + ["shell.redo"] * (many - 1):
        shown = sent(app)
        before = edited.now()
        pressed(app, key, shown)
        assert edited.now() != before
        app._run(shown)
        assert len(edited.workspace.history(edited.project)) == many
    assert edited.now().seed == 7


def test_what_a_page_showed_before_it_was_left_is_no_choice(edited: Loaded) -> None:
    app = opened("prepare", edited.project)
    shown, many = sent(app), len(edited.workspace.history(edited.project))
    app.switch_page("pages/models.py").run()
    pressed(app, "shell.undo", shown)
    app._run(shown)
    assert len(edited.workspace.history(edited.project)) == many


def test_a_choice_is_made_however_often_the_value_changed_elsewhere(edited: Loaded) -> None:
    app = opened("prepare", edited.project)
    for seed in (1, 2, 3):
        edited.workspace.undo(edited.project)
        tied(app.run().number_input, "prepare.seed").set_value(seed).run()
        assert edited.now().seed == seed
        tied(app.number_input, "prepare.seed").set_value(0).run()
        assert edited.now().seed == 0, "back to what it was before is a choice too"


def test_plain_runs_put_no_widget_anew(edited: Loaded) -> None:
    for page in ("data", "prepare", "features", "models", "tune", "evaluate", "monitor"):
        app = opened(page, edited.project)
        for _ in range(2):
            app.run()
        assert {one.number for one in app.session_state["foldline.shown"].values()} == {0}, page


@pytest.fixture
def two(edited: Loaded, churn: Loaded) -> tuple[Workspace, str, str]:
    """Two projects at different recipes of one table."""
    return edited.workspace, edited.project, churn.again().project


def visited(ws: Workspace, first: str, second: str) -> AppTest:
    """Prepare of the first project, opened by somebody who has the second one too."""
    app = opened("prepare", first)
    app.session_state["foldline.space"] = ws.db.row("SELECT space FROM project WHERE id = ?", (second,))[
        "space"
    ]
    return app.run()


def test_nothing_of_one_project_is_shown_or_written_in_another(two: tuple[Workspace, str, str]) -> None:
    ws, first, second = two
    before = {each: ws.recipe(each) for each in (first, second)}
    names = {each: ws.project(each).name for each in (first, second)}
    app = visited(ws, first, second)
    app.selectbox(key="prepare.single").select(before[first].inputs[0].name)
    shown = sent(app.run())
    tied(app.selectbox, "shell.switch").select(second).run()
    assert app.session_state["foldline.project"] == second
    app._run(shown)
    assert app.session_state["foldline.project"] == second
    assert {each: ws.recipe(each) for each in (first, second)} == before
    assert {each: ws.project(each).name for each in (first, second)} == names
    assert tied(app.slider, "prepare.test_size").value == round(100 * before[second].split.test_size)
    assert tied(app.selectbox, "prepare.single").value is None


def test_a_field_that_is_left_for_another_project_belongs_to_its_own(two: tuple[Workspace, str, str]) -> None:
    ws, first, second = two
    other = ws.recipe(second)
    app = visited(ws, first, second)
    app.number_input(key="prepare.seed").set_value(41)
    tied(app.selectbox, "shell.switch").select(second).run()
    assert (ws.recipe(first).seed, ws.recipe(second)) == (41, other)
    assert tied(app.number_input, "prepare.seed").value == other.seed


WORDS = {
    "another model": lambda old: edits.choose(old, "lightgbm_classifier"),
    "rows kept together": lambda old: edits.set_role(old, "customer_id", "group"),
    "rows in time": lambda old: edits.use_time(old, "signup_date"),
    "fewer inputs": lambda old: edits.set_role(old, old.inputs[0].name, "ignore"),
    "another split": lambda old: edits.set_split(old, test_size=0.5),
}


@pytest.mark.parametrize("how", WORDS)
@pytest.mark.parametrize("page", ["data", "prepare"])
def test_an_option_keeps_its_meaning_when_its_words_change(page: str, how: str, churn: Loaded) -> None:
    made = churn.again()
    app = opened(page, made.project)
    made.workspace.edit(made.project, lambda old: WORDS[how](old or Recipe()), how)
    after = made.now()
    shown = sent(app)
    for _ in range(3):  # the browser still sends the words that it shows
        app._run(shown)
        assert not app.error and not app.exception
    assert made.now() == after and made.labels()[0] == how


def test_a_project_that_is_renamed_elsewhere_is_still_the_one_chosen(two: tuple[Workspace, str, str]) -> None:
    ws, first, second = two
    app = visited(ws, first, second)
    shown = sent(app)
    ws.rename_project(first, ws.project(second).name)
    ws.rename_project(second, "Another name")
    for _ in range(3):
        app._run(shown)
        assert app.session_state["foldline.project"] == first and not app.error and not app.exception
