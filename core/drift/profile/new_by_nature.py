"""Columns whose values are new by nature: lots, batches, orders. Their new values are no drift.

Only time tells them from a column of categories that the file is sorted by: each of its values, too, stands
in one run of rows. So nothing is asked of a table that does not say which of its rows came later.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.table import Physical
from core.drift.profile.conversion import ColumnLike, typed
from core.drift.profile.document import ColumnProfile
from core.spec import WITH_LEVELS
from core.standalone.cells import without
from core.standalone.time_split import cut_in_time

NEARLY_ALL = 0.9
MANY_VALUES = 20
ADVICE = "give it the role group or ignore"
Flags = NDArray[np.bool_]
Halves = tuple[Flags, Flags]


def halves(
    frame: pd.DataFrame, columns: Sequence[ColumnLike], time: ColumnLike | None, decimal: str = "."
) -> Halves | None:
    """(n,) whether a row is in the earlier half and in the later half; None when nothing tells the order.

    Args:
        columns: where a column of times is looked for when no ``time`` is given: there must be one only, and
            the rows must come in its order, forwards or backwards. A birth date or a due date does not pass.
        time: the column that the rows are ordered by; no other counts then. Rows without a time are in
            neither half, those of one time in the same.
        decimal: the decimal mark of numbers that are written as text.
    """
    dates = [column for column in columns if column.kind == "datetime"]
    by = time if time is not None else dates[0] if len(dates) == 1 else None
    names = [str(name) for name in frame.columns]
    if by is None or by.name not in names:
        return None
    places = _places(frame.iloc[:, names.index(by.name)], by, decimal)
    timed = places[places >= 0]
    if time is None and not _keeps_order(timed):
        return None
    ordered = np.sort(timed)
    cut = cut_in_time(ordered, 0.5)
    if not cut:
        return None
    return (places >= 0) & (places < ordered[cut]), places >= ordered[cut]


def _places(series: pd.Series, by: ColumnLike, decimal: str) -> NDArray[np.int64]:
    """(n,) the place of each row's time among the distinct ones, -1 without a time."""
    kinds: dict[str, Physical] = {"datetime": "datetime", "numeric": "number"}
    format, own = getattr(by, "format", ""), getattr(by, "missing", ())
    present = without(series, own, own, decimal, format)
    times = typed(present, kinds.get(by.kind, "text"), format, decimal).values
    return np.asarray(pd.factorize(times, sort=True)[0], dtype=np.int64)


def _keeps_order(places: NDArray[np.int64]) -> bool:
    """Whether nearly all steps from one value to another go the same way."""
    steps = np.diff(places)
    steps = steps[steps != 0]
    rising = float((steps > 0).mean()) if len(steps) else 0.5
    return max(rising, 1 - rising) >= NEARLY_ALL


def renewed(profile: ColumnProfile, values: pd.Series, parts: Halves | None) -> float | None:
    """Share of the later rows with a level that the earlier rows do not have; None where it is not asked."""
    if parts is None or profile.kind != "categorical" or profile.distinct < MANY_VALUES:
        return None
    present = values.notna().to_numpy()
    old, new = (values[present & part] for part in parts)
    return float((~new.isin(old.unique())).mean()) if len(old) and len(new) else None


def unseen_share(old: ColumnProfile, new: ColumnProfile) -> float:
    """Share of the new rows with a level that the reference does not have; 0 of numbers, dates and texts.

    Where the reference does not tell its rare levels, as many of the new rows as held one are taken to do so.
    """
    if old.kind not in WITH_LEVELS or not old.levels or not new.present:
        return 0.0
    outside = sum(size for level, size in new.levels.items() if level not in old.levels) / new.present
    rare = old.rest / old.present
    return max(0.0, (outside - rare) / (1 - rare))


def is_replaced(old: ColumnProfile, new: ColumnProfile) -> bool:
    """Whether nearly every value is new and there are many: an identifier, or values written otherwise."""
    return min(old.distinct, new.distinct) >= MANY_VALUES and unseen_share(old, new) >= NEARLY_ALL


def is_new_by_nature(old: ColumnProfile, new: ColumnProfile) -> bool:
    """Whether nearly every value is new, and was so within the reference too."""
    return old.renewed is not None and old.renewed >= NEARLY_ALL and is_replaced(old, new)
