"""95 % intervals of scores of one prediction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.catalog.metrics import require
from core.evaluate.resample import bootstrap, group_codes, resamples
from core.scoring.pairing import pair
from core.scoring.pairs import Floats, Pairs, Predicted, whole
from core.spec import Metric


@dataclass(frozen=True)
class ScoreInterval:
    """A score and the range that is likely to hold its value on all rows of this kind.

    Attributes:
        value: the score; NaN when the rows do not define it.
        low, high: ends of the interval; NaN when it is not available.
    """

    value: float
    low: float
    high: float


def intervals(
    metrics: Sequence[Metric],
    y_true: Any,
    prediction: Predicted,
    groups: Any = None,
    seed: int = 0,
    count: int | None = None,
    level: float = 0.95,
) -> dict[str, ScoreInterval]:
    """Percentile bootstrap intervals of several scores (Efron and Tibshirani 1993, ch. 13).

    Rows are resampled, or whole groups when ``groups`` are given. An interval is not available (NaN) when
    the rows form fewer than two groups or at least half of the resamples do not define the score. A perfect
    score of a classifier, which every resample repeats, gets the exact lower bound for "no failure in m
    trials" (Clopper and Pearson 1934) with m the rows (groups) that ``Metric.exact`` names: those of the
    rarest class, those called positive, or all.

    Args:
        metrics: the scores.
        y_true: (n,) labels or numbers.
        prediction: of the same rows.
        groups: (n,) group ids or None.
        seed: of the resamples.
        count: number of resamples; by default ``core.evaluate.resample.resamples``.
        level: coverage aimed at.

    Raises:
        FoldlineError: ``METRIC`` as ``core.catalog.metrics.score``.
    """
    for metric in metrics:
        require(metric, prediction.task)
    pairs = pair(y_true, prediction)
    times = resamples(len(pairs), len(pairs.classes)) if count is None else count
    drawn = bootstrap(metrics, {"": pairs}, groups, times, seed)[""]
    once = whole(pairs)
    units = np.arange(len(pairs)) if groups is None else group_codes(groups)
    by_metric: dict[str, ScoreInterval] = {}
    for metric in metrics:
        value = float(metric.make(once)[0])
        low, high = _ends(drawn[metric.id], level) if units.max() > 0 else (np.nan, np.nan)
        if value == 1.0 and low == 1.0 and pairs.task != "regression":
            low = ((1 - level) / 2) ** (1 / _trials(metric, pairs, units))
        by_metric[metric.id] = ScoreInterval(value, low, high)
    return by_metric


def percentiles(drawn: Floats, level: float = 0.95) -> tuple[float, float]:
    """Both ends of the middle ``level`` of the numbers."""
    low, high = np.percentile(drawn, [50 * (1 - level), 50 * (1 + level)])
    return float(low), float(high)


def wilson(hits: Floats, rows: Floats) -> tuple[Floats, Floats]:
    """95 % intervals of shares (Wilson 1927); ``rows`` must be positive."""
    z = 1.959963984540054
    share = hits / rows
    centre = (share + z**2 / (2 * rows)) / (1 + z**2 / rows)
    half = z / (1 + z**2 / rows) * np.sqrt(share * (1 - share) / rows + z**2 / (4 * rows**2))
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)


def _ends(drawn: Floats, level: float) -> tuple[float, float]:
    finite = drawn[np.isfinite(drawn)]
    return percentiles(finite, level) if 2 * len(finite) > len(drawn) else (np.nan, np.nan)


def _trials(metric: Metric, pairs: Pairs, units: Any) -> int:
    if metric.exact == "rarest":
        return min(len(np.unique(units[pairs.truth == code])) for code in np.unique(pairs.truth))
    if metric.exact == "called":
        return len(np.unique(units[pairs.predicted == len(pairs.classes) - 1]))
    return len(np.unique(units))
