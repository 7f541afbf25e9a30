"""New rows that stand in the file more than once are told, and nothing rests on the copies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.drift.profile.document import ReferenceProfile
from core.drift.profile.repeats import are_more, repeats_of
from core.evaluate.prediction import of_values
from core.recipe.usage import USUAL_DRIFT
from core.watch.comparison import Training, against_profile, against_rows, against_training
from core.watch.distinct_rows import REPEATS
from core.watch.recipe_profile import profile_of
from core.watch.result import DriftReport
from tests.test_twins import bookings, prices, recipe_of

HOLDOUT = {"name": "mae", "value": 160.0, "low": 150.0, "high": 170.0}


def told(report: DriftReport) -> list[str]:
    return [f"{one.severity}: {one.reason}" for one in report.findings if one.code == REPEATS]


def said_of(frame: pd.DataFrame) -> Any:
    """What a model of the true law predicts."""
    return of_values((1500 + 40 * frame["area"]).to_numpy(float))


def everywhere(old: pd.DataFrame, new: pd.DataFrame, folder: Path) -> dict[str, DriftReport]:
    """The new rows against a bundle, the training rows and the older table."""
    recipe, frame = recipe_of(old, folder, str(old.columns[-1]))
    recipe = recipe.model_copy(update={"metric": "mae"})
    by_law = said_of(new) if "area" in new else None
    profile = replace(profile_of(recipe, frame, None, None), metric=HOLDOUT)
    stored = ReferenceProfile.from_dict(profile.to_dict())
    return {
        "bundle": against_profile(recipe, stored, new, by_law, USUAL_DRIFT),
        "training": against_training(recipe, Training(frame), new, by_law, USUAL_DRIFT),
        "tables": against_rows(frame, new, USUAL_DRIFT),
    }


@pytest.mark.parametrize("copies", [2, 3, 10])
def test_copies_of_a_whole_file_are_told_and_change_nothing_else(copies: int, tmp_path: Path) -> None:
    old, new = prices(900, 0), prices(300, 1)
    once = everywhere(old, new, tmp_path)
    again = everywhere(old, pd.concat([new] * copies).sample(frac=1, random_state=0), tmp_path)
    for name, report in again.items():
        (words,) = told(report)
        assert words.startswith(f"warn: {300 * (copies - 1):,} of {300 * copies:,} new rows repeat another")
        assert not told(once[name])
        assert report.verdict.state == "look" and "repeat another one" in report.verdict.text
        assert report.verdict.action.startswith("Look at what is odd first")
        assert report.n_current == 300
        if name != "tables":
            ends = [(one.performance.now.low, one.performance.now.high) for one in (report, once[name])]  # type: ignore[union-attr]
            assert ends[0] == pytest.approx(ends[1], rel=0.01)


def test_a_part_that_stands_there_twice_is_told_and_a_real_change_is_found(tmp_path: Path) -> None:
    new = prices(600, 3)
    for report in everywhere(prices(900, 0), pd.concat([new, new.head(60)]), tmp_path).values():
        assert told(report)[0].startswith("warn: 60 of 660 new rows")
    moved = prices(300, 4).assign(area=lambda f: f["area"] + 15)
    for report in everywhere(prices(900, 0), pd.concat([moved] * 3), tmp_path).values():
        assert told(report) and report.verdict.state in ("drift", "worse")


def test_a_meter_that_stands_still_is_not_hidden(tmp_path: Path) -> None:
    stuck = pd.concat([prices(1, 5)] * 400)
    for name, report in everywhere(prices(900, 0), stuck, tmp_path).items():
        assert "only 1 row differ" in told(report)[0]
        assert report.verdict.state == "drift"
        if name != "tables":
            assert report.performance is not None and report.performance.now is None


def test_a_bundle_of_before_warns_and_counts_all(tmp_path: Path) -> None:
    recipe, frame = recipe_of(prices(900, 0), tmp_path, "price")
    facts = profile_of(recipe, frame, None, None).to_dict()
    del facts["repeated"], facts["repeated_labelled"]
    new = pd.concat([prices(300, 1)] * 3)
    report = against_profile(recipe, ReferenceProfile.from_dict(facts), new, None, USUAL_DRIFT)
    assert "does not remember" in told(report)[0] and report.n_current == 900
    quiet = against_profile(recipe, ReferenceProfile.from_dict(facts), prices(300, 1), None, USUAL_DRIFT)
    assert not told(quiet)


def test_ids_and_what_the_reference_repeats_as_well_are_no_copies(tmp_path: Path) -> None:
    """Rows of other ids, tables of few levels, and tables in which rows were repeated before."""
    ids = prices(900, 0).assign(key=[f"K{i:06d}" for i in range(900)])[["key", "area", "price"]]
    new = pd.concat([prices(300, 1)] * 2).assign(key=[f"L{i:06d}" for i in range(600)])
    for report in everywhere(ids, new[["key", "area", "price"]], tmp_path).values():
        assert not told(report)
    for report in everywhere(bookings(2000, 1), bookings(1500, 2), tmp_path).values():
        assert not told(report)


def few_levels(rows: int, seed: int, columns: int = 5) -> pd.DataFrame:
    """Answers on scales, which go together."""
    draw = np.random.default_rng(seed)
    mood = draw.normal(size=(rows, 1))
    answers = np.clip(np.round(mood + draw.normal(size=(rows, columns)) + 3), 1, 5)
    frame = pd.DataFrame(answers, columns=[f"q{i}" for i in range(columns)])
    return frame.assign(y=np.where(draw.random(rows) < 0.5, "a", "b"))


@pytest.mark.parametrize("old", [200, 1000])
@pytest.mark.parametrize("new", [100, 500, 5000])
@pytest.mark.parametrize("columns", [2, 5, 9])
@pytest.mark.parametrize("seeds", [range(1), pytest.param(range(1, 20), marks=pytest.mark.gauntlet)])
def test_tables_of_few_levels_cry_no_wolf(old: int, new: int, columns: int, seeds: range) -> None:
    for seed in seeds:
        report = against_rows(
            few_levels(old, seed, columns), few_levels(new, 100 + seed, columns), USUAL_DRIFT
        )
        assert not told(report)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=200), st.integers(1, 5))
def test_the_same_rows_are_never_more_repeated_and_order_does_not_matter(keys: list[int], seed: int) -> None:
    drawn = np.random.default_rng(seed).permutation(keys)
    repeats = repeats_of(np.array(keys))
    assert repeats == repeats_of(drawn)
    assert repeats.rows == len(keys) - len(set(keys))
    assert not are_more(repeats, len(keys), repeats, len(keys))
