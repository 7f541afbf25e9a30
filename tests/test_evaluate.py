"""Intervals that cover, curves that agree with their scores, slices and importance that find things."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from core.catalog.metrics import METRICS, metrics_for, score, score_all, threshold_objectives
from core.errors import FoldlineError
from core.evaluate.confusion import confusion, per_class
from core.evaluate.curves import calibration, calibration_error, gain, precision_recall, roc, roc_by_class
from core.evaluate.importance import importance
from core.evaluate.intervals.rates import share_ends
from core.evaluate.intervals.score_interval import intervals
from core.evaluate.payload import plain, thin, to_dict
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.evaluate.report import evaluate
from core.evaluate.resample import draws, resamples
from core.evaluate.residuals import predicted_actual, residual_bands, residual_histogram, sample_rows
from core.evaluate.threshold import choose_threshold, steps_with, threshold_table
from core.scoring.pairing import pair
from core.scoring.pairs import Pairs

Case = tuple[np.ndarray, Prediction]
NAMES = np.array(["no", "yes"], dtype=object)


def binary(n: int, seed: int = 0, strength: float = 1.5, share: float = 0.5) -> Case:
    """Rows whose probabilities are right: the outcome is drawn from them."""
    rng = np.random.default_rng(seed)
    chance = 1 / (1 + np.exp(-(strength * rng.normal(size=n) + np.log(share / (1 - share)))))
    y = (rng.random(n) < chance).astype(int)
    return NAMES[y], of_proba("binary", list(NAMES), np.c_[1 - chance, chance])


def multiclass(n: int, k: int, seed: int = 0) -> Case:
    rng = np.random.default_rng(seed)
    y = rng.integers(0, k, n)
    logits = rng.normal(size=(n, k))
    logits[np.arange(n), y] += 1
    proba = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    names = [f"class {i}" for i in range(k)]
    return np.array(names, dtype=object)[y], of_proba("multiclass", names, proba)


@pytest.fixture(scope="module")
def cancer() -> Case:
    """Out-of-fold probabilities of a logistic regression on the breast cancer table."""
    X, y = load_breast_cancer(return_X_y=True)
    model = make_pipeline(StandardScaler(), LogisticRegression())
    return NAMES[y], of_proba("binary", list(NAMES), cross_val_predict(model, X, y, method="predict_proba"))


def positive(prediction: Prediction) -> np.ndarray:
    assert prediction.proba is not None
    return prediction.proba[:, -1]


def delong_error(y: np.ndarray, shares: np.ndarray) -> float:
    """Standard error of the area under the ROC curve (DeLong et al. 1988)."""
    hits, misses = shares[y == "yes"], shares[y == "no"]
    above = (hits[:, None] > misses[None]) + 0.5 * (hits[:, None] == misses[None])
    return float(
        np.sqrt(above.mean(axis=1).var(ddof=1) / len(hits) + above.mean(axis=0).var(ddof=1) / len(misses))
    )


# Resamples and intervals


def test_draws_count_every_row_once_on_average() -> None:
    weights = np.vstack(list(draws(50, None, 2000, seed=1)))
    assert weights.shape == (2000, 50)
    assert (weights.sum(axis=1) == 50).all()
    assert weights.mean(axis=0) == pytest.approx(1, abs=0.12)
    assert weights.var() == pytest.approx(1 - 1 / 50, abs=0.03)


def test_draws_of_groups_keep_groups_whole() -> None:
    groups = np.array(["a", "b", "b", "c", "c", "c", None, None], dtype=object)
    for weights in draws(8, groups, 50, seed=0):
        assert (weights[:, 1] == weights[:, 2]).all()
        assert (weights[:, 6] == weights[:, 7]).all()
        assert (weights[:, [0, 1, 3, 6]].sum(axis=1) == 4).all()


@pytest.mark.parametrize(
    ("rows", "classes", "count"), [(100, 2, 1000), (50_000, 2, 1000), (100_000, 2, 500), (10**7, 2, 200)]
)
def test_large_tables_get_fewer_resamples(rows: int, classes: int, count: int) -> None:
    assert resamples(rows, classes) == count


def test_auc_interval_agrees_with_delong(cancer: Case) -> None:
    y, prediction = binary(800)
    got = intervals([METRICS["roc_auc"]], y, prediction)["roc_auc"]
    assert (got.high - got.low) / (2 * 1.96) == pytest.approx(delong_error(y, positive(prediction)), rel=0.1)


def test_mean_error_interval_agrees_with_theory() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=3000)
    errors = np.abs(rng.normal(size=3000))
    got = intervals([METRICS["mae"]], y, of_values(y + errors))["mae"]
    assert got.low == pytest.approx(errors.mean() - 1.96 * stats.sem(errors), abs=0.004)
    assert got.high == pytest.approx(errors.mean() + 1.96 * stats.sem(errors), abs=0.004)


@pytest.mark.parametrize("name", ["roc_auc", "f1", "log_loss", "average_precision"])
def test_intervals_cover_the_true_score(name: str) -> None:
    truth = score(METRICS[name], *binary(200_000, seed=99))
    hits = 0
    for seed in range(150):
        one = intervals([METRICS[name]], *binary(250, seed=seed))[name]
        hits += one.low <= truth <= one.high
    assert 0.89 <= hits / 150 <= 0.99


def test_groups_widen_intervals_of_repeated_rows() -> None:
    y, prediction = binary(200)
    rows, group = np.repeat(np.arange(200), 10), np.repeat(np.arange(200), 10)
    metrics = metrics_for("binary")
    alone = intervals(metrics, y, prediction)
    naive = intervals(metrics, y[rows], prediction.take(rows))
    whole = intervals(metrics, y[rows], prediction.take(rows), groups=group)
    for name in alone:
        wide, narrow = whole[name].high - whole[name].low, naive[name].high - naive[name].low
        assert wide == pytest.approx(alone[name].high - alone[name].low, rel=0.15)
        assert narrow < 0.5 * wide


@pytest.mark.parametrize("rows", [120, 900])
def test_intervals_hardly_depend_on_the_order_of_rows(rows: int) -> None:
    y, prediction = binary(rows)
    other = np.random.default_rng(1).permutation(rows)
    metrics = metrics_for("binary")
    first, again = intervals(metrics, y, prediction), intervals(metrics, y, prediction)
    turned = intervals(metrics, y[other], prediction.take(other))
    assert first == again
    for name, one in first.items():
        assert turned[name].low == pytest.approx(one.low, abs=0.15 * (one.high - one.low))


def test_a_perfect_score_is_not_certain() -> None:
    y = NAMES[np.r_[np.zeros(25, int), np.ones(5, int)]]
    share = (y == "yes") * 0.8 + 0.1
    got = intervals(metrics_for("binary"), y, of_proba("binary", list(NAMES), np.c_[1 - share, share]))
    assert got["accuracy"].value == got["roc_auc"].value == 1
    assert got["accuracy"].low == pytest.approx(stats.binomtest(30, 30).proportion_ci(method="wilson").low)
    assert np.isnan(got["roc_auc"].low) and "5 of class yes, 20 are needed" in got["roc_auc"].why
    assert np.isnan(got["precision"].low) and "5 called positive" in got["precision"].why
    ten = np.repeat(np.arange(30), 10)
    more = intervals(
        metrics_for("binary"), y[ten], of_proba("binary", list(NAMES), np.c_[1 - share, share][ten])
    )
    assert more["precision"].low == pytest.approx(stats.binomtest(50, 50).proportion_ci(method="wilson").low)
    assert 0.93 < more["roc_auc"].low < 1 == more["roc_auc"].high
    assert "spread is not known" in more["mcc"].why


def test_a_constant_prediction_is_certainly_chance() -> None:
    y, _ = binary(100)
    got = intervals([METRICS["roc_auc"]], y, of_proba("binary", list(NAMES), np.full((100, 2), 0.5)))[
        "roc_auc"
    ]
    assert (got.value, got.low, got.high) == (0.5, 0.5, 0.5)


def test_what_cannot_be_resampled_has_no_interval() -> None:
    y, prediction = binary(60)
    one_group = intervals([METRICS["accuracy"]], y, prediction, groups=np.zeros(60))["accuracy"]
    assert one_group.value > 0.5
    assert np.isnan(one_group.low)
    only = np.full(60, "no", dtype=object)
    assert np.isnan(intervals([METRICS["roc_auc"]], only, prediction)["roc_auc"].high)


def test_shares_have_the_interval_of_wilson_away_from_the_ends() -> None:
    hits, rows = np.array([0.0, 4, 10, 50]), np.array([10.0, 10, 10, 200])
    low, high = share_ends(hits, rows)
    for place, (k, n) in enumerate(zip(hits, rows, strict=True)):
        ours = stats.binomtest(int(k), int(n)).proportion_ci(method="wilson")
        assert (low[place], high[place]) == pytest.approx((ours.low, ours.high), abs=1e-12)


# Curves


def test_roc_equals_scikit_learn(cancer: Case) -> None:
    y, prediction = cancer
    got = roc(pair(y, prediction), most=10_000)
    fpr, tpr, _ = sk.roc_curve(y, positive(prediction), pos_label="yes", drop_intermediate=False)
    assert got["false_positive_rate"].to_numpy() == pytest.approx(fpr)
    assert got["true_positive_rate"].to_numpy() == pytest.approx(tpr)


def test_precision_recall_equals_scikit_learn(cancer: Case) -> None:
    y, prediction = cancer
    got = precision_recall(pair(y, prediction), most=10_000)
    precision, recall, thresholds = sk.precision_recall_curve(y, positive(prediction), pos_label="yes")
    assert got["precision"].to_numpy()[::-1] == pytest.approx(precision[:-1])
    assert got["recall"].to_numpy()[::-1] == pytest.approx(recall[:-1])
    assert got["threshold"].to_numpy()[::-1] == pytest.approx(thresholds)


def test_thinned_roc_keeps_its_area_and_ends() -> None:
    y, prediction = binary(20_000)
    got = roc(pair(y, prediction))
    assert len(got) <= 500
    assert list(got.iloc[[0, -1], 1]) == [0, 1]
    area = sk.auc(got["false_positive_rate"], got["true_positive_rate"])
    assert area == pytest.approx(score(METRICS["roc_auc"], y, prediction), abs=1e-3)


def test_curves_of_one_class_are_empty() -> None:
    _, prediction = binary(50)
    none = pair(np.full(50, "no", dtype=object), prediction)
    assert roc(none).empty
    assert precision_recall(none).empty
    assert gain(none).empty
    assert np.isnan(threshold_table(none)["f1"]).all()


def test_gain_of_a_perfect_and_of_a_blind_ranking() -> None:
    y = NAMES[np.r_[np.zeros(75, int), np.ones(25, int)]]
    sure = np.where(y == "yes", 0.9, 0.1)
    perfect = gain(pair(y, of_proba("binary", list(NAMES), np.c_[1 - sure, sure])))
    assert perfect["gain"].to_numpy() == pytest.approx(np.minimum(perfect["share"] * 4, 1))
    assert perfect["lift"].iloc[10] == pytest.approx(4)
    blind = gain(pair(y, of_proba("binary", list(NAMES), np.full((100, 2), 0.5))))
    assert blind["gain"].to_numpy() == pytest.approx(blind["share"].to_numpy())


def test_calibration_equals_scikit_learn_and_holds_the_truth() -> None:
    y, prediction = binary(5000)
    got = calibration(pair(y, prediction))
    observed, predicted = calibration_curve(y == "yes", positive(prediction), n_bins=10, strategy="quantile")
    assert got["observed"].to_numpy() == pytest.approx(observed)
    assert got["predicted"].to_numpy() == pytest.approx(predicted)
    assert got["rows"].sum() == 5000
    inside = (got["observed_low"] <= got["predicted"]) & (got["predicted"] <= got["observed_high"])
    assert inside.sum() >= 8
    assert calibration_error(got) < 0.03


@pytest.mark.parametrize(("rows", "most"), [(60, 0.035), (200, 0.018), (1_000, 0.009), (5_000, 0.003)])
def test_probabilities_that_are_right_have_hardly_a_calibration_error(rows: int, most: float) -> None:
    errors = [calibration_error(calibration(pair(*binary(rows, seed)))) for seed in range(150)]
    assert np.mean(errors) < most


@pytest.mark.parametrize("rows", [200, 1_000, 5_000])
def test_a_calibration_error_that_is_there_is_told(rows: int) -> None:
    def off(seed: int, size: int) -> float:
        y, right = binary(size, seed)
        share = np.clip(positive(right) + 0.15, 0, 1)
        said = of_proba("binary", list(NAMES), np.c_[1 - share, share])
        return calibration_error(calibration(pair(y, said)))

    assert np.mean([off(seed, rows) for seed in range(40)]) == pytest.approx(off(99, 200_000), rel=0.12)


def test_calibration_shows_overconfidence() -> None:
    y, prediction = binary(5000, strength=0.5)
    bold = positive(prediction) ** 4 / (positive(prediction) ** 4 + (1 - positive(prediction)) ** 4)
    got = calibration(pair(y, of_proba("binary", list(NAMES), np.c_[1 - bold, bold])))
    assert got["observed"].iloc[0] > got["high"].iloc[0]
    assert got["observed"].iloc[-1] < got["low"].iloc[-1]
    assert calibration_error(got) > 0.1


def test_equal_probabilities_share_a_bin() -> None:
    y, _ = binary(100)
    got = calibration(pair(y, of_proba("binary", list(NAMES), np.full((100, 2), 0.5))))
    assert got["rows"].tolist() == [100]


def test_multiclass_calibration_is_of_the_predicted_class() -> None:
    y, prediction = multiclass(2000, 3)
    assert prediction.proba is not None
    got = calibration(pair(y, prediction))
    right = float((got["observed"] * got["rows"]).sum() / 2000)
    assert right == pytest.approx(score(METRICS["accuracy"], y, prediction))
    assert got["low"].min() == pytest.approx(prediction.proba.max(axis=1).min())


def test_roc_by_class_keeps_the_ten_largest() -> None:
    y, prediction = multiclass(600, 12)
    rare = np.isin(y, ["class 3", "class 7"]) & (np.arange(600) > 60)
    got = roc_by_class(pair(y[~rare], prediction.take(~rare)))
    assert len(got) == 10
    assert not {"class 3", "class 7"} & set(got)


@pytest.mark.parametrize("make", [lambda: binary(300), lambda: multiclass(300, 4)])
def test_confusion_and_classes_equal_scikit_learn(make: object) -> None:
    y, prediction = make()  # type: ignore[operator]
    pairs = pair(y, prediction)
    labels = list(prediction.classes)
    got = confusion(pairs)
    assert got.counts.tolist() == sk.confusion_matrix(y, prediction.labels, labels=labels).tolist()
    assert got.labels == prediction.classes
    theirs = sk.precision_recall_fscore_support(y, prediction.labels, labels=labels)
    table = per_class(pairs)
    for name, values in zip(("precision", "recall", "f1", "support"), theirs, strict=True):
        assert table[name].to_numpy() == pytest.approx(values)
    assert table["recall"].between(table["recall_low"], table["recall_high"]).all()


def test_many_classes_are_put_together() -> None:
    y, prediction = multiclass(3000, 60)
    got = confusion(pair(y, prediction))
    assert got.counts.shape == (40, 40)
    assert got.counts.sum() == 3000
    assert (got.others, got.labels[-1]) == (21, "21 other classes")
    kept = got.labels.index("class 5") if "class 5" in got.labels else 0
    code = got.labels[kept]
    assert got.counts[kept, kept] == ((y == code) & (prediction.labels == code)).sum()


def test_residual_frames_hold_every_row() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(100, 10, 5000)
    pairs = pair(y, of_values(y - 3 + rng.normal(0, 2, 5000)))
    assert predicted_actual(pairs)["rows"].sum() == residual_histogram(pairs)["rows"].sum() == 5000
    bands = residual_bands(pairs)
    assert bands["rows"].sum() == 5000
    assert bands["q50"].mean() == pytest.approx(3, abs=0.2)
    assert (bands["q05"] < bands["q25"]).all()
    sample = sample_rows(pairs)
    assert len(sample) == 1000
    assert sample["actual"].to_numpy() == pytest.approx(y[sample["row"]])


@pytest.mark.parametrize("value", [0.0, 5.0, 1e12])
def test_a_constant_regression_has_frames(value: float) -> None:
    pairs = pair(np.full(30, value), of_values(np.full(30, value)))
    assert predicted_actual(pairs)["rows"].sum() == residual_histogram(pairs)["rows"].sum() == 30
    assert len(residual_bands(pairs)) == 1


# Threshold


@pytest.mark.parametrize("threshold", [0.131, 0.0042, 0.5, 1.0, 1 / 3])
def test_the_table_of_thresholds_has_the_one_in_use(cancer: Case, threshold: float) -> None:
    y, prediction = cancer
    columns = evaluate(y, prediction.at(threshold), threshold=threshold)["curves"]
    table = pd.DataFrame(columns["thresholds"])
    here = table[np.isclose(table["threshold"], threshold, rtol=1e-5)].iloc[0]
    assert [[here["tn"], here["fp"]], [here["fn"], here["tp"]]] == columns["confusion"]["counts"]
    assert len(table) == len(steps_with(threshold)) and table["threshold"].is_monotonic_increasing


def test_threshold_table_equals_scores_at_each_threshold(cancer: Case) -> None:
    y, prediction = cancer
    table = threshold_table(pair(y, prediction))
    assert len(table) == 101
    for place in (0, 13, 50, 87, 100):
        cut = prediction.at(table["threshold"][place])
        for metric in metrics_for("binary", proba=False):
            assert table[metric.id][place] == pytest.approx(score(metric, y, cut), nan_ok=True)
        assert table["positive_share"][place] == pytest.approx((cut.labels == "yes").mean())
    assert (table[["tp", "fp", "fn", "tn"]].sum(axis=1) == len(y)).all()


@pytest.mark.parametrize("objective", [metric.id for metric in threshold_objectives()])
def test_chosen_threshold_is_the_best(objective: str) -> None:
    y, prediction = binary(1500, share=0.1)
    got = choose_threshold(y, prediction, objective)
    tried = [score(METRICS[objective], y, prediction.at(t)) for t in np.unique(positive(prediction))]
    assert got.reached == pytest.approx(max(tried))
    assert score(METRICS[objective], y, prediction.at(got.value)) == pytest.approx(got.reached)
    assert got.at_half == pytest.approx(score(METRICS[objective], y, prediction))
    assert got.value < 0.4
    assert not got.few_positives


@pytest.mark.parametrize(("cost_fp", "cost_fn"), [(1, 1), (1, 4), (4, 1)])
def test_cost_threshold_follows_decision_theory(cost_fp: float, cost_fn: float) -> None:
    y, prediction = binary(40_000)
    got = choose_threshold(y, prediction, "cost", cost_fp, cost_fn)
    assert got.value == pytest.approx(cost_fp / (cost_fp + cost_fn), abs=0.07)
    assert got.reached <= got.at_half


def test_threshold_of_equals_is_nearest_to_half() -> None:
    y = NAMES[[0, 0, 1, 1]]
    share = np.array([0.1, 0.2, 0.8, 0.9])
    got = choose_threshold(y, of_proba("binary", list(NAMES), np.c_[1 - share, share]))
    assert (got.value, got.reached, got.few_positives) == (0.5, 1.0, True)


@pytest.mark.parametrize(
    ("truth", "objective", "cost_fn", "words"),
    [
        (["no"] * 4, "f1", 1, "one class"),
        (["no", "yes"] * 2, "cost", -1, "-1 for a miss"),
        (["no", "yes"] * 2, "profit", 1, "'profit'"),
    ],
)
def test_a_threshold_that_cannot_be_chosen(
    truth: Sequence[str], objective: str, cost_fn: float, words: str
) -> None:
    prediction = of_proba("binary", list(NAMES), np.full((4, 2), 0.5))
    with pytest.raises(FoldlineError, match=words):
        choose_threshold(truth, prediction, objective, 1, cost_fn)


# Importance


def house_frame(n: int, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "area": rng.normal(size=n),
            "noise": rng.normal(size=n),
            "town": pd.Series(rng.choice(["a", "b", "c"], n), dtype="str").mask(rng.random(n) < 0.1),
            "sold": pd.to_datetime("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, n), "D"),
        },
        index=np.arange(n) + 7,
    )
    return frame, 2 * frame["area"].to_numpy() + (frame["town"] == "a").to_numpy()


def value_house(frame: pd.DataFrame) -> Prediction:
    return of_values(2 * frame["area"] + (frame["town"] == "a"))


def test_importance_finds_what_the_model_uses() -> None:
    frame, y = house_frame(1500)
    noisy = y + np.random.default_rng(1).normal(size=1500)
    got = importance(value_house, frame, noisy, list(frame.columns), METRICS["mae"])
    assert got["column"].tolist()[:2] == ["area", "town"]
    rows = got.set_index("column")
    assert rows.loc[["noise", "sold"], "mean"].tolist() == [0, 0]
    assert rows.loc["area", "low"] > 1
    assert rows.loc["town", "low"] > 0
    assert (got["low"] <= got["mean"]).all()


def test_importance_is_the_loss_of_score_whichever_way_it_is_better() -> None:
    frame, y = house_frame(4000)
    got = importance(value_house, frame, y, ["area"], METRICS["r2"])
    assert got["mean"][0] == pytest.approx(2 * 4 / np.var(y), rel=0.05), (
        "a shuffled column doubles its variance"
    )


def test_importance_of_rows_in_groups_has_no_interval() -> None:
    group = np.repeat(np.arange(30), 20)
    rng = np.random.default_rng(0)
    x = rng.normal(size=30)[group]
    y, frame = x + rng.normal(size=30)[group], pd.DataFrame({"x": x})
    alone, whole = (
        importance(lambda part: of_values(part["x"]), frame, y, ["x"], METRICS["mae"], grouped=grouped)
        for grouped in (False, True)
    )
    assert whole["mean"].tolist() == pytest.approx(alone["mean"].tolist())
    assert alone["low"].notna().all() and whole[["low", "high"]].isna().all(axis=None)


def test_importance_batches_samples_and_reports() -> None:
    frame, y = house_frame(6000)
    calls: list[int] = []
    told: list[tuple[int, int]] = []

    def count(rows: pd.DataFrame) -> Prediction:
        calls.append(len(rows))
        return value_house(rows)

    wide = frame.assign(**{f"extra {i}": 0.0 for i in range(4)})
    one = importance(
        count,
        wide,
        y,
        list(wide),
        METRICS["rmse"],
        seed=3,
        on_progress=lambda done, of: told.append((done, of)),
    )
    assert calls == [5000, 50_000, 50_000, 50_000, 50_000]
    assert told == [(2, 8), (4, 8), (6, 8), (8, 8)]
    again = importance(value_house, wide, y, list(wide), METRICS["rmse"], seed=3)
    pd.testing.assert_frame_equal(one, again)


def test_importance_stops_when_asked() -> None:
    frame, y = house_frame(5000)
    answers = iter([False, True])
    got = importance(value_house, frame, y, list(frame), METRICS["rmse"], should_stop=lambda: next(answers))
    assert set(got["column"]) == {"area", "noise"}


def test_importance_of_a_column_that_is_not_there() -> None:
    frame, y = house_frame(50)
    with pytest.raises(FoldlineError, match="'garden'"):
        importance(value_house, frame, y, ["garden"], METRICS["rmse"])


# Payload and report


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64(1 / 3), 0.333333),
        (np.nan, None),
        (np.inf, None),
        (np.int64(3), 3),
        (np.True_, True),
        ("a", "a"),
    ],
)
def test_plain_values_are_json(value: object, expected: object) -> None:
    got = plain(value)
    assert got == expected
    assert type(got) is type(expected)


def test_thin_keeps_ends_and_stays_close() -> None:
    x = np.linspace(0, 1, 5000)
    y = np.sin(9 * x) * x
    keep = thin(x, y)
    assert len(keep) <= 500
    assert keep[0] == 0
    assert keep[-1] == 4999
    assert np.abs(np.interp(x, x[keep], y[keep]) - y).max() < 0.02


def regression(n: int) -> Case:
    rng = np.random.default_rng(0)
    y = rng.normal(size=n)
    return y, of_values(y + rng.normal(size=n))


REPORTS = {
    "binary": (
        lambda: binary(3000),
        {"confusion", "per_class", "roc", "precision_recall", "gain", "thresholds"}
        | {"calibration", "calibration_error"},
    ),
    "multiclass": (
        lambda: multiclass(3000, 12),
        {"confusion", "per_class", "roc_by_class", "calibration", "calibration_error"},
    ),
    "regression": (
        lambda: regression(3000),
        {"predicted_actual", "sample", "residual_histogram", "residual_bands"},
    ),
}


@pytest.mark.parametrize("task", REPORTS)
def test_report_is_complete_small_and_repeatable(task: str) -> None:
    make, curves = REPORTS[task]
    y, prediction = make()
    got = evaluate(y, prediction, prediction, seed=1)
    text = json.dumps(got, allow_nan=False)
    assert len(text) < 300_000
    assert json.loads(text) == got
    assert set(got["curves"]) == curves
    assert got == evaluate(y, prediction, prediction, seed=1)
    for name, value in score_all(y, prediction).items():
        one = got["scores"][name]
        assert one["value"] == one["baseline"] == pytest.approx(value, rel=1e-5)
        assert one["why"] or one["low"] <= one["value"] <= one["high"]


def test_report_of_500_classes_stays_small() -> None:
    y, prediction = multiclass(3000, 500)
    got = evaluate(y, prediction, metrics=[METRICS["accuracy"]])
    assert len(json.dumps(got, allow_nan=False)) < 300_000


def test_report_of_labels_only_has_no_ranked_curves() -> None:
    y, prediction = binary(200)
    bare = Prediction("binary", prediction.classes, prediction.labels)
    got = evaluate(y, bare)
    assert set(got["curves"]) == {"confusion", "per_class"}
    assert "roc_auc" not in got["scores"]
    mixed = evaluate(y, prediction, bare)["scores"]
    assert mixed["roc_auc"]["baseline"] is None
    assert mixed["accuracy"]["baseline"] == mixed["accuracy"]["value"]


def test_report_of_one_row_and_one_class() -> None:
    y, prediction = binary(1)
    got = evaluate(y, prediction)
    json.dumps(got, allow_nan=False)
    assert got["scores"]["roc_auc"] == {
        "value": None,
        "low": None,
        "high": None,
        "why": "the score is not defined on these rows",
        "baseline": None,
    }
    assert evaluate([1.0], of_values([2.0]))["scores"]["mae"]["value"] == 1


def test_frames_become_columns() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": [0.5, np.nan], "c": ["x", None]})
    assert to_dict(frame) == {"a": [1, 2], "b": [0.5, None], "c": ["x", None]}


def test_pairs_of_a_regression_have_no_probabilities() -> None:
    pairs: Pairs = pair([1.0], of_values([1.0]))
    with pytest.raises(FoldlineError, match="probabilities"):
        _ = pairs.probabilities
