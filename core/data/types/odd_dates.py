"""Texts and numbers that are dates to a person and are not read as such: what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.data.types.centuries import with_century
from core.data.types.date_formats import NEARLY, SAMPLE, formats_like, mostly
from core.data.types.named_times import named_times
from core.data.types.typed_columns import Typed
from core.standalone.cells import as_datetime
from core.standalone.counts import counted
from core.standalone.rows.day_order import order_words, swapped

MONTH_NAMED = r"(?:\d{1,2}\.?\s*(?:de\s+)?)?[^\W\d_]{3,10}\.?,?\s+(?:de\s+)?(?:\d{1,2},?\s+)?\d{4}"
MOST_MONTHS = 24
MOST_FORMATS = 3
SHOWN = 5
LEAST = 0.5
"""Share of the texts from which a column is said to hold dates beside other texts."""
DAY, SHORT_DAY = "%Y%m%d", "%y%m%d"
FEWEST_SHORT = 20
"""So many different numbers of six digits are hardly all days by chance."""
REMEDY = "Write them in the file like 2024-12-31 to have them read as dates."


@dataclass(frozen=True)
class Dates:
    """What a column of texts holds that are dates to a person, all of them or most.

    Attributes:
        words: what it holds; a sentence goes on behind it.
        format: by which all but ``odd`` are read as dates; empty where no one format reads them.
        odd: the texts that are none, by their place.
        remedy: one sentence.
    """

    words: str
    format: str = ""
    odd: pd.Series | None = None
    remedy: str = REMEDY


def dates_of(present: pd.Series) -> Dates | None:
    """What a column of texts holds that are dates but not read as such; None for other texts.

    Args:
        present: texts without missing ones.
    """
    format, bad = mostly(present, NEARLY)
    if not format:
        examples = several_formats(present)
        if examples:
            listed = ", ".join(map(repr, examples))
            return Dates(f"holds dates written in {len(examples)} ways ({listed})")
        format, bad = mostly(present, LEAST)
    if format:
        return _beside_others(present, format, bad)
    names = named_times(present)
    if names:
        remedy = "Write them in the file like 2024-12-31 10:30:00+01:00 to have them read as dates."
        return Dates(f"holds dates with {names}, which are not read", remedy=remedy)
    if months_named(present):
        return Dates(f"looks like dates with names of months, such as {present.iloc[0]!r}")
    return None


def _beside_others(present: pd.Series, format: str, bad: pd.Series) -> Dates:
    """Dates of one format beside other texts."""
    odd, texts = present[bad.to_numpy()], present[~bad.to_numpy()]
    words = (
        f"has {len(odd):,} of {counted(len(present), 'value')} that are no dates such as {texts.iloc[0]!r}"
    )
    other = swapped(format)
    if other != format and pd.to_datetime(texts, format=other, errors="coerce", utc=True).notna().all():
        first = order_words(format)
        words += f", which may be day or month first (as dates they are read {first} first)"
    return Dates(words, with_century(format, as_datetime(texts, format)), odd)


def note_dates(present: pd.Series, name: str, typed: Typed, first_line: int) -> bool:
    """Say which texts of a column of dates are none, or why its dates were not read; whether it holds some.

    Args:
        present: texts without the missing ones.
        first_line: line of the first row, or 0.
    """
    dates = dates_of(present)
    if dates is None:
        return False
    if dates.odd is None:
        typed.note("TYPE", f"{name!r} {dates.words}, kept as text. {dates.remedy}", name)
        return True
    shown = places([(int(i), str(text)[:40]) for i, text in dates.odd.iloc[:SHOWN].items()], first_line)
    typed.note("TYPE", f"{name!r} {dates.words} ({shown}); it is kept as text.", name)
    return True


def places(cells: Sequence[tuple[int, str]], first_line: int) -> str:
    """Where some cells stand, and what they hold."""
    label = "line" if first_line else "row"
    return ", ".join(f"{label} {at + (first_line or 1):,} {text!r}" for at, text in cells)


def several_formats(present: pd.Series) -> list[str]:
    """An example of each of the two or three formats that nearly all texts follow; empty where none do."""
    left = pd.Series(present.unique()[:SAMPLE], dtype="str")
    every, examples = len(left), list[str]()
    while len(left) and len(examples) < MOST_FORMATS:
        first = str(left.iloc[0])
        fitting = [format for format in formats_like(first) if _read(left.iloc[:1], format).notna().all()]
        if not fitting:
            break
        examples.append(first)
        left = left[min((_read(left, format).isna() for format in fitting), key=lambda odd: odd.sum())]
    return examples if len(examples) > 1 and len(left) <= (1 - NEARLY) * every else []


def _read(texts: pd.Series, format: str) -> pd.Series:
    return pd.to_datetime(texts, format=format, errors="coerce", utc=True)


def months_named(present: pd.Series) -> bool:
    """Whether texts are a day, a word and a year, with as many words as months have names."""
    head = present.iloc[:SAMPLE]
    if head.str.fullmatch(MONTH_NAMED).mean() < NEARLY:
        return False
    words = head.str.findall(r"[^\W\d_]{3,10}").explode().dropna()
    return bool(1 < words.nunique() <= MOST_MONTHS)


def note_day_numbers(numbers: pd.Series, name: str, typed: Typed) -> None:
    """Say that whole numbers look like days written without marks, such as 20241231.

    Args:
        numbers: float64, NaN for missing.
    """
    values = np.unique(numbers.dropna().to_numpy())
    if not len(values) or np.any(values % 1):
        return
    is_long = values[0] >= 19_000_101 and values[-1] <= 21_001_231
    is_short = values[0] >= 10_101 and values[-1] <= 991_231 and len(values) >= FEWEST_SHORT
    if not (is_long or is_short):
        return
    distinct = pd.Series(values.astype("int64").astype("str")).str.zfill(8 if is_long else 6)
    if pd.to_datetime(distinct, format=DAY if is_long else SHORT_DAY, errors="coerce").notna().all():
        text = f"{name!r} looks like days written as numbers, such as {distinct.iloc[0]}, read as numbers."
        typed.note("DAY_NUMBER", f"{text} {REMEDY}", name)
