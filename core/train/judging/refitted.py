"""What a model that learned from every row would have said of the rows that were held out of its twin.

A model says other things once it has learned from more rows: boosting that stops early by a few rows more was
up to a third of the way surer (docs/decisions/0028). What both say of the rows that both have learned from
tells how the one's answers become the other's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.evaluate.prediction import Prediction
from core.scoring.pairs import Floats
from core.standalone.prediction import labels_from


def as_refitted(
    held_out: Prediction, before: Prediction, after: Prediction, threshold: float | None
) -> Prediction:
    """The prediction of held-out rows on the scale of the model that learned from all.

    Each answer keeps its place among those to the rows that both models have learned from. Classes of more
    than two stay as they are.

    Args:
        held_out, before: of the model without the held-out rows, on these and on the rows it learned from.
        after: of the model that learned from all, on the same rows as ``before``.
        threshold: of a binary label; None means 0.5.
    """
    if held_out.task == "regression":
        moved = _moved(*(one.labels.astype(np.float64) for one in (held_out, before, after)))
        return Prediction("regression", (), moved)
    if held_out.task != "binary" or not (shares := _positive((held_out, before, after))):
        return held_out
    share = np.clip(_moved(*shares), 0, 1)
    both = np.column_stack([1 - share, share])
    labels = labels_from(held_out.classes, both, 0.5 if threshold is None else threshold)
    return Prediction("binary", held_out.classes, labels, both)


def _positive(predictions: Sequence[Prediction]) -> list[Floats]:
    """The probabilities of the positive class; empty where a prediction has none."""
    shares = [one.proba[:, -1] for one in predictions if one.proba is not None]
    return shares if len(shares) == len(predictions) else []


def _moved(values: Floats, before: Floats, after: Floats) -> Floats:
    """(n,) values carried from the distribution of ``before`` to that of ``after``, rank by rank."""
    old, new = np.sort(before), np.sort(after)
    ranks = (np.searchsorted(old, values, "left") + np.searchsorted(old, values, "right")) / 2
    inside = np.quantile(new, np.clip(ranks / len(old), 0, 1))
    beyond = np.minimum(values - old[0], 0) + np.maximum(values - old[-1], 0)
    return np.asarray(inside + beyond, dtype=np.float64)
