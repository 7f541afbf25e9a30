"""The numbers behind the verdict on a column: shown, and taken away as JSON, but they do not decide."""

from __future__ import annotations

from typing import Literal

from core.data.table import Frozen
from core.recipe.usage import later


class AspectRow(Frozen):
    """One test of a column: ``core.drift.tests.aspects.Aspect``, with its adjusted p-value and state."""

    test: str
    aspect: str
    state: str
    q: float
    statistic: float
    p: float
    effect: float
    threshold: float
    mde: float


class Quantile(Frozen):
    """A quantile of both sides; ``rank`` is its share of the values."""

    rank: float
    reference: float
    current: float


class Histogram(Frozen):
    """Shares of the values of both sides in common bins.

    Attributes:
        edges: of the bins of numbers, one more than bins.
        levels: of categories, or numbers of hours or weekdays.
        part: what the levels of a date are.
    """

    reference: tuple[float, ...]
    current: tuple[float, ...]
    edges: tuple[float, ...] = later(())
    levels: tuple[str, ...] = later(())
    part: Literal["", "hour", "weekday"] = later("")


class TimeRange(Frozen):
    """First and last time of both sides, written out.

    Attributes:
        rounded: whether those of the reference are rounded outwards, as a bundle gives them.
    """

    reference: tuple[str, str]
    current: tuple[str, str]
    rounded: bool = later(False)


class ColumnFacts(Frozen):
    """What is known of both sides of a column; what could not be computed is None or empty.

    Attributes:
        missing_reference, missing_current: shares of the rows.
        distinct_reference, distinct_current: numbers of different values.
        unseen_share: of the new rows, with a value that the reference does not have; ``unseen_levels`` some.
        independent_reference, independent_current: for how many independent values those of each side count,
            where rows come in lots that are alike; else None.
        psi, js: population stability index and Jensen-Shannon distance.
    """

    missing_reference: float | None = later(None)
    missing_current: float | None = later(None)
    distinct_reference: int | None = later(None)
    distinct_current: int | None = later(None)
    aspects: tuple[AspectRow, ...] = later(())
    unseen_share: float | None = None
    unseen_levels: tuple[str, ...] = ()
    range: TimeRange | None = later(None)
    independent_reference: float | None = later(None)
    independent_current: float | None = later(None)
    psi: float | None = later(None)
    js: float | None = later(None)
    quantiles: tuple[Quantile, ...] = later(())
    histogram: Histogram | None = later(None)


NOTHING = ColumnFacts()
"""Of a column that was not compared."""
