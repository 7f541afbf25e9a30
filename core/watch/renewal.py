"""Columns whose values are new by nature: lots, batches, orders. Their new values are no drift."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.watch.reference import ColumnProfile
from core.watch.typed import ColumnLike, typed

NEARLY_ALL = 0.9
MANY = 20
ADVICE = "give it the role group or ignore"
Flags = NDArray[np.bool_]


def is_later(frame: pd.DataFrame, columns: Sequence[ColumnLike]) -> Flags:
    """(n,) whether a row is in the later half: by the first column of times, else as the rows come."""
    later = np.arange(len(frame)) >= len(frame) // 2
    names = [str(name) for name in frame.columns]
    for column in columns:
        if column.kind != "datetime" or column.name not in names:
            continue
        series = frame.iloc[:, names.index(column.name)]
        times = typed(series, "datetime", getattr(column, "format", "")).values
        order = np.argsort(times.to_numpy("datetime64[us]"), kind="stable")
        later[order] = np.arange(len(frame)) >= len(frame) // 2
        break
    return later


def renewed(profile: ColumnProfile, values: pd.Series, later: Flags) -> float | None:
    """Share of the later rows with a level that the earlier rows do not have; None where it is not asked."""
    if profile.kind != "categorical" or profile.distinct < MANY:
        return None
    known = values.notna().to_numpy()
    old, new = values[known & ~later], values[known & later]
    return float((~new.isin(old.unique())).mean()) if len(old) and len(new) else None


def unseen_share(old: ColumnProfile, new: ColumnProfile) -> float:
    """Share of the new rows with a level that the reference does not have; 0 of numbers, dates and texts."""
    if old.kind not in ("categorical", "boolean") or not old.levels or old.rest or not new.present:
        return 0.0
    return sum(size for level, size in new.levels.items() if level not in old.levels) / new.present


def is_replaced(old: ColumnProfile, new: ColumnProfile) -> bool:
    """Whether nearly every value is new and there are many: an identifier, or values written otherwise."""
    return min(old.distinct, new.distinct) >= MANY and unseen_share(old, new) >= NEARLY_ALL


def is_new_by_nature(old: ColumnProfile, new: ColumnProfile) -> bool:
    """Whether nearly every value is new, and was so within the reference too."""
    return old.renewed is not None and old.renewed >= NEARLY_ALL and is_replaced(old, new)
