"""What the score of rows without labels is taken to be."""

from __future__ import annotations

from core.data.table import Frozen


class Estimate(Frozen):
    """What the score of unlabelled rows is taken to be.

    Attributes:
        metric: id of the score.
        value, low, high: with a 95 % interval, if the target depends on the columns as it did; None where
            nothing is estimated, and ``text`` says why.
        n: rows.
    """

    metric: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int
    text: str
