"""Looks at the test set are counted by its rows: no other way of drawing them gives a first look again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.engine.resources import resources_of
from core.engine.run_here import run_here
from core.engine.work.looks import looks_of
from core.export.card import card
from core.recipe import edits
from core.recipe.document import Recipe
from core.recipe.split import test_key as key_of_test_set
from core.results.bundle import ModelReport
from core.results.evaluate import ScoreInterval
from core.store.openings import Opening
from core.store.workspace import Workspace
from core.train.rows.opened import LockedRows, locked_rows, looks_at
from core.train.work import split_of
from tests.page_support import loaded, module_home, opened, texts
from tests.test_row_order import cells, reader, shaped

home = module_home
Change = Callable[[Recipe], Recipe]
CHANGES: dict[str, Change] = {
    "size": lambda recipe: edits.set_split(recipe, test_size=0.21),
    "half": lambda recipe: edits.set_split(recipe, test_size=0.5),
    "seed": lambda recipe: edits.set_seed(recipe, 7),
    "groups": lambda recipe: edits.set_role(recipe, "g", "group"),
    "time": lambda recipe: edits.set_role(recipe, "t", "time"),
    "duplicates": edits.drop_duplicates,
    "order": lambda recipe: edits.set_split(recipe, order="file"),
    "column left out": lambda recipe: edits.set_role(recipe, "x", "ignore"),
    "classes": lambda recipe: edits.set_target(recipe, "y", "binary", "1"),
}


def rows_of(recipe: Recipe, frame: pd.DataFrame) -> tuple[LockedRows, set[int]]:
    """The locked rows of a recipe on a table, and their positions in it."""
    test = split_of(recipe, reader(frame))[1].test
    return locked_rows(recipe, reader(frame), test), set(test.tolist())


def openings_after(workspace: Workspace, project: str, recipe: Recipe, rows: LockedRows) -> list[Opening]:
    """The openings of a project after one more."""
    with workspace.opening(project, key_of_test_set(recipe), rows.masks):
        pass
    return workspace.openings(project)


@pytest.fixture(scope="module", name="place")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("openings"))


@settings(max_examples=15, deadline=None)
@given(first=st.sampled_from([*CHANGES, ""]), second=st.sampled_from(list(CHANGES)), seed=st.integers(0, 99))
def test_the_rows_that_were_opened_are_counted(place: Workspace, first: str, second: str, seed: int) -> None:
    frame, plain = cells(seed), shaped("plain")
    one = CHANGES[first](plain) if first else plain
    other = CHANGES[second](plain)
    rows, places = rows_of(one, frame)
    project = place.create_project(place.new_space(), "p")
    openings = openings_after(place, project, one, rows)
    mine, same = rows_of(other, frame)
    looks = looks_at(mine, openings)
    # Rows that are equal in every column may stand for each other in a table of another order.
    twins = frame.duplicated(keep=False).to_numpy()
    exact = len(places & same)
    assert exact <= looks.rows <= exact + int(twins[list(same)].sum())
    assert looks.of == len(same)
    assert len(looks.at) == (1 if looks.rows else 0)
    assert looks_at(rows, openings).rows == len(places)


@pytest.mark.parametrize("read_again", [False, True])
def test_the_same_rows_are_found_in_another_order_and_reading(place: Workspace, read_again: bool) -> None:
    frame, recipe = cells(5).drop_duplicates(ignore_index=True), shaped("plain")
    recipe = recipe.model_copy(update={"source": recipe.source.model_copy(update={"sha": "f1"})})
    rows, places = rows_of(recipe, frame)
    openings = openings_after(place, place.create_project(place.new_space(), "p"), recipe, rows)
    if read_again:  # a word counts as missing now: another table of the same file
        other, same_file = frame.assign(c=frame["c"].mask(frame["c"] == "a")), {"table": "u"}
        mine, same = rows_of(
            recipe.model_copy(update={"source": recipe.source.model_copy(update=same_file)}), other
        )
        assert looks_at(mine, openings).rows == len(places & same) > 0
    else:
        order = np.random.default_rng(0).permutation(len(frame))
        other, another_file = frame.iloc[order].reset_index(drop=True), {"table": "u", "sha": "f2"}
        moved = recipe.model_copy(update={"source": recipe.source.model_copy(update=another_file)})
        assert looks_at(rows_of(moved, other)[0], openings).rows == len(places)
        seeded = rows_of(edits.set_seed(moved, 3), other)
        expected = len(places & {int(order[row]) for row in seeded[1]})
        assert looks_at(seeded[0], openings).rows == expected < len(places)


def test_another_target_and_other_rows_are_no_look(place: Workspace) -> None:
    frame, recipe = cells(6), shaped("plain")
    openings = openings_after(
        place, place.create_project(place.new_space(), "p"), recipe, rows_of(recipe, frame)[0]
    )
    other = edits.set_target(recipe, "x", "regression", "")
    assert looks_at(rows_of(other, frame)[0], openings).rows == 0
    assert looks_at(rows_of(recipe, cells(7))[0], []).at == ()


def test_an_opening_by_0_1_0_counts_for_its_split() -> None:
    frame, recipe = cells(6), edits.set_split(shaped("plain"), order="file")
    rows, places = rows_of(recipe, frame)
    assert looks_at(rows, [Opening(1.0, key_of_test_set(recipe), "{}")]).rows == len(places)
    other = looks_at(rows, [Opening(1.0, "another", "{}")])
    assert (other.rows, other.at, other.unknown) == (0, (), 1)


@pytest.mark.parametrize("change", [{"order": "content"}, {"test_size": 0.3}])
def test_an_opening_by_0_1_0_of_other_rows_is_not_taken_for_one_of_these(change: dict[str, Any]) -> None:
    frame, recipe = cells(6), edits.set_split(shaped("plain"), order="file")
    rows, _ = rows_of(edits.set_split(recipe, **change), frame)
    seen = looks_at(rows, [Opening(1.0, key_of_test_set(recipe), "{}")])
    assert (seen.rows, seen.at, seen.unknown) == (0, (), 1)


def test_what_is_stored_is_small_and_holds_no_value(place: Workspace) -> None:
    size, rng = 1_000_000, np.random.default_rng(0)
    mask = rng.random(size) < 0.2
    project = place.create_project(place.new_space(), "p")
    with place.opening(project, "k", {"t": mask}):
        pass
    (opening,) = place.openings(project)
    assert (opening.rows["t"] == mask).all()
    assert len(opening.packed) < 0.2 * size, "bytes"


def noise(path: Path) -> Path:
    """200 rows of two classes."""
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(rng.normal(size=(200, 2)), columns=["a", "b"])
    frame.assign(y=np.where(rng.random(200) < 0.4, "yes", "no")).to_csv(path, index=False)
    return path


def test_a_job_tells_how_many_rows_were_opened_before(tmp_path: Path) -> None:
    home = Workspace(tmp_path / "w")
    project = home.create_project(home.new_space(), "p")
    path = noise(tmp_path / "n.csv")
    run_here(home, project, "read", {"path": str(path), "name": "n.csv", "keep": True})
    recipe = home.recipe(project)
    assert recipe is not None
    recipe = edits.choose(edits.set_target(recipe, "y", "binary", "yes"), "gaussian_nb")
    before: set[int] = set()
    for number, share in enumerate((0.2, 0.21, 0.5), start=1):
        asked = edits.set_split(recipe, test_size=share)
        test = set(split_of(asked, resources_of(home, project).read)[1].test.tolist())
        found = run_here(home, project, "evaluate", {"recipe": asked.model_dump(mode="json")})
        assert found["opened"] == number
        assert found["opened_rows"] == len(test & before)
        before |= test
    looks = looks_of(home, project, recipe)
    assert (len(looks.at), looks.rows, looks.of) == (3, 40, 40)
    assert looks_of(home, home.create_project(home.new_space(), "q"), recipe).at == ()


def test_the_card_tells_how_many_rows_had_been_opened() -> None:
    report = ModelReport(
        task="binary",
        metric="roc_auc",
        test={"roc_auc": ScoreInterval(value=0.8, low=0.7, high=0.9)},
        test_opened=2,
        test_rows=400,
        test_rows_opened=380,
        rows=2000,
        columns=3,
    )
    words = card(Recipe(), report)
    assert "opened 2 times" in words
    assert "Of 400 rows, 380 had been opened before" in words
    assert "had been opened" not in card(Recipe(), report.model_copy(update={"test_opened": 1}))


@pytest.mark.parametrize("share", [0.2, 0.25])
def test_the_page_tells_how_many_rows_were_opened(home: Path, tmp_path: Path, share: float) -> None:
    mine = loaded(home, noise(tmp_path / "n.csv"))
    recipe = edits.choose(edits.set_target(mine.recipe, "y", "binary", "yes"), "gaussian_nb")
    mine.workspace.edit(mine.project, lambda _: recipe, "target")
    assert "Not opened yet." in texts(opened("evaluate", mine.project))
    run_here(mine.workspace, mine.project, "evaluate", {"recipe": recipe.model_dump(mode="json")})
    other = edits.set_seed(edits.set_split(recipe, test_size=share), 1)
    mine.workspace.edit(mine.project, lambda _: other, "another split")
    looks = looks_of(mine.workspace, mine.project, other)
    page = opened("evaluate", mine.project)
    assert not page.exception
    assert f"**{looks.rows} of these {looks.of} rows** were opened, **once** so far." in texts(page)
    page.button(key="evaluate.open").click().run()
    assert f"look** at {looks.rows} of these rows" in texts(page)
