"""Numbers as people read them: no exponents, as many digits as they deserve, commas at thousands."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeGuard

from core.standalone.counts import counted

MOST_DECIMALS = 12
MOST_MORE = 4
FINEST = 3
"""Decimals of a score below 1; more only where they would show less than two digits of it."""
WHOLE_FROM = 10_000


def is_defined(value: Any) -> TypeGuard[float]:
    """Whether a number of a stored result is there: neither missing nor NaN."""
    return value is not None and math.isfinite(value)


def without_spread(low: float, high: float) -> bool:
    """Whether the ends of an interval are one number but for rounding, as nothing varied."""
    return math.isclose(low, high, rel_tol=1e-12, abs_tol=1e-15)


def count(value: float) -> str:
    """A count, such as ``32,561``."""
    return f"{int(value):,}"


def times(number: int) -> str:
    """How often, such as ``once`` or ``3 times``."""
    return {1: "once", 2: "twice"}.get(number, counted(number, "time"))


def decimals(*values: Any) -> int:
    """The decimals that a score shares with the numbers it is read beside, such as its interval.

    Four digits of the largest of them, three decimals below 1, and as many as show two digits of a tiny one
    or that a score is not quite 1. What is missing does not count.
    """
    there = [abs(value) for value in values if is_defined(value)]
    size = max(there, default=0.0)
    places = _decimals(size, FINEST + 1) if size >= 1 else max(FINEST, _decimals(size, 2))
    return _until(places, lambda tried: not any(value < 1 <= round(value, tried) for value in there))


def number(value: Any, *beside: Any) -> str:
    """A score, such as ``0.910``, ``0.000032`` or ``23,460``; a dash when it is not known.

    Args:
        beside: the numbers it is read with, which have the same decimals: ``number(mean, low, high)``.
    """
    return fixed(value, decimals(value, *beside))


def fixed(value: Any, places: int) -> str:
    """A number with that many decimals, none from ten thousand on; zeros at the end stay."""
    if not is_defined(value):
        return "–"
    return f"{value:z,.{0 if abs(value) >= WHOLE_FROM else places}f}"


def span(low: Any, high: Any, *beside: Any) -> str:
    """An interval, such as ``0.890 to 0.925``, with the decimals of what is beside it; or empty."""
    if not (is_defined(low) and is_defined(high)) or without_spread(low, high):
        return ""
    places = decimals(low, high, *beside)
    return f"{fixed(low, places)} to {fixed(high, places)}"


def difference(mean: float, low: Any, high: Any, places: int | None = None) -> str:
    """A difference with its interval, such as ``+0.0040 [-0.0010, +0.0090]``; alone when there is none.

    Args:
        places: decimals, where it stands among others; else as many as it deserves.
    """
    places = gain_decimals(mean, low, high) if places is None else places
    if not (is_defined(low) and is_defined(high)) or without_spread(low, high):
        return signed(mean, places)
    return f"{signed(mean, places)} [{signed(low, places)}, {signed(high, places)}]"


def gain_decimals(mean: float, low: Any, high: Any) -> int:
    """The decimals of a difference: two digits of its interval's width, or of itself when there is none.

    More where an end of the interval that is not 0 would look like it: the words go by its side of 0.
    """
    if not (is_defined(low) and is_defined(high)) or low == high:
        return _decimals(abs(mean), 2)
    places = _decimals(high - low, 2)
    return _until(places, lambda tried: all(round(end, tried) for end in (low, high) if end))


def signed(value: float, places: int) -> str:
    """A number with its sign and that many decimals; one that is rounded to zero has no sign."""
    text = f"{value:+z,.{places}f}"
    return text if text.strip("+0.") else text.removeprefix("+")


def _until(places: int, enough: Callable[[int], bool]) -> int:
    """The least decimals from that many on, at most four more, that are enough."""
    tried = range(places, places + MOST_MORE + 1)
    return next((each for each in tried if enough(each)), places + MOST_MORE)


def _decimals(size: float, digits: int) -> int:
    """The decimals that show that many significant digits of a number of this size."""
    if size < 10**-MOST_DECIMALS or not math.isfinite(size):
        return 0
    return min(max(digits - 1 - math.floor(math.log10(size)), 0), MOST_DECIMALS)
