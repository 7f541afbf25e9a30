"""Rows sorted by a column of their own: neighbours are alike by the sorting alone, which makes no lots."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from core.drift.profile.document import ColumnProfile, Numbers
from core.drift.profile.new_by_nature import unseen_share
from core.drift.profile.summary import summarise
from core.drift.tests.lots import FEWEST_ROWS, is_alike
from core.drift.tests.number_distances import share_at
from core.spec import Kind

KINDS: tuple[Kind, ...] = ("numeric", "datetime", "boolean", "categorical")
IN_ORDER = 0.99
"""From such a correlation with their sorted selves on, values are in order."""
FILLED = 0.9
"""Share of the rows that must have a value, and of the new ones that must lie where the old ones do."""
FEWEST_NEW = 20
FOLLOWS = 0.3
"""From such a correlation of neighbours on, new rows may be in the order of the column."""
HALF = 0.5
UNIFORM = 1 / np.sqrt(12)
OF_RANGE = 0.25
"""How widely times must lie in their range, as a part of times that are spread evenly."""


def sorted_by(columns: Sequence[tuple[ColumnProfile, pd.Series]]) -> tuple[str, ...]:
    """Names of the columns that the rows are sorted by, either way, or by whose levels they stand together.

    Args:
        columns: the profile and the (n,) typed values of each, in the order of the file.
    """
    return tuple(one.name for one, values in columns if one.kind in KINDS and _is_in_order(values))


def is_order_of_its_own(old: ColumnProfile, new: pd.Series) -> bool:
    """Whether new rows hold the values that the reference is sorted by, over its range and in no order.

    Then the reference was sorted after its rows were collected. A counter, a time that goes on, or lots one
    after the other do not pass: the new rows are in their order too, lie beyond, or hold few of the values.

    Args:
        new: (m,) typed values of the column.
    """
    present = new.dropna()
    if len(present) < max(FEWEST_NEW, FILLED * len(new)):
        return False
    codes = _codes(present)
    follows = abs(float(np.nan_to_num(np.corrcoef(codes[:-1], codes[1:])[0, 1]))) if np.ptp(codes) else 1.0
    return follows < FOLLOWS and not is_alike(codes) and _covers(old, present)


def _is_in_order(values: pd.Series) -> bool:
    present = values.dropna()
    if len(present) < max(FEWEST_ROWS, FILLED * len(values)):
        return False
    ranks = stats.rankdata(_codes(present))
    if not np.ptp(ranks):
        return False
    ordered = np.sort(ranks)
    return max(float(np.corrcoef(ranks, one)[0, 1]) for one in (ordered, ordered[::-1])) >= IN_ORDER


def _codes(present: pd.Series) -> Numbers:
    """Numbers and times as they are, levels by their first place."""
    if pd.api.types.is_datetime64_any_dtype(present.dtype):
        return _seconds(present)
    if present.dtype == np.float64:
        return present.to_numpy(np.float64)
    return np.asarray(pd.factorize(present)[0], dtype=np.float64)


def _seconds(times: pd.Series) -> Numbers:
    return np.asarray(times.to_numpy("datetime64[us]").astype(np.int64) / 1e6)


def _covers(old: ColumnProfile, present: pd.Series) -> bool:
    """Whether new values lie where the old ones do, and are spread over at least half of it."""
    if old.kind not in ("numeric", "datetime"):
        new = summarise(old.name, old.kind, old.physical, present, old.format)
        return unseen_share(old, new) <= 1 - FILLED and _variety(new) >= HALF * _variety(old)
    values = _codes(present)
    low, high = float(old.low or 0.0), float(old.high or 0.0)
    inside = float(((values >= low) & (values <= high)).mean())
    if old.kind == "numeric":
        return inside >= FILLED and float(share_at(old, values).std()) >= HALF * UNIFORM
    return inside >= FILLED and float(values.std()) >= OF_RANGE * UNIFORM * (high - low)


def _variety(profile: ColumnProfile) -> float:
    """The chance that two rows with a level hold different ones."""
    shares = np.array(list(profile.levels.values())) / max(1, profile.present)
    return 1 - float((shares**2).sum())
