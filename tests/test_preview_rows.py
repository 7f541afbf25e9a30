"""A preview learns from training rows and shows training rows: what the locked rows hold changes nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.engine.resources import resources_of
from core.engine.run_here import run_here
from core.recipe import edits
from core.recipe.document import Recipe
from core.results.preview import PreviewResult
from core.store.workspace import Workspace
from core.train.work import split_of
from tests.small_recipes import column, regression

ROWS = 300
SHAPES = ("drawn", "group", "time", "time and group")


def table() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "x": rng.normal(size=ROWS),
            "z": rng.normal(size=ROWS),
            "c": rng.choice(list("abcdefgh"), ROWS),
            "g": [f"g{number}" for number in (np.arange(ROWS) + rng.integers(0, 9, ROWS)) // 8],
            "t": pd.date_range("2024-01-01", periods=ROWS).astype(str),
        }
    )
    return frame.assign(y=frame["x"] + rng.normal(size=ROWS)).round(4)


def recipe_for(shape: str) -> Recipe:
    group, time = ("group" in shape and "group") or "feature", ("time" in shape and "time") or "feature"
    recipe = regression(
        column("x"),
        column("z"),
        column("c", "categorical", levels=8),
        column("g", "categorical", group, levels=40),
        column("t", "datetime", time, format="%Y-%m-%d"),
    )
    recipe = edits.set_step(recipe, "categorical", "encode", "target")
    return edits.set_selection(recipe, "mutual_information_numbers")


def previewed(
    place: Workspace, recipe: Recipe, frame: pd.DataFrame, folder: Path
) -> tuple[PreviewResult, set[int]]:
    """The preview of a recipe on a table, and the positions of its training rows."""
    project = place.create_project(place.new_space(), "p")
    frame.to_csv(folder / "t.csv", index=False)
    run_here(place, project, "read", {"path": str(folder / "t.csv"), "name": "t.csv", "keep": True})
    stored = place.recipe(project)
    assert stored is not None
    recipe = recipe.model_copy(update={"source": stored.source})
    spec = {"recipe": recipe.model_dump(mode="json"), "model": "ridge", "key": "k"}
    found = PreviewResult.model_validate(run_here(place, project, "preview", spec))
    return found, set(split_of(recipe, resources_of(place, project).read)[1].train.tolist())


@pytest.mark.parametrize("shape", SHAPES)
def test_what_the_locked_rows_hold_does_not_change_a_preview(tmp_path: Path, shape: str) -> None:
    place, recipe, frame = Workspace(tmp_path / "w"), recipe_for(shape), table()
    before, train = previewed(place, recipe, frame, tmp_path)
    out = np.array(sorted(set(range(ROWS)) - train))
    assert len(out) >= 30
    other = frame.copy()
    other.loc[out, ["x", "z", "y"]] = (np.random.default_rng(1).normal(900, 50, (len(out), 3))).round(4)
    other.loc[out, "c"] = "a"
    after, same = previewed(place, recipe, other, tmp_path)
    assert same == train
    assert after == before
    shown = set(frame["x"].iloc[sorted(train)])
    assert set(before.raw["x"]) <= shown and before.rows == len(train)
    changed = other.copy()
    changed.loc[sorted(train), "y"] = 5 * other.loc[sorted(train), "z"]
    assert previewed(place, recipe, changed, tmp_path)[0] != before, "training targets are learned from"
