"""A reference profile that may leave the house: what few rows share is put together or left out.

Numbers lie in bins of at least LEAST rows, ends of ranges are rounded outwards, levels of fewer rows are
one sum, and columns that may name somebody keep no level at all. Classes of the target and of predictions
stay: the model gives them by name.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.drift.people.named import MANY, is_somebody, names_somebody
from core.drift.profile.conversion import typed
from core.drift.profile.document import ColumnProfile, Numbers, ReferenceProfile
from core.drift.profile.rounded import rounded_days, rounded_range
from core.drift.profile.sharing import LEAST, Sharing
from core.drift.profile.summary import SHAPE, written
from core.drift.tests.lots import Codes
from core.standalone.cells import as_text
from core.standalone.rows.booleans import says_yes_or_no

BINS = 200


def published(
    profile: ReferenceProfile,
    frame: pd.DataFrame | None = None,
    groups: Codes | None = None,
    told: Collection[str] = (),
) -> ReferenceProfile:
    """The profile with nothing in it that fewer than LEAST rows share, or groups where they are known.

    Args:
        frame: the rows that the profile is of; without them numbers are only put in bins of rows.
        groups: (n,) or (n, k) what the rows belong to, where that is known.
        told: columns that name nobody, as a person says.
    """
    sharing = Sharing.of(groups)

    def of(column: ColumnProfile) -> ColumnProfile:
        if frame is None:
            return published_column(column, None, told)
        cells = frame[column.name].reset_index(drop=True)
        values = typed(cells, column.physical, column.format, profile.decimal).values
        return published_column(column, Shared(values, sharing), told)

    is_number = profile.target is not None and profile.target.kind == "numeric"
    target = profile.target and (of(profile.target) if is_number else _with_bins(profile.target))
    return replace(
        profile,
        columns=tuple(map(of, profile.columns)),
        predictions=tuple(map(_with_bins, profile.predictions)),
        target=target,
    )


@dataclass(frozen=True, eq=False)
class Shared:
    """The typed values of a column, and who shares them."""

    values: pd.Series
    sharing: Sharing

    @property
    def numbers(self) -> pd.Series:
        """The numbers, or lengths of texts, that are there."""
        present = self.values.dropna()
        return present if pd.api.types.is_numeric_dtype(present.dtype) else present.str.len().astype(float)

    @property
    def shapes(self) -> set[Hashable]:
        """The ways in which its texts are written that enough share."""
        return self.sharing.common(written(self.values.dropna()))


def published_column(
    column: ColumnProfile, shared: Shared | None = None, told: Collection[str] = ()
) -> ColumnProfile:
    """A column of the profile with rare levels summed, numbers in bins and ends of ranges rounded."""
    binned = _with_bins(column, shared)
    if not column.levels or _may_be_told(column):
        return binned
    common = None if shared is None else shared.sharing.common(as_text(shared.values))
    levels = common_levels(column.name, column.levels, common, told)
    rest = column.rest + sum(column.levels.values()) - sum(levels.values())
    return replace(binned, levels=levels, rest=rest)


def _may_be_told(column: ColumnProfile) -> bool:
    return column.kind == "boolean" and says_yes_or_no(column.levels)


def common_levels(
    name: str,
    levels: Mapping[str, int],
    shared: Collection[Hashable] | None = None,
    told: Collection[str] = (),
) -> dict[str, int]:
    """The levels that at least LEAST rows share; none of a column that names somebody, and no single person.

    Args:
        levels: level -> rows.
        shared: those that enough groups share too, where that is known.
        told: columns that name nobody, as a person says.
    """
    common = {
        level: size for level, size in levels.items() if size >= LEAST and (shared is None or level in shared)
    }
    if 2 * sum(common.values()) < sum(levels.values()):
        return {}
    if name in told:
        return common
    if names_somebody(name, levels if len(levels) >= MANY else common):
        return {}
    return {level: size for level, size in common.items() if not is_somebody(name, level)}


def _with_bins(column: ColumnProfile, shared: Shared | None = None) -> ColumnProfile:
    low, high = rounded_ends(column, shared)
    parts = {}
    for part, counts in column.parts.items():
        common = shared.shapes if shared is not None and part == SHAPE else set(counts)
        parts[part] = {label: n for label, n in counts.items() if n >= LEAST and label in common}
    binned = replace(column, low=low, high=high, parts=parts)
    if not len(column.values):
        return binned
    values, weights, edges = bins(column.values, column.weights, column.present)
    binned = replace(binned, values=values, weights=weights, edges=edges)
    return binned if shared is None else _in_shared_bins(binned, shared)


def _in_shared_bins(column: ColumnProfile, shared: Shared) -> ColumnProfile:
    """The bins put together until enough share each; where only one is left, its middle and no level."""
    stay = shared.sharing.bins(shared.numbers, column.edges)
    starts = [0, *(place + 1 for place in stay)]
    sums = np.add.reduceat(column.weights, starts)
    means = np.add.reduceat(column.values * column.weights, starts) / sums
    if len(starts) == 1 and column.low is not None and column.high is not None and column.low < column.high:
        middle = np.array([(column.low + column.high) / 2])
        return replace(column, values=middle, weights=sums, edges=np.empty(0), levels={}, rest=column.present)
    return replace(column, values=means, weights=sums, edges=column.edges[stay])


def bins(values: Numbers, weights: Numbers, rows: int) -> tuple[Numbers, Numbers, Numbers]:
    """Sorted numbers put together from below until each bin has its share of the rows.

    Args:
        values, weights: of a profile; the weights may stand for more rows than they sum to.
        rows: how many there are.

    Returns:
        The mean of each bin, its rows, and the edges between the bins.
    """
    counts = weights * (rows / weights.sum())
    wanted = max(float(LEAST), rows / BINS)
    starts, filled = [0], 0.0
    for place, count in enumerate(counts):
        if filled >= wanted - 1e-9:
            starts.append(place)
            filled = 0.0
        filled += count
    if filled < LEAST - 1e-9 and len(starts) > 1:
        starts.pop()
    sums = np.add.reduceat(counts, starts)
    means = np.add.reduceat(values * counts, starts) / sums
    cuts = np.array(starts[1:], dtype=np.int64)
    return means, np.round(sums).astype(np.float64), (values[cuts - 1] + values[cuts]) / 2


def rounded_ends(column: ColumnProfile, shared: Shared | None = None) -> tuple[float | None, float | None]:
    """The range of a column, rounded outwards where few rows share an end; times to whole days or more."""
    low, high = column.low, column.high
    if low is None or high is None:
        return low, high
    if column.kind == "datetime":
        return rounded_days(low, high)
    if shared is not None:
        told = shared.sharing.told(shared.numbers)
        ends = [LEAST if end in told else 0 for end in (low, high)]
        return rounded_range(low, high, ends[0], ends[1], column.values)
    weights = column.weights * (column.present / max(1.0, column.weights.sum()))
    return rounded_range(low, high, float(weights[:1].sum()), float(weights[-1:].sum()), column.values)
