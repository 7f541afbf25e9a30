"""How far a predicted number may be from what comes, as a bundle remembers it."""

from __future__ import annotations

from typing import Self

from pydantic import FiniteFloat, NonNegativeInt, model_validator

from core.data.table import Frozen
from core.standalone.counts import counted


class Held(Frozen):
    """Rows of one kind, and how many of them lay inside an interval that they did not set.

    Attributes:
        kind: in words, such as ``region = north``.
    """

    kind: str
    rows: NonNegativeInt
    inside: NonNegativeInt

    @property
    def share(self) -> float:
        """Of the rows; 0 of none."""
        return self.inside / self.rows if self.rows else 0.0


class Conformal(Frozen):
    """A conformal prediction interval: the prediction and what is added to it at both ends.

    Attributes:
        level: that is asked of it.
        edges: between the bins of predictions, ascending; one fewer than bins.
        low, high: added to a prediction in each bin.
        floor: that no target is below; None when unknown.
        rows: whose errors set the ends.
        unit: what counts as independent among them: ``row`` or ``group``.
        held: of rows of each fold, judged by the others' errors, or by those of earlier folds.
        kinds: kinds of rows that were looked at.
        weak: those of them that are inside clearly less often than asked, the worst first.
        in_time: whether the folds go forward in time.
    """

    level: FiniteFloat
    edges: tuple[FiniteFloat, ...]
    low: tuple[FiniteFloat, ...]
    high: tuple[FiniteFloat, ...]
    floor: FiniteFloat | None = None
    rows: NonNegativeInt
    unit: str = "row"
    held: Held
    kinds: NonNegativeInt = 0
    weak: tuple[Held, ...] = ()
    in_time: bool = False

    @model_validator(mode="after")
    def _has_ends_for_each_bin(self) -> Self:
        bins = len(self.edges) + 1
        if len(self.low) != bins or len(self.high) != bins or list(self.edges) != sorted(self.edges):
            raise ValueError(f"the interval is not one of {counted(bins, 'bin')}")
        return self

    def around(self, prediction: float) -> tuple[float, float]:
        """The ends around a prediction."""
        place = sum(edge < prediction for edge in self.edges)
        low, high = prediction + self.low[place], prediction + self.high[place]
        return (low, high) if self.floor is None else (max(low, self.floor), max(high, self.floor))

    @property
    def words(self) -> str:
        """What it is, and how often it held."""
        by = "errors of earlier rows" if self.in_time else "errors of other rows"
        text = (
            f"Conformal interval of {self.level:.0%}: of {counted(self.held.rows, 'validation row')}, judged "
            f"by the {by}, {self.held.share:.1%} lay inside."
        )
        if self.weak:
            worst = "; ".join(f"{one.kind}: {one.share:.1%} of {one.rows:,}" for one in self.weak)
            return f"{text} Clearly less often where {worst}."
        if not self.kinds:
            return text
        return f"{text} None of {counted(self.kinds, 'kind')} of rows looked at did clearly worse."
