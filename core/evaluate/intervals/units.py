"""What of the scored rows is independent of each other: rows, whole groups, or stretches of time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from core.scoring.pairs import Codes, Floats

Alike = Literal["rows", "groups", "times"]
Resampled = Literal["rows", "groups", "times", "both"]
MOST_ROWS = 250
MOST_TIMES = 256
BUDGET = 100_000_000
FEWEST = 100


@dataclass(frozen=True, eq=False)
class Units:
    """Rows put together in units; one is left out at a time.

    Attributes:
        alike: what makes rows of a unit alike.
        codes: (n,) the unit of each row; of ``times`` in order of time.
        count: number of units.
    """

    alike: Alike
    codes: Codes
    count: int

    @cached_property
    def sizes(self) -> Floats:
        """(count,) rows of each unit."""
        return np.bincount(self.codes, minlength=self.count).astype(np.float64)

    @cached_property
    def freedom(self) -> float:
        """Degrees of freedom of the spread, of which the largest groups have most (Satterthwaite 1946)."""
        return counts_as(self.sizes**2) - 1 if self.alike == "groups" else self.count - 1.0


def counts_as(sizes: Floats) -> float:
    """As how many groups of equal size groups of these sizes count for a mean (Kish 1965); 0 without rows."""
    return float(sizes.sum() ** 2 / np.sum(sizes**2)) if sizes.any() else 0.0


def alike_of(groups: Any, times: Any) -> Resampled:
    """What makes rows alike, given their groups and times, or None."""
    if groups is not None:
        return "groups" if times is None else "both"
    return "rows" if times is None else "times"


def group_codes(groups: Any) -> Codes:
    """(n,) group numbers from 0; rows without a group id form one group."""
    return np.asarray(pd.factorize(np.asarray(groups), use_na_sentinel=False)[0], dtype=np.int64)


def units_of(rows: int, classes: int, groups: Any = None, times: Any = None) -> Units:
    """The units of rows.

    Many rows are dealt to at most 250 units at random (always alike), fewer where tables are very large.

    Args:
        rows: number of rows n.
        classes: number of classes; decides the work.
        groups: (n,) group ids, or None.
        times: (n,) what orders rows in time, or None; ignored where there are groups.
    """
    if groups is not None:
        codes = group_codes(groups)
        return Units("groups", codes, int(codes.max()) + 1)
    if times is not None:
        order = np.argsort(np.asarray(times), kind="stable")
        count, codes = min(rows, MOST_TIMES), np.empty(rows, dtype=np.int64)
        codes[order] = np.arange(rows) * count // rows
        return Units("times", codes, count)
    count = min(rows, int(np.clip(BUDGET // (rows * max(classes, 1)), FEWEST, MOST_ROWS)))
    dealt = np.arange(rows) if count == rows else np.random.default_rng(0).permutation(rows) % count
    return Units("rows", dealt, count)
