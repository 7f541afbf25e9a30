"""A reference profile that may leave the house: what few rows share is put together or left out.

Numbers lie in bins of at least LEAST_ROWS rows, ends of ranges are rounded outwards, levels of fewer rows are
one sum, and columns that name somebody keep no level at all. Classes of the target and of predictions stay:
the model gives them by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.drift.profile.document import ColumnProfile, Numbers, ReferenceProfile

LEAST_ROWS = 10
BINS = 200
SECONDS_OF_DAY = 86_400.0
MOSTLY = 0.8
DIVERSE = 0.7
FEWEST_NAMES = 10
NAMING = re.compile(
    r"^names?$|(^|[\W_])((first|last|sur|given|family|full|maiden|nick|user|customer|client|patient|employee|"
    r"manager|author|owner|person|contact|doctor|driver|agent)[\W_]?name|e[\W_]?mail|phone|mobile|telephone|fax|"
    r"address|street|iban|passport|ssn)([\W_]|$)",
    re.IGNORECASE,
)
PERSON = re.compile(r"[^\W\d_][\w'’.-]*,?( [^\W\d_][\w'’.-]*){1,3}")
REACHABLE = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|\+?[\d ()/.-]{7,}")


def published(profile: ReferenceProfile) -> ReferenceProfile:
    """The profile with nothing in it that fewer than LEAST_ROWS rows share."""
    return replace(
        profile,
        columns=tuple(published_column(column) for column in profile.columns),
        predictions=tuple(_with_bins(column) for column in profile.predictions),
        target=None if profile.target is None else _with_bins(profile.target),
    )


def published_column(column: ColumnProfile) -> ColumnProfile:
    """A column of the profile with rare levels summed, numbers in bins and ends of ranges rounded."""
    binned = _with_bins(column)
    if not column.levels or column.kind == "boolean":
        return binned
    levels = common_levels(column.name, column.levels)
    rest = column.rest + sum(column.levels.values()) - sum(levels.values())
    return replace(binned, levels=levels, rest=rest)


def common_levels(name: str, levels: Mapping[str, int]) -> dict[str, int]:
    """The levels that at least LEAST_ROWS rows share; none of a column that names somebody.

    Args:
        levels: level -> rows.
    """
    common = {level: size for level, size in levels.items() if size >= LEAST_ROWS}
    mostly_rare = 2 * sum(common.values()) < sum(levels.values())
    return {} if mostly_rare or names_somebody(name, list(levels)) else common


def names_somebody(name: str, levels: list[str]) -> bool:
    """Whether a column looks like names of people, mail addresses or telephone numbers.

    By what it is called, or by its levels: most are two to four words without digits whose last ones differ,
    or can be written or called to. A few levels are a category, whatever they look like.
    """
    if len(levels) < FEWEST_NAMES:
        return False
    people = [level for level in levels if PERSON.fullmatch(level)]
    reached = [level for level in levels if REACHABLE.fullmatch(level) and not _is_number(level)]
    surnames = {level.split()[-1] for level in people}
    are_people = len(people) >= MOSTLY * len(levels) and len(surnames) >= DIVERSE * len(people)
    return bool(NAMING.search(name)) or are_people or len(reached) >= MOSTLY * len(levels)


def _is_number(level: str) -> bool:
    try:
        float(level)
    except ValueError:
        return False
    return True


def _with_bins(column: ColumnProfile) -> ColumnProfile:
    low, high = rounded_ends(column)
    parts = {
        part: {label: rows for label, rows in counts.items() if rows >= LEAST_ROWS}
        for part, counts in column.parts.items()
    }
    binned = replace(column, low=low, high=high, parts=parts)
    if not len(column.values):
        return binned
    values, weights, edges = bins(column.values, column.weights, column.present)
    return replace(binned, values=values, weights=weights, edges=edges)


def bins(values: Numbers, weights: Numbers, rows: int) -> tuple[Numbers, Numbers, Numbers]:
    """Sorted numbers put together from below until each bin has its share of the rows.

    Args:
        values, weights: of a profile; the weights may stand for more rows than they sum to.
        rows: how many there are.

    Returns:
        The mean of each bin, its rows, and the edges between the bins.
    """
    counts = weights * (rows / weights.sum())
    wanted = max(float(LEAST_ROWS), rows / BINS)
    starts, filled = [0], 0.0
    for place, count in enumerate(counts):
        if filled >= wanted - 1e-9:
            starts.append(place)
            filled = 0.0
        filled += count
    if filled < LEAST_ROWS - 1e-9 and len(starts) > 1:
        starts.pop()
    sums = np.add.reduceat(counts, starts)
    means = np.add.reduceat(values * counts, starts) / sums
    cuts = np.array(starts[1:], dtype=np.int64)
    return means, np.round(sums).astype(np.float64), (values[cuts - 1] + values[cuts]) / 2


def rounded_ends(column: ColumnProfile) -> tuple[float | None, float | None]:
    """The range of a column, rounded outwards where few rows share an end; times to whole days."""
    low, high = column.low, column.high
    if low is None or high is None:
        return low, high
    if column.kind == "datetime":
        return (
            float(np.floor(low / SECONDS_OF_DAY) * SECONDS_OF_DAY),
            float(np.ceil(high / SECONDS_OF_DAY) * SECONDS_OF_DAY),
        )
    weights = column.weights * (column.present / max(1.0, column.weights.sum()))
    return rounded_range(low, high, float(weights[:1].sum()), float(weights[-1:].sum()))


def rounded_range(low: float, high: float, rows_low: float, rows_high: float) -> tuple[float, float]:
    """A range with an end rounded outwards to a tenth or less of its width that too few rows share.

    An end near 0 for that width keeps its size: it is rounded to one digit of its own, not to 0.
    """
    if not high > low:
        return low, high
    exponent = int(np.floor(np.log10(high - low))) - 1
    return (
        _rounded_down(low, exponent) if rows_low < LEAST_ROWS else low,
        0.0 - _rounded_down(-high, exponent) if rows_high < LEAST_ROWS else high,
    )


def _rounded_down(end: float, exponent: int) -> float:
    """The next multiple of a power of ten below an end; for one that would become 0, of its own power.

    The latter is never the end itself: 457 -> 400, 400 -> 300, 100 -> 90.
    """
    step = 10.0**exponent
    if end <= 0 or np.floor(end / step) > 0:
        return round(float(np.floor(end / step) * step), max(0, -exponent)) + 0.0
    own = int(np.floor(np.log10(end)))
    units = int(np.ceil(round(end / 10.0**own, 9))) - 1
    own, units = (own, units) if units else (own - 1, 9)
    return round(units * 10.0**own, max(0, -own))
