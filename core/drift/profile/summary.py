"""Turning a typed column into its distribution, and the distribution into one small enough to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from core.data.table import Physical
from core.drift.profile.conversion import typed
from core.drift.profile.document import GRID, MAX_LEVELS, ColumnProfile, Numbers
from core.spec import COLUMN_KINDS, Kind
from core.standalone.cells import as_text

FEW_VALUES = 10
SHAPE = "shape"
"""Name of the part of an id column that says how its texts are written."""
MOST_SHAPE, MOST_SHAPES = 40, 50
SCORE = "predicted score"
CLASS = "predicted class"


def summarise(
    name: str,
    kind: Kind,
    physical: Physical,
    values: pd.Series,
    format: str = "",
    as_levels: bool = False,
) -> ColumnProfile:
    """The full distribution of a typed column; row order does not matter.

    Args:
        values: in the physical type named, as ``typed`` gives them.
        as_levels: count the levels of numbers however many there are; by default up to FEW_VALUES.
    """
    present = values.dropna()
    profile = ColumnProfile(name, kind, physical, format, n=len(values), missing=len(values) - len(present))
    read_as = COLUMN_KINDS[kind].read_as
    if read_as == "number":
        return _with_numbers(profile, np.sort(present.to_numpy(np.float64)), as_levels)
    if read_as == "datetime":
        return _with_dates(profile, present)
    if read_as == "text":
        return _with_lengths(profile, present)
    return _with_levels(profile, present)


def _with_numbers(profile: ColumnProfile, ordered: Numbers, as_levels: bool) -> ColumnProfile:
    if not len(ordered):
        return profile
    distinct = 1 + int(np.count_nonzero(np.diff(ordered)))
    summary = replace(
        profile,
        distinct=distinct,
        low=float(ordered[0]),
        high=float(ordered[-1]),
        values=ordered,
        weights=np.ones(len(ordered)),
    )
    return _with_levels(summary, pd.Series(ordered)) if as_levels or distinct <= FEW_VALUES else summary


def _with_levels(profile: ColumnProfile, present: pd.Series) -> ColumnProfile:
    counts = present.value_counts()
    labels = as_text(pd.Series(counts.index)).astype(object)
    sizes = counts.to_numpy(dtype=np.int64)
    by_size = sorted(zip(labels, sizes.tolist(), strict=True), key=lambda pair: (-pair[1], str(pair[0])))
    return replace(
        profile,
        distinct=len(by_size),
        singletons=int((sizes == 1).sum()),
        levels={str(label): size for label, size in by_size},
    )


def _with_lengths(profile: ColumnProfile, present: pd.Series) -> ColumnProfile:
    lengths = np.sort(present.str.len().to_numpy(np.float64, na_value=0.0))
    summary = _with_numbers(profile, lengths, as_levels=False)
    parts = {SHAPE: shapes(present)} if profile.kind == "id" and len(present) else {}
    return replace(summary, distinct=int(present.nunique()), levels={}, singletons=0, parts=parts)


def written(texts: pd.Series) -> pd.Series:
    """How each text is written: runs of letters as ``A``, of digits as ``9``."""
    letters = texts.astype("str").str.replace(r"[^\W\d_]+", "A", regex=True)
    return letters.str.replace(r"\d+", "9", regex=True).str[:MOST_SHAPE]


def shapes(texts: pd.Series) -> dict[str, int]:
    """The most frequent ways in which texts are written, with their numbers of rows."""
    return {str(shape): int(n) for shape, n in written(texts).value_counts().head(MOST_SHAPES).items()}


def _with_dates(profile: ColumnProfile, present: pd.Series) -> ColumnProfile:
    if present.empty:
        return profile
    seconds = present.to_numpy("datetime64[us]").astype(np.int64) / 1e6
    parts = {"weekday": _counts(present.dt.day_of_week)}
    if (present != present.dt.normalize()).any():
        parts["hour"] = _counts(present.dt.hour)
    return replace(
        profile,
        distinct=int(present.nunique()),
        parts=parts,
        low=float(seconds.min()),
        high=float(seconds.max()),
    )


def _counts(parts: pd.Series) -> dict[str, int]:
    return {str(int(part)): int(size) for part, size in parts.value_counts().sort_index().items()}


def compact(profile: ColumnProfile) -> ColumnProfile:
    """The same distribution in at most GRID numbers and MAX_LEVELS levels.

    Up to GRID distinct numbers are kept with their counts, so nothing is lost; above, a grid of
    quantiles at the middle ranks, which moves no cumulative share by more than 0.5 / GRID.
    """
    kept = dict(list(profile.levels.items())[:MAX_LEVELS])
    rest = sum(profile.levels.values()) - sum(kept.values())
    values, weights = np.unique(profile.values, return_counts=True)
    if len(values) > GRID:
        ranks = (np.arange(GRID) + 0.5) / GRID * len(profile.values)
        values, weights = np.unique(profile.values[ranks.astype(np.int64)], return_counts=True)
    return replace(profile, values=values, weights=weights.astype(np.float64), levels=kept, rest=rest)


def in_bins_of(profile: ColumnProfile, reference: ColumnProfile) -> ColumnProfile:
    """The numbers of new rows in the bins of a reference; what lies outside its range stays as it is."""
    if not len(reference.edges) or not len(profile.values):
        return profile
    values = reference.values[np.searchsorted(reference.edges, profile.values, side="left")]
    inside = (profile.values >= (reference.low or 0.0)) & (profile.values <= (reference.high or 0.0))
    return replace(profile, values=np.where(inside, values, profile.values))


def prediction_series(facts: Mapping[str, Any]) -> dict[str, tuple[Kind, pd.Series]]:
    """The score and the class among predictions, as far as given: name to kind and typed values.

    A table of class probabilities counts by its last column when it has two, else by the column that is
    the highest.
    """
    by_name: dict[str, tuple[Kind, pd.Series]] = {}
    scores, labels = facts.get("scores"), facts.get("labels")
    if scores is not None:
        array = np.asarray(scores, dtype=object)
        if array.ndim == 2 and array.shape[1] > 2:
            labels = array.astype(np.float64).argmax(axis=1) if labels is None else labels
        else:
            column = array[:, -1] if array.ndim == 2 else array.reshape(-1)
            by_name[SCORE] = ("numeric", typed(pd.Series(column, dtype=object), "number").values)
    if labels is not None:
        series = pd.Series(np.asarray(labels, dtype=object).reshape(-1), dtype=object)
        by_name[CLASS] = ("categorical", typed(series, "text").values)
    return by_name


def prediction_profiles(facts: Mapping[str, Any]) -> tuple[ColumnProfile, ...]:
    """The compact profiles of predictions; empty when none were given."""
    series = prediction_series(facts)
    return tuple(
        compact(summarise(name, kind, "number" if kind == "numeric" else "text", values))
        for name, (kind, values) in series.items()
    )
