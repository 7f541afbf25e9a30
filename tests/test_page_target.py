"""What the pages say of a target that is not read as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.data.formats.parquet import read_table
from core.engine.run_here import run_here
from core.recipe.edits import set_target
from core.recipe.suggestion.first import aimed
from tests.conftest import shared
from tests.page_support import ROOT, loaded, module_home, opened, texts
from ui.widgets.text import label

home = module_home


@pytest.mark.parametrize(
    ("file", "target", "words"),
    [
        ("money_target.csv", "price", "Marks are left out"),
        ("odd_target.csv", "yield_kg", "3 cells with no number"),
        ("odd_target5.csv", "yield_kg", "23 cells with no number"),
    ],
)
def test_numbers_that_need_reading_are_offered_as_a_regression(
    home: Path, file: str, target: str, words: str
) -> None:
    mine = loaded(home, shared(f"failing/models/{file}"))
    table = mine.workspace.table(mine.project, mine.recipe.source.table)
    values = read_table(mine.workspace.table_path(mine.project, table.id))[target]
    mine.workspace.edit(mine.project, lambda old: aimed(old, table.column(target), lambda: values), "target")
    recipe = mine.now()
    assert (recipe.target, recipe.task) == (target, "regression")
    app = opened("data", mine.project)
    assert not app.exception and words in texts(app)


def test_a_table_is_read_anew_for_a_target_whose_words_are_classes(home: Path) -> None:
    file = shared("failing/models/none_class.csv")
    mine = loaded(home, file)
    mine.workspace.edit(mine.project, lambda old: set_target(old, "load", "regression"), "another")
    spec = {"path": str(file), "name": file.name, "keep": True, "target": "damage"}
    run_here(mine.workspace, mine.project, "read", spec)
    recipe = mine.now()
    assert (recipe.target, recipe.task, recipe.source.read.verbatim) == ("damage", "multiclass", ("damage",))
    fix = next(one.fix for one in mine.look().findings if one.column == "damage" and one.fix)
    assert fix.args == {"column": "damage", "value": "None"}


def test_prepare_says_how_many_rows_have_no_target(home: Path) -> None:
    mine = loaded(home, shared("failing/models/odd_target.csv"))
    app = opened("prepare", mine.project)
    assert not app.exception
    assert label("3 rows have no target (3 'tbd').") in texts(app)


@pytest.mark.parametrize("widget", ["positive", "task", "target"])
def test_what_a_page_of_the_table_before_sends_changes_nothing(home: Path, widget: str) -> None:
    mine = loaded(home, ROOT / "sample_data" / "churn.csv")
    app = opened("data", mine.project)
    (one,) = (box for box in app.selectbox if str(box.key).startswith(f"data.{widget}."))
    other = {"positive": "no", "task": "multiclass", "target": "plan"}[widget]
    house = ROOT / "sample_data" / "house_prices.csv"
    run_here(mine.workspace, mine.project, "read", {"path": str(house), "name": house.name, "keep": True})
    assert mine.now().target == "price"
    before = mine.workspace.history(mine.project)
    one.set_value(next((value for value in one.options if value.lower() == other), one.options[-1])).run()
    assert mine.now().target == "price" and mine.now().positive == ""
    assert [edit.label for edit in mine.workspace.history(mine.project)] == [edit.label for edit in before]
