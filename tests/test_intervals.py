"""Intervals of test scores: they hold the truth as often as they say, or there are none and words why."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from sklearn.metrics import f1_score

from benchmarks.decided.coverage import CELLS, HIGH, LOW, SELDOM, lines_of, truth_of
from benchmarks.decided.coverage_awkward import (
    counted_events,
    far_from_zero,
    few_huge,
    labels_of_groups,
    many_zeros,
    miscalibrated,
    spread_with_size,
    uneven_sizes,
)
from benchmarks.decided.coverage_cells import (
    Cell,
    Drawn,
    grouped,
    in_time,
    in_time_and_groups,
    log_normal,
    many_classes,
    numbers,
    ranked,
)
from core.catalog.metrics import METRICS, metrics_for
from core.evaluate.intervals.rates import mean_of_f1, mean_of_shares, share_ends
from core.evaluate.intervals.score_interval import ScoreInterval, intervals
from core.evaluate.intervals.units import counts_as, units_of

Draw = Callable[[int, np.random.Generator], Drawn]


def found(drawn: Drawn) -> dict[str, ScoreInterval]:
    metrics = metrics_for(drawn.prediction.task)
    return intervals(metrics, drawn.truth, drawn.prediction, drawn.groups, drawn.times)


AWKWARD = {
    "few positives": (
        ranked(0.02, 1.5),
        200,
        ("roc_auc", "recall", "balanced_accuracy"),
        "of class 1|positive",
    ),
    "few are called": (ranked(0.02, 1.5), 2_500, ("precision", "mcc"), "called"),
    "few are expected": (ranked(0.02, 1.5), 200, ("log_loss", "brier", "mcc"), "expected, 20 needed"),
    "15 positives": (ranked(0.05, 1.2, 0.05), 300, ("average_precision",), "of the rarer class expected"),
    "15 positives, told as 150": (
        miscalibrated(0.03, 1.5, float(np.log(32)), 1),
        200,
        ("average_precision",),
        "of class 1, 10 are needed",
    ),
    "a class without rows": (many_classes((0.6, 0.399, 0.001)), 200, ("f1_macro",), "class c2"),
    "t3 errors": (numbers("t3"), 400, ("rmse", "r2"), "heavy tails"),
    "log-normal target": (log_normal(1.0), 400, ("rmse", "r2"), "heavy tails"),
    "t5 errors": (numbers("t5"), 400, ("rmse", "r2"), "heavy tails"),
    "counts": (counted_events(1.0), 400, ("rmse", "r2"), "heavy tails"),
    "4 deviations from 0": (far_from_zero(4), 400, ("mape",), "near to 0"),
    "many zeros": (many_zeros(0.5), 400, ("mape",), "near to 0"),
    "errors grow with size": (spread_with_size(), 400, ("mape",), "near to 0"),
    "few rows": (numbers("normal"), 60, ("rmse", "r2"), "200 are needed"),
    "5 groups": (grouped("binary"), 5, ("roc_auc", "accuracy", "log_loss", "mcc"), "5 groups.*10 are needed"),
    "9 groups": (grouped("regression"), 9, ("mae", "median_ae"), "9 groups, 10 are needed"),
    "20 groups": (grouped("regression"), 20, ("rmse", "r2"), "20 groups, 30 are needed"),
    "few groups are huge": (few_huge("regression", 0.1), 30, ("mae", "rmse"), "uneven"),
    "sizes log-normal": (uneven_sizes("binary", 1.5), 30, ("roc_auc", "log_loss"), "uneven"),
    "squares in 300 rows of time": (in_time("regression", 0.8), 300, ("rmse", "r2"), "in time"),
    "a long memory": (in_time("regression", 0.98), 300, ("mae", "median_ae"), "near in time"),
}


@pytest.mark.parametrize("name", AWKWARD)
def test_where_no_formula_holds_there_is_no_interval_but_words(name: str) -> None:
    make, rows, metrics, words = AWKWARD[name]
    draws = [found(make(rows, np.random.default_rng(seed))) for seed in range(12)]
    for metric in metrics:
        silent = [draw[metric] for draw in draws if draw[metric].why]
        assert len(silent) >= 11, f"{metric}: {len(silent)} of 12"
        assert all(np.isnan(one.low) and np.isnan(one.high) for one in silent)
        assert sum(bool(re.search(words, one.why)) for one in silent) >= 10, silent[0].why


@given(
    seed=st.integers(0, 10_000),
    rows=st.integers(1, 400),
    share=st.sampled_from([0.01, 0.1, 0.5]),
    gap=st.sampled_from([0.0, 1.0, 5.0]),
    alike=st.sampled_from(["rows", "groups", "times"]),
)
@settings(max_examples=80, deadline=None)
def test_there_is_an_interval_around_the_score_or_a_reason(
    seed: int, rows: int, share: float, gap: float, alike: str
) -> None:
    rng = np.random.default_rng(seed)
    drawn = ranked(share, gap)(rows, rng)
    groups = rng.integers(0, 25, rows) if alike == "groups" else None
    times = rng.integers(0, 100, rows) if alike == "times" else None
    got = intervals(metrics_for("binary"), drawn.truth, drawn.prediction, groups, times)
    for name, one in got.items():
        if one.why:
            assert np.isnan(one.low) and np.isnan(one.high)
        else:
            assert METRICS[name].low <= one.low <= one.value + 1e-9, name
            assert one.value - 1e-9 <= one.high <= METRICS[name].high, name


@pytest.mark.parametrize("rows", [20, 47, 200])
def test_a_share_is_never_far_below_what_its_interval_says(rows: int) -> None:
    counts = np.arange(rows + 1)
    low, high = share_ends(counts.astype(float), np.full(rows + 1, float(rows)))
    for share in np.linspace(0.0005, 0.5, 400):
        held = binom.pmf(counts, rows, share)[(low <= share) & (share <= high)].sum()
        assert held > 0.92, share


@pytest.mark.parametrize(
    ("kind", "make", "rows", "metrics"),
    [
        ("rows", ranked(0.1, 1.2, 0.2), 400, ("f1", "recall", "precision", "roc_auc", "average_precision")),
        ("rows", miscalibrated(0.06, 1.5, 2.7, 1), 250, ("average_precision", "log_loss")),
        ("rows", many_classes((0.6, 0.34, 0.06)), 600, ("f1_macro",)),
        ("rows", numbers("t3"), 60, ("mae", "median_ae")),
        ("rows", log_normal(1.0), 90, ("mae",)),
        ("rows", many_zeros(0.6), 120, ("mae",)),
        ("groups", grouped("regression"), 12, ("mae",)),
        ("groups", uneven_sizes("regression", 0.8), 80, ("mae", "median_ae")),
        ("groups", labels_of_groups(0.1), 250, ("recall", "mcc")),
        ("times", in_time("regression", 0.9), 1_000, ("mae", "rmse")),
        ("times", in_time_and_groups("regression", 0.8), 1_200, ("mae", "r2")),
        ("times", in_time_and_groups("binary", 0.8), 600, ("log_loss",)),
    ],
)
def test_intervals_hold_the_truth(kind: str, make: Draw, rows: int, metrics: tuple[str, ...]) -> None:
    cell = Cell(kind, make, rows, metrics)
    for line in lines_of(cell, truth_of(cell), 150, seed=5):
        assert line.shown > 0.8, line.words
        assert 0.89 <= line.held <= 0.995, line.words


@given(seed=st.integers(0, 10_000), classes=st.integers(2, 6), rows=st.integers(20, 200))
@settings(max_examples=60, deadline=None)
def test_the_mean_of_f1_is_within_ends_that_are_no_closer_than_if_the_classes_were_apart(
    seed: int, classes: int, rows: int
) -> None:
    rng = np.random.default_rng(seed)
    truth = np.r_[np.arange(classes), rng.integers(0, classes, rows)]
    called = np.where(rng.random(len(truth)) < rng.random(), truth, rng.integers(0, classes, len(truth)))
    low, high = mean_of_f1(truth, called, classes)
    mean = f1_score(truth, called, average="macro", labels=range(classes), zero_division=0)
    assert 0 <= low <= mean + 1e-12 <= high + 2e-12 <= 1 + 2e-12
    assert high - low > 0


@given(st.lists(st.integers(1, 500), min_size=2, max_size=80))
def test_groups_count_as_no_more_than_there_are_and_fewer_where_few_are_large(sizes: list[int]) -> None:
    units = units_of(sum(sizes), 2, np.repeat(np.arange(len(sizes)), sizes))
    assert counts_as(units.sizes) <= len(sizes) + 1e-9
    assert units.freedom + 1 <= counts_as(units.sizes) + 1e-9
    assert counts_as(units.sizes) == pytest.approx(len(sizes)) or len(set(sizes)) > 1


@pytest.mark.parametrize(
    ("make", "rows", "metric"),
    [
        (ranked(0.05, 1.2, 0.05), 300, "average_precision"),
        (numbers("t5"), 200, "rmse"),
        (counted_events(1.0), 200, "rmse"),
        (numbers("normal"), 200, "mape"),
        (spread_with_size(), 200, "mape"),
    ],
)
def test_luck_shows_no_interval_where_rows_of_this_kind_are_not_enough(
    make: Draw, rows: int, metric: str
) -> None:
    draws = [make(rows, np.random.default_rng([7, seed])) for seed in range(120)]
    got = (
        intervals([METRICS[metric]], drawn.truth, drawn.prediction, drawn.groups, drawn.times)[metric]
        for drawn in draws
    )
    assert sum(not one.why for one in got) <= 6


@pytest.mark.parametrize("rows", [(20, 20), (22, 28), (30, 30), (20, 100)])
@pytest.mark.parametrize("shares", [(0.774, 0.774), (0.9, 0.7), (0.95, 0.9), (0.6, 0.5), (0.99, 0.8)])
def test_balanced_accuracy_is_within_its_interval_as_often_as_said(
    rows: tuple[int, int], shares: tuple[float, float]
) -> None:
    counts = [np.arange(size + 1) for size in rows]
    chance = np.outer(*(binom.pmf(k, n, p) for k, n, p in zip(counts, rows, shares, strict=True)))
    held = 0.0
    for first in counts[0]:
        for second in counts[1]:
            low, high = mean_of_shares(np.array([first, second], dtype=float), np.array(rows, dtype=float))
            held += chance[first, second] if low <= np.mean(shares) + 1e-12 <= high + 2e-12 else 0.0
    assert LOW <= held <= HIGH


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_groups_and_time_together_are_at_least_as_wide_as_either(task: str) -> None:
    drawn = in_time_and_groups(task, 0.8)(900, np.random.default_rng(1))
    metrics = metrics_for(drawn.prediction.task)
    both, groups, times = (
        intervals(metrics, drawn.truth, drawn.prediction, *alike)
        for alike in ((drawn.groups, drawn.times), (drawn.groups, None), (None, drawn.times))
    )
    for name, one in both.items():
        if one.why:
            assert groups[name].why or times[name].why
        else:
            assert one.low <= min(groups[name].low, times[name].low) + 1e-9, name
            assert one.high >= max(groups[name].high, times[name].high) - 1e-9, name


def test_few_groups_in_time_have_no_interval() -> None:
    drawn = in_time_and_groups("regression", 0.5)(240, np.random.default_rng(2))
    got = intervals(metrics_for("regression"), drawn.truth, drawn.prediction, drawn.groups, drawn.times)
    assert all("8 groups" in one.why for name, one in got.items() if name == "mae")


@pytest.mark.gauntlet
@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.name}, {cell.rows}")
def test_no_kind_of_test_set_shows_an_interval_that_is_too_narrow(cell: Cell) -> None:
    lines = lines_of(cell, truth_of(cell), 600)
    shown = [line for line in lines if line.shown >= SELDOM and line.held < LOW]
    wrong = [line.words for line in shown if line.surely_outside(600)]
    assert not wrong, "\n".join(wrong)
