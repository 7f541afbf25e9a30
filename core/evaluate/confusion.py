"""Which classes are taken for which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.evaluate.intervals.rates import share_ends
from core.scoring.pairs import Pairs, whole
from core.standalone.counts import counted

MOST_CLASSES = 40


@dataclass(frozen=True, eq=False)
class Confusion:
    """Row counts by true and predicted class.

    Attributes:
        labels: the classes, in the order of ``counts``.
        counts: (k, k), true class down, predicted class across.
        others: how many small classes were put together in the last row and column; 0 for none.
    """

    labels: tuple[str, ...]
    counts: NDArray[np.int64]
    others: int = 0

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"labels": list(self.labels), "counts": self.counts.tolist(), "others": self.others}


def confusion(pairs: Pairs, most: int = MOST_CLASSES) -> Confusion:
    """The confusion matrix; beyond ``most`` classes the smallest are put together under one last label."""
    counts = _counts(pairs)
    if len(counts) <= most:
        return Confusion(pairs.classes, counts)
    size = counts.sum(axis=1)
    kept = np.sort(np.argsort(-size, kind="stable")[: most - 1])
    place = np.full(len(counts), most - 1)
    place[kept] = np.arange(most - 1)
    small = np.zeros((most, most), dtype=np.int64)
    np.add.at(small, (place[:, None], place[None, :]), counts)
    others = len(counts) - len(kept)
    return Confusion((*(pairs.classes[i] for i in kept), counted(others, "other class")), small, others)


def per_class(pairs: Pairs, most: int = 200) -> pd.DataFrame:
    """Precision, recall and F1 of each class, the largest ``most`` classes in class order.

    Returns:
        ``label``, ``precision`` (NaN when never predicted), ``recall`` (NaN when it never occurs) with its
        95 % interval ``recall_low`` and ``recall_high``, ``f1``, ``support`` (rows of the class) and
        ``predicted`` (rows called it).
    """
    counts = _counts(pairs)
    right, support, called = np.diagonal(counts), counts.sum(axis=1), counts.sum(axis=0)
    low, high = share_ends(right.astype(np.float64), np.maximum(support, 1).astype(np.float64))
    missing = support == 0
    with np.errstate(invalid="ignore"):
        table = pd.DataFrame(
            {
                "label": list(pairs.classes),
                "precision": right / called,
                "recall": right / support,
                "recall_low": np.where(missing, np.nan, low),
                "recall_high": np.where(missing, np.nan, high),
                "f1": 2 * right / (support + called),
                "support": support,
                "predicted": called,
            }
        )
    return table.nlargest(most, "support", keep="first").sort_index().reset_index(drop=True)


def _counts(pairs: Pairs) -> NDArray[np.int64]:
    return whole(pairs).confusion[0].astype(np.int64)
