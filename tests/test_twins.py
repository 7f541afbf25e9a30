"""What a bundle remembers is that of its model, one of each row, and every label that came is counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.decided.refits import shares
from benchmarks.tables import work_on
from core.catalog.metrics import METRICS
from core.data.read import read
from core.drift.profile.document import ReferenceProfile
from core.evaluate.prediction import Prediction, of_values
from core.recipe.document import ColumnChoice, Recipe
from core.recipe.edits import drop_duplicates
from core.recipe.suggestion.suggest import suggest
from core.recipe.usage import USUAL_DRIFT
from core.train.judging.refitted import as_refitted
from core.watch.comparison import against_profile
from core.watch.distinct_rows import REPEATS
from core.watch.drift import drift_frames
from core.watch.labelled_score import Holdout, Score
from core.watch.performance import Performance, _against
from core.watch.recipe_profile import profile_of
from core.watch.result import DriftReport
from core.watch.unread_labels import UNREAD

NUMBERS = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=60)


def numbers(values: Any) -> Prediction:
    return of_values(np.asarray(values, dtype=float))


@given(NUMBERS, NUMBERS)
def test_the_same_model_says_the_same_and_order_stays(held_out: list[float], seen: list[float]) -> None:
    moved = as_refitted(numbers(held_out), numbers(seen), numbers(np.array(seen) * 3 + 1), None).labels
    assert (np.diff(moved[np.argsort(held_out, kind="stable")]) >= -1e-9).all()
    distinct = np.unique(seen)
    same = as_refitted(numbers(distinct), numbers(distinct), numbers(distinct), None).labels
    assert np.abs(same - distinct).max() <= np.diff(distinct, append=distinct[-1]).max() + 1e-9


def test_classes_follow_the_carried_probabilities() -> None:
    share = np.array([0.2, 0.4, 0.6, 0.8])
    before, after = np.linspace(0, 1, 101), np.linspace(0, 1, 101) ** 3
    held_out, old, new = (
        Prediction("binary", ("no", "yes"), np.array(["no"] * len(s)), np.column_stack([1 - s, s]))
        for s in (share, before, after)
    )
    moved = as_refitted(held_out, old, new, 0.25)
    assert moved.proba is not None
    assert moved.proba[:, 1] == pytest.approx(share**3, abs=0.03)
    assert list(moved.labels) == ["no", "no", "no", "yes"]


def test_a_boosted_model_of_all_rows_has_not_drifted_from_its_twin(tmp_path: Path) -> None:
    """Fresh rows of the same law: said to have drifted in most tables before, and found where they have."""
    said = np.array([shares("lightgbm_classifier", 600, 0.2, seed, tmp_path) for seed in range(4)])
    before, now, shifted = said.mean(axis=0)
    assert now == 0
    assert before >= 0.5
    assert shifted >= 0.5


def bookings(rows: int, seed: int) -> pd.DataFrame:
    """Bookings of which those of one kind are made many times over."""
    draw = np.random.default_rng(seed)
    single = pd.DataFrame(
        {
            "nights": draw.integers(1, 15, rows),
            "price": draw.normal(100, 25, rows).round(2),
            "deposit": draw.choice(["none", "full"], rows, p=[0.93, 0.07]),
            "cost": draw.normal(300, 60, rows).round(1),
        }
    )
    groups = single[single.deposit == "full"]
    return pd.concat([single, *[groups] * 6]).sample(frac=1, random_state=seed).reset_index(drop=True)


def recipe_of(frame: pd.DataFrame, folder: Path, target: str) -> tuple[Recipe, pd.DataFrame]:
    path = folder / "old.csv"
    frame.to_csv(path, index=False)
    reading = read(path, "old.csv")
    return suggest(reading.table("old.csv"), target), reading.frame


def compared(recipe: Recipe, old: pd.DataFrame, new: pd.DataFrame, folder: Path) -> DriftReport:
    work = work_on(recipe, old, folder)
    profile = profile_of(recipe, old.iloc[work.target.rows], None, None)
    return against_profile(recipe, profile, new, None, USUAL_DRIFT)


def test_new_rows_are_compared_as_training_took_them(tmp_path: Path) -> None:
    recipe, old = recipe_of(bookings(2000, 1), tmp_path, "cost")
    new = bookings(1500, 2)
    once = compared(drop_duplicates(recipe), old, new, tmp_path)
    assert once.verdict.state == "stable"
    told = [one for one in once.findings if one.code == REPEATS]
    assert len(told) == 1
    assert f"{int(new.duplicated().sum()):,} of {len(new):,}" in told[0].reason
    every = compared(recipe, old, new, tmp_path)
    assert not [one for one in every.findings if one.code == REPEATS]
    moved = bookings(1500, 3).assign(price=lambda f: f.price + 25)
    assert compared(drop_duplicates(recipe), old, moved, tmp_path).verdict.state == "drift"


def prices(rows: int, seed: int) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    area = draw.normal(50, 12, rows).round(2)
    return pd.DataFrame({"area": area, "price": (1500 + 40 * area + draw.normal(0, 200, rows)).round(2)})


def said_of(recipe: Recipe, old: pd.DataFrame, new: pd.DataFrame) -> DriftReport:
    holdout = {"name": "mae", "value": 160.0, "low": 140.0, "high": 180.0}
    recipe = recipe.model_copy(update={"metric": "mae"})
    profile = replace(profile_of(recipe, old, None, None), metric=holdout)
    stored = ReferenceProfile.from_dict(profile.to_dict())
    return against_profile(recipe, stored, new, of_values(np.full(len(new), 3500.0)), USUAL_DRIFT)


@pytest.mark.parametrize(
    ("written", "unread", "many"),
    [
        (lambda v: f"{v:,.2f}".translate(str.maketrans(",.", ".,")), 400, True),
        (lambda v: f"{v:,.2f}", 390, True),
        (lambda v: f"{v:.2f} EUR", 400, True),
        (lambda v: f"{v:.2f}", 0, False),
    ],
)
def test_labels_written_in_another_way_are_not_late(
    written: Any, unread: int, many: bool, tmp_path: Path
) -> None:
    recipe, old = recipe_of(prices(600, 1), tmp_path, "price")
    new = prices(400, 2)
    report = said_of(recipe, old, new.assign(price=new.price.map(written)))
    told = [one for one in report.findings if one.code == UNREAD]
    assert bool(told) == (unread > 0)
    codes = {one.code for one in report.findings}
    assert "NO_LABELS" not in codes
    if many:
        assert report.verdict.action != "Nothing to do; compare again with the next batch."
        assert report.performance is not None
        assert report.performance.state == "not_computed"
        assert report.target is None or report.target.state == "not_computed"
    else:
        assert report.performance is not None
        assert report.performance.now is not None


def test_a_few_odd_labels_are_named_and_the_others_scored(tmp_path: Path) -> None:
    recipe, old = recipe_of(prices(600, 1), tmp_path, "price")
    new = prices(400, 2)
    cells = new.price.map("{:.2f}".format)
    cells[:3] = ["n.v.", "inf", "pending"]
    report = said_of(recipe, old, new.assign(price=cells))
    (told,) = [one for one in report.findings if one.code == UNREAD]
    assert "2 of 399 labels" in told.reason
    assert "1 of them infinite" in told.reason
    assert report.performance is not None
    assert report.performance.now is not None
    assert report.performance.now.n == 397


@pytest.mark.parametrize(
    ("now", "low", "high", "then", "seems"),
    [
        (740.0, 692.0, 797.0, 329.0, True),
        (340.0, 310.0, 370.0, 329.0, False),
        (250.0, 240.0, 260.0, 329.0, False),
        (740.0, None, None, 329.0, True),
        (340.0, None, None, 329.0, False),
    ],
)
def test_a_score_that_cannot_be_judged_and_looks_worse_stands_in_the_headline(
    now: float, low: float | None, high: float | None, then: float, seems: bool
) -> None:
    score = Score("rmse", now, low, high, 400)
    one = Performance("too_few_rows", score, Holdout(name="rmse", value=then, baseline=554.0), None, "x")
    assert one.seems_worse == seems


@pytest.mark.parametrize(
    ("metric", "now", "ends", "then", "base", "state"),
    [
        ("roc_auc", 0.226, (0.195, 0.260), 0.776, 0.5, "worse"),
        ("roc_auc", 0.433, (0.390, 0.477), 0.776, 0.5, "worse"),
        ("roc_auc", 0.55, (0.48, 0.62), 0.776, 0.5, "too_few_rows"),
        ("roc_auc", 0.433, None, 0.776, 0.5, "too_few_rows"),
        ("roc_auc", 0.433, (0.390, 0.477), 0.776, None, "too_few_rows"),
        ("rmse", 23.2, (22.3, 24.2), 11.5, 16.0, "worse"),
        ("rmse", 18.0, (17.0, 19.0), 11.5, 16.0, "too_few_rows"),
        ("rmse", 12.0, (11.7, 12.3), 11.2, 16.0, "too_few_rows"),
        ("accuracy", 0.5, (0.45, 0.55), 0.9, 0.7, "too_few_rows"),
    ],
)
def test_a_model_below_its_baseline_is_worse_without_an_interval_of_the_test_rows(
    metric: str, now: float, ends: tuple[float, float] | None, then: float, base: float | None, state: str
) -> None:
    score = Score(metric, now, *(ends or (None, None)), 1500)
    one = _against(METRICS[metric], score, Holdout(name=metric, value=then, baseline=base, why="few"))
    assert one.state == state
    if state == "worse":
        assert one.text.startswith("The model got worse")
        assert "baseline" in one.text


@pytest.mark.parametrize(("now", "ends"), [(11.94, (11.66, 12.23)), (12.4, (12.0, 12.8))])
def test_a_little_worse_than_a_score_that_is_known_roughly_is_no_headline(
    now: float, ends: tuple[float, float]
) -> None:
    score = Score("rmse", now, *ends, 1500)
    one = _against(METRICS["rmse"], score, Holdout(name="rmse", value=11.22, baseline=16.0, why="few"))
    assert not one.seems_worse


def test_a_sensor_that_is_stuck_is_told_although_rows_come_in_lots() -> None:
    draw = np.random.default_rng(8)
    level = np.repeat(draw.normal(60, 6, 60), 40)
    old = pd.DataFrame({"temp": (level + draw.normal(0, 1, 2400)).round(2), "flow": draw.normal(size=2400)})
    new = old.iloc[:800].assign(temp=60.0, flow=draw.normal(size=800)).reset_index(drop=True)
    columns = [ColumnChoice(name=name, kind="numeric") for name in old]
    report = drift_frames(old, new, columns)
    assert report.verdict.state == "drift"
    assert "'temp'" in report.verdict.action
    alike = old.iloc[1200:2000].reset_index(drop=True)
    assert drift_frames(old, alike, columns).verdict.state != "drift"
