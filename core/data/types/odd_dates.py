"""Texts and numbers that are dates to a person and are not read as such: what is said of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.data.types.date_formats import FORMATS, NEARLY, SAMPLE, nearly
from core.data.types.typed_columns import Typed

MONTH_NAMED = r"(?:\d{1,2}\.?\s*(?:de\s+)?)?[^\W\d_]{3,10}\.?,?\s+(?:de\s+)?(?:\d{1,2},?\s+)?\d{4}"
MOST_MONTHS = 24
MOST_FORMATS = 3
SHOWN = 5
DAY, SHORT_DAY = "%Y%m%d", "%y%m%d"
FEWEST_SHORT = 20
"""So many different numbers of six digits are hardly all days by chance."""
REMEDY = "Write them in the file like 2024-12-31 to have them read as dates."


def note_dates(present: pd.Series, name: str, typed: Typed, first_line: int) -> None:
    """Say which few texts of a column of dates are none, or that its dates are written in several ways.

    Args:
        present: texts without the missing ones.
        first_line: line of the first row, or 0.
    """
    format, bad = nearly(present)
    if format:
        odd, dates = present[bad.to_numpy()], present[~bad.to_numpy()]
        shown = places([(int(i), str(text)[:40]) for i, text in odd.iloc[:SHOWN].items()], first_line)
        text = f"{len(odd):,} of {len(present):,} values are no dates such as {dates.iloc[0]!r} ({shown})"
        typed.note("TYPE", f"{name!r}: {text}; it is kept as text.", name)
        return
    examples = several_formats(present)
    if examples:
        listed = ", ".join(map(repr, examples))
        text = f"{name!r} holds dates written in {len(examples)} ways ({listed}), kept as text. {REMEDY}"
        typed.note("TYPE", text, name)
    elif months_named(present):
        text = f"{name!r} looks like dates with names of months, such as {present.iloc[0]!r}, kept as text."
        typed.note("TYPE", f"{text} {REMEDY}", name)


def places(cells: Sequence[tuple[int, str]], first_line: int) -> str:
    """Where some cells stand, and what they hold."""
    label = "line" if first_line else "row"
    return ", ".join(f"{label} {at + (first_line or 1):,} {text!r}" for at, text in cells)


def several_formats(present: pd.Series) -> list[str]:
    """An example of each of the two or three formats that nearly all texts follow; empty where none do."""
    left = pd.Series(present.unique()[:SAMPLE], dtype="str")
    every, examples = len(left), list[str]()
    while len(left) and len(examples) < MOST_FORMATS:
        fitting = [format for format in FORMATS if _read(left.iloc[:1], format).notna().all()]
        if not fitting:
            break
        examples.append(str(left.iloc[0]))
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
