"""Conformal intervals of predicted numbers, from the errors on validation rows.

Ends are quantiles of the signed errors in bins of the prediction (split conformal prediction: Lei, G'Sell,
Rinaldo, Tibshirani and Wasserman 2018; by bins as Mondrian conformal prediction, Vovk et al. 2005), with the
errors of all folds together as in cross-conformal prediction (Vovk 2015).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom

from core.drift.profile.interval import Conformal, Held
from core.standalone.counts import counted

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Where = NDArray[np.bool_]
LEVEL = 0.9
LEAST_ROWS, LEAST_GROUPS, IN_A_BIN, MOST_BINS = 100, 40, 200, 5
LOOKED_AT = 50
SHORT = 0.05
"""The share by which it may miss its level on rows that did not set it, and is shown all the same."""
MOST_WEAK = 3
FINDS = 0.05


@dataclass(frozen=True, eq=False)
class Errors:
    """What a model said of rows that it had not seen, and how far off it was.

    Attributes:
        predicted, errors: (n,) predictions, and targets less predictions.
        folds: (n,) ascending in time where they go forward.
        groups: (n,) ids of groups that stay together, or None.
        in_time: whether the folds go forward in time.
        floor: as ``Conformal``.
    """

    predicted: Numbers
    errors: Numbers
    folds: Places
    groups: Places | None = None
    in_time: bool = False
    floor: float | None = None

    @property
    def units(self) -> int:
        """Independent rows or groups."""
        return len(self.errors) if self.groups is None else len(np.unique(self.groups))

    @property
    def unit(self) -> str:
        """What counts as independent."""
        return "row" if self.groups is None else "group"

    def take(self, where: Where) -> Errors:
        """Those of some rows."""
        groups = None if self.groups is None else self.groups[where]
        return Errors(
            self.predicted[where], self.errors[where], self.folds[where], groups, self.in_time, self.floor
        )


def conformal(of: Errors, kinds: Mapping[str, Where] | None = None) -> Conformal | str:
    """A prediction interval, or why there is none.

    Args:
        kinds: in words -> (n,) which rows are of that kind; its coverage is looked at by these and by bins.
    """
    needed = LEAST_ROWS if of.groups is None else LEAST_GROUPS
    if of.units < needed:
        return f"there are {counted(of.units, of.unit)} in validation, and {needed} are needed"
    edges = _edges(of)
    ends = _ends(of, edges)
    inside, judged = _judged(of, edges)
    if not judged.any():
        return "there is one fold only, so that nothing can tell whether it holds"
    held = Held(kind="all", rows=int(judged.sum()), inside=int(inside[judged].sum()))
    if held.share < LEVEL - SHORT:
        return (
            f"of {counted(held.rows, 'validation row')} only {held.share:.0%} instead of {LEVEL:.0%} lay "
            f"where the errors on other rows had them"
        )
    looked = [*_bins(of, edges), *(kinds or {}).items()]
    parts = {words: where & judged for words, where in looked if (where & judged).sum() >= LOOKED_AT}
    found = [Held(kind=words, rows=int(w.sum()), inside=int(inside[w].sum())) for words, w in parts.items()]
    weak = [one for one in found if _is_weak(of, one, parts[one.kind], len(parts))]
    return Conformal(
        level=LEVEL,
        edges=tuple(edges.tolist()),
        low=tuple(_short(low) for low, _ in ends),
        high=tuple(_short(high) for _, high in ends),
        floor=of.floor,
        rows=len(of.errors),
        unit=of.unit,
        held=held,
        kinds=len(parts),
        weak=tuple(sorted(weak, key=lambda one: one.share)[:MOST_WEAK]),
        in_time=of.in_time,
    )


def _edges(of: Errors) -> Numbers:
    """Between the bins of predictions, so that each has enough rows or groups."""
    bins = int(np.clip(of.units // IN_A_BIN, 1, MOST_BINS))
    inner = np.quantile(of.predicted, np.linspace(0, 1, bins + 1)[1:-1])
    edges: list[float] = []
    for edge in np.unique([_short(float(edge)) for edge in inner]):
        low = edges[-1] if edges else -np.inf
        if min(_units(of, low, edge), _units(of, edge, np.inf)) >= IN_A_BIN // 2:
            edges.append(float(edge))
    return np.asarray(edges)


def _units(of: Errors, low: float, high: float) -> int:
    return of.take((of.predicted > low) & (of.predicted <= high)).units


def _places(of: Errors, edges: Numbers) -> Places:
    return np.searchsorted(edges, of.predicted, side="left").astype(np.int64)


def _ends(of: Errors, edges: Numbers) -> list[tuple[float, float]]:
    """Both ends in each bin."""
    places = _places(of, edges)
    return [_tails(of.take(places == place)) for place in range(len(edges) + 1)]


def _tails(of: Errors) -> tuple[float, float]:
    """The quantiles of the errors, each as far out as one more unit could push it; rows count alike."""
    share = min(1.0, (1 + LEVEL) / 2 * (1 + 1 / of.units))
    low, high = (np.quantile(side, share, method="inverted_cdf") for side in (-of.errors, of.errors))
    return -float(low), float(high)


def _judged(of: Errors, edges: Numbers) -> tuple[NDArray[np.bool_], Where]:
    """Which rows lie inside the ends that other folds (in time: earlier ones) set, and which were judged."""
    inside, judged = (np.zeros(len(of.errors), dtype=bool) for _ in range(2))
    places = _places(of, edges)
    for fold in np.unique(of.folds):
        own = of.folds == fold
        others = of.folds < fold if of.in_time else ~own
        for place in range(len(edges) + 1):
            fit, rows = others & (places == place), own & (places == place)
            if of.take(fit).units < LEAST_GROUPS:
                continue
            low, high = _tails(of.take(fit))
            inside[rows] = (of.errors[rows] >= low) & (of.errors[rows] <= high)
            judged[rows] = True
    return inside, judged


def _bins(of: Errors, edges: Numbers) -> Iterator[tuple[str, Where]]:
    """The bins of predictions in words, thirds of them where there is one bin."""
    if not len(edges):
        edges = np.unique([_short(float(edge)) for edge in np.quantile(of.predicted, (1 / 3, 2 / 3))])
    places = _places(of, edges)
    for place in range(len(edges) + 1):
        low = f"above {edges[place - 1]:,.4g}" if place else ""
        high = f"up to {edges[place]:,.4g}" if place < len(edges) else ""
        yield f"the prediction is {' and '.join(filter(None, (low, high)))}", places == place


def _is_weak(of: Errors, part: Held, where: Where, looks: int) -> bool:
    """Whether a kind holds less often than asked, beyond the chance of as many looks."""
    units = of.take(where).units
    return bool(binom.cdf(np.floor(part.share * units), units, LEVEL) < FINDS / looks)


def _short(number: float) -> float:
    """Three digits tell no row."""
    return float(f"{number:.3g}")


def by_levels(columns: Mapping[str, pd.Series], most: int) -> dict[str, Where]:
    """The rows of each level of columns with few of them, in words.

    Args:
        columns: name -> (n,) texts, or missing.
        most: levels.
    """
    out: dict[str, Where] = {}
    for name, cells in columns.items():
        levels = sorted(cells.dropna().unique())
        if 1 < len(levels) <= most:
            out |= {
                f"{name} = {level}": cells.eq(level).fillna(False).to_numpy(dtype=bool) for level in levels
            }
    return out
