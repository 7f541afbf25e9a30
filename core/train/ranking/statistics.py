"""The interval of a mean over folds, whose training rows overlap."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import stdtrit

from core.train.ranking.interval import LEVEL, Interval


def corrected_interval(differences: Any, n_train: float, n_valid: float) -> Interval:
    """Corrected resampled t interval of the mean over folds (Nadeau and Bengio 2003, section 3).

    Training sets of folds overlap, so the variance of their mean is ``var * (1/J + n_valid/n_train)`` and not
    ``var / J``; the plain t test calls two equal models different far too often. The correction is a rule of
    thumb: equal rules were called different in 1 to 5 % of simulated comparisons, in 9 % where the models
    themselves changed a lot from one table to the next (10 x 10 folds of 100 rows).

    Args:
        differences: (J,) one number a fold, such as the score of one candidate minus another's. NaN folds do
            not count.
        n_train, n_valid: rows of a fold to fit and to validate.

    Returns:
        The 95 % interval; not available for fewer than two folds.
    """
    values = np.asarray(differences, dtype=np.float64)
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return Interval(float(values[0]) if len(values) else np.nan)
    mean, freedom = float(values.mean()), len(values) - 1
    scale = float(np.sqrt(values.var(ddof=1) * (1 / len(values) + n_valid / n_train)))
    half = scale * float(stdtrit(freedom, (1 + LEVEL) / 2))
    return Interval(mean, mean - half, mean + half)
