"""Differences between candidates: the error rates that are promised, and the leaderboard they give."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.catalog.metrics import METRICS, score
from core.errors import FoldlineError
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.train.ranking.leaderboard import Interval, jointly
from core.train.ranking.statistics import (
    corrected_interval,
    holdout_leaderboard,
    leaderboard,
    paired_bootstrap,
)

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
        corrected.append(corrected_interval(differences, folds - 1, 1).p <= 0.05)
        plain.append(stats.ttest_1samp(differences, 0).pvalue <= 0.05)
    assert least <= np.mean(corrected) <= most
    assert np.mean(plain) > plain_least


def test_corrected_interval_by_hand() -> None:
    got = corrected_interval([0.02, 0.04, 0.03, 0.01], 300, 100)
    scale = np.sqrt(np.var([0.02, 0.04, 0.03, 0.01], ddof=1) * (1 / 4 + 1 / 3))
    half = stats.t.ppf(0.975, 3) * scale
    assert (got.mean, got.low, got.high) == pytest.approx((0.025, 0.025 - half, 0.025 + half))
    assert got.p == pytest.approx(2 * stats.t.sf(0.025 / scale, 3))


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
    assert np.isnan(got.p)


@pytest.mark.parametrize(("values", "p"), [([0.1] * 5, 0.0), ([0.0] * 5, 1.0)])
def test_folds_without_spread(values: list[float], p: float) -> None:
    got = corrected_interval(values, 80, 20)
    assert got.p == p
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
    rows = {row.id: row for row in leaderboard(scores, "higher", (80, 20), SIMPLE, "dummy")}
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
        rows = leaderboard(scores, "higher", (folds - 1, 1), dict.fromkeys(scores, 0), "m0")
        behind += any(not row.tied_with_best for row in rows if row.id != "m0")
        beats += any(bool(row.beats_baseline) for row in rows)
    assert behind / 300 < 0.06, "without regard to their number: 0.26"
    assert beats / 300 < 0.06


@pytest.mark.parametrize("freedom", [2, 4, np.inf])
@pytest.mark.parametrize("moved", [0, 4, 9])
def test_joint_intervals_exclude_zero_where_false_discoveries_are_controlled(
    freedom: float, moved: int
) -> None:
    draw = np.random.default_rng(moved)
    means = draw.normal(0, 1, 10) + np.r_[np.full(moved, 30.0), np.zeros(10 - moved)]
    gaps = {str(i): Interval(m, m - 2.5, m + 2.5, freedom) for i, m in enumerate(means)}
    found = {key for key, gap in jointly(gaps, gaps).items() if gap.excludes_zero}
    qs = stats.false_discovery_control([gap.p for gap in gaps.values()])
    assert found == {key for key, q in zip(gaps, qs, strict=True) if q <= 0.05}
    assert len(found) >= moved


def test_an_interval_at_its_own_level_is_itself() -> None:
    gap = corrected_interval([0.02, 0.04, 0.03, 0.01], 300, 100)
    assert (gap.at(0.95).low, gap.at(0.95).high) == pytest.approx((gap.low, gap.high))
    ends = gap.at(1 - gap.p)
    assert min(abs(ends.low), abs(ends.high)) == pytest.approx(0, abs=1e-12)


def test_leaderboard_where_lower_is_better() -> None:
    scores = {"linear": folds(2, 0.01, 0), "boost": folds(1, 0.01, 1), "dummy": folds(3, 0.01, 2)}
    rows = leaderboard(scores, "lower", [(80, 20)] * 10, SIMPLE, "dummy")
    assert [row.id for row in rows] == ["boost", "linear", "dummy"]
    assert rows[1].diff_low > 0
    assert rows[0].beats_baseline
    assert not rows[1].tied_with_best


def test_nobody_beats_a_baseline_by_luck() -> None:
    scores = {"linear": folds(0.50, 0.02, 0), "dummy": np.full(10, 0.5)}
    rows = {row.id: row for row in leaderboard(scores, "higher", (80, 20), SIMPLE, "dummy")}
    assert rows["linear"].beats_baseline is False
    assert rows["dummy"].tied_with_best
    assert rows["linear"].simplest_tie


def test_the_baseline_is_a_tie_exactly_when_the_best_does_not_beat_it() -> None:
    draw, tied = np.random.default_rng(3), 0
    for _ in range(100):
        scores = {f"m{i}": 0.5 + draw.normal(0.02, 0.02, 5) for i in range(9)} | {"base": np.full(5, 0.5)}
        rows = leaderboard(scores, "higher", (4, 1), dict.fromkeys(scores, 0), "base")
        baseline = next(row for row in rows if row.id == "base")
        if rows[0].id != "base":
            assert baseline.tied_with_best is not rows[0].beats_baseline
            tied += baseline.tied_with_best
    assert 0 < tied < 100


def test_leaderboard_of_a_running_comparison() -> None:
    scores = {
        "linear": [0.8, np.nan, np.nan],
        "boost": [0.9, 0.7, np.nan],
        "forest": [np.nan] * 3,
    }
    rows = leaderboard(scores, "higher", (80, 20), SIMPLE)
    assert [(row.id, row.folds) for row in rows] == [("linear", 1), ("boost", 2), ("forest", 0)]
    assert [row.tied_with_best for row in rows] == [True, False, False]
    assert rows[1].difference == pytest.approx(0.1), "on the fold that both have"
    assert np.isnan(rows[1].diff_low)
    assert np.isnan(rows[2].mean)
    assert leaderboard({}, "higher", (80, 20), SIMPLE) == []


def rankings(n: int, strengths: dict[str, float], seed: int) -> tuple[np.ndarray, dict[str, Prediction]]:
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n)
    common = rng.normal(size=n)
    found = {}
    for name, strength in strengths.items():
        share = 1 / (1 + np.exp(-(strength * (y - 0.5) + 0.8 * common + 0.6 * rng.normal(size=n))))
        found[name] = of_proba("binary", ["0", "1"], np.c_[1 - share, share])
    return np.array(["0", "1"], dtype=object)[y], found


def test_holdout_leaderboard_pairs_the_rows() -> None:
    y, predictions = rankings(2000, {"linear": 1.50, "boost": 1.52, "forest": 1.0}, 0)
    predictions["dummy"] = of_proba("binary", ["0", "1"], np.full((2000, 2), 0.5))
    rows = {
        row.id: row
        for row in holdout_leaderboard(y, predictions, METRICS["roc_auc"], SIMPLE, "dummy", count=400)
    }
    assert {key for key, row in rows.items() if row.tied_with_best} == {"linear", "boost"}
    assert rows["linear"].simplest_tie
    assert rows["forest"].beats_baseline
    assert np.isnan(rows["forest"].std)
    assert rows["forest"].mean == score(METRICS["roc_auc"], y, predictions["forest"])
    width = (
        rows["linear"].diff_high - rows["linear"].diff_low + rows["boost"].diff_high - rows["boost"].diff_low
    )
    alone = np.hypot(*(rows[key].high - rows[key].low for key in ("linear", "boost")))
    assert width < alone, "pairing takes out what both share"


def test_paired_bootstrap_finds_no_difference_as_often_as_promised() -> None:
    wrong = 0
    for seed in range(150):
        y, both = rankings(200, {"a": 1.2, "b": 1.2}, seed)
        wrong += paired_bootstrap(y, both["a"], both["b"], METRICS["log_loss"], count=300).excludes_zero
    assert wrong / 150 <= 0.12


def test_paired_bootstrap_is_seeded_and_signed() -> None:
    y, both = rankings(500, {"a": 2.0, "b": 0.5}, 1)
    one = paired_bootstrap(y, both["a"], both["b"], METRICS["roc_auc"], count=300, seed=4)
    assert one == paired_bootstrap(y, both["a"], both["b"], METRICS["roc_auc"], count=300, seed=4)
    other = paired_bootstrap(y, both["b"], both["a"], METRICS["roc_auc"], count=300, seed=4)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))
    assert one.low > 0
    assert one.p < 0.001


def test_groups_widen_the_difference() -> None:
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(40), 25)
    y = rng.normal(size=1000)
    shared = np.repeat(rng.normal(size=40), 25)
    a, b = of_values(y + shared), of_values(y + rng.normal(size=1000))
    rows = paired_bootstrap(y, a, b, METRICS["mae"], count=400)
    whole = paired_bootstrap(y, a, b, METRICS["mae"], groups=group, count=400)
    assert whole.high - whole.low > 2 * (rows.high - rows.low)


def test_a_metric_of_another_task_is_refused() -> None:
    y, both = rankings(50, {"a": 1, "b": 1}, 0)
    with pytest.raises(FoldlineError, match="no score of a binary task"):
        paired_bootstrap(y, both["a"], both["b"], METRICS["rmse"])
    with pytest.raises(FoldlineError, match="no score of a binary task"):
        holdout_leaderboard(y, both, METRICS["rmse"], SIMPLE)
