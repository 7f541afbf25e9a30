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
from core.standalone.rows.booleans import says_yes_or_no

LEAST_ROWS = 10
BINS = 200
SECONDS_OF_DAY = 86_400.0
ON_STEP = 0.25
"""Share of the values that may lie on a step which is to hide them."""
CANDIDATES = 3
"""Values that an end may have had, at least."""
FINE = 10_000
"""Parts of a step in which it is told on what step values lie."""
FARTHEST = 2.0**53
"""Parts from which a step is so fine beside the values that it tells nothing of theirs."""
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
    if not column.levels or _may_be_told(column):
        return binned
    levels = common_levels(column.name, column.levels)
    rest = column.rest + sum(column.levels.values()) - sum(levels.values())
    return replace(binned, levels=levels, rest=rest)


def _may_be_told(column: ColumnProfile) -> bool:
    return column.kind == "boolean" and says_yes_or_no(column.levels)


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
    """The range of a column, rounded outwards where few rows share an end; times to whole days or more."""
    low, high = column.low, column.high
    if low is None or high is None:
        return low, high
    if column.kind == "datetime":
        return rounded_days(low, high)
    weights = column.weights * (column.present / max(1.0, column.weights.sum()))
    return rounded_range(low, high, float(weights[:1].sum()), float(weights[-1:].sum()), column.values)


def rounded_days(low: float, high: float) -> tuple[float, float]:
    """A range of times, in seconds since 1970, rounded outwards to its ``days_step``."""
    step = SECONDS_OF_DAY * days_step(low, high)
    return float(np.floor(low / step) * step), float(np.ceil(high / step) * step)


def days_step(low: float, high: float) -> int:
    """The days to which the ends of a range of times are rounded: 1, 7 in more than 60, 30 in two years."""
    days = (high - low) / SECONDS_OF_DAY
    return 30 if days > 730 else 7 if days > 60 else 1


def rounded_range(
    low: float, high: float, rows_low: float, rows_high: float, values: Numbers | None = None
) -> tuple[float, float]:
    """A range with an end that too few rows share rounded outwards, to about a tenth of its width or less.

    The step is coarser where the values lie on it anyway, as whole numbers lie on 1: rounding would hide
    nothing. An end near 0 for that width keeps its size: it is rounded to one digit of its own, not to 0,
    unless the values lie on that digit. Only an end of 0 stays what it is.

    Args:
        values: distinct numbers of the column.
    """
    if not high > low:
        return low, high
    there = np.array([low, high]) if values is None else values
    step = _hiding_step(there, high - low)
    return (
        _rounded_down(low, step, there) if rows_low < LEAST_ROWS else low,
        0.0 - _rounded_down(-high, step, -there) if rows_high < LEAST_ROWS else high,
    )


def _hiding_step(values: Numbers, width: float) -> float:
    """The least 1, 2 or 5 times a power of ten, from a hundredth to all of the width, that hides values."""
    power = int(np.floor(np.log10(width))) - 1
    steps = [float(f"{digit}e{power + more}") for more in range(3) for digit in (1, 2, 5)]
    return next((step for step in steps if _hides(values, step)), steps[-1])


def _hides(values: Numbers, step: float) -> bool:
    """Whether a step is wider than three of the steps that values lie on, and few lie on it already; of two
    values any does.
    """
    if len(values) <= 2:
        return True
    places = (values - values.min()) / step * FINE
    if places.max() < FARTHEST and np.gcd.reduce(np.round(places).astype(np.int64)) * CANDIDATES > FINE:
        return False
    multiples = np.abs(values / step - np.round(values / step)) < 1e-6
    return float(np.mean(multiples)) <= ON_STEP


def _rounded_down(end: float, step: float, values: Numbers) -> float:
    """The next multiple of a step below an end, never the end itself; for one that would become 0, of the
    power of ten of its own size: 457 -> 400, 400 -> 300, 100 -> 90.
    """
    if end == 0:
        return 0.0
    multiple = float(np.ceil(round(end / step, 9)) - 1)
    power = int(np.floor(np.log10(abs(end))))
    if end > 0 and multiple <= 0 and _hides(values, 10.0**power):
        units = int(np.ceil(round(end / 10.0**power, 9))) - 1
        power, units = (power, units) if units else (power - 1, 9)
        return round(units * 10.0**power, max(0, -power))
    return round(multiple * step, max(0, -int(np.floor(np.log10(step))))) + 0.0
