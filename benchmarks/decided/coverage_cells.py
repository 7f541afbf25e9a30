"""Kinds of test sets whose true scores can be known: truth and prediction are drawn, nothing is fitted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.evaluate.prediction import Prediction, of_proba, of_values

Floats = NDArray[np.float64]
GROUP_ROWS = 20


@dataclass(frozen=True, eq=False)
class Drawn:
    """One test set: truth, prediction, and what makes its rows alike."""

    truth: NDArray[Any]
    prediction: Prediction
    groups: NDArray[Any] | None = None
    times: NDArray[Any] | None = None


@dataclass(frozen=True)
class Cell:
    """A kind of test set.

    Attributes:
        make: rows, generator -> a test set.
        rows: of one test set.
        metrics: the scores to look at; empty for all of the task.
    """

    name: str
    make: Callable[[int, np.random.Generator], Drawn]
    rows: int
    metrics: tuple[str, ...] = field(default=())


def sigmoid(x: Floats) -> Floats:
    """Log odds as probabilities."""
    return np.asarray(1 / (1 + np.exp(-x)), dtype=np.float64)


def labelled(y: NDArray[Any], chance: Floats, threshold: float, **more: Any) -> Drawn:
    """Classes 0 and 1 with the probability of 1."""
    prediction = of_proba("binary", ["0", "1"], np.c_[1 - chance, chance], threshold=threshold)
    return Drawn(np.array(["0", "1"], dtype=object)[y.astype(int)], prediction, **more)


def ranked(share: float, gap: float, threshold: float | None = None, spread: float = 1.0) -> Any:
    """Two normal classes that lie ``gap`` apart; probabilities are right when ``spread`` is 1."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        y = rng.random(n) < share
        x = rng.normal(0, 1, n) * np.where(y, spread, 1.0) + gap * y
        odds = gap * x - gap**2 / 2 + np.log(share / (1 - share))
        return labelled(y, sigmoid(odds), 0.5 if threshold is None else threshold)

    return make


def coarse(share: float, levels: int) -> Any:
    """Probabilities of a small tree: few distinct values."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        leaf = rng.integers(0, levels, n)
        chance = sigmoid(np.linspace(-2, 2, levels) + np.log(share / (1 - share)))[leaf]
        return labelled(rng.random(n) < chance, chance, share)

    return make


def many_classes(shares: tuple[float, ...], strength: float = 1.5) -> Any:
    """Several classes with these shares."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        y = rng.choice(len(shares), n, p=shares)
        logits = rng.normal(size=(n, len(shares))) + np.log(shares)
        logits[np.arange(n), y] += strength
        chance = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        names = [f"c{place}" for place in range(len(shares))]
        return Drawn(np.array(names, dtype=object)[y], of_proba("multiclass", names, chance))

    return make


ERRORS: dict[str, Callable[[np.random.Generator, int], Floats]] = {
    "normal": lambda rng, n: rng.normal(size=n),
    "uniform": lambda rng, n: rng.uniform(-1, 1, n),
    "Laplace": lambda rng, n: rng.laplace(size=n),
    "t3": lambda rng, n: rng.standard_t(3, n),
    "t5": lambda rng, n: rng.standard_t(5, n),
    "skewed": lambda rng, n: rng.exponential(size=n) - 1,
    "two scales": lambda rng, n: rng.normal(size=n) * np.where(rng.random(n) < 0.1, 4, 1),
}


def numbers(kind: str) -> Any:
    """A linear truth with errors of one kind."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        x, error = rng.normal(size=n), ERRORS[kind](rng, n)
        return Drawn(10 + 2 * x + error, of_values(10 + 2 * x))

    return make


def log_normal(sigma: float) -> Any:
    """A target whose logarithm is normal, predicted by its mean given x."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        x = rng.normal(size=n)
        target = np.exp(0.7 * x + sigma * rng.normal(size=n))
        return Drawn(target, of_values(np.exp(0.7 * x + sigma**2 / 2)))

    return make


def grouped(task: str, uneven: bool = False, rows: int = GROUP_ROWS) -> Any:
    """Rows of groups that share an effect; called with the number of groups."""

    def make(count: int, rng: np.random.Generator) -> Drawn:
        sizes = rng.geometric(1 / rows, count) if uneven else np.full(count, rows)
        group = np.repeat(np.arange(count), sizes)
        n, effect = len(group), rng.normal(0, 1, count)[group]
        x = rng.normal(size=n)
        if task == "regression":
            return Drawn(2 * x + effect + rng.normal(size=n), of_values(2 * x), groups=group)
        y = rng.random(n) < sigmoid(1.5 * x + effect)
        return labelled(y, sigmoid(1.5 * x), 0.5, groups=group)

    return make


def in_time(task: str, memory: float, noise: float = 0.0) -> Any:
    """Rows in order of time whose errors remember: an AR(1) series, with noise on top."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        steps = rng.normal(size=n) * np.sqrt(1 - memory**2)
        series = np.empty(n)
        series[0] = rng.normal()
        for place in range(1, n):
            series[place] = memory * series[place - 1] + steps[place]
        x, times = rng.normal(size=n), np.arange(n)
        if task == "regression":
            return Drawn(2 * x + series + noise * rng.normal(size=n), of_values(2 * x), times=times)
        y = rng.random(n) < sigmoid(1.5 * x + 1.5 * series)
        return labelled(y, sigmoid(1.5 * x), 0.5, times=times)

    return make


def in_time_and_groups(task: str, memory: float) -> Any:
    """Rows in order of time whose errors remember, and share an effect with 29 others anywhere in time."""

    def make(n: int, rng: np.random.Generator) -> Drawn:
        drawn = in_time("regression", memory)(n, rng)
        ids = rng.integers(0, n // 30, n)
        error = drawn.truth - drawn.prediction.labels + rng.normal(size=n // 30)[ids]
        alike = {"groups": ids, "times": drawn.times}
        x = drawn.prediction.labels
        if task == "regression":
            return Drawn(x + error, of_values(x), **alike)
        return labelled(rng.random(n) < sigmoid(0.7 * x + error), sigmoid(0.7 * x), 0.5, **alike)

    return make


TASKS = ("binary", "regression")
USUAL: tuple[Cell, ...] = (
    *(Cell("2 % positives", ranked(0.02, 1.5), n) for n in (60, 200, 1_000)),
    *(Cell("2 % positives, called from 2 %", ranked(0.02, 1.5, 0.02), n) for n in (60, 200, 1_000)),
    *(Cell("10 % positives, called from 20 %", ranked(0.1, 1.2, 0.2), n) for n in (100, 300, 1_000)),
    *(Cell("10 % positives, wide", ranked(0.1, 1.5, 0.2, 2.0), n) for n in (150, 300, 1_000)),
    *(Cell("balanced", ranked(0.5, 1.5), n) for n in (40, 60, 200, 1_000)),
    *(Cell("balanced, weak", ranked(0.5, 0.3), n) for n in (60, 200)),
    *(Cell("AUC 0.99", ranked(0.5, 3.3), n) for n in (60, 200, 1_000)),
    *(Cell("AUC 0.99, 10 % positives", ranked(0.1, 3.3), n) for n in (200, 1_000)),
    *(Cell("AUC 0.999", ranked(0.3, 4.4), n) for n in (100, 500)),
    *(Cell("few levels", coarse(0.2, 4), n) for n in (100, 400)),
    *(Cell("4 classes", many_classes((0.25,) * 4), n) for n in (80, 200, 1_000)),
    *(Cell("5 uneven classes", many_classes((0.5, 0.3, 0.1, 0.07, 0.03)), n) for n in (200, 1_000)),
    *(Cell(f"{kind} errors", numbers(kind), n) for kind in ERRORS for n in (60, 200, 1_000)),
    *(Cell(f"log-normal target {s}", log_normal(s), n) for s in (0.5, 1.0) for n in (60, 200, 1_000)),
    *(Cell(f"groups, {task}", grouped(task), g) for task in TASKS for g in (5, 10, 20, 50)),
    *(Cell(f"uneven groups, {task}", grouped(task, True), g) for task in TASKS for g in (10, 20, 50)),
    *(
        Cell(f"AR(1) {memory}, {task}", in_time(task, memory), n)
        for task in TASKS
        for memory in (0.9, 0.5, 0.0)
        for n in (200, 1_000)
    ),
    *(
        Cell(f"AR(1) 0.8 and lots of 30, {task}", in_time_and_groups(task, 0.8), n)
        for task in TASKS
        for n in (600, 1_500)
    ),
    *(Cell("AR(1) 0.95 and noise", in_time("regression", 0.95, 1.5), n) for n in (200, 1_000, 3_000)),
)
