"""Scores on new labels: the intervals, and when a drop is called one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from core.errors import FoldlineError
from core.watch.performance import SCORES, delong, performance, score, wilson


def scored(rows: int, shift: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.random(rows) < 0.4
    return np.where(truth, "yes", "no"), 1 / (1 + np.exp(-rng.normal(np.where(truth, shift, 0), 1)))


@pytest.mark.parametrize(("hits", "n"), [(0, 10), (7, 10), (450, 500), (20, 20)])
def test_wilson_equals_scipy(hits: int, n: int) -> None:
    expected = stats.binomtest(hits, n).proportion_ci(method="wilson")
    assert wilson(hits, n) == pytest.approx((expected.low, expected.high), abs=1e-10)


def test_delong_equals_sklearn_and_the_bootstrap() -> None:
    labels, chance = scored(600, 1.0)
    truth = (labels == "yes").astype(int)
    value, error = delong(truth, chance)
    assert value == pytest.approx(roc_auc_score(truth, chance), abs=1e-12)
    rng = np.random.default_rng(0)
    draws = [rng.integers(0, 600, 600) for _ in range(400)]
    spread = np.std([roc_auc_score(truth[rows], chance[rows]) for rows in draws])
    assert error == pytest.approx(spread, abs=0.002)


def test_every_score_has_an_interval_around_it() -> None:
    labels, chance = scored(200, 1.0)
    said = np.where(chance > 0.6, "yes", "no")
    numbers = np.random.default_rng(0).normal(size=200)
    for metric in SCORES:
        if metric in ("mae", "rmse", "r2"):
            found = score(metric, numbers, numbers + chance)
        else:
            chances = metric in ("roc_auc", "average_precision", "log_loss", "brier")
            found = score(metric, labels, chance if chances else said, "yes")
        assert found.low < found.value < found.high, metric


def test_a_drop_is_called_worse_and_chance_is_not() -> None:
    labels, chance = scored(2000, 1.5)
    holdout = score("roc_auc", labels, chance, "yes").__dict__
    same = performance("roc_auc", *scored(800, 1.5, 1), holdout, "yes")
    worse = performance("roc_auc", *scored(800, 0.8, 2), holdout, "yes")
    assert (same.state, worse.state) == ("same", "worse")
    assert performance("roc_auc", *scored(20, 1.5, 3), holdout, "yes").state == "too_few_rows"
    assert performance("roc_auc", labels, chance, None, "yes").state == "no_reference"


def test_lower_is_worse_only_where_higher_is_better() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(size=500)
    now = performance("mae", truth, truth + rng.normal(0, 2, 500), {"value": 0.8, "low": 0.75, "high": 0.85})
    assert now.state == "worse"


def test_rows_without_label_or_prediction_are_left_out() -> None:
    assert score("accuracy", ["a", None, "b", 1.0], ["a", "a", np.nan, "1"]).n == 2


@pytest.mark.parametrize(
    ("metric", "truth", "predicted", "code"),
    [
        ("roc_auc", ["no"] * 9, [0.1] * 9, "LABELS"),
        ("accuracy", [None], ["a"], "LABELS"),
        ("accuracy", ["a", "b"], ["a"], "LABELS"),
        ("gain", ["a"], ["a"], "METRIC"),
    ],
)
def test_labels_that_cannot_be_scored_are_refused(
    metric: str, truth: list, predicted: list, code: str
) -> None:
    with pytest.raises(FoldlineError) as caught:
        score(metric, truth, predicted, "yes")
    assert caught.value.code == code
