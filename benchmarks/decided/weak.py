"""How often segments are called worse: where the model is right about every row, and where it fails on some.

Nothing is fitted: truth is drawn from what the model says, except in a planted segment of 300 rows, where
what the model says is dealt out at random.

``python -m benchmarks.decided.weak [--tables N] [--kind PATTERN]`` prints, for each kind of table and score,
the share of tables in which any segment is called worse (5 % at most where the model is right), and the
share in which the planted segment is (80 % at least).
"""

from __future__ import annotations

import argparse
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.decided.coverage_cells import ERRORS, sigmoid
from core.catalog.metrics import METRICS
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.evaluate.segments import slices

TABLES, ROWS, PLANTED = 200, 3_000, 300
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Table:
    """Rows whose truth and prediction are drawn."""

    frame: pd.DataFrame
    truth: NDArray[Any]
    prediction: Prediction
    groups: NDArray[Any] | None = None
    times: NDArray[Any] | None = None


Make = Callable[[np.random.Generator, bool], Table]


@dataclass(frozen=True)
class Kind:
    """A kind of table: how it is drawn (given whether a segment is planted), and the scores to look at."""

    name: str
    make: Make
    metrics: tuple[str, ...]


def columns(rng: np.random.Generator, n: int) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Five numbers, two texts, and the mask of the rows whose site is "s"."""
    frame = pd.DataFrame(rng.normal(size=(n, 5))).add_prefix("x")
    frame["kind"] = rng.choice(list("abcdef"), n)
    site = np.repeat(["s", "t", "u"], [PLANTED, n // 3, n - PLANTED - n // 3])
    frame["site"] = rng.permutation(site)
    return frame, (frame["site"] == "s").to_numpy()


def dealt(values: Any, mask: NDArray[np.bool_], rng: np.random.Generator) -> Any:
    """The values with those of the mask dealt out at random among its rows."""
    out = values.copy()
    out[mask] = rng.permutation(values[mask])
    return out


def classes(share: float, strength: float = 1.2, bent: float = 1.0, groups: int = 0) -> Make:
    """Two classes, low-risk and hard rows in quartiles of columns. ``bent``: all log odds are too large."""

    def make(rng: np.random.Generator, planted: bool) -> Table:
        frame, mask = columns(rng, ROWS)
        x = frame.iloc[:, :5].to_numpy()
        odds = strength * (x[:, 0] + x[:, 1] * (x[:, 2] > 0)) + np.log(share / (1 - share))
        ids = rng.integers(0, groups, ROWS) if groups else None
        effect = 0.0 if ids is None else rng.normal(size=groups)[ids]
        y = (rng.random(ROWS) < sigmoid(odds + effect)).astype(int)
        said = sigmoid(bent * (dealt(odds, mask, rng) if planted else odds))
        prediction = of_proba("binary", ["0", "1"], np.c_[1 - said, said], threshold=share)
        if ids is not None:
            frame["region"] = np.array(list("vwxyz"))[ids % 5]
        return Table(frame, np.array(["0", "1"], dtype=object)[y], prediction, ids)

    return make


def several(shares: tuple[float, ...]) -> Make:
    """Several classes."""

    def make(rng: np.random.Generator, planted: bool) -> Table:
        frame, mask = columns(rng, ROWS)
        x = frame.iloc[:, :5].to_numpy()
        logits = np.log(shares) + 1.2 * x[:, : len(shares)]
        chance = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        y = (rng.random((ROWS, 1)) > np.cumsum(chance, axis=1)[:, :-1]).sum(axis=1)
        names = [f"c{place}" for place in range(len(shares))]
        said = dealt(chance, mask, rng) if planted else chance
        return Table(frame, np.array(names, dtype=object)[y], of_proba("multiclass", names, said))

    return make


def numbers(errors: str, groups: int = 0, memory: float = 0.0) -> Make:
    """A number whose errors are four times as wide in some quartiles as in others."""

    def make(rng: np.random.Generator, planted: bool) -> Table:
        frame, mask = columns(rng, ROWS)
        x = frame.iloc[:, :5].to_numpy()
        middle = 10 + 1.5 * x[:, 0] + x[:, 1]
        ids = rng.integers(0, groups, ROWS) if groups else None
        noise = ERRORS[errors](rng, ROWS) * np.exp(0.5 * x[:, 2])
        if ids is not None:
            noise = noise + rng.normal(size=groups)[ids]
            frame["region"] = np.array(list("vwxyz"))[ids % 5]
        times = np.arange(ROWS) if memory else None
        if memory:
            steps = rng.normal(size=ROWS) * np.sqrt(1 - memory**2)
            noise = noise + np.array(pd.Series(steps).ewm(alpha=1 - memory).mean()) / (1 - memory)
            frame["day"] = np.arange(ROWS)
        said = dealt(middle, mask, rng) if planted else middle
        return Table(frame, middle + noise, of_values(said), ids, times)

    return make


def skewed_target(rng: np.random.Generator, planted: bool) -> Table:
    """A log-normal target, predicted by its mean."""
    frame, mask = columns(rng, ROWS)
    x = frame.iloc[:, :5].to_numpy()
    middle = np.exp(0.7 * x[:, 0] + 0.4 * x[:, 1] + 0.32)
    truth = middle * np.exp(0.8 * rng.normal(size=ROWS) - 0.32)
    return Table(frame, truth, of_values(dealt(middle, mask, rng) if planted else middle))


BINARY = ("roc_auc", "log_loss", "f1")
REGRESSION = ("rmse", "mae", "r2")
KINDS = (
    Kind("balanced", classes(0.5), (*BINARY, "accuracy")),
    Kind("15 % positives", classes(0.15), (*BINARY, "average_precision", "brier")),
    Kind("3 % positives", classes(0.03), (*BINARY, "average_precision")),
    Kind("too sure everywhere", classes(0.3, bent=1.8), BINARY),
    Kind("too careful everywhere", classes(0.3, bent=0.5), BINARY),
    Kind("classes in 60 groups", classes(0.4, groups=60), BINARY),
    Kind("4 classes", several((0.4, 0.3, 0.2, 0.1)), ("log_loss", "accuracy", "roc_auc_ovr")),
    Kind("normal errors", numbers("normal"), (*REGRESSION, "median_ae", "mape")),
    Kind("t3 errors", numbers("t3"), REGRESSION),
    Kind("skewed errors", numbers("skewed"), REGRESSION),
    Kind("log-normal target", skewed_target, REGRESSION),
    Kind("numbers in 60 groups", numbers("normal", groups=60), REGRESSION),
    Kind("numbers in time", numbers("normal", memory=0.9), REGRESSION),
)


def rates(kind: Kind, metric: str, tables: int, seed: int = 0) -> tuple[float, float]:
    """Shares of tables: any segment called worse where the model is right; the planted one elsewhere."""
    counts = np.zeros(2)
    for table in range(tables):
        for planted in (False, True):
            one = kind.make(np.random.default_rng([seed, table, planted]), planted)
            got = slices(
                one.frame, one.truth, one.prediction, METRICS[metric], groups=one.groups, times=one.times
            )
            worse = got[got["worse"]]
            counts[int(planted)] += (
                ((worse["column"] == "site") & (worse["segment"] == "s")).any() if planted else len(worse) > 0
            )
    return float(counts[0] / tables), float(counts[1] / tables)


def main() -> None:
    """Print the rates."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decided.weak")
    parser.add_argument("--tables", type=int, default=TABLES)
    parser.add_argument("--kind", default="", help="only kinds whose name matches this pattern")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    for kind in KINDS:
        for metric in kind.metrics if re.search(asked.kind, kind.name) else ():
            false, found = rates(kind, metric, asked.tables)
            print(f"{kind.name:24s} {metric:18s} {false:6.1%} false  {found:6.1%} of planted", flush=True)


if __name__ == "__main__":
    main()
