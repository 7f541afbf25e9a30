"""Numbers on the command line that must lie within bounds."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def amount(text: str) -> float:
    """A number of 0 or more."""
    amount = float(text)
    if not 0 <= amount < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of 0 or more")
    return amount


def within(low: float, high: float, kind: Callable[[str], float]) -> Callable[[str], float]:
    """Reads a number of that kind between two ends."""

    def read(text: str) -> float:
        if not low <= kind(text) <= high:
            raise argparse.ArgumentTypeError(f"{text} is not between {low} and {high}")
        return kind(text)

    return read
