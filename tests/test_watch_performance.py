"""Scores on new labels: the intervals, and when a drop is called one."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.catalog.metrics import metrics_for
from core.errors import FoldlineError
from core.evaluate.intervals.ranking import delong
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.watch.labelled_score import Holdout, Score
from core.watch.performance import Performance, performance


def labelled(rows: int, shift: float, seed: int = 0) -> tuple[np.ndarray, Prediction]:
    rng = np.random.default_rng(seed)
    truth = rng.random(rows) < 0.4
    chance = 1 / (1 + np.exp(-rng.normal(np.where(truth, shift, 0), 1)))
    said = of_proba("binary", ["no", "yes"], np.column_stack([1 - chance, chance]), "yes", 0.6)
    return np.where(truth, "yes", "no"), said


def holdout(found: Performance) -> Holdout:
    now = found.now
    assert now is not None
    return Holdout(name=now.metric, value=now.value, low=now.low, high=now.high)


def width(score: Score) -> float:
    assert score.low is not None and score.high is not None
    return score.high - score.low


def test_delong_equals_sklearn_and_the_bootstrap() -> None:
    labels, said = labelled(600, 1.0)
    truth, chance = labels == "yes", said.proba[:, 1]
    area = delong(chance[truth], chance[~truth])
    assert area.value == pytest.approx(roc_auc_score(truth, chance), abs=1e-12)
    rng = np.random.default_rng(0)
    draws = [rng.integers(0, 600, 600) for _ in range(300)]
    spread = np.std([roc_auc_score(truth[rows], chance[rows]) for rows in draws])
    assert area.error == pytest.approx(spread, abs=0.002)


def test_every_score_has_an_interval_around_it() -> None:
    numbers = np.random.default_rng(0).normal(20, 1, size=200)
    sets = {
        "binary": labelled(200, 1.0),
        "regression": (numbers, of_values(numbers + np.sin(np.arange(200)))),
    }
    for task, (truth, said) in sets.items():
        for metric in metrics_for(task):
            now = performance(metric.id, truth, said).now
            assert now is not None
            assert now.low < now.value < now.high, metric.id


@pytest.mark.parametrize("metric", ["roc_auc", "accuracy"])
def test_rows_of_a_group_count_for_less_than_as_many_others(metric: str) -> None:
    labels, said = labelled(100, 1.0)
    rows = np.repeat(np.arange(100), 10)
    copies = np.repeat(labels, 10), said.take(rows)
    alone, grouped = (performance(metric, *copies, groups=groups).now for groups in (None, rows))
    once = performance(metric, labels, said).now
    assert alone is not None and grouped is not None and once is not None
    assert width(grouped) == pytest.approx(width(once), rel=0.15)
    assert width(alone) < 0.5 * width(grouped)
    one = performance(
        metric, *copies, Holdout(name=metric, value=0.9, low=0.8, high=0.95), groups=np.zeros(1000)
    )
    assert one.state == "too_few_rows"
    assert "1 group" in one.text


@pytest.mark.parametrize("metric", ["roc_auc", "accuracy", "log_loss"])
def test_a_drop_is_called_worse_and_chance_is_not(metric: str) -> None:
    before = holdout(performance(metric, *labelled(2000, 2.0)))
    assert performance(metric, *labelled(800, 2.0, 1), before).state == "same"
    assert performance(metric, *labelled(800, 0.5, 2), before).state == "worse"
    assert performance(metric, *labelled(15, 2.0, 3), before).state == "too_few_rows"


def test_few_groups_allow_no_claim_however_many_rows_they_have() -> None:
    before = Holdout(name="accuracy", value=0.9, low=0.88, high=0.92)
    labels, said = labelled(3000, 0.5)
    for groups, state in ((3, "too_few_rows"), (9, "too_few_rows"), (10, "worse")):
        found = performance("accuracy", labels, said, before, groups=np.arange(3000) % groups)
        assert found.state == state
        assert f"on 3,000 labelled rows of {groups} groups" in found.text
        assert ("10 are needed" in found.text) == (groups < 10)
    assert "groups" not in performance("accuracy", labels, said, before).text


def test_a_gain_is_called_better_whichever_way_the_score_runs() -> None:
    truth = np.random.default_rng(0).normal(size=500)
    noise = np.random.default_rng(1).normal(size=500)
    for metric in ("mae", "r2"):
        before = holdout(performance(metric, truth, of_values(truth + noise)))
        assert performance(metric, truth, of_values(truth + noise / 2), before).state == "better"
        assert performance(metric, truth, of_values(truth + noise * 2), before).state == "worse"


def test_rows_without_a_label_are_left_out() -> None:
    labels, said = labelled(100, 1.0)
    some = [None if i % 2 else label for i, label in enumerate(labels)]
    now = performance("accuracy", some, said).now
    assert now is not None
    assert now.n == 50


def test_a_perfect_score_still_has_an_interval() -> None:
    proba = np.array([[0.9, 0.1]] * 40 + [[0.1, 0.9]] * 40)
    said = of_proba("binary", ["no", "yes"], proba, "yes")
    now = performance("roc_auc", ["no"] * 40 + ["yes"] * 40, said).now
    assert now is not None
    assert (now.value, now.high) == (1.0, 1.0)
    assert now.low < 0.96


@pytest.mark.parametrize(
    "labels",
    [["no"] * 50, [None] * 50, ["maybe"] * 50, ["no"] * 49],
    ids=["one class", "none", "strange", "short"],
)
def test_labels_that_allow_no_score_are_said_so(labels: list[Any]) -> None:
    found = performance("roc_auc", labels, labelled(50, 1.0)[1], {"value": 0.8, "low": 0.7, "high": 0.9})
    assert found.state == "not_computed"
    assert "not computed" in json.loads(json.dumps(asdict(found)))["text"]


def test_probabilities_outside_zero_to_one_allow_no_score() -> None:
    said = Prediction(
        "binary", ("no", "yes"), np.array(["no", "yes"] * 20, dtype=object), np.full((40, 2), 1.5)
    )
    assert performance("log_loss", ["no", "yes"] * 20, said).state == "not_computed"


@pytest.mark.parametrize(("metric", "code"), [("gain", "CATALOG"), ("rmse", "METRIC")])
def test_a_metric_that_does_not_apply_is_refused(metric: str, code: str) -> None:
    with pytest.raises(FoldlineError) as caught:
        performance(metric, *labelled(50, 1.0))
    assert caught.value.code == code
