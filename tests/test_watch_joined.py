"""Spellings that a recipe joins are one value to Monitor as well, on both sides."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from core.data.kinds import classify
from core.drift.profile.document import ReferenceProfile
from core.recipe.document import ColumnChoice, Recipe
from core.recipe.usage import Drift
from core.watch.comparison import Training, against_profile, against_rows, against_training
from core.watch.recipe_profile import profile_of
from core.watch.result import DriftReport

JOINED = {"y": {"Yes": "yes", "Y": "yes"}, "town": {"PARIS.": "Paris"}}


def spelled(rows: int, seed: int, share: float) -> pd.DataFrame:
    """Rows of which a share is written in other spellings."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({"x": random.normal(size=rows)})
    for name, usual, other in (
        ("y", ["yes", "no"], ["Yes", "no"]),
        ("town", ["Paris", "Rome"], ["PARIS.", "Rome"]),
    ):
        place = random.integers(0, 2, rows)
        written = np.where(random.random(rows) < share, np.array(other)[place], np.array(usual)[place])
        frame[name] = pd.Series(written, dtype="str")
    return frame


def recipe_of(frame: pd.DataFrame) -> Recipe:
    columns = [
        ColumnChoice(
            name=column.name,
            kind=column.kind,
            role="target" if column.name == "y" else "feature",
            joined=JOINED.get(column.name, {}),
        )
        for column in classify(frame, {})
    ]
    return Recipe(task="binary", target="y", positive="yes", columns=tuple(columns))


def reports(old: pd.DataFrame, new: pd.DataFrame) -> list[DriftReport]:
    """What a bundle, the recipe in the app and a comparison of two tables say."""
    recipe = recipe_of(old)
    stored = json.dumps(profile_of(recipe, old, None, {"x": 0.5, "town": 0.5}).to_dict())
    profile = ReferenceProfile.from_dict(json.loads(stored))
    return [
        against_profile(recipe, profile, new, None, Drift()),
        against_training(recipe, Training(old, importance={"x": 0.5, "town": 0.5}), new, None, Drift()),
        against_rows(old, new, Drift(), recipe=recipe, target="y"),
    ]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_another_spelling_is_no_drift(share: float) -> None:
    for report in reports(spelled(900, 0, 0.3), spelled(700, 1, share)):
        assert report.verdict.state == "stable", report.verdict
        assert not [one for one in report.findings if one.severity != "info"]


def test_the_rows_of_the_training_are_the_same_rows() -> None:
    old = spelled(900, 0, 0.3)
    for report in reports(old, old):
        assert report.verdict.state == "stable"
        assert "SAME_ROWS" in {one.code for one in report.findings}


def test_a_level_that_nobody_joined_is_drift() -> None:
    new = spelled(700, 1, 0.5)
    new["town"] = new["town"].where(np.arange(700) % 3 > 0, "Oslo")
    for report in reports(spelled(900, 0, 0.3), new):
        assert {one.name for one in report.columns if one.state == "drift"} == {"town"}


def test_the_profile_counts_levels_as_training_does() -> None:
    old = spelled(900, 0, 0.3)
    profile = profile_of(recipe_of(old), old, None, None)
    assert profile.target is not None and set(profile.target.levels) == {"yes", "no"}
    assert set(next(one for one in profile.columns if one.name == "town").levels) == {"Paris", "Rome"}
