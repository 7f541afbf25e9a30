"""A table with other columns never takes the recipe away without asking."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.build import build
from core.engine.run_here import run_here
from core.recipe import edits
from core.recipe.document import Recipe
from tests.page_support import Loaded, loaded, module_home, opened, texts

home = module_home
MODEL = "ridge"


def table(rows: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "size": rng.normal(80, 20, rows).round(1),
            "rooms": rng.integers(1, 7, rows) + 0.5,
            "town": rng.choice(["Ulm", "Bonn", "Jena"], rows),
            "price": rng.normal(300, 50, rows).round(2),
        }
    )


@pytest.fixture
def chosen(home: Path, tmp_path: Path) -> Loaded:
    """A recipe with a step of a column, a feature and a model."""
    path = tmp_path / "old.csv"
    table().to_csv(path, index=False)
    made = loaded(home, path)

    def choose(old: Recipe | None) -> Recipe:
        recipe = edits.set_target(old or Recipe(), "price", "regression")
        recipe = edits.add_feature(recipe, "ratio", ("size", "rooms"))
        recipe = edits.set_step(recipe, "numeric", "transform", "signed_log", "rooms")
        return edits.choose(recipe, MODEL)

    made.workspace.edit(made.project, choose, "choices")
    return made


def read(made: Loaded, frame: pd.DataFrame, tmp_path: Path) -> str:
    path = tmp_path / "newer.csv"
    frame.to_csv(path, index=False)
    done = run_here(
        made.workspace, made.project, "read", {"path": str(path), "name": "newer.csv", "keep": True}
    )
    return str(done["table"])


def press(made: Loaded, key: str) -> Recipe:
    app = opened("data", made.project)
    app.button(key=f"data.changed.{key}").click().run()
    assert not app.exception
    assert "has other columns" not in texts(app)
    return made.now()


def test_a_new_column_is_asked_about_and_taken_in(chosen: Loaded, tmp_path: Path) -> None:
    before = chosen.now()
    newer = read(chosen, table().assign(garden=np.arange(120) % 7 + 0.25), tmp_path)
    assert chosen.now() == before, "nothing moves before a person says so"
    shown = texts(opened("data", chosen.project))
    assert "has other columns" in shown and "**New** (1): garden" in shown
    after = press(chosen, "carry")
    assert after.source.table == newer
    assert [column.name for column in after.inputs] == ["size", "rooms", "town", "garden"]
    for part in ("chosen", "features", "prepare", "target", "metric", "candidates"):
        assert getattr(after, part) == getattr(before, part)
    assert build(after) is not None
    assert chosen.workspace.undo(chosen.project) == before


def test_what_belongs_to_a_missing_column_goes_with_it(chosen: Loaded, tmp_path: Path) -> None:
    read(chosen, table().drop(columns="rooms"), tmp_path)
    assert "**Missing** (1): rooms" in texts(opened("data", chosen.project))
    after = press(chosen, "carry")
    assert after.features == () and after.prepare.columns == {}
    assert [column.name for column in after.inputs] == ["size", "town"]
    assert after.chosen == chosen.workspace.undo(chosen.project).chosen
    assert build(after) is not None


def test_a_column_of_another_type_is_named(chosen: Loaded, tmp_path: Path) -> None:
    read(chosen, table().assign(size=np.tile(["small", "large"], 60)), tmp_path)
    assert "**Of another type** (1): size \\(numeric\\, now" in texts(opened("data", chosen.project))
    after = press(chosen, "carry")
    assert after.column("size").kind in ("boolean", "categorical")
    assert after.features == ()


def test_without_the_target_only_a_new_start_is_offered(chosen: Loaded, tmp_path: Path) -> None:
    newer = read(chosen, table().drop(columns="price"), tmp_path)
    app = opened("data", chosen.project)
    assert "data.changed.carry" not in {button.key for button in app.button}
    after = press(chosen, "anew")
    assert after.source.table == newer and after.chosen is None


def test_a_lost_column_that_decides_the_split_is_told(chosen: Loaded, tmp_path: Path) -> None:
    chosen.workspace.edit(
        chosen.project, lambda old: edits.set_role(old or Recipe(), "town", "group"), "group"
    )
    read(chosen, table().drop(columns="town"), tmp_path)
    assert "**town** decides how rows are split" in texts(opened("data", chosen.project))


def test_one_may_stay_with_the_old_table(chosen: Loaded, tmp_path: Path) -> None:
    before = chosen.now()
    read(chosen, table().assign(x=1.5), tmp_path)
    assert press(chosen, "stay") == before


def test_the_same_columns_are_not_asked_about(chosen: Loaded, tmp_path: Path) -> None:
    newer = read(chosen, table(200), tmp_path)
    assert chosen.now().source.table == newer
    assert chosen.now().chosen is not None


def test_a_recipe_without_choices_gives_way(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    table().to_csv(path, index=False)
    made = loaded(home, path)
    newer = read(made, table().assign(x=1.5), tmp_path)
    assert made.now().source.table == newer


def test_numbers_that_a_person_reads_from_text_stay_numbers(home: Path, tmp_path: Path) -> None:
    """Their cells are written as before, so they can be read as before."""
    written = table()["size"].map("{:.1f}".format).where(np.arange(120) % 10 != 0, "n/k")
    path = tmp_path / "old.csv"
    table().assign(size=written).to_csv(path, index=False)
    made = loaded(home, path)

    def choose(old: Recipe | None) -> Recipe:
        recipe = edits.set_target(old or Recipe(), "price", "regression")
        return edits.set_kind(edits.choose(recipe, MODEL), "size", "numeric")

    made.workspace.edit(made.project, choose, "choices")
    stored = made.workspace.table(made.project, made.now().source.table)
    assert stored.column("size").physical == "text"
    read(made, table().assign(size=written, garden=np.arange(120) % 7 + 0.25), tmp_path)
    shown = texts(opened("data", made.project))
    assert "**New** (1): garden" in shown and "Of another type" not in shown
    assert press(made, "carry").column("size").kind == "numeric"
