"""Whether windows differ more than independent losses would, as where rows in a window are alike.

Nobody tells that rows come in lots, of one customer or one hour, unless the recipe names it. Windows show it:
their mean losses spread wider than the losses within them allow. Evidence is then worth less, by that factor.
A wealth to a power below 1 is no more likely to be large by chance than the wealth itself, so that nothing is
lost but power.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.special import chdtrc

from core.scoring.pairs import Codes, Floats
from core.watch.decision.window import STEPS, Losses, Window

CHANCE = 0.05
"""p of so wide a spread from which on it is not taken for chance."""
BLOCKS = 5
FEWEST_APART = 2
"""Windows beyond the one or two means that are taken off, for their spread to be judged."""


def unevenness(units: Any, sums: Any, squares: Any, start: Codes) -> Floats:
    """(..., windows) variance of the means of windows so far in parts of the expected; 1 at least.

    Windows before and from ``start`` have a mean of their own each, so that a drop is no unevenness.

    Args:
        units, sums, squares: (..., windows) number, sum and sum of squares of the losses of a window.
        start: (..., windows) where the second part begins, as seen after each window.
    """
    count, total = np.cumsum(units, axis=-1), np.cumsum(sums, axis=-1)
    each = np.cumsum(np.square(sums) / units, axis=-1)
    before_count, before = _before(count, start), _before(total, start)
    with np.errstate(divide="ignore", invalid="ignore"):
        first = np.where(before_count > 0, before**2 / before_count, 0.0)
        between = each - first - (total - before) ** 2 / (count - before_count)
        seen = np.arange(1, count.shape[-1] + 1)
        within = (np.cumsum(squares, axis=-1) - each) / (count - seen)
        freedom = seen - np.where(start > 0, 2, 1)
        factor = between / within / freedom
        beyond = (freedom >= FEWEST_APART) & (chdtrc(freedom, between / within) < CHANCE)
    return np.where(beyond & np.isfinite(factor), np.maximum(factor, 1.0), 1.0)


def alikeness(losses: Floats) -> float | None:
    """Variance of the means of BLOCKS blocks of neighbours, in parts of that of independent losses.

    Args:
        losses: (n,) in the order in which the rows came.
    """
    size = len(losses) // BLOCKS
    if size < 2:
        return None
    used = losses[: BLOCKS * size]
    spread = float(used.var(ddof=1))
    return float(used.reshape(BLOCKS, size).mean(axis=1).var(ddof=1)) * size / spread if spread else None


def alike_in(windows: Sequence[Window]) -> float:
    """How alike neighbours are in these windows together; 1 where it may be chance."""
    seen = [one.alike for one in windows if one.alike is not None]
    if not seen:
        return 1.0
    mean, freedom = float(np.mean(seen)), len(seen) * (BLOCKS - 1)
    return mean if mean > 1 and float(chdtrc(freedom, freedom * mean)) < CHANCE else 1.0


def _before(cumulative: Any, start: Codes) -> Any:
    """What had come before the window ``start``."""
    cumulative, start = np.broadcast_arrays(cumulative, start)
    there = np.take_along_axis(cumulative, np.maximum(start - 1, 0), axis=-1)
    return np.where(start > 0, there, 0.0)


def moments(losses: Sequence[Losses]) -> tuple[Floats, Floats, Floats]:
    """(windows,) number, sum and sum of squares of the losses of windows."""
    rows = []
    for one in losses:
        values, many = np.array(one.counts, dtype=np.float64).reshape(-1, 2).T
        values = values / STEPS
        rows.append((many.sum(), values @ many, values**2 @ many))
    units, sums, squares = np.array(rows, dtype=np.float64).reshape(-1, 3).T
    return units, sums, squares
