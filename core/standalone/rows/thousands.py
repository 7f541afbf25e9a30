"""Numbers whose marks may be decimal marks or marks of thousands, such as 1.158 beside 922."""

from __future__ import annotations

import pandas as pd

from ..counts import counted
from ..files.decimal_mark import MARK_WORDS
from .trained_column import RowNote

FIRST_NUMBERS = 1_000
BELOW_THOUSAND = 0.9
"""Share of the numbers without a mark that have up to three digits, as those below a thousand do."""
FEWEST_WITHOUT = 0.01
"""Share of numbers without a mark, which decimals of three digits hardly have."""


def thousands_notes(texts: pd.Series, name: str, decimal: str, always: bool) -> list[RowNote]:
    """A note on how marks were read that may mark thousands: three digits stand behind each of them.

    Points in a file with decimal commas always may. The decimal mark may where ``always`` says so, and else
    where whole numbers up to 999 stand beside it.

    Args:
        texts: of a column of numbers, without missing ones.
        decimal: of the file.
    """
    mark = "," if decimal == "," and not texts.str.contains(".", regex=False).any() else "."
    group = rf"[+-]?[1-9]\d{{0,2}}[{mark}]\d{{3}}"
    either = rf"(?:{group}|[^{mark}]*)"
    head = texts.iloc[:FIRST_NUMBERS]
    if decimal == mark and not (head.str.fullmatch(either).all() and texts.str.fullmatch(either).all()):
        return []
    grouped = texts[texts.str.fullmatch(group)]
    without = texts[~texts.str.contains(mark, regex=False)]
    if not len(grouped) or not (mark != decimal or always or _are_below_thousand(without, len(texts))):
        return []
    example = str(grouped.iloc[0])
    text = (
        f"{name!r}: the {MARK_WORDS[mark]} in numbers such as {example!r} "
        f"({counted(len(grouped), 'cell')}) was read as a decimal mark, not as thousands "
        f"({example.replace(mark, '')})."
    )
    return [RowNote("AMBIGUOUS_NUMBER", name, text, "warn", len(grouped))]


def _are_below_thousand(numbers: pd.Series, cells: int) -> bool:
    """Whether numbers without a mark are as those below a thousand are, and too many for decimals."""
    enough = len(numbers) >= max(1, FEWEST_WITHOUT * cells)
    return bool(enough and numbers.str.fullmatch(r"[+-]?[1-9]\d{0,2}").mean() >= BELOW_THOUSAND)
