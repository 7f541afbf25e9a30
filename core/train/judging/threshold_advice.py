"""Another threshold, where the one in use misses most of the positive class."""

from __future__ import annotations

import numpy as np

from core.evaluate.prediction import Prediction
from core.evaluate.threshold import choose_threshold, threshold_table
from core.results.validate import ThresholdAdvice
from core.scoring.pairing import pair
from core.train.rows.split import Rows
from core.train.work import Work

LEAST_RECALL = 0.5
"""A threshold that finds fewer of the positive rows is worth a word."""
LEAST_GAIN = 0.05
"""By so much the objective must be better for another threshold to be advised."""
DIGITS = 3


def advise(work: Work, rows: Rows, prediction: Prediction) -> ThresholdAdvice | None:
    """The threshold that validation rows support, if that in use finds less than half of the positive ones.

    Args:
        rows: of the table, each once.
        prediction: what fits without them said of them.

    Returns:
        None for other tasks, without probabilities, for rows of one class, and where the threshold in use is
        good enough: it finds half of the positive rows, or none gains 0.05 in the objective.
    """
    y = work.labels(rows)
    if work.recipe.task != "binary" or prediction.proba is None or len(np.unique(y)) < 2:
        return None
    now = 0.5 if work.recipe.threshold is None else work.recipe.threshold
    best = choose_threshold(y, prediction)
    value = float(f"{best.value:.{DIGITS}g}")
    table = threshold_table(pair(y, prediction), np.array([now, value]))
    used, other = table.iloc[0], table.iloc[1]
    gain = np.nan_to_num(other[best.objective]) - np.nan_to_num(used[best.objective])
    if used["recall"] >= LEAST_RECALL or gain < LEAST_GAIN or other["recall"] <= used["recall"]:
        return None
    share = {
        name: None if np.isnan(row["precision"]) else float(row["precision"])
        for name, row in (("now", used), ("other", other))
    }
    return ThresholdAdvice(
        positive=prediction.classes[-1],
        now=now,
        recall_now=float(used["recall"]),
        precision_now=share["now"],
        value=value,
        recall=float(other["recall"]),
        precision=share["other"],
        objective=best.objective,
        few_positives=best.few_positives,
    )
