"""Numbers of scores as people read them: never with an exponent, never more digits than they deserve."""

from __future__ import annotations

import math
from typing import Any

MOST_DECIMALS = 12
GROUPED_FROM = 10_000
SEPARATOR = "\u202f"


def known(value: Any) -> bool:
    """Whether a number of a stored result is there: neither missing nor NaN."""
    return value is not None and math.isfinite(value)


def number(value: float, digits: int = 4) -> str:
    """A score, such as ``0.9132``, ``0.000032`` or ``23 460``.

    Args:
        digits: how many significant ones are shown; digits before the point are never cut.
    """
    if not known(value):
        return "–"
    text = f"{value:z.{_decimals(abs(value), digits)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{round(value):,}".replace(",", SEPARATOR) if abs(round(value)) >= GROUPED_FROM else text


def difference(mean: float, low: Any, high: Any) -> str:
    """A difference with its interval, such as ``+0.0040 [-0.0010, +0.0090]``; alone when there is none."""
    if not (known(low) and known(high)):
        return gain(mean, low, high)
    return f"{gain(mean, low, high)} [{_signed(low, low, high)}, {_signed(high, low, high)}]"


def gain(mean: float, low: Any, high: Any) -> str:
    """A difference without its interval, with the decimals that the interval deserves: ``+0.004``, ``0.000``.

    As many decimals as two digits of the interval's width need; two digits of itself when there is none.
    """
    if known(low) and known(high):
        return _signed(mean, low, high)
    return _with_sign(mean, _decimals(abs(mean), 2))


def _signed(value: float, low: float, high: float) -> str:
    return _with_sign(value, _decimals(high - low or abs(value), 2))


def _with_sign(value: float, decimals: int) -> str:
    """A number that is rounded to zero has no sign."""
    text = f"{value:+z.{decimals}f}"
    return text if text.strip("+0.") else text.removeprefix("+")


def _decimals(size: float, digits: int) -> int:
    """The decimals that show that many significant digits of a number of this size."""
    if not size or not math.isfinite(size):
        return 0
    return min(max(digits - 1 - math.floor(math.log10(size)), 0), MOST_DECIMALS)
