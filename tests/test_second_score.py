"""Where tails are too heavy for an interval of the score that ranks, another one is judged and says so."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.catalog.metrics import METRICS, stand_ins
from core.drift.profile.document import ReferenceProfile
from core.evaluate.intervals.score_interval import intervals
from core.evaluate.prediction import Prediction, of_values
from core.recipe.usage import Drift
from core.watch.comparison import against_profile
from core.watch.labelled_score import Holdout
from core.watch.performance import Performance, performance
from core.watch.recipe_profile import profile_of
from core.watch.report import html
from core.watch.result import DriftReport
from core.watch.standing_in import in_place_of
from core.watch.stretches import in_stretches
from tests.small_recipes import column, regression

ASKED, SECOND, THIRD = "rmse", "mae", "median_ae"
Sides = tuple[np.ndarray, Prediction, np.ndarray | None, np.ndarray | None]
RECIPE = regression(column("x"), metric=ASKED)


def rows(
    seed: int, size: float = 1.0, shift: float = 0.0, count: int = 600
) -> tuple[pd.DataFrame, Prediction]:
    """Rows whose errors have heavy tails: of so large a size, and so much too low everywhere."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=count)
    frame = pd.DataFrame({"x": x, "y": x + size * rng.standard_t(2.2, count) - shift})
    return frame, of_values(x)


def remembered(name: str, seed: int = 0) -> dict[str, object]:
    frame, said = rows(seed, count=2_000)
    now = performance(name, frame["y"], said).now
    assert now is not None
    return {"name": name, "value": now.value, "low": now.low, "high": now.high, "why": now.why}


def judged(frame: pd.DataFrame, said: Prediction, old: bool = False) -> DriftReport:
    """The rows against a bundle's profile; an old one does not remember a second score."""
    training, held_out = rows(0, count=2_000)
    profile = replace(
        profile_of(RECIPE, training, held_out, {"x": 1.0}, remembered(ASKED)),
        second=None if old else remembered(SECOND),
    )
    facts = json.loads(json.dumps(profile.to_dict()))
    if old:
        del facts["second"]
    return against_profile(RECIPE, ReferenceProfile.from_dict(facts), frame, said, Drift())


@pytest.mark.parametrize(
    ("size", "shift", "state"),
    [(1.0, 0.0, "same"), (3.0, 0.0, "worse"), (1.0, 6.0, "worse"), (0.3, 0.0, "better")],
)
def test_a_score_without_interval_is_replaced_by_one_that_has_one(
    size: float, shift: float, state: str
) -> None:
    report = judged(*rows(1, size, shift))
    score = report.performance
    assert score is not None and score.now is not None
    assert (score.state, score.now.metric, score.asked) == (state, SECOND, ASKED)
    assert METRICS[SECOND].label in score.text and "has no interval: Root mean squared error is" in score.text
    if state == "worse":
        assert report.verdict.state == "worse" and report.verdict.text.startswith("The model got worse: ")
    assert f"{METRICS[SECOND].label} now" in html(report)
    assert json.loads(report.model_dump_json())["performance"]["asked"] == ASKED


def test_bundles_that_remember_one_score_are_judged_as_before() -> None:
    score = judged(*rows(1, 3.0), old=True).performance
    assert score is not None and (score.state, score.asked) == ("too_few_rows", "")


def test_a_score_that_has_its_interval_is_judged_itself() -> None:
    rng = np.random.default_rng(3)
    truth = rng.normal(size=600)
    score = performance(
        ASKED, truth, of_values(truth + rng.normal(size=600)), Holdout(name=ASKED, value=1, low=0.9, high=1.1)
    )
    assert score.state != "too_few_rows" and score.asked == ""


def test_the_stand_in_is_another_metric_of_the_task() -> None:
    assert stand_ins(ASKED, "regression") == (SECOND, THIRD)
    assert stand_ins(SECOND, "regression") == (THIRD,) and stand_ins("roc_auc", "binary") == ()


def drawn(
    seed: int, kind: str, count: int, size: float = 1.0, grouped: bool = False, memory: float = 0.0
) -> Sides:
    """Rows whose errors have heavy tails and are alike in groups or time."""
    rng = np.random.default_rng(seed)
    errors = (
        rng.standard_t(3, count) if kind == "t3" else rng.choice([-1, 1], count) * rng.lognormal(0, 1, count)
    )
    groups = times = None
    if grouped:
        many = count // 8
        groups = rng.integers(0, many, count)
        errors = errors * np.exp(rng.normal(0, 0.5, many))[groups]
    if memory:
        level, step = np.zeros(count), rng.normal(size=count) * np.sqrt(1 - memory**2)
        for row in range(1, count):
            level[row] = memory * level[row - 1] + step[row]
        errors, times = errors * np.exp(0.5 * level), np.arange(count)
    said = 3 * rng.normal(size=count)
    return said + size * errors, of_values(said), groups, times


def then(metric: str, rows: Sides) -> Holdout:
    """What is remembered of test rows."""
    truth, said, groups, times = rows
    one = intervals([METRICS[metric]], truth, said, groups, times)[metric]
    ends = {} if one.why else {"low": one.low, "high": one.high}
    return Holdout(name=metric, value=one.value, **ends, why=one.why, **in_stretches(METRICS[metric], *rows))


def told(old: Sides, new: Sides) -> Performance:
    asked, *others = (
        performance(name, *new[:2], then(name, old), *new[2:]) for name in (ASKED, SECOND, THIRD)
    )
    return in_place_of(asked, others) if asked.state == "too_few_rows" else asked


DRAWS = [
    ("t3", 300, False, 0.0),
    ("lognormal", 300, False, 0.0),
    ("t3", 400, True, 0.0),
    ("lognormal", 400, True, 0.0),
]


def called_worse(kind: str, count: int, grouped: bool, memory: float, size: float, draws: int) -> float:
    """The share of draws called worse where the errors of new rows are so many times as large."""
    sides = (
        (
            drawn(2 * seed, kind, count, 1.0, grouped, memory),
            drawn(2 * seed + 1, kind, count, size, grouped, memory),
        )
        for seed in range(draws)
    )
    return float(np.mean([told(*both).state == "worse" for both in sides]))


@pytest.mark.parametrize(("kind", "count", "grouped", "memory"), DRAWS[1:3])
def test_doubled_errors_of_heavy_tails_are_told_and_chance_is_not(
    kind: str, count: int, grouped: bool, memory: float
) -> None:
    assert called_worse(kind, count, grouped, memory, 1.0, 10) <= 0.1
    assert called_worse(kind, count, grouped, memory, 2.0, 10) >= 0.9


@pytest.mark.gauntlet
@pytest.mark.parametrize(
    ("kind", "count", "grouped", "memory"),
    [
        *DRAWS,
        ("t3", 60, False, 0.0),
        ("t3", 60, True, 0.0),
        ("t3", 400, True, 0.9),
        ("t3", 1200, False, 0.98),
    ],
)
def test_nothing_that_is_the_same_is_called_worse_more_often_than_promised(
    kind: str, count: int, grouped: bool, memory: float
) -> None:
    assert called_worse(kind, count, grouped, memory, 1.0, 200) <= 0.05


def test_a_loss_in_time_is_told_where_rows_near_in_time_are_alike_for_too_long() -> None:
    old, new = (drawn(seed, "t3", 1_200, size, memory=0.98) for seed, size in ((0, 1.0), (1, 4.0)))
    assert "rows near in time are alike" in then(SECOND, old).why
    lost = told(old, new)
    assert lost.state == "worse" and lost.difference is None and lost.asked == ASKED
    assert "in most stretches of the new rows than in the worst of 20 stretches of the test rows" in lost.text
    same = told(old, drawn(1, "t3", 1_200, memory=0.98))
    assert same.state == "too_few_rows"


def test_what_stands_in_is_called_worse_where_it_lost_to_the_baseline() -> None:
    old, new = drawn(0, "t3", 1_200, memory=0.98), drawn(1, "t3", 1_200, 6.0)
    asked, other = (
        performance(name, *new[:2], Holdout(name=name, value=1.0, baseline=3.0, why="alike"))
        for name in (ASKED, SECOND)
    )
    assert asked.state == "too_few_rows" and then(SECOND, old).low is None
    lost = in_place_of(asked, [other])
    assert lost.state == "worse" and "The baseline scored 3.0" in lost.text and lost.asked == ASKED


@pytest.mark.parametrize(("memory", "said"), [(0.0, True), (0.98, False)])
def test_that_the_mean_absolute_error_has_an_interval_is_said_where_it_has(memory: float, said: bool) -> None:
    rows = drawn(0, "t3", 1_200, memory=memory)
    of = intervals([METRICS[ASKED], METRICS[SECOND], METRICS[THIRD]], *rows)
    assert of[ASKED].why.startswith("errors may have heavy tails")
    assert (not of[SECOND].why) == said
    assert ("; the mean absolute error has one" in of[ASKED].why) == said
    assert intervals([METRICS[ASKED]], *rows)[ASKED].why == of[ASKED].why
