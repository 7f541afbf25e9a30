"""Two columns whose sum, product or such is the target to the last digit in most rows, not in all."""

from __future__ import annotations

import numpy as np

from core.checks.formula import LEAST_ROWS, TINY, Term

MOSTLY, MORE_THAN_ONE = 0.6, 0.3
"""Share of the rows, and by how much it must be above that of a column alone."""
LEAST_VALUES = 20
FINE = 0.02
"""Share of the target's spread that rounding may be."""


def mostly_equal(target: Term, singles: list[Term], pairs: list[Term]) -> tuple[float, Term | None]:
    """The pair that equals the target in most rows, and in how many; None where there is none."""
    spread = float(target.values.std())
    different = len(np.unique(target.values))
    if len(target.values) < LEAST_ROWS or different < LEAST_VALUES or not spread > 0:
        return 0.0, None
    shares = [_share(target, pair, FINE * spread) for pair in pairs]
    place = int(np.argmax(shares)) if shares else 0
    if not shares or shares[place] < MOSTLY:
        return 0.0, None
    best = pairs[place]
    alone = max((_share(target, one, FINE * spread) for one in singles), default=0.0)
    return (shares[place], best) if shares[place] >= alone + MORE_THAN_ONE else (0.0, None)


def _share(target: Term, term: Term, most: float) -> float:
    """Share of the rows in which two numbers are the same but for rounding, where that is fine."""
    off = target.rounding + TINY * np.abs(target.values)
    same = (np.abs(target.values - term.values) <= off) & (off <= most)
    return float(same.mean())
