"""What follows from a difference: promote the new model, keep the current one, or look at more rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from core.challenge.one_look import Gap

Decision = Literal["promote", "keep", "equivalent", "continue"]
POWER = 0.8
REACH = 1.959963984540054 + float(ndtri(POWER))
"""Standard errors between a difference and what it is told from, for four looks of five to tell."""
MOST_ROWS = 10_000_000


@dataclass(frozen=True)
class Bars:
    """How much better is better.

    Attributes:
        least: a gain that is proven to be larger promotes; 0 or more, in units of the score.
        margin: differences within it do not matter; above 0.
    """

    least: float
    margin: float


def decide(gap: Gap, bars: Bars, broken: Sequence[str] = ()) -> Decision:
    """The decision that a difference supports.

    Args:
        broken: guardrails that the new model broke; with one of them it is not promoted.
    """
    if not gap.is_judged:
        return "continue"
    if gap.low > bars.least:
        return "keep" if broken else "promote"
    if -bars.margin < gap.low and gap.high < bars.margin:
        return "equivalent"
    if gap.high < bars.least:
        return "keep"
    return "continue"


def rows_needed(gap: Gap, bars: Bars, rows: int) -> int | None:
    """How many rows in all end it in four of five cases, should the difference be what it looks like.

    None where nobody knows: no standard error, or a difference that sits on a bar.
    """
    if not np.isfinite(gap.error) or gap.error <= 0:
        return None
    away = [abs(gap.value - bars.least)]
    if abs(gap.value) < bars.margin:
        away.append(bars.margin - abs(gap.value))
    needed = rows * (REACH * gap.error / max(max(away), 1e-12)) ** 2
    return int(np.ceil(needed)) if needed < MOST_ROWS else None


def rows_for_gain(gap: Gap, gain: float, rows: int) -> int | None:
    """How many rows show a true gain of this size in four of five looks; None where nobody knows."""
    if not np.isfinite(gap.error) or gap.error <= 0 or gain <= 0:
        return None
    return int(np.ceil(rows * (REACH * gap.error / gain) ** 2))
