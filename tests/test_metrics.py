"""Scores: equal to scikit-learn where it defines them, documented where it does not."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from core.catalog.metrics import METRICS, default_metric, metrics_for, score, score_all, threshold_objectives
from core.errors import FoldlineError
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.scoring.pairing import pair
from core.scoring.pairs import Sample
from core.spec import TASKS, Task

Case = tuple[np.ndarray, Prediction]


def binary(n: int = 400, seed: int = 0, digits: int = 2) -> Case:
    """Labels and probabilities with many ties."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n)
    share = np.round(1 / (1 + np.exp(-(1.5 * y - 1 + rng.normal(size=n)))), digits)
    return np.array(["no", "yes"], dtype=object)[y], of_proba(
        "binary", ["no", "yes"], np.c_[1 - share, share]
    )


def multiclass(n: int = 400, k: int = 4, seed: int = 0) -> Case:
    rng = np.random.default_rng(seed)
    y = rng.integers(0, k, n)
    logits = rng.normal(size=(n, k))
    logits[np.arange(n), y] += 1
    proba = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    names = [f"c{i}" for i in range(k)]
    return np.array(names, dtype=object)[y], of_proba("multiclass", names, proba)


def regression(n: int = 400, seed: int = 0) -> Case:
    rng = np.random.default_rng(seed)
    y = rng.normal(50, 20, n)
    return y, of_values(y + rng.normal(0, 5, n))


MAKERS: dict[Task, Callable[..., Case]] = {
    "binary": binary,
    "multiclass": multiclass,
    "regression": regression,
}


def p(prediction: Prediction) -> np.ndarray:
    assert prediction.proba is not None
    return prediction.proba[:, -1]


THEIRS: dict[tuple[Task, str], Callable[[np.ndarray, Prediction], float]] = {
    ("binary", "roc_auc"): lambda y, q: sk.roc_auc_score(y, p(q)),
    ("binary", "average_precision"): lambda y, q: sk.average_precision_score(y, p(q), pos_label="yes"),
    ("binary", "log_loss"): lambda y, q: sk.log_loss(y, q.proba, labels=list(q.classes)),
    ("binary", "brier"): lambda y, q: sk.brier_score_loss(y, p(q), pos_label="yes"),
    ("binary", "accuracy"): lambda y, q: sk.accuracy_score(y, q.labels),
    ("binary", "balanced_accuracy"): lambda y, q: sk.balanced_accuracy_score(y, q.labels),
    ("binary", "f1"): lambda y, q: sk.f1_score(y, q.labels, pos_label="yes"),
    ("binary", "precision"): lambda y, q: sk.precision_score(y, q.labels, pos_label="yes"),
    ("binary", "recall"): lambda y, q: sk.recall_score(y, q.labels, pos_label="yes"),
    ("binary", "mcc"): lambda y, q: sk.matthews_corrcoef(y, q.labels),
    ("multiclass", "log_loss"): lambda y, q: sk.log_loss(y, q.proba, labels=list(q.classes)),
    ("multiclass", "accuracy"): lambda y, q: sk.accuracy_score(y, q.labels),
    ("multiclass", "balanced_accuracy"): lambda y, q: sk.balanced_accuracy_score(y, q.labels),
    ("multiclass", "f1_macro"): lambda y, q: sk.f1_score(y, q.labels, average="macro"),
    ("multiclass", "roc_auc_ovr"): lambda y, q: sk.roc_auc_score(y, q.proba, multi_class="ovr"),
    ("multiclass", "mcc"): lambda y, q: sk.matthews_corrcoef(y, q.labels),
    ("regression", "rmse"): lambda y, q: sk.root_mean_squared_error(y, q.labels),
    ("regression", "mae"): lambda y, q: sk.mean_absolute_error(y, q.labels),
    ("regression", "r2"): lambda y, q: sk.r2_score(y, q.labels),
    ("regression", "median_ae"): lambda y, q: sk.median_absolute_error(y, q.labels),
    ("regression", "mape"): lambda y, q: sk.mean_absolute_percentage_error(y, q.labels),
}


def test_every_metric_of_every_task_is_compared() -> None:
    assert set(THEIRS) == {(task, metric.id) for task in TASKS for metric in metrics_for(task)}
    assert {m.id for m in METRICS} == {name for _, name in THEIRS}


@pytest.mark.parametrize(("task", "name"), THEIRS)
@pytest.mark.parametrize("n", [400, 401, 20])
def test_scores_equal_scikit_learn(task: Task, name: str, n: int) -> None:
    y, prediction = MAKERS[task](n, seed=3)
    assert score(METRICS[name], y, prediction) == pytest.approx(THEIRS[task, name](y, prediction), abs=1e-12)


@pytest.mark.parametrize(("task", "name"), THEIRS)
def test_weights_count_a_row_as_often_as_they_say(task: Task, name: str) -> None:
    y, prediction = MAKERS[task](300)
    weights = np.random.default_rng(1).integers(0, 4, size=(5, 300)).astype(float)
    got = METRICS[name].make(Sample(pair(y, prediction), weights))
    for counts, value in zip(weights.astype(int), got, strict=True):
        rows = np.repeat(np.arange(300), counts)
        assert value == pytest.approx(THEIRS[task, name](y[rows], prediction.take(rows)), abs=1e-12)


@given(seed=st.integers(0, 10_000), task=st.sampled_from(TASKS), n=st.integers(2, 60))
@settings(max_examples=60, deadline=None)
def test_order_of_rows_does_not_matter(seed: int, task: Task, n: int) -> None:
    y, prediction = MAKERS[task](n, seed=seed)
    order = np.random.default_rng(seed).permutation(n)
    before, after = score_all(y, prediction), score_all(y[order], prediction.take(order))
    assert before == pytest.approx(after, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("task", TASKS)
def test_one_metric_of_each_task_is_where_a_recipe_begins(task: Task) -> None:
    assert [m.id for m in METRICS if task in m.default_for] == [default_metric(task)]
    assert task in METRICS[default_metric(task)].tasks


def test_a_threshold_can_be_chosen_for_scores_of_labels() -> None:
    able = threshold_objectives()
    assert sorted(m.threshold_objective for m in able) == list(range(1, len(able) + 1))
    assert not any(m.needs_proba or "binary" not in m.tasks for m in able)


@pytest.mark.parametrize(
    ("name", "only", "expected"),
    [
        ("roc_auc", "no", None),
        ("roc_auc", "yes", None),
        ("average_precision", "no", None),
        ("average_precision", "yes", 1.0),
        ("f1", "no", None),
        ("recall", "no", None),
        ("mcc", "yes", None),
        ("precision", "no", 0.0),
    ],
)
def test_one_class_gives_the_documented_value(name: str, only: str, expected: float | None) -> None:
    y, prediction = binary()
    value = score(METRICS[name], np.full(len(y), only, dtype=object), prediction)
    assert np.isnan(value) if expected is None else value == expected


def test_log_loss_and_accuracy_survive_one_class() -> None:
    y, prediction = binary()
    rows = y == "yes"
    part = prediction.take(rows)
    assert score(METRICS["log_loss"], y[rows], part) == pytest.approx(-np.log(p(part)).mean())
    assert score(METRICS["accuracy"], y[rows], part) == (p(part) >= 0.5).mean()


def test_a_multiclass_fold_without_one_class_averages_over_the_others() -> None:
    y, prediction = multiclass()
    rows = y != "c3"
    kept = prediction.take(rows)
    assert kept.proba is not None
    areas = [sk.roc_auc_score(y[rows] == f"c{i}", kept.proba[:, i]) for i in range(3)]
    assert score(METRICS["roc_auc_ovr"], y[rows], kept) == pytest.approx(np.mean(areas), abs=1e-12)


def test_a_class_the_model_never_saw_is_an_error_of_probability_zero() -> None:
    y, prediction = multiclass()
    strange = y.copy()
    strange[:40] = "new"
    hits = (strange == prediction.labels).mean()
    assert score(METRICS["accuracy"], strange, prediction) == pytest.approx(hits)
    assert score(METRICS["log_loss"], strange, prediction) > 3
    assert score(METRICS["roc_auc_ovr"], strange, prediction) < score(METRICS["roc_auc_ovr"], y, prediction)


def test_mape_leaves_zeros_out() -> None:
    y, guess = np.array([0.0, 10.0, -20.0]), of_values([5.0, 11.0, -15.0])
    assert score(METRICS["mape"], y, guess) == pytest.approx((0.1 + 0.25) / 2)
    assert np.isnan(score(METRICS["mape"], np.zeros(3), guess))


@pytest.mark.parametrize("level", [0.0, 0.1, 1e9])
def test_r2_of_a_constant_target_is_not_defined(level: float) -> None:
    assert np.isnan(score(METRICS["r2"], np.full(7, level), of_values(np.arange(7.0))))


@pytest.mark.parametrize("shift", [1e6, 1e9])
def test_r2_keeps_its_digits_far_from_zero(shift: float) -> None:
    y, prediction = regression()
    far = score(METRICS["r2"], y + shift, of_values(prediction.labels + shift))
    assert far == pytest.approx(score(METRICS["r2"], y, prediction), abs=1e-6)


@pytest.mark.parametrize("kind", [list, np.asarray, pd.Series, lambda v: pd.Series(v, dtype="str", index=v)])
def test_truth_may_be_any_array(kind: Callable[[Any], Any]) -> None:
    y, prediction = binary()
    assert score(METRICS["roc_auc"], kind(list(y)), prediction) == score(METRICS["roc_auc"], y, prediction)


def test_positive_class_is_the_last() -> None:
    y, prediction = binary()
    turned = of_proba("binary", ["no", "yes"], prediction.proba, positive="no")
    assert turned.classes == ("yes", "no")
    assert set(turned.labels[p(turned) > 0.5]) == {"no"}
    assert score(METRICS["roc_auc"], y, turned) == pytest.approx(score(METRICS["roc_auc"], y, prediction))
    assert score(METRICS["recall"], y, turned) == pytest.approx(
        sk.recall_score(y, turned.labels, pos_label="no")
    )


def test_threshold_moves_labels_only() -> None:
    y, prediction = binary()
    strict = prediction.at(0.8)
    assert list(strict.labels) == ["yes" if share >= 0.8 else "no" for share in p(prediction)]
    assert score(METRICS["recall"], y, strict) < score(METRICS["recall"], y, prediction)
    assert score(METRICS["roc_auc"], y, strict) == score(METRICS["roc_auc"], y, prediction)


Y, GOOD = binary(5)
NUMBERS = of_values([1.0, 2.0])


@pytest.mark.parametrize(
    ("name", "truth", "prediction", "words"),
    [
        ("rmse", Y, GOOD, "no score of a binary task"),
        ("f1", Y[:4], GOOD, "4 true values and 5"),
        ("accuracy", Y[:0], GOOD.take(np.arange(0)), "no rows"),
        ("roc_auc", Y, Prediction("binary", GOOD.classes, GOOD.labels), "needs probabilities"),
        ("accuracy", ["no", "maybe", "no", "yes", "no"], GOOD, "'maybe'"),
        ("accuracy", ["no", None, "no", "yes", np.nan], GOOD, "2 true labels are missing"),
        ("accuracy", Y, Prediction("binary", GOOD.classes, np.full(5, "x")), "'x' is not a class"),
        (
            "brier",
            Y,
            Prediction("binary", GOOD.classes, GOOD.labels, np.full((5, 2), np.nan)),
            "outside 0 to 1",
        ),
        ("brier", Y, Prediction("binary", GOOD.classes, GOOD.labels, np.full((5, 3), 0.3)), r"\(5, 2\)"),
        ("mae", [1.0, np.nan], NUMBERS, "1 of 2 target values"),
        ("mae", [1.0, 2.0], of_values([np.inf, 1.0]), "1 of 2 prediction values"),
    ],
)
def test_misuse_is_refused_in_plain_words(name: str, truth: Any, prediction: Prediction, words: str) -> None:
    with pytest.raises(FoldlineError, match=words) as caught:
        score(METRICS[name], truth, prediction)
    assert caught.value.code == "METRIC"
    assert caught.value.hint


def test_a_prediction_of_labels_only_has_the_scores_of_labels() -> None:
    y, prediction = binary()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = score_all(y, Prediction("binary", prediction.classes, prediction.labels))
    assert set(got) == {m.id for m in metrics_for("binary") if not m.needs_proba}


@pytest.mark.parametrize(("classes", "positive"), [(["a", "b", "c"], ""), (["a", "b"], "c")])
def test_a_binary_prediction_needs_its_two_classes(classes: list[str], positive: str) -> None:
    with pytest.raises(FoldlineError):
        of_proba("binary", classes, np.full((2, len(classes)), 1 / len(classes)), positive)
