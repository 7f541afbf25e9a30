"""The new rows that have a label, and the score of a model on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import FoldlineError
from core.evaluate.intervals.score_interval import intervals
from core.evaluate.intervals.units import group_codes
from core.evaluate.prediction import Prediction
from core.spec import Metric
from core.standalone.cells import as_number, as_text
from core.watch.labelled_score import Score


@dataclass(frozen=True, eq=False)
class Labelled:
    """The rows that have a label which the model knows: (n,) truth, prediction, group ids and times or None.

    Attributes:
        foreign: rows left out because their label is a class that the model does not know.
    """

    truth: Any
    prediction: Prediction
    groups: Any
    times: Any
    foreign: int


def labelled(y_true: Any, prediction: Prediction, groups: Any, times: Any) -> Labelled:
    """The rows that have a label.

    Raises:
        FoldlineError: ``METRIC`` when labels and predictions do not go together.
    """
    truth = pd.Series(np.asarray(y_true, dtype=object))
    truth = as_number(truth) if prediction.task == "regression" else as_text(truth)
    foreign = _foreign(truth, prediction.classes)
    used = truth.notna().to_numpy() & ~foreign
    if foreign.any() and not used.any():
        problem = f"every label is a class that the model does not know, such as {truth[foreign].iloc[0]!r}."
        raise FoldlineError("METRIC", problem, "Correct the labels.")
    if len(used) == len(prediction):
        truth, prediction = truth[used], prediction.take(used)
        groups, times = (None if each is None else np.asarray(each)[used] for each in (groups, times))
    values = truth.to_numpy(None if prediction.task == "regression" else object)
    return Labelled(values, prediction, groups, times, int(foreign.sum()))


def score_of(spec: Metric, rows: Labelled) -> Score | None:
    """The score; None when these rows do not define it.

    Raises:
        FoldlineError: ``METRIC`` when labels and predictions do not go together.
    """
    interval = intervals([spec], rows.truth, rows.prediction, rows.groups, rows.times)[spec.id]
    if not np.isfinite(interval.value):
        return None
    units = None if rows.groups is None else len(np.unique(group_codes(rows.groups)))
    low, high = (None, None) if interval.why else (interval.low, interval.high)
    return Score(
        spec.id,
        interval.value,
        low,
        high,
        len(rows.truth),
        groups=units,
        foreign=rows.foreign,
        why=interval.why,
    )


def _foreign(truth: pd.Series, classes: Sequence[str]) -> NDArray[np.bool_]:
    """(n,) whether a label is a class that the model does not know; nothing of a regression is."""
    usual = truth.isin(list(classes)) if classes else truth.notna()
    return (truth.notna() & ~usual).to_numpy(bool)
