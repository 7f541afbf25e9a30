"""By how much a score fell below that of the hold-out, and how likely chance makes so much of a fall.

The hold-out is a sample too: both intervals count (MOVER, Zou and Donner 2008). Arrays go through as well as
numbers, so that the simulation of the rule is the rule.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtr

from core.evaluate.intervals.rates import Z

ONE_SIDED = 1.6448536269514722 / Z
"""A one-sided 95 % limit in parts of half a two-sided interval."""


def p_of_drop(drop: Any, now: Any, then: Any) -> Any:
    """One-sided p of "it did not fall".

    Args:
        drop: by how much it fell.
        now: from the score now to the better end of its interval.
        then: from the score on the hold-out to the worse end of its interval.
    """
    reach = np.hypot(now, then)
    with np.errstate(divide="ignore", invalid="ignore"):
        return ndtr(-Z * np.where(reach > 0, drop / reach, np.where(np.greater(drop, 0), np.inf, -np.inf)))


def worst_drop(drop: Any, now: Any, then: Any) -> Any:
    """The most that it may have fallen, at 95 %.

    Args:
        now: from the score now to the worse end of its interval.
        then: from the score on the hold-out to the better end of its interval.
    """
    return drop + ONE_SIDED * np.hypot(now, then)


def pooled_reach(reaches: Any, weights: Any) -> Any:
    """Of a mean of independent scores, over the last axis."""
    return np.sqrt(np.sum((np.asarray(reaches) * weights) ** 2, axis=-1)) / np.sum(weights, axis=-1)
