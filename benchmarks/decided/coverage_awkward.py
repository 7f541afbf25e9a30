"""Awkward kinds of test sets whose true scores can be known: rare, uneven, drifting, miscalibrated."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from benchmarks.decided.coverage_cells import (
    TASKS,
    Cell,
    Drawn,
    grouped,
    in_time,
    labelled,
    log_normal,
    many_classes,
    numbers,
    ranked,
    sigmoid,
)
from core.evaluate.prediction import of_proba, of_values

Goes = Literal["alone", "with the effect"]


def miscalibrated(share: float, gap: float, odds: float, stretch: float) -> Any:
    """Two normal classes whose log odds are told ``stretch`` times as large, and ``odds`` too high."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        y = rng.random(n) < share
        x = rng.normal(0, 1, n) + gap * y
        right = gap * x - gap**2 / 2 + np.log(share / (1 - share))
        return labelled(y, sigmoid(stretch * right + odds), 0.5)

    return make


def uneven_sizes(task: str, sigma: float, goes: Goes = "alone") -> Any:
    """Groups whose sizes are log-normal: few large, many small; called with the number of groups."""

    def make(count: int, rng: np.random.Generator) -> Drawn:
        size = rng.normal(size=count)
        effect = rng.normal(size=count)
        if goes == "with the effect":
            effect = 0.8 * size + 0.6 * effect
        rows = np.maximum(1, np.round(np.exp(2.0 + sigma * size))).astype(int)
        group = np.repeat(np.arange(count), rows)
        x, shared = rng.normal(size=len(group)), effect[group]
        if task == "regression":
            return Drawn(2 * x + shared + rng.normal(size=len(group)), of_values(2 * x), groups=group)
        y = rng.random(len(group)) < sigmoid(1.5 * x + shared)
        return labelled(y, sigmoid(1.5 * x), 0.5, groups=group)

    return make


def few_huge(task: str, huge: float) -> Any:
    """Groups of which a share is thirty times as large as the others; called with the number of groups."""

    def make(count: int, rng: np.random.Generator) -> Drawn:
        rows = np.where(rng.random(count) < huge, 150, 5)
        group = np.repeat(np.arange(count), rows)
        x, shared = rng.normal(size=len(group)), rng.normal(size=count)[group]
        if task == "regression":
            return Drawn(2 * x + shared + rng.normal(size=len(group)), of_values(2 * x), groups=group)
        y = rng.random(len(group)) < sigmoid(1.5 * x + shared)
        return labelled(y, sigmoid(1.5 * x), 0.5, groups=group)

    return make


def labels_of_groups(share: float, rows: int = 10) -> Any:
    """Groups whose rows all have the label of the group, such as patients; called with their number."""

    def make(count: int, rng: np.random.Generator) -> Drawn:
        group = np.repeat(np.arange(count), rows)
        y, effect = rng.random(count) < share, rng.normal(0, 0.7, count)
        x = 1.5 * y[group] + effect[group] + rng.normal(0, 0.7, len(group))
        odds = 1.5 * (x - 0.75) + np.log(share / (1 - share))
        return labelled(y[group], sigmoid(odds), 0.5, groups=group)

    return make


def heavy_groups(kind: Literal["log-normal", "t3"]) -> Any:
    """Groups of 20 rows that share an effect, with a heavy-tailed target."""

    def make(count: int, rng: np.random.Generator) -> Drawn:
        group = np.repeat(np.arange(count), 20)
        x, effect = rng.normal(size=len(group)), rng.normal(0, 0.5, count)[group]
        if kind == "t3":
            error = effect + rng.standard_t(3, len(group))
            return Drawn(2 * x + error, of_values(2 * x), groups=group)
        target = np.exp(0.7 * x + effect + 0.7 * rng.normal(size=len(group)))
        return Drawn(target, of_values(np.exp(0.7 * x + 0.37)), groups=group)

    return make


def many_zeros(zeros: float) -> Any:
    """A target that is 0 in a share of rows and else skewed, predicted by its mean given x."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        x = rng.normal(size=n)
        size = np.exp(0.5 * x) * rng.gamma(2, 1, n)
        return Drawn(np.where(rng.random(n) < zeros, 0.0, size), of_values(2 * (1 - zeros) * np.exp(0.5 * x)))

    return make


def counted_events(mean: float) -> Any:
    """Counts, predicted by their mean given x."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        rate = mean * np.exp(0.5 * rng.normal(size=n) - 0.125)
        return Drawn(rng.poisson(rate).astype(float), of_values(rate))

    return make


def spread_with_size() -> Any:
    """Errors that grow with the prediction."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        expected = np.exp(1 + 0.5 * rng.normal(size=n))
        return Drawn(expected * (1 + 0.3 * rng.normal(size=n)), of_values(expected))

    return make


def far_from_zero(ratio: float) -> Any:
    """A normal target, ``ratio`` standard deviations from 0."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        x = rng.normal(size=n)
        return Drawn(ratio + 0.8 * x + 0.6 * rng.normal(size=n), of_values(ratio + 0.8 * x))

    return make


def trend_of_target(memory: float) -> Any:
    """Rows in order of time whose target rises steadily; the errors remember."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        drawn = in_time("regression", memory)(n, rng)
        rise = 4 * np.arange(n) / n
        return Drawn(drawn.truth + rise, of_values(drawn.prediction.labels + rise), times=drawn.times)

    return make


def errors_that_grow(growth: float) -> Any:
    """Rows in order of time whose errors are 1 + ``growth`` times as large at the end as at the start."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        x, times = rng.normal(size=n), np.arange(n)
        error = rng.normal(size=n) * (1 + growth * times / n)
        return Drawn(2 * x + error, of_values(2 * x), times=times)

    return make


def rare_in_time(share: float, memory: float) -> Any:
    """Rows in order of time, few of them positive, and these in spells."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        series = in_time("regression", memory)(n, rng)
        spell = series.truth - series.prediction.labels
        x = rng.normal(size=n)
        base = np.log(share / (1 - share)) - 0.8
        y = rng.random(n) < sigmoid(base + 1.2 * x + spell)
        return labelled(y, sigmoid(base + 0.4 + 1.2 * x), share, times=series.times)

    return make


def sure_classes(shares: tuple[float, ...]) -> Any:
    """Several classes whose probabilities are twice as sure as they should be."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        drawn = many_classes(shares)(n, rng)
        chance = np.asarray(drawn.prediction.proba) ** 2
        chance /= chance.sum(axis=1, keepdims=True)
        return Drawn(drawn.truth, of_proba("multiclass", list(drawn.prediction.classes), chance))

    return make


AWKWARD: tuple[Cell, ...] = (
    *(Cell("5 % positives", ranked(0.05, 1.5), n) for n in (150, 300, 600, 1_500)),
    *(Cell("5 % positives, called from 5 %", ranked(0.05, 1.2, 0.05), n) for n in (200, 300, 400, 600)),
    *(Cell("1 % positives, strong", ranked(0.01, 2.5, 0.1), n) for n in (500, 2_000)),
    *(Cell("15 % positives", ranked(0.15, 1.0, 0.2), n) for n in (60, 100, 150, 250)),
    *(Cell("balanced weights", miscalibrated(0.05, 1.5, np.log(19), 1), n) for n in (200, 300, 1_000)),
    *(Cell("too sure", miscalibrated(0.3, 1.5, 0.0, 2.5), n) for n in (60, 200, 1_000)),
    *(Cell("too careful", miscalibrated(0.3, 1.5, 0.0, 0.4), n) for n in (60, 200, 1_000)),
    *(Cell("one rare class of 3", many_classes((0.6, 0.37, 0.03)), n) for n in (300, 700, 2_000)),
    *(Cell("one rare class of 3, too sure", sure_classes((0.6, 0.37, 0.03)), n) for n in (300, 1_000)),
    *(Cell("10 classes", many_classes((0.1,) * 10), n) for n in (200, 500)),
    *(Cell("many zeros 0.6", many_zeros(0.6), n) for n in (60, 200, 1_000)),
    *(Cell("many zeros 0.95", many_zeros(0.95), n) for n in (100, 400, 2_000)),
    *(Cell("counts of mean 1", counted_events(1.0), n) for n in (100, 400)),
    *(Cell("counts of mean 0.1", counted_events(0.1), n) for n in (100, 400)),
    *(Cell("errors grow with size", spread_with_size(), n) for n in (100, 400)),
    *(Cell(f"target {r} sd from 0", far_from_zero(r), n) for r in (3, 5, 6, 7, 10) for n in (150, 600)),
    *(Cell("log-normal target 1.5", log_normal(1.5), n) for n in (100, 1_000)),
    *(Cell("t3 errors", numbers("t3"), n) for n in (100, 400)),
    *(
        Cell(f"groups, sizes log-normal 1.3, {t}", uneven_sizes(t, 1.3), g)
        for t in TASKS
        for g in (20, 40, 100)
    ),
    *(
        Cell(f"groups, sizes go with the effect, {t}", uneven_sizes(t, 0.8, "with the effect"), g)
        for t in TASKS
        for g in (20, 40, 100)
    ),
    *(Cell(f"groups, a tenth huge, {t}", few_huge(t, 0.1), g) for t in TASKS for g in (30, 60, 150)),
    *(Cell("groups with one label", labels_of_groups(0.3), g) for g in (20, 40, 80, 160)),
    *(Cell("groups with one label, rare", labels_of_groups(0.1), g) for g in (60, 120, 250)),
    *(
        Cell(f"groups, {kind} target", heavy_groups(kind), g)
        for kind in ("log-normal", "t3")
        for g in (15, 40, 100)
    ),
    *(Cell(f"groups of 2, {t}", grouped(t, False, 2), g) for t in TASKS for g in (60, 300)),
    *(Cell(f"AR(1) 0.8, {t}", in_time(t, 0.8), n) for t in TASKS for n in (250, 300, 500)),
    *(Cell(f"AR(1) 0.7, {t}", in_time(t, 0.7), n) for t in TASKS for n in (300,)),
    *(
        Cell(f"trend of the target, memory {m}", trend_of_target(m), n)
        for m in (0.0, 0.6)
        for n in (300, 1_000)
    ),
    *(Cell("errors grow in time", errors_that_grow(1.0), n) for n in (300, 1_000)),
    *(Cell("rare in time", rare_in_time(0.05, 0.8), n) for n in (600, 2_000)),
)
