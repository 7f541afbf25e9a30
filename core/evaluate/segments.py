"""Where the model is worse: the score of segments of rows against the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from core.catalog.metrics import require
from core.evaluate.resample import draws
from core.scoring.pairing import pair
from core.scoring.pairs import Floats, Pairs, Predicted, Sample
from core.spec import Metric

RESAMPLES = 200
LEVELS = 8
FEW_VALUES = 5
ENOUGH = 100
COLUMNS = (
    "column",
    "segment",
    "rows",
    "share",
    "score",
    "low",
    "high",
    "rest",
    "worse_by",
    "worse_low",
    "worse_high",
    "p",
    "q",
    "worse",
    "few",
)


def slices(
    frame: pd.DataFrame,
    y_true: Any,
    prediction: Predicted,
    metric: Metric,
    columns: Sequence[str] | None = None,
    min_rows: int = 30,
    max_rows: int = 10_000,
    groups: Any = None,
    seed: int = 0,
) -> pd.DataFrame:
    """The score of each segment against all other rows, worst first.

    Segments: quartiles of numbers and dates (values when there are at most five), the eight most frequent
    levels of text, and missing values. Standard errors come from 200 bootstrap resamples, intervals are score
    +- 1.96 of them, p values are of the normal test of "no difference", q values adjust them for looking at
    many segments (Benjamini and Hochberg 1995). Segments that do not define the score are left out.

    Args:
        frame: the original columns of the rows.
        y_true: (n,) truth.
        prediction: of the same rows.
        metric: the score.
        columns: which to cut by; by default all.
        min_rows: smaller segments are left out.
        max_rows: a random sample of so many rows is used when there are more.
        groups: (n,) group ids; whole groups are resampled.
        seed: of the sample and the resamples.

    Returns:
        ``column``, ``segment`` (words), ``rows``, ``share`` of all rows, ``score`` with ``low`` and ``high``,
        ``rest`` (score of the other rows), ``worse_by`` (how much worse than the rest, positive is worse
        whichever way the score is better) with ``worse_low`` and ``worse_high``, ``p``, ``q``, ``worse``
        (q <= .05 and worse), ``few`` (under 100 rows). Sorted by ``worse_low``: how much worse at least.

    Raises:
        FoldlineError: ``METRIC`` as ``core.catalog.metrics.score``.
    """
    require(metric, prediction.task)
    pairs = pair(y_true, prediction)
    groups = None if groups is None else np.asarray(groups)
    if len(pairs) > max_rows:
        kept = np.sort(np.random.default_rng(seed).choice(len(pairs), max_rows, replace=False))
        frame, pairs = frame.iloc[kept], pairs.take(kept)
        groups = None if groups is None else groups[kept]
    drawn = list(draws(len(pairs), groups, RESAMPLES, seed))
    weights = np.vstack([np.ones((1, len(pairs))), *drawn])
    names = list(frame.columns) if columns is None else list(columns)
    rows = [
        {"column": name, "segment": label, **_compare(pairs, weights, mask, metric)}
        for name in names
        for label, mask in segments(frame[name])
        if min(int(mask.sum()), int((~mask).sum())) >= min_rows
    ]
    return _judge(pd.DataFrame(rows, columns=[c for c in COLUMNS if c not in ("q", "worse")]))


def segments(values: pd.Series) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """The segments of one column as words and a mask of rows; rows of rare levels are in none."""
    missing = values.isna().to_numpy()
    present = values[~missing]
    if missing.any():
        yield "missing", missing
    if present.empty:
        return
    ordered = pd.api.types.is_numeric_dtype(present) or pd.api.types.is_datetime64_any_dtype(present)
    if ordered and present.nunique() > FEW_VALUES:
        yield from _quarters(values, present)
        return
    for level in present.value_counts().index[:LEVELS]:
        yield _word(level), (values == level).fillna(False).to_numpy(dtype=bool)


def adjust(p: Floats) -> Floats:
    """q values of p values (Benjamini and Hochberg 1995)."""
    order = np.argsort(p)
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty_like(p)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return q


def _quarters(values: pd.Series, present: pd.Series) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    edges = sorted(set(present.quantile([0.25, 0.5, 0.75])))
    low = None
    for high in [*edges, None]:
        mask = values.notna()
        mask &= True if low is None else values > low
        mask &= True if high is None else values <= high
        yield _range(low, high), mask.to_numpy(dtype=bool)
        low = high


def _range(low: Any, high: Any) -> str:
    if low is None:
        return f"up to {_word(high)}"
    return f"above {_word(low)}" if high is None else f"above {_word(low)}, up to {_word(high)}"


def _word(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d") if value == value.normalize() else value.strftime("%Y-%m-%d %H:%M")
    return f"{value:.6g}" if isinstance(value, float | np.floating) else str(value)


def _compare(pairs: Pairs, weights: Floats, mask: NDArray[np.bool_], metric: Metric) -> dict[str, Any]:
    inside = metric.make(Sample(pairs.take(mask), weights[:, mask]))
    outside = metric.make(Sample(pairs.take(~mask), weights[:, ~mask]))
    gap = outside - inside if metric.better == "higher" else inside - outside
    own, error = _error(inside[1:]), _error(gap[1:])
    return {
        "rows": int(mask.sum()),
        "share": float(mask.mean()),
        "score": inside[0],
        "low": inside[0] - 1.96 * own,
        "high": inside[0] + 1.96 * own,
        "rest": outside[0],
        "worse_by": gap[0],
        "worse_low": gap[0] - 1.96 * error,
        "worse_high": gap[0] + 1.96 * error,
        "p": 2 * float(ndtr(-abs(gap[0]) / error)) if error > 0 else np.nan,
        "few": int(mask.sum()) < ENOUGH,
    }


def _error(drawn: Floats) -> float:
    """Standard error from resamples; NaN when fewer than half of them define the score."""
    finite = drawn[np.isfinite(drawn)]
    return float(finite.std(ddof=1)) if 2 * len(finite) > len(drawn) else np.nan


def _judge(table: pd.DataFrame) -> pd.DataFrame:
    table = table[table["p"].notna()].copy()
    table["q"] = adjust(table["p"].to_numpy(dtype=np.float64))
    table["worse"] = (table["q"] <= 0.05) & (table["worse_by"] > 0)
    return table.sort_values("worse_low", ascending=False, kind="stable", ignore_index=True)[list(COLUMNS)]
