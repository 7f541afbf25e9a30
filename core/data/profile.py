"""What a table looks like, as one JSON-ready document: each column, missing values, links, duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.data.table import Column
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
HUGE = 1e150  # its square is still a number


def profile(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    target: str | None = None,
    task: Task | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """The table in numbers, ready for JSON.

    Counts of rows, missing and distinct values and duplicates are exact; everything else comes from
    at most 200,000 random rows. Histograms have 20 bins of equal width, clipped to the inner 99 % when
    the ends lie far out (``clipped``); datetimes are in seconds since 1970.

    Args:
        frame: the typed table.
        columns: its columns, as ``classify`` gave them.
        target: name of the column to show the others against, or None.
        task: how to read the target; without one its values are not used.

    Returns:
        ``rows, sampled, duplicates, target, columns, missing, correlated``. An entry of ``columns`` has
        ``name, physical, kind, role, missing, unique, stats`` and either ``histogram {edges, counts,
        clipped}`` or ``levels [{level, count}]`` with ``other``; with a task also ``by_target``: ``classes``
        and ``counts`` (one list a class) or ``means`` and ``counts``, along the bins or levels.
    """
    sample = some_rows(frame, MOST_ROWS, seed)
    outcome = _Outcome(sample[target], task) if target is not None and task is not None else None
    return {
        "rows": len(frame),
        "sampled": len(sample),
        "duplicates": repeated_rows(frame, columns),
        "target": target,
        "columns": [_column(sample[c.name], c, None if c.name == target else outcome) for c in columns],
        "missing": _missing(frame, columns),
        "correlated": correlated(frame, columns, target, seed),
    }


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
) -> list[dict[str, Any]]:
    """Pairs of number columns whose ranks go together, ``[{a, b, spearman}]``, strongest first.

    Spearman's correlation from 0.9 up, on at most 20,000 rows; an empty list above 100 number columns.
    """
    names = [c.name for c in columns if c.kind == "numeric" and c.physical == "number" and c.name != target]
    if not 2 <= len(names) <= LINK_COLUMNS:
        return []
    links = some_rows(frame, LINK_ROWS, seed)[names].rank().corr(min_periods=20).to_numpy()
    first, second = np.nonzero(np.triu(np.abs(links) >= LINKED, k=1))
    pairs = [
        {"a": names[i], "b": names[j], "spearman": round(float(links[i, j]), 4)}
        for i, j in zip(first, second, strict=True)
    ]
    return sorted(pairs, key=lambda pair: -abs(pair["spearman"]))


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

    def against(self, places: np.ndarray, size: int) -> dict[str, Any]:
        """The target along the bins or levels; ``places`` has one of 0..size-1, or -1, for each row."""
        if self.classes:
            known = (places >= 0) & (self.codes >= 0)
            flat = self.codes[known] * size + places[known]
            counts = np.bincount(flat, minlength=len(self.classes) * size).reshape(len(self.classes), size)
            return {"classes": self.classes, "counts": counts.tolist()}
        known = (places >= 0) & np.isfinite(self.numbers)
        counts = np.bincount(places[known], minlength=size)
        sums = np.bincount(places[known], weights=self.numbers[known], minlength=size)
        means = [float(total / n) if n else None for total, n in zip(sums, counts, strict=True)]
        return {"means": means, "counts": counts.tolist()}


def label(value: object) -> str:
    """A value as a label: whole numbers without ``.0``."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _column(values: pd.Series, column: Column, outcome: _Outcome | None) -> dict[str, Any]:
    entry = column.model_dump(include={"name", "physical", "kind", "role", "missing", "unique"})
    if column.physical == "text":
        entry |= _levels(values, outcome)
    else:
        entry |= _numbers(values, column, outcome)
    return entry


def _levels(values: pd.Series, outcome: _Outcome | None) -> dict[str, Any]:
    counts = values.value_counts()
    top = counts.head(LEVELS)
    lengths = values.dropna().str.len()
    entry: dict[str, Any] = {
        "stats": {"shortest": _least(lengths), "longest": _most(lengths)},
        "levels": [{"level": str(level), "count": int(n)} for level, n in top.items()],
        "other": int(counts.iloc[LEVELS:].sum()),
    }
    if outcome is not None and len(top):
        entry["by_target"] = outcome.against(pd.Index(top.index).get_indexer(values), len(top))
    return entry


def _least(values: pd.Series) -> int | None:
    return int(values.min()) if len(values) else None


def _most(values: pd.Series) -> int | None:
    return int(values.max()) if len(values) else None


def _numbers(values: pd.Series, column: Column, outcome: _Outcome | None) -> dict[str, Any]:
    if column.physical == "datetime":
        seconds = values.to_numpy().astype("datetime64[us]")
        numbers = np.where(np.isnat(seconds), np.nan, seconds.astype("int64") / SECONDS)
    else:
        numbers = values.to_numpy(dtype="float64")
    numbers = np.clip(numbers, -HUGE, HUGE)
    present = numbers[np.isfinite(numbers)]
    if not len(present):
        return {"stats": {}, "histogram": {"edges": [], "counts": [], "clipped": False}}
    quantiles = np.quantile(present, QUANTILES)
    edges, clipped = _edges(present)
    places = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, len(edges) - 2)
    places[~np.isfinite(numbers)] = -1
    counts = np.bincount(places[places >= 0], minlength=len(edges) - 1)
    entry: dict[str, Any] = {
        "stats": _stats(present, quantiles),
        "histogram": {"edges": edges.tolist(), "counts": counts.tolist(), "clipped": clipped},
    }
    if outcome is not None:
        entry["by_target"] = outcome.against(places, len(edges) - 1)
    return entry


def _stats(present: np.ndarray, quantiles: np.ndarray) -> dict[str, Any]:
    return {
        "min": float(present.min()),
        "max": float(present.max()),
        "mean": float(present.mean()),
        "std": float(present.std(ddof=1)) if len(present) > 1 else 0.0,
        "median": float(quantiles[QUANTILES.index(0.5)]),
        "zeros": int((present == 0).sum()),
        "quantiles": {f"{q:g}": float(value) for q, value in zip(QUANTILES, quantiles, strict=True)},
    }


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


def _missing(frame: pd.DataFrame, columns: Sequence[Column]) -> dict[str, Any]:
    cells = sum(c.missing for c in columns)
    holes = [c for c in columns if c.missing]
    complete = (
        len(frame) - int(frame[[c.name for c in holes]].isna().any(axis=1).sum()) if holes else len(frame)
    )
    listed = [{"name": c.name, "missing": c.missing, "share": c.missing / max(1, len(frame))} for c in holes]
    return {
        "cells": cells,
        "share": cells / max(1, len(frame) * len(columns)),
        "complete_rows": complete,
        "columns": sorted(listed, key=lambda entry: -entry["missing"]),
    }
