"""What stands among and beside the digits of numbers that are read by their marks."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from core.data.table import Marks
from core.standalone.cells import CURRENCY, THOUSANDS, in_plain_digits

PROOF = 0.05
"""Share of the cells with a decimal mark that must show, by other than three digits, that it is one."""
BESIDE = rf"{CURRENCY}|%"
BARE = rf"{BESIDE}|[()+\-\s]"


@dataclass(frozen=True)
class WrittenMarks:
    """What the marks of a column leave open, and the signs that are left out.

    Attributes:
        grouped: cells whose mark of thousands is one for sure, with an example.
        open: cells whose decimal mark may mark thousands, with an example; 0 where others show what it is.
        signs: currency or percent sign -> number of cells.
    """

    grouped: tuple[int, str]
    open: tuple[int, str]
    signs: dict[str, int]


def written_marks(values: pd.Series, marks: Marks) -> WrittenMarks:
    """What the marks of a column of texts leave open.

    Args:
        marks: the mark of thousands and the decimal mark by which it is read.
    """
    texts = in_plain_digits(values.dropna().astype("str").str.strip())
    plain = texts.str.replace(BARE, "", regex=True)
    thousands, decimal = THOUSANDS.get(marks[0], re.escape(marks[0])), re.escape(marks[1])
    many = texts.str.contains(rf"\d{thousands}\d{{3}}(?!\d)", regex=True)
    marked = plain.str.contains(decimal, regex=True)
    either = plain.str.fullmatch(rf"[1-9]\d{{0,2}}{decimal}\d{{3}}") & ~many
    is_open = (marked & ~either).sum() < PROOF * marked.sum()
    signs = texts.str.extract(rf"({BESIDE})", expand=False).value_counts()
    return WrittenMarks(
        _cells(texts[many]),
        _cells(texts[either]) if is_open else (0, ""),
        {str(sign): int(cells) for sign, cells in signs.items()},
    )


def _cells(texts: pd.Series) -> tuple[int, str]:
    return len(texts), str(texts.iloc[0])[:40] if len(texts) else ""
