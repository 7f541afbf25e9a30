"""How many new rows a comparison needs to find a change of a column of numbers."""

from __future__ import annotations

import numpy as np
from scipy import stats

POWER = 0.8
MORE = 1.5
"""The change that is promised to be found, as a multiple of what just counts."""


def rows_needed(reference: int, tests: int, delta: float, alarms: float) -> int | None:
    """New rows from which a shift of MORE times ``delta`` is found in at least POWER of comparisons.

    It must be beyond chance by the Kolmogorov-Smirnov test with the strictest adjustment for that many tests,
    and the effect that is seen must reach ``delta``. At the place of the largest gap its standard error is at
    most half the root of 1/n + 1/m.

    Args:
        reference: values of the reference.
        alarms: the error rate of all tests together.

    Returns:
        None when no number of new rows is enough, because the reference has too few.
    """
    margin = float(stats.norm.ppf(POWER)) / 2
    critical = float(np.sqrt(-np.log(alarms / (2 * max(1, tests))) / 2))
    scale = min(MORE * delta / (critical + margin), (MORE - 1) * delta / margin)
    left = scale**2 - 1 / max(1, reference)
    return None if left <= 0 else int(np.ceil(1 / left))
