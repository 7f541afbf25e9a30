"""Differences between candidates: the error rates that are promised, and the leaderboard they give."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.train.ranking.statistics import corrected_interval
from tests.boards import by_folds

SIMPLE = {"dummy": 0, "linear": 1, "forest": 5, "boost": 8}


def fold_differences(seed: int, repeats: int, folds: int, n: int) -> np.ndarray:
    """Accuracy differences, fold by fold, of two equally good rules fitted to one small table.

    Each rule cuts its own column half-way between the class means of the fitting rows; both columns carry the
    same amount of signal, so that neither rule is better.
    """
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], n // 2)
    X = rng.normal(size=(n, 2)) + 0.8 * y[:, None]
    found = []
    for _ in range(repeats):
        place = rng.permutation(n) % folds
        for fold in range(folds):
            fit, valid = place != fold, place == fold
            means = np.stack([X[fit & (y == code)].mean(axis=0) for code in (0, 1)])
            side = np.abs(X[valid, None, :] - means[None]).argmin(axis=1)
            hits = (side == y[valid, None]).mean(axis=0)
            found.append(hits[0] - hits[1])
    return np.array(found)


@pytest.mark.parametrize(
    ("repeats", "folds", "n", "least", "most", "plain_least"),
    [(10, 10, 100, 0.02, 0.08, 0.4), (2, 5, 400, 0, 0.05, 0.1)],
)
def test_equal_models_are_called_different_as_often_as_promised(
    repeats: int, folds: int, n: int, least: float, most: float, plain_least: float
) -> None:
    corrected, plain = [], []
    for seed in range(400):
        differences = fold_differences(seed, repeats, folds, n)
        corrected.append(corrected_interval(differences, folds - 1, 1).excludes_zero)
        plain.append(stats.ttest_1samp(differences, 0).pvalue <= 0.05)
    assert least <= np.mean(corrected) <= most
    assert np.mean(plain) > plain_least


def test_corrected_interval_by_hand() -> None:
    got = corrected_interval([0.02, 0.04, 0.03, 0.01], 300, 100)
    scale = np.sqrt(np.var([0.02, 0.04, 0.03, 0.01], ddof=1) * (1 / 4 + 1 / 3))
    half = stats.t.ppf(0.975, 3) * scale
    assert (got.mean, got.low, got.high) == pytest.approx((0.025, 0.025 - half, 0.025 + half))


def test_corrected_interval_is_wider_than_the_plain_one() -> None:
    values = np.random.default_rng(0).normal(size=10)
    ours, plain = (
        corrected_interval(values, 80, 20),
        stats.t.interval(0.95, 9, values.mean(), stats.sem(values)),
    )
    assert ours.low < plain[0]
    assert ours.high > plain[1]


@pytest.mark.parametrize("values", [[], [0.4], [0.4, np.nan]])
def test_one_fold_has_no_interval(values: list[float]) -> None:
    got = corrected_interval(values, 90, 10)
    assert not got.available
    assert not got.excludes_zero


@pytest.mark.parametrize("values", [[0.1] * 5, [0.0] * 5])
def test_folds_without_spread(values: list[float]) -> None:
    got = corrected_interval(values, 80, 20)
    assert got.excludes_zero is bool(values[0])
    assert got.low == got.high == pytest.approx(values[0])


def folds(mean: float, spread: float, seed: int) -> np.ndarray:
    return mean + spread * np.random.default_rng(seed).normal(size=10)


def test_leaderboard_tells_ties_and_badges_the_simplest() -> None:
    fold_luck = folds(0, 0.03, 0)
    scores = {
        "boost": 0.90 + fold_luck + folds(0, 0.01, 1),
        "linear": 0.899 + fold_luck + folds(0, 0.01, 2),
        "forest": 0.80 + fold_luck + folds(0, 0.01, 3),
        "dummy": np.full(10, 0.5),
    }
    rows = {row.id: row for row in by_folds(scores, SIMPLE, "dummy")}
    assert sorted(rows, key=lambda key: rows[key].rank)[2:] == ["forest", "dummy"]
    assert {key for key, row in rows.items() if row.tied_with_best} == {"boost", "linear"}
    assert [key for key, row in rows.items() if row.simplest_tie] == ["linear"]
    assert [rows[key].beats_baseline for key in ("boost", "linear", "forest", "dummy")] == [True] * 3 + [None]
    assert rows["forest"].diff_high < 0
    best = min(rows.values(), key=lambda row: row.rank)
    assert (best.difference, best.diff_low, best.diff_high) == (0, 0, 0)
    assert best.mean == pytest.approx(scores[best.id].mean())
    assert best.std == pytest.approx(scores[best.id].std(ddof=1))


@pytest.mark.parametrize("folds", [3, 5])
def test_of_many_equal_candidates_hardly_ever_one_is_called_behind(folds: int) -> None:
    draw = np.random.default_rng(folds)
    behind = beats = 0
    for _ in range(300):
        luck = draw.normal(0, 0.02, folds)
        scores = {f"m{i}": 0.5 + luck + draw.normal(0, 0.01, folds) for i in range(11)}
        rows = by_folds(scores, None, "m0")
        behind += any(not row.tied_with_best for row in rows if row.id != "m0")
        beats += any(bool(row.beats_baseline) for row in rows)
    assert behind / 300 <= 0.05, "without regard to their number: 0.26"
    assert beats / 300 <= 0.05


def test_leaderboard_where_lower_is_better() -> None:
    scores = {"linear": folds(2, 0.01, 0), "boost": folds(1, 0.01, 1), "dummy": folds(3, 0.01, 2)}
    rows = by_folds(scores, SIMPLE, "dummy", "rmse")
    assert [row.id for row in rows] == ["boost", "linear", "dummy"]
    assert rows[1].diff_low > 0
    assert rows[0].beats_baseline
    assert not rows[1].tied_with_best


def test_nobody_beats_a_baseline_by_luck() -> None:
    scores = {"linear": folds(0.50, 0.02, 0), "dummy": np.full(10, 0.5)}
    rows = {row.id: row for row in by_folds(scores, SIMPLE, "dummy")}
    assert rows["linear"].beats_baseline is False
    assert rows["dummy"].tied_with_best
    assert rows["linear"].simplest_tie


def test_the_baseline_is_a_tie_exactly_when_the_best_does_not_beat_it() -> None:
    draw, tied = np.random.default_rng(3), 0
    for _ in range(100):
        scores = {f"m{i}": 0.5 + draw.normal(0.02, 0.02, 5) for i in range(9)} | {"base": np.full(5, 0.5)}
        rows = by_folds(scores, None, "base")
        baseline = next(row for row in rows if row.id == "base")
        if rows[0].id != "base":
            assert baseline.tied_with_best is not rows[0].beats_baseline
            tied += baseline.tied_with_best
    assert 0 < tied < 100


def test_a_candidate_without_a_score_comes_last_and_is_no_tie() -> None:
    scores = {"linear": [0.8, 0.7, 0.75], "boost": [0.9, 0.7, 0.8], "forest": [np.nan] * 3}
    rows = by_folds(scores, SIMPLE)
    assert [(row.id, row.folds) for row in rows] == [("boost", 3), ("linear", 3), ("forest", 0)]
    assert [row.tied_with_best for row in rows] == [True, True, False]
    assert np.isnan(rows[2].mean)
    assert by_folds({}, SIMPLE) == []
