"""To what step the numbers of a column are rounded."""

from __future__ import annotations

import numpy as np

ON_GRID, OFF_GRID = 0.95, 0.01
"""Share of the numbers that are a multiple of the step, and by what part of it they may miss one."""
MOST_DIGITS = 6


def step_of(values: np.ndarray) -> float:
    """The largest step of which nearly all numbers are multiples, such as 0.01; 0 where there is none.

    Args:
        values: any length; NaN is left out.
    """
    present = np.unique(values[np.isfinite(values)])
    if len(present) < 2:
        return 0.0
    usual = float(np.diff(present).min())
    for step in (usual, *(10.0**-digits for digits in range(MOST_DIGITS + 1))):
        multiples = (present - present[0]) / step
        if (np.abs(multiples - np.round(multiples)) <= OFF_GRID).mean() >= ON_GRID:
            return step
    return 0.0
