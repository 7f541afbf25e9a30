"""How the errors of a regression are spread."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.scoring.pairs import Floats, Pairs

MOST_ROWS = 1000


def predicted_actual(pairs: Pairs, bins: int = 30) -> pd.DataFrame:
    """Row counts on a grid of predicted and actual values, both axes with the same equal steps.

    Returns:
        One row a cell that holds rows: ``predicted`` and ``actual`` (middles of the cell), ``rows``.
    """
    both = np.concatenate([pairs.predicted, pairs.truth])
    edges = np.histogram_bin_edges([], bins=bins, range=_apart(float(both.min()), float(both.max())))
    counts, _, _ = np.histogram2d(pairs.predicted, pairs.truth, bins=[edges, edges])
    middles = (edges[1:] + edges[:-1]) / 2
    across, up = np.nonzero(counts)
    return pd.DataFrame(
        {"predicted": middles[across], "actual": middles[up], "rows": counts[across, up].astype(int)}
    )


def sample_rows(pairs: Pairs, seed: int = 0, most: int = MOST_ROWS) -> pd.DataFrame:
    """``row`` position, ``predicted`` and ``actual`` of at most ``most`` random rows, in row order."""
    rows = np.arange(len(pairs))
    if len(rows) > most:
        rows = np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
    return pd.DataFrame({"row": rows, "predicted": pairs.predicted[rows], "actual": pairs.truth[rows]})


def residual_histogram(pairs: Pairs, bins: int = 40) -> pd.DataFrame:
    """Row counts of actual minus predicted, in units of the target.

    The bins span the middle 99 %; the first and the last also count what lies beyond.

    Returns:
        ``low``, ``high`` (edges of the bin) and ``rows``.
    """
    residual = pairs.truth - pairs.predicted
    ends = np.quantile(residual, [0.005, 0.995])
    edges = np.histogram_bin_edges([], bins=bins, range=_apart(float(ends[0]), float(ends[1])))
    counts, _ = np.histogram(np.clip(residual, edges[0], edges[-1]), bins=edges)
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "rows": counts})


def residual_bands(pairs: Pairs, bins: int = 20) -> pd.DataFrame:
    """Quantiles of actual minus predicted along the predicted value, in units of the target.

    Bins hold equal numbers of rows, at least about 20; equal predictions stay together.

    Returns:
        One row a bin: ``predicted`` (mean), ``q05``, ``q25``, ``q50``, ``q75``, ``q95`` and ``rows``.
    """
    wanted = int(np.clip(len(pairs) // 20, 1, bins))
    edges = np.quantile(pairs.predicted, np.linspace(0, 1, wanted + 1)[1:-1])
    place = np.searchsorted(edges, pairs.predicted, side="right")
    residual: Floats = pairs.truth - pairs.predicted
    rows = [_band(pairs.predicted[place == p], residual[place == p]) for p in np.unique(place)]
    return pd.DataFrame(rows)


def _band(predicted: Floats, residual: Floats) -> dict[str, float]:
    low, lower, middle, upper, high = np.quantile(residual, [0.05, 0.25, 0.5, 0.75, 0.95])
    quantiles = {"q05": low, "q25": lower, "q50": middle, "q75": upper, "q95": high}
    return {"predicted": predicted.mean(), **quantiles, "rows": len(predicted)}


def _apart(low: float, high: float) -> tuple[float, float]:
    """The range, widened when both ends (nearly) meet."""
    size = max(abs(low), abs(high))
    if high - low > 1e-12 * size:
        return low, high
    half = 0.5 * max(size, 1.0)
    return low - half, high + half
