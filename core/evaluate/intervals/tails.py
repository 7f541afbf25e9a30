"""Whether errors have tails so heavy that no interval of their mean square can be trusted."""

from __future__ import annotations

import numpy as np
from scipy import stats

from core.scoring.pairs import Floats

HEAVY = (3.0, 4.0, 6.0)
"""Degrees of freedom of the t distributions that errors are tried against."""
ROUNDS = 30


def favours_heavy(errors: Floats) -> float:
    """How much likelier errors are under a heavy-tailed t distribution than under a normal one.

    Args:
        errors: (n,) signed errors; their middle is taken off.

    Returns:
        Difference of the best log-likelihoods, in nats; above 1 speaks for heavy tails. 0 without spread.
    """
    centred = errors - np.median(errors)
    middle = float(np.median(centred**2))
    if middle <= 0:
        return float("inf") if np.any(centred) else 0.0
    normal = float(stats.norm.logpdf(centred, scale=np.sqrt(np.mean(centred**2))).sum())
    heavy = []
    for freedom in HEAVY:
        scale = middle / stats.norm.ppf(0.75) ** 2
        for _ in range(ROUNDS):
            scale = float(np.mean((freedom + 1) / (freedom + centred**2 / scale) * centred**2))
        heavy.append(float(stats.t.logpdf(centred, freedom, scale=np.sqrt(scale)).sum()))
    return max(heavy) - normal
