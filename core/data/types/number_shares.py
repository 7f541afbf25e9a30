"""How many texts of a column are numbers, by which marks, and what the others are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import pandas as pd

from core.data.table import Marks
from core.digits import times
from core.standalone.cells import CURRENCY, as_number, without_marks
from core.standalone.counts import counted_of, first_of

LEAST = 0.5
"""Share of the texts from which a column is said to hold numbers beside other texts."""
FEW_CODES = 20
"""So many different numbers beside words may be codes of classes; more are measured or counted."""
SHOWN = 3
HEAD = 1_000


@dataclass(frozen=True)
class MixedNumbers:
    """A column of texts that holds numbers beside other texts.

    Attributes:
        numbers: how many texts are numbers.
        odd: the texts that are none, by their place.
        marks: of the numbers, as in ``number_marks``.
    """

    numbers: int
    odd: pd.Series
    marks: Marks

    @property
    def words(self) -> str:
        """What the column holds, with the commonest of the other texts."""
        return (
            f"{counted_of(self.numbers, self.numbers + len(self.odd), 'value', 'is')} numbers, "
            f"{len(self.odd):,} are not ({commonest(self.odd)})"
        )


def commonest(texts: pd.Series) -> str:
    """The commonest of some texts with their numbers of cells, in words."""
    counts = texts.value_counts()
    named = [f"{str(text)[:40]!r} {times(int(cells))}" for text, cells in counts.items()]
    return first_of(named, SHOWN, "text")


def mixed_numbers(present: pd.Series, decimal: str) -> MixedNumbers | None:
    """The numbers beside other texts of a column; None where they are few, all, or parts of codes.

    Whole numbers beside texts with digits, such as 113803 beside ``A/5 21171``, are codes, and so are
    numbers with a leading zero and a few different ones beside words.

    Args:
        present: texts without missing ones.
        decimal: decimal mark of the file.
    """
    head = present.iloc[:: max(1, len(present) // HEAD)]
    if not len(head) or head.str.contains(r"^\s*[+-]?\d|^\s*\W{1,2}\d", regex=True).mean() < 0.9 * LEAST:
        return None
    marks = number_marks(present, decimal)
    numbers = as_number(present, decimal, marks)
    odd, read = present[numbers.isna()], numbers.dropna()
    if not len(odd) or len(read) < LEAST * len(present) or read.nunique() <= FEW_CODES:
        return None
    is_whole = bool((read % 1 == 0).all())
    if is_whole and (odd.str.contains(r"\d").mean() > 0.5 or present.str.match(r"\s*0\d").any()):
        return None
    return MixedNumbers(len(read), odd, marks)


def numeric_share(texts: pd.Series, decimal: str, marks: str = "") -> float:
    """Share of texts without missing ones that read as a number, from 0 to 1; 0 when there are none."""
    return float(as_number(texts, decimal, marks).notna().mean()) if len(texts) else 0.0


def number_marks(texts: pd.Series, decimal: str) -> Marks:
    """The mark of thousands and the decimal mark by which most texts are numbers, such as ``,.``.

    Args:
        texts: without missing ones.
        decimal: decimal mark of the file, preferred where both readings are possible.

    Returns:
        Empty where no marks read more texts than none do, or where amounts and percents are mixed.
    """
    percent = texts.str.contains("%", regex=False)
    if percent.any() and not percent[without_marks(texts.str.strip(), ",.").notna()].all():
        return ""
    if texts.str.extract(rf"({CURRENCY})", expand=False).nunique() > 1:
        return ""
    pairs: tuple[Marks, ...] = get_args(Marks)[1:]
    ordered = sorted(pairs, key=lambda marks: marks[1] != decimal)
    shares = {marks: numeric_share(texts, decimal, marks) for marks in ordered}
    best = max(shares, key=lambda marks: shares[marks])
    return best if shares[best] > numeric_share(texts, decimal) else ""
