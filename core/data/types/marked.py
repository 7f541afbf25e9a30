"""Numbers with something before or behind them: a bound, a currency, a unit; and clock times."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from core.standalone.cells import CURRENCY, in_plain_digits
from core.standalone.counts import counted

MONEY = (
    rf"{CURRENCY}|(?:US|CA|AU|NZ|HK|R|C|A)\$|[₹₽₺₩₫₪₱₦₴₵₡₲₸฿]|Rs\.?|kr\.?|zł|Kč|Ft|PLN|SEK|NOK|DKK|CZK|HUF|JPY|CNY"
    r"|INR|AUD|CAD|BRL|MXN|TRY|RUB|KRW|ZAR"
)
BEFORE = rf"[<>≤≥=~≈±]{{1,2}}|{MONEY}|ca\.?|about|approx\.?"
BEHIND = rf"%|‰|°\s?[A-Za-z]?|{MONEY}|[^\W\d_][^\d\s,;]{{0,11}}(?:[23]|\s[^\W\d_]{{1,6}})?|[*†+\-.\"″′]"
NUMBER = r"(?:\d{1,3}(?:[.,'’ _\u00a0\u202f]\d{3})+|\d+)(?:[.,]\d*)?(?:[eE][+-]?\d+)?|[.,]\d+"
MARKED = rf"^\s*(?P<before>{BEFORE})?\s*[+-]?(?P<number>{NUMBER})\s*(?P<behind>{BEHIND})?\s*$"
GROUPED = r"^[1-9]\d{0,2}(?:['’ _\u00a0\u202f]\d{3}|[.,]\d{3}[.,])"
CLOCK = r"\s*(?:-?\d+ days?,? \+?)?-?\d{1,4}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[aApP][mM])?\s*"
SHARE = 0.8
"""Share of the texts that must be such numbers."""
MOST_MARKS = 8
FEWEST_NUMBERS = 20
"""So many different numbers are measured; fewer may be codes such as sizes."""
SHOWN = 5
HEAD = 1_000


@dataclass(frozen=True)
class Marks:
    """What stands beside the numbers of a column of texts.

    Attributes:
        before, behind: sign or unit -> number of cells.
        plain: cells with the number alone.
        clock: cells that are clock times.
        others: cells that are neither.
        grouped: cells with marks of thousands that are no decimal mark.
        places: (row, text) of some cells that are not plain, by the position of the row.
    """

    before: dict[str, int]
    behind: dict[str, int]
    plain: int
    clock: int
    others: int
    grouped: int
    places: tuple[tuple[int, str], ...]

    @property
    def units(self) -> tuple[str, ...]:
        """The units and currencies, wherever they stand."""
        return tuple(sorted({*self.behind, *(sign for sign in self.before if re.fullmatch(MONEY, sign))}))

    def words(self) -> str:
        """The marks with their numbers of cells."""
        parts = [f"{count:,} with {mark!r} before" for mark, count in self.before.items()]
        parts += [f"{count:,} with {mark!r} behind" for mark, count in self.behind.items()]
        parts += [counted(self.clock, "clock time")] if self.clock else []
        parts += [f"{self.grouped:,} with marks of thousands"] if self.grouped else []
        parts += [f"{self.plain:,} without"] if self.plain else []
        parts += [f"{self.others:,} that are no numbers"] if self.others else []
        return ", ".join(parts)


def marks_of(present: pd.Series) -> Marks | None:
    """What stands beside the numbers of a column, or None where its texts are no such numbers.

    Args:
        present: texts without missing ones, by their place in the file.
    """
    if not len(present) or _share(present.iloc[:HEAD]) < SHARE:
        return None
    texts = in_plain_digits(present)
    parts = texts.str.extract(MARKED)
    clock = texts.str.fullmatch(CLOCK).astype(bool)
    number = parts["number"].notna()
    before, behind = (parts[side].dropna().str.strip().value_counts() for side in ("before", "behind"))
    grouped = parts["number"].str.contains(GROUPED, na=False)
    is_plain = number & ~grouped & parts["before"].isna() & parts["behind"].isna()
    measured = parts["number"].nunique() >= FEWEST_NUMBERS or bool(clock.any())
    few = len(before) + len(behind) <= MOST_MARKS
    if (
        (number | clock).mean() < SHARE
        or not measured
        or not few
        or not (len(before) or len(behind) or (clock | grouped).any())
    ):
        return None
    odd = present[~is_plain].iloc[:SHOWN]
    return Marks(
        {str(mark): int(n) for mark, n in before.items()},
        {str(mark): int(n) for mark, n in behind.items()},
        int(is_plain.sum()),
        int(clock.sum()),
        int((~number & ~clock).sum()),
        int(grouped.sum()),
        tuple((int(place), str(text)[:40]) for place, text in odd.items()),
    )


def _share(texts: pd.Series) -> float:
    plain = in_plain_digits(texts)
    return float((plain.str.match(MARKED) | plain.str.fullmatch(CLOCK)).mean())
