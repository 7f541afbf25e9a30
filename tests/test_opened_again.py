"""Rows that were opened are found again in a newer file, whatever was done to its rows and columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.engine.run_here import run_here
from core.engine.work.looks import locked_rows_of, looks_of
from core.recipe import edits
from core.recipe.document import Recipe
from core.recipe.split import test_key as key_of_test_set
from core.store.workspace import Workspace
from core.train.rows.opened import Looks
from core.train.rows.same_rows import TableRows, rows_again

ALL = pd.read_csv(Path(__file__).resolve().parents[1] / "sample_data" / "house_prices.csv", dtype=str)
PRICE, AREA, ID = "price", "living_area", "listing_no"
HOUSES = ALL.loc[:399, [ID, "district", AREA, "lot_m2", "rooms", "year_built", "energy_label", PRICE]]
Change = Callable[[pd.DataFrame], pd.DataFrame]


def numbered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(**{ID: [f"N{row}" for row in range(len(frame))]})


def in_feet(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(**{AREA: (pd.to_numeric(frame[AREA]) * 10.764).astype(str)})


def corrected(frame: pd.DataFrame) -> pd.DataFrame:
    """A third of the rows have other words in one column."""
    hit = np.random.default_rng(0).random(len(frame)) < 1 / 3
    return frame.assign(district=frame["district"].mask(hit, "moved"))


NEWER: dict[str, Change] = {
    "one row less": lambda frame: frame.iloc[1:],
    "rows before and after": lambda frame: pd.concat([ALL[frame.columns].iloc[600:640], frame]),
    "another order": lambda frame: frame.sample(frac=1, random_state=1),
    "a column more": lambda frame: frame.assign(more=range(len(frame))),
    "a column less": lambda frame: frame.drop(columns=AREA),
    "a column renamed": lambda frame: frame.rename(columns={AREA: "space"}),
    "all at once": lambda frame: frame.iloc[50:].rename(columns={AREA: "space"}).assign(more="m"),
    "another unit": in_feet,
    "numbered anew": lambda frame: numbered(frame.iloc[1:]),
    "numbered anew, another unit": lambda frame: in_feet(numbered(frame.iloc[1:])),
    "cells corrected": lambda frame: corrected(frame.iloc[1:]),
    "a target renamed": lambda frame: frame.rename(columns={PRICE: "cost"}),
}


@dataclass(frozen=True)
class Opened:
    """A project in which half of the rows of a table were opened.

    Attributes:
        rows: positions of these.
    """

    place: Workspace
    project: str
    rows: set[int]

    def then(self, frame: pd.DataFrame, folder: Path, target: str = PRICE) -> tuple[Looks, set[int]]:
        """Looks at half of the rows of another table, and positions of these."""
        recipe = recipe_of(self.place, self.project, frame, folder, target)
        rows = locked_rows_of(self.place, self.project, recipe).rows
        return looks_of(self.place, self.project, recipe), set(rows.tolist())


def recipe_of(place: Workspace, project: str, frame: pd.DataFrame, folder: Path, target: str) -> Recipe:
    path = folder / "t.csv"
    frame.to_csv(path, index=False)
    run_here(place, project, "read", {"path": str(path), "name": "t.csv", "keep": True})
    recipe = place.recipe(project)
    assert recipe is not None
    return edits.set_split(edits.set_target(recipe, target, "regression", ""), test_size=0.5)


@pytest.fixture(scope="module", name="before")
def houses_opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    folder = tmp_path_factory.mktemp("again")
    place = Workspace(folder / "w")
    project = place.create_project(place.new_space(), "p")
    recipe = recipe_of(place, project, HOUSES, folder, PRICE)
    locked = locked_rows_of(place, project, recipe)
    with place.opening(project, key_of_test_set(recipe), locked.masks):
        pass
    return Opened(place, project, set(locked.rows.tolist()))


@pytest.mark.parametrize("change", NEWER)
def test_rows_of_a_newer_file_that_were_seen_count(before: Opened, tmp_path: Path, change: str) -> None:
    then = NEWER[change](HOUSES)
    looks, now = before.then(then, tmp_path, PRICE if PRICE in then else "cost")
    both = {then.index[row] for row in now} & before.rows
    assert len(looks.at) == 1 and not looks.unknown and looks.of == len(now)
    assert looks.rows >= 0.6 * len(both) if change == "cells corrected" else looks.rows == len(both) > 0


def test_other_rows_and_another_question_are_no_look(before: Opened, tmp_path: Path) -> None:
    for target, then in ((PRICE, ALL[HOUSES.columns].iloc[600:900]), (AREA, HOUSES.iloc[1:])):
        looks, _ = before.then(then, tmp_path, target)
        assert (looks.at, looks.rows, looks.unknown) == ((), 0, 0)


def levels(seed: int, count: int, columns: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        rng.integers(0, 3, (count, columns)).astype(float), columns=list("abcdefgh")[:columns]
    )


def rows(frame: pd.DataFrame, chosen: np.ndarray) -> TableRows:
    rest = np.setdiff1d(np.arange(len(frame)), chosen)
    return TableRows({n: n for n in frame}, chosen, rest, lambda names, at: frame.iloc[at][list(names)])


def test_a_first_look_is_not_promised_where_the_tables_have_too_little_in_common(
    before: Opened, tmp_path: Path
) -> None:
    place = before.place
    project = place.create_project(place.new_space(), "q")
    first = recipe_of(place, project, levels(0, 200, 3), tmp_path, "b")
    with place.opening(project, key_of_test_set(first), locked_rows_of(place, project, first).masks):
        pass
    then = recipe_of(place, project, levels(0, 200, 3).rename(columns={"c": "d"}), tmp_path, "b")
    looks = looks_of(place, project, then)
    assert (looks.at, looks.unknown) == ((), 1)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("columns", [2, 6, 8])
def test_rows_that_are_alike_by_chance_are_not_called_seen(seed: int, columns: int) -> None:
    """Of 3 ** 6 kinds of rows, 300 seen hold a third: whoever draws anew meets some of them."""
    first, fresh = levels(seed, 1500, columns), levels(seed + 100, 1500, columns)
    asked = np.arange(300)
    again = rows_again(rows(fresh, asked), rows(first, asked), "", 0)
    assert again is None if columns == 2 else again is not None and not again.any()
    same = rows_again(rows(first, asked), rows(first, asked), "", 0)
    assert same is None if columns == 2 else same is not None and same.all()


def test_of_rows_that_are_equal_as_many_count_as_were_seen() -> None:
    first = pd.DataFrame({"a": [*range(100), 7.0, 7.0], "b": [*range(100), 7.0, 7.0]})
    asked, seen = np.array([7, 100, 101, 3]), np.array([7, 3, *range(20, 60)])
    again = rows_again(rows(first, asked), rows(first, seen), "", 0)
    assert again is not None and again.tolist() == [True, False, False, True]
