"""How many more rows a traffic split needs than the same rows for both models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.challenge.stream import half_distances
from core.evaluate.prediction import Prediction
from core.scoring.pairing import pair
from core.scoring.pairs import Floats, Pairs
from core.spec import Metric

FEWEST_ROWS = 100


def split_factor(metric: Metric, y_true: Any, models: Sequence[Prediction]) -> float | None:
    """Rows of a split, half of them to each model, in parts of the paired rows that tell as much.

    By the variances of losses: of half the rows each, 2 (v1 + v2), against that of the differences. Losses
    are wrong labels, half squared distances of probabilities, absolute errors.

    Returns:
        The factor; None of fewer than FEWEST_ROWS rows, or of models that say the same.

    Raises:
        FoldlineError: ``METRIC`` as ``core.scoring.pairing.pair``.
    """
    first, second = (_losses(metric, pair(y_true, one)) for one in models)
    apart = float((second - first).var(ddof=1)) if len(first) >= FEWEST_ROWS else 0.0
    if not apart:
        return None
    return 2 * float(first.var(ddof=1) + second.var(ddof=1)) / apart


def _losses(metric: Metric, pairs: Pairs) -> Floats:
    if pairs.task == "regression":
        return pairs.errors
    if metric.needs_proba and pairs.proba is not None:
        return half_distances(pairs)
    return np.asarray(pairs.truth != pairs.predicted, dtype=np.float64)
