"""How often conformal intervals of predicted numbers hold on new rows, over ordinary and awkward worlds.

``python -m benchmarks.decided.conformal [--draws N]``: for each world and size the share of 2,000 new rows
(of new groups, where rows come in groups) inside, over the draws that show an interval, that of the worst
third of predictions, what the validation rows had it to be, and the share of draws that show one.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold, KFold, TimeSeriesSplit

from core.drift.profile.interval import Conformal
from core.engine.settings import cap_threads
from core.evaluate.conformal import Errors, conformal

Numbers = NDArray[np.float64]
NEW = 2_000
SIZES = (100, 300, 1_000, 3_000)


@dataclass(frozen=True, eq=False)
class Rows:
    """Columns, target, groups or None, and whether they are in the order of time."""

    X: Numbers
    y: Numbers
    groups: NDArray[np.int64] | None = None
    in_time: bool = False


Draw = np.random.Generator
World = Callable[[Draw, int], tuple[Rows, Rows]]


def _signal(X: Numbers) -> Numbers:
    return X[:, 0] + np.sin(2 * X[:, 1]) + 0.5 * X[:, 2] * (X[:, 3] > 0)


def _alike(noise: Callable[[Draw, Numbers], Numbers]) -> World:
    """Rows of one population."""

    def world(draw: Draw, n: int) -> tuple[Rows, Rows]:
        def rows(size: int) -> Rows:
            X = draw.normal(size=(size, 6))
            return Rows(X, noise(draw, _signal(X)))

        return rows(n), rows(NEW)

    return world


def _grouped(rows_each: int, sd: float) -> World:
    def world(draw: Draw, n: int) -> tuple[Rows, Rows]:
        def rows(size: int) -> Rows:
            groups = np.repeat(np.arange(-(-size // rows_each)), rows_each)[:size]
            X = draw.normal(size=(size, 6))
            own = draw.normal(scale=sd, size=groups.max() + 1)[groups]
            return Rows(X, _signal(X) + own + draw.normal(size=size), groups)

        return rows(n), rows(NEW)

    return world


def _drifting(step: float) -> World:
    """A level that walks; new rows are the next ones."""

    def world(draw: Draw, n: int) -> tuple[Rows, Rows]:
        size = n + NEW // 10
        X = draw.normal(size=(size, 6))
        level = np.cumsum(draw.normal(scale=step, size=size))
        y = _signal(X) + level + draw.normal(size=size)
        return Rows(X[:n], y[:n], None, True), Rows(X[n:], y[n:], None, True)

    return world


WORLDS: dict[str, World] = {
    "normal": _alike(lambda draw, s: s + draw.normal(size=len(s))),
    "uneven spread": _alike(lambda draw, s: s + np.exp(0.7 * s) * draw.normal(size=len(s))),
    "log-normal": _alike(lambda draw, s: np.exp(s + draw.normal(size=len(s)))),
    "t3": _alike(lambda draw, s: s + draw.standard_t(3, size=len(s))),
    "counts": _alike(lambda draw, s: draw.poisson(np.exp(0.5 * s)).astype(float)),
    "groups of 5, sd 1": _grouped(5, 1.0),
    "groups of 25, sd 2": _grouped(25, 2.0),
    "time, even": _drifting(0.0),
    "time, walking": _drifting(0.1),
}
MODELS = {"ridge": Ridge(), "boosting": HistGradientBoostingRegressor(max_iter=60, random_state=0)}


def folds_of(rows: Rows) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Five, as a comparison draws them."""
    if rows.in_time:
        yield from TimeSeriesSplit(5).split(rows.X)
    elif rows.groups is not None:
        yield from GroupKFold(min(5, len(np.unique(rows.groups)))).split(rows.X, groups=rows.groups)
    else:
        yield from KFold(5, shuffle=True, random_state=0).split(rows.X)


def interval(rows: Rows, model: str) -> Conformal | str:
    """What the validation rows of a model give."""
    parts = []
    for fold, (fit, valid) in enumerate(folds_of(rows)):
        said = MODELS[model].fit(rows.X[fit], rows.y[fit]).predict(rows.X[valid])
        groups = valid if rows.groups is None else rows.groups[valid]
        parts.append(np.stack([said, rows.y[valid] - said, np.full(len(valid), fold), groups]))
    said, errors, folds, groups = np.concatenate(parts, axis=1)
    kept = None if rows.groups is None else groups.astype(np.int64)
    return conformal(Errors(said, errors, folds.astype(np.int64), kept, rows.in_time))


def main() -> None:
    """Print a line for each world, size and model."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=100)
    draws = parser.parse_args().draws
    print("world | rows | model | inside | worst third | said | shown")
    for name, world in WORLDS.items():
        for size in SIZES:
            for model in MODELS:
                print(f"{name} | {size} | {model} | {line(world, size, model, draws)}", flush=True)


def line(world: World, size: int, model: str, draws: int) -> str:
    """Shares over the draws."""
    inside, thirds, told = [], [], []
    for seed in range(draws):
        rows, new = world(np.random.default_rng([seed, size]), size)
        found = interval(rows, model)
        if isinstance(found, str):
            continue
        said = MODELS[model].fit(rows.X, rows.y).predict(new.X)
        low, high = np.transpose([found.around(one) for one in said.tolist()])
        held = (new.y >= low) & (new.y <= high)
        inside.append(held.mean())
        thirds.append([held[part].mean() for part in np.array_split(np.argsort(said), 3)])
        told.append(found.held.share)
    if not inside:
        return "- | - | - | 0%"
    worst = np.mean(thirds, axis=0).min()
    return f"{np.mean(inside):.1%} | {worst:.1%} | {np.mean(told):.1%} | {len(inside) / draws:.0%}"


if __name__ == "__main__":
    cap_threads()
    main()
