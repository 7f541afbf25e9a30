"""Ends of ranges rounded outwards, so that they tell no single value."""

from __future__ import annotations

import numpy as np

from core.drift.profile.document import Numbers
from core.drift.profile.sharing import LEAST

SECONDS_OF_DAY = 86_400.0
ON_STEP = 0.25
"""Share of the values that may lie on a step which is to hide them."""
CANDIDATES = 3
"""Values that an end may have had, at least."""
FINE = 10_000
"""Parts of a step in which it is told on what step values lie."""
FARTHEST = 2.0**53
"""Parts from which a step is so fine beside the values that it tells nothing of theirs."""


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
    nothing. An end near 0 for that width is never rounded to 0: it keeps its size, by one digit of its own,
    or where the values lie on that digit becomes half of a unit of it, as 1 of whole numbers becomes 0.5.
    Only an end of 0 stays what it is.

    Args:
        values: distinct numbers of the column.
    """
    if not high > low:
        return low, high
    there = np.array([low, high]) if values is None else values
    step = _hiding_step(there, high - low)
    return (
        _rounded_down(low, step, there) if rows_low < LEAST else low,
        0.0 - _rounded_down(-high, step, -there) if rows_high < LEAST else high,
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
    power of ten of its own size: 457 -> 400, 400 -> 300, 100 -> 90, or half of that power.
    """
    if end == 0:
        return 0.0
    multiple = float(np.ceil(round(end / step, 9)) - 1)
    power = int(np.floor(np.log10(abs(end))))
    if end > 0 and multiple <= 0 and not _hides(values, 10.0**power):
        return round(0.5 * 10.0**power, max(0, 1 - power))
    if end > 0 and multiple <= 0:
        units = int(np.ceil(round(end / 10.0**power, 9))) - 1
        power, units = (power, units) if units else (power - 1, 9)
        return round(units * 10.0**power, max(0, -power))
    return round(multiple * step, max(0, -int(np.floor(np.log10(step))))) + 0.0
