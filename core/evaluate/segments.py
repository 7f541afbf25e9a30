"""Where the model is worse than it should be: segments of rows, and the score that is expected of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.catalog.metrics import require
from core.evaluate.intervals.units import Units, units_of
from core.evaluate.weakness.finding import Finding, worse_by
from core.evaluate.weakness.promised import promised
from core.evaluate.weakness.put_right import line, put_right
from core.evaluate.weakness.recalibration import logs_of, recalibration
from core.scoring.pairing import pair
from core.scoring.pairs import Floats, Pairs, Predicted, whole
from core.spec import Metric

LEVELS = 8
FEW_VALUES = 5
CELLS = 200_000
"""Rows times classes that are looked at; more classes look at fewer rows."""
CLAIMED = 0.05
COLUMNS = (
    "column",
    "segment",
    "rows",
    "share",
    "score",
    "expected",
    "rest",
    "worse_by",
    "p",
    "q",
    "worse",
    "why",
)
LABELS_ONLY = "the model gives no probabilities, so that rows it gets wrong look like rows that are hard"
Mask = NDArray[np.bool_]


def slices(
    frame: pd.DataFrame,
    y_true: Any,
    prediction: Predicted,
    metric: Metric,
    columns: Sequence[str] | None = None,
    min_rows: int = 30,
    max_rows: int = 10_000,
    groups: Any = None,
    times: Any = None,
    seed: int = 0,
) -> pd.DataFrame:
    """The score of each segment against what a model that is right about its rows would score there.

    Segments: quartiles of numbers and dates (values when there are at most five), the eight most frequent
    levels of text, and missing values. Rows that are hard, or seldom positive, are scored low by a perfect
    model too, so that other rows are no measure. Of classes the measure is labels drawn from the model's own
    probabilities, put right by the rows outside of the segment; of numbers it is the line through the
    segment's truth over its predictions. q values are p values adjusted for looking at many segments
    (Holm 1979): the chance that any of the segments is called worse although the model is right about all is
    5 % at most. Segments that do not define the score are left out.

    Args:
        frame: the original columns of the rows.
        y_true: (n,) truth.
        prediction: of the same rows.
        metric: the score.
        columns: which to cut by; by default all.
        min_rows: smaller segments are left out.
        max_rows: a random sample of so many rows is used when there are more.
        groups: (n,) group ids, or None; whole groups count as one.
        times: (n,) what orders the rows in time, or None; neighbours may be alike.
        seed: of the sample and the drawn labels.

    Returns:
        ``column``, ``segment`` (words), ``rows``, ``share`` of all rows, ``score``, ``expected`` of a model
        that is right there, ``rest`` (score of the other rows), ``worse_by`` (how much worse than expected,
        positive is worse whichever way the score is better), ``p``, ``q``, ``worse`` (q <= .05), ``why`` (not
        judged, in words; empty when it is). Sorted by p, the surest first; what is not judged comes last.

    Raises:
        FoldlineError: ``METRIC`` as ``core.catalog.metrics.score``.
    """
    require(metric, prediction.task)
    pairs = pair(y_true, prediction)
    groups, times = (None if ids is None else np.asarray(ids) for ids in (groups, times))
    max_rows = min(max_rows, CELLS // max(len(pairs.classes), 1))
    if len(pairs) > max_rows:
        sample = np.sort(np.random.default_rng(seed).choice(len(pairs), max_rows, replace=False))
        frame, pairs = frame.iloc[sample], pairs.take(sample)
        groups, times = (None if ids is None else ids[sample] for ids in (groups, times))
    judge = _Judge(pairs, metric, groups, times, seed)
    names = list(frame.columns) if columns is None else list(columns)
    rows = [
        {"column": name, "segment": label, **judge.row(mask)}
        for name in names
        for label, mask in segments(frame[name])
        if min(int(mask.sum()), int((~mask).sum())) >= min_rows
    ]
    return _ranked(pd.DataFrame(rows, columns=[name for name in COLUMNS if name not in ("q", "worse")]))


class _Judge:
    """Holds segments of one set of rows against a model that is right about them."""

    def __init__(self, pairs: Pairs, metric: Metric, groups: Any, times: Any, seed: int) -> None:
        self.pairs, self.metric, self.groups, self.times, self.seed = pairs, metric, groups, times, seed
        self.logs = None if pairs.proba is None else logs_of(pairs)

    def row(self, mask: Mask) -> dict[str, Any]:
        """The table row of a segment."""
        score, rest = (float(self.metric.make(whole(self.pairs.take(rows)))[0]) for rows in (mask, ~mask))
        one = self._finding(mask)
        return {
            "rows": int(mask.sum()),
            "share": float(mask.mean()),
            "score": score,
            "expected": one.expected,
            "rest": rest,
            "worse_by": worse_by(self.metric, score, one.expected),
            "p": one.p,
            "why": one.why,
        }

    def _finding(self, mask: Mask) -> Finding:
        """The finding of a segment; with groups and times that of either which blames the model less."""
        if self.groups is None or self.times is None:
            return self._with(mask, self.groups, self.times)
        of_groups, of_times = self._with(mask, self.groups, None), self._with(mask, None, self.times)
        return of_times if of_times.why or of_times.p > of_groups.p else of_groups

    def _with(self, mask: Mask, groups: Any, times: Any) -> Finding:
        inside, outside = self.pairs.take(mask), self.pairs.take(~mask)

        def units(rows: Mask) -> Units:
            alike = (None if ids is None else ids[rows] for ids in (groups, times))
            return units_of(int(rows.sum()), len(self.pairs.classes), *alike)

        if self.pairs.task == "regression":
            return put_right(self.metric, inside, line(outside, units(~mask)), units(mask))
        if self.logs is None:
            return Finding(np.nan, np.nan, LABELS_ONLY)
        right = recalibration(outside, self.logs[~mask], units(~mask))
        rng = np.random.default_rng(self.seed)
        return promised(self.metric, inside, self.logs[mask], right, units(mask), rng)


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
    """q values of p values, so that one claim in twenty families is false at most (Holm 1979)."""
    order = np.argsort(p)
    q = np.empty_like(p)
    q[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1)
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


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    table = table[table["score"].notna()].copy()
    judged = table["p"].notna()
    table["q"] = np.nan
    table.loc[judged, "q"] = adjust(table.loc[judged, "p"].to_numpy(dtype=np.float64))
    table["worse"] = table["q"] <= CLAIMED
    return table.sort_values("p", kind="stable", ignore_index=True, na_position="last")[list(COLUMNS)]
