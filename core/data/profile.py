"""What a table looks like: each column, missing values, columns that go together, duplicates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.data.table import Column
from core.data.table_profile import (
    Along,
    ClassCounts,
    CorrelatedPair,
    Histogram,
    LevelCount,
    MissingColumn,
    MissingValues,
    NoStats,
    NumberStats,
    NumberSummary,
    Summary,
    TableProfile,
    TargetMeans,
    TextStats,
    TextSummary,
)
from core.spec import CLASSIFICATION, Task

MOST_ROWS = 200_000
LINK_ROWS = 20_000
LINK_COLUMNS = 100
LINKED = 0.9
BINS = 20
LEVELS = 12
CLASSES = 6
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
SECONDS = 1e6
FACTS = {"name", "physical", "kind", "role", "missing", "unique"}
HUGE = 1e150  # its square is still a number


def profile(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    target: str | None = None,
    task: Task | None = None,
    seed: int = 0,
) -> TableProfile:
    """The table in numbers.

    Counts of rows, missing and distinct values and duplicates are exact; everything else comes from
    at most 200,000 random rows. Histograms have 20 bins of equal width, clipped to the inner 99 % when
    the ends lie far out (``clipped``); datetimes are in seconds since 1970.

    Args:
        frame: the typed table.
        columns: its columns, as ``classify`` gave them.
        target: name of the column to show the others against, or None.
        task: how to read the target; without one its values are not used.
    """
    sample = some_rows(frame, MOST_ROWS, seed)
    outcome = _Outcome(sample[target], task) if target is not None and task is not None else None
    return TableProfile(
        rows=len(frame),
        sampled=len(sample),
        duplicates=repeated_rows(frame, columns),
        target=target,
        columns=tuple(_column(sample[c.name], c, None if c.name == target else outcome) for c in columns),
        missing=_missing(frame, columns),
        correlated=correlated(frame, columns, target, seed),
    )


def repeated_rows(frame: pd.DataFrame, columns: Sequence[Column]) -> int:
    """How many rows repeat an earlier one in all of these columns."""
    if any(c.unique == len(frame) for c in columns) or not columns:
        return 0
    return int(frame[[c.name for c in columns]].duplicated().sum())


def some_rows(frame: pd.DataFrame, most: int, seed: int) -> pd.DataFrame:
    """At most that many random rows, in table order."""
    if len(frame) <= most:
        return frame
    chosen = np.random.default_rng(seed).choice(len(frame), most, replace=False)
    return frame.iloc[np.sort(chosen)]


def correlated(
    frame: pd.DataFrame, columns: Sequence[Column], target: str | None = None, seed: int = 0
) -> tuple[CorrelatedPair, ...]:
    """Pairs of number columns whose ranks go together, strongest first.

    Spearman's correlation from 0.9 up, on at most 20,000 rows; none above 100 number columns.
    """
    names = [c.name for c in columns if c.kind == "numeric" and c.physical == "number" and c.name != target]
    if not 2 <= len(names) <= LINK_COLUMNS:
        return ()
    links = some_rows(frame, LINK_ROWS, seed)[names].rank().corr(min_periods=20).to_numpy()
    first, second = np.nonzero(np.triu(np.abs(links) >= LINKED, k=1))
    pairs = [
        CorrelatedPair(a=names[i], b=names[j], spearman=round(float(links[i, j]), 4))
        for i, j in zip(first, second, strict=True)
    ]
    return tuple(sorted(pairs, key=lambda pair: -abs(pair.spearman)))


class _Outcome:
    """The target of the sampled rows: a class position for each row, or a number."""

    def __init__(self, values: pd.Series, task: Task) -> None:
        self.classes: list[str] = []
        if task in CLASSIFICATION:
            counts = values.value_counts().head(CLASSES).sort_index()
            self.classes = [label(value) for value in counts.index]
            self.codes = pd.Index(counts.index).get_indexer(values)
        else:
            self.numbers = values.to_numpy(dtype="float64", na_value=np.nan)

    def against(self, places: np.ndarray, size: int) -> Along:
        """The target along the bins or levels; ``places`` has one of 0..size-1, or -1, for each row."""
        if self.classes:
            placed = (places >= 0) & (self.codes >= 0)
            flat = self.codes[placed] * size + places[placed]
            counts = np.bincount(flat, minlength=len(self.classes) * size).reshape(len(self.classes), size)
            return ClassCounts(classes=tuple(self.classes), counts=counts.tolist())
        placed = (places >= 0) & np.isfinite(self.numbers)
        counts = np.bincount(places[placed], minlength=size)
        sums = np.bincount(places[placed], weights=self.numbers[placed], minlength=size)
        means = tuple(float(total / n) if n else None for total, n in zip(sums, counts, strict=True))
        return TargetMeans(means=means, counts=counts.tolist())


def label(value: object) -> str:
    """A value as a label: whole numbers without ``.0``."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _column(values: pd.Series, column: Column, outcome: _Outcome | None) -> Summary:
    return (_text if column.physical == "text" else _number)(values, column, outcome)


def _text(values: pd.Series, column: Column, outcome: _Outcome | None) -> TextSummary:
    counts = values.value_counts()
    top = counts.head(LEVELS)
    lengths = values.dropna().str.len()
    places = pd.Index(top.index).get_indexer(values)
    return TextSummary(
        **column.model_dump(include=FACTS),
        by_target=outcome.against(places, len(top)) if outcome and len(top) else None,
        stats=TextStats(shortest=_least(lengths), longest=_most(lengths)),
        levels=tuple(LevelCount(level=str(level), count=int(n)) for level, n in top.items()),
        other=int(counts.iloc[LEVELS:].sum()),
    )


def _least(values: pd.Series) -> int | None:
    return int(values.min()) if len(values) else None


def _most(values: pd.Series) -> int | None:
    return int(values.max()) if len(values) else None


def _number(values: pd.Series, column: Column, outcome: _Outcome | None) -> NumberSummary:
    numbers = _floats(values, column)
    present = numbers[np.isfinite(numbers)]
    facts = column.model_dump(include=FACTS)
    if not len(present):
        return NumberSummary(
            **facts, stats=NoStats(), histogram=Histogram(edges=(), counts=(), clipped=False)
        )
    edges, clipped = _edges(present)
    places = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, len(edges) - 2)
    places[~np.isfinite(numbers)] = -1
    counts = np.bincount(places[places >= 0], minlength=len(edges) - 1)
    return NumberSummary(
        **facts,
        by_target=outcome.against(places, len(edges) - 1) if outcome else None,
        stats=_stats(present, np.quantile(present, QUANTILES)),
        histogram=Histogram(edges=edges.tolist(), counts=counts.tolist(), clipped=clipped),
    )


def _floats(values: pd.Series, column: Column) -> np.ndarray:
    """The values as numbers, datetimes in seconds since 1970."""
    if column.physical == "datetime":
        seconds = values.to_numpy().astype("datetime64[us]")
        numbers = np.where(np.isnat(seconds), np.nan, seconds.astype("int64") / SECONDS)
    else:
        numbers = values.to_numpy(dtype="float64")
    return np.clip(numbers, -HUGE, HUGE)


def _stats(present: np.ndarray, quantiles: np.ndarray) -> NumberStats:
    return NumberStats(
        min=float(present.min()),
        max=float(present.max()),
        mean=float(present.mean()),
        std=float(present.std(ddof=1)) if len(present) > 1 else 0.0,
        median=float(quantiles[QUANTILES.index(0.5)]),
        zeros=int((present == 0).sum()),
        quantiles={f"{q:g}": float(value) for q, value in zip(QUANTILES, quantiles, strict=True)},
    )


def _edges(present: np.ndarray) -> tuple[np.ndarray, bool]:
    """Edges of the bins, and whether the outermost bins also hold what lies beyond them."""
    low, high = float(present.min()), float(present.max())
    inner_low, inner_high = (float(value) for value in np.quantile(present, (0.005, 0.995)))
    clipped = 0 < 4 * (inner_high - inner_low) < high - low
    if clipped:
        low, high = inner_low, inner_high
    if low == high:
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, BINS + 1), clipped


def _missing(frame: pd.DataFrame, columns: Sequence[Column]) -> MissingValues:
    cells = sum(c.missing for c in columns)
    gaps = [c for c in columns if c.missing]
    complete = (
        len(frame) - int(frame[[c.name for c in gaps]].isna().any(axis=1).sum()) if gaps else len(frame)
    )
    rows = max(1, len(frame))
    listed = [MissingColumn(name=c.name, missing=c.missing, share=c.missing / rows) for c in gaps]
    return MissingValues(
        cells=cells,
        share=cells / max(1, len(frame) * len(columns)),
        complete_rows=complete,
        columns=tuple(sorted(listed, key=lambda column: -column.missing)),
    )
