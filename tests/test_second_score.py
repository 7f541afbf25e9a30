"""Where tails are too heavy for an interval of the score that ranks, another one is judged and says so."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.catalog.metrics import METRICS, stand_in
from core.drift.profile.document import ReferenceProfile
from core.evaluate.prediction import Prediction, of_values
from core.recipe.usage import Drift
from core.watch.comparison import against_profile
from core.watch.labelled_score import Holdout
from core.watch.performance import performance
from core.watch.recipe_profile import profile_of
from core.watch.report import html
from core.watch.result import DriftReport
from tests.small_recipes import column, regression

ASKED, SECOND = "rmse", "mae"
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
    assert stand_in(ASKED, "regression") == SECOND
    assert stand_in(SECOND, "regression") == "" and stand_in("roc_auc", "binary") == ""
