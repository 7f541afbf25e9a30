"""Another threshold, where the one in use misses most of the positive class, or calls nearly every row so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.catalog.metrics import threshold_objectives
from core.evaluate.prediction import Prediction
from core.evaluate.threshold import Threshold, choose_threshold, threshold_table
from core.results.validate import ThresholdAdvice
from core.scoring.pairing import pair
from core.train.rows.split import Rows
from core.train.work import Work

LEAST_RECALL = 0.5
"""A threshold that finds fewer of the positive rows is worth a word."""
MOST_ALARMS = 0.95
"""So is one that calls a larger share of the other rows positive."""
LEAST_GAIN = 0.05
"""By so much the objective must be better for another threshold to be advised."""
DIGITS = 3


def advise(work: Work, rows: Rows, prediction: Prediction) -> ThresholdAdvice | None:
    """The threshold that validation rows support, if that in use misses most or calls nearly all positive.

    Args:
        rows: of the table, each once.
        prediction: what fits without them said of them.

    Returns:
        None for other tasks, without probabilities, for rows of one class, and where the threshold in use is
        good enough: it finds half of the positive rows and leaves 5 % of the others alone, or none gains 0.05
        in the objective. One that calls every row positive is never good enough if another does not.
    """
    threshold = work.recipe.threshold
    return None if work.recipe.task != "binary" else advise_at(threshold, work.labels(rows), prediction)


def advise_at(threshold: float | None, y: NDArray[Any], prediction: Prediction) -> ThresholdAdvice | None:
    """As ``advise``, for labels of two classes and the threshold in use; None stands for 0.5."""
    if prediction.proba is None or len(np.unique(y)) < 2:
        return None
    now = 0.5 if threshold is None else threshold
    for objective in threshold_objectives():
        best = choose_threshold(y, prediction, objective.id)
        value = float(f"{best.value:.{DIGITS}g}")
        table = threshold_table(pair(y, prediction), np.array([now, value]))
        table["alarms"] = table["fp"] / (table["fp"] + table["tn"])
        used, other = table.iloc[0], table.iloc[1]
        if used["recall"] < LEAST_RECALL:
            gains = _gain(used, other, best) >= LEAST_GAIN and other["recall"] > used["recall"]
            return _advice(used, other, best, prediction) if gains else None
        gains = used["positive_share"] == 1 or _gain(used, other, best) >= LEAST_GAIN
        if gains and used["alarms"] > MOST_ALARMS and other["alarms"] < used["alarms"]:
            return _advice(used, other, best, prediction)
    return None


def _gain(used: pd.Series, other: pd.Series, best: Threshold) -> float:
    return float(np.nan_to_num(other[best.objective]) - np.nan_to_num(used[best.objective]))


def _advice(used: pd.Series, other: pd.Series, best: Threshold, prediction: Prediction) -> ThresholdAdvice:
    precision = [None if np.isnan(row["precision"]) else float(row["precision"]) for row in (used, other)]
    calls_most = used["recall"] >= LEAST_RECALL
    return ThresholdAdvice(
        positive=prediction.classes[-1],
        now=float(used["threshold"]),
        recall_now=float(used["recall"]),
        precision_now=precision[0],
        value=float(other["threshold"]),
        recall=float(other["recall"]),
        precision=precision[1],
        objective=best.objective,
        few_positives=best.few_positives,
        alarms_now=float(used["alarms"]) if calls_most else None,
        alarms=float(other["alarms"]) if calls_most else None,
    )
