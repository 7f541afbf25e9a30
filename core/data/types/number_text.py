"""Columns of text that are numbers: which texts are, what they become, and what is said about the others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.data.table import ReadOptions
from core.data.types.typed_columns import EXACT, Typed
from core.standalone.cells import as_number
from core.standalone.files.decimal_mark import mark_of

NUMBER = {
    ".": r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?",
    ",": r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?",
}
INFINITE = r"(?i:[+-]?inf(?:inity)?)"
LEADING_ZERO = r"[+-]?0\d.*"
LONG_INTEGER = r"[+-]?\d{16,}"
MONEY = (
    r"[+-]?\s?[$€£¥]\s?[+-]?\d[\d.,]*|[+-]?\d[\d.,]*\s?[$€£¥%]|[+-]?\d+,\d+"
    r"|[+-]?\d{1,3}(?:[,  ']\d{3})+(?:\.\d+)?|[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?|[+-]?\d+(?:\.\d+)?"
)
GROUPED = r"[+-]?[1-9]\d{0,2}\.\d{3}"
"""What may be a number with three decimals or one of thousands."""
ODD_SHARE = 0.01
MONEY_SHARE = 0.9
HEAD = 1_000
SHOWN = 5


def matches(texts: pd.Series, pattern: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which texts match as a whole; by RE2, whose time is linear in the text."""
    hits = pc.match_substring_regex(pa.array(texts, type=pa.large_string()), f"^(?:{pattern})$")
    return np.asarray(hits.to_numpy(zero_copy_only=False), dtype=bool)


def number_from_text(
    text: pd.Series, present: pd.Series, name: str, read: ReadOptions, typed: Typed
) -> pd.Series:
    """A column whose texts are all numbers as float64, or as text where they are codes or too long.

    Args:
        present: its texts without the missing ones.
    """
    suspects = present[matches(present, f"{LEADING_ZERO}|{LONG_INTEGER}")]
    if len(suspects) and matches(suspects, LEADING_ZERO).any():
        typed.note(
            "LEADING_ZERO",
            f"{name!r} has numbers with a leading zero, such as codes; it is kept as text.",
            name,
        )
        return text
    if any(len(value) > 19 or abs(int(value)) > EXACT for value in suspects.unique()):
        typed.note_big_integers(name)
        return text
    numbers = as_number(text, read.decimal)
    typed.note_infinite(name, len(present) - int(numbers.notna().sum()))
    _note_marks(present, name, read, typed)
    return numbers


def _note_marks(present: pd.Series, name: str, read: ReadOptions, typed: Typed) -> None:
    """Say how points were read that may mark thousands: in a file with decimal commas, or one that may be."""
    pointed = present[matches(present, r".*\..*")]
    grouped = pointed[matches(pointed, GROUPED)] if len(pointed) else pointed
    if read.delimiter == "," or not len(grouped) or (read.decimal == "." and len(grouped) < len(pointed)):
        return
    example = str(grouped.iloc[0])
    typed.note(
        "AMBIGUOUS_NUMBER",
        f"{name!r}: the point in numbers such as {example!r} was read as a decimal mark, "
        f"not as thousands ({example.replace('.', '')}).",
        name,
    )


def note_odd(
    present: pd.Series, number: pd.Series, odd: int, name: str, typed: Typed, first_line: int
) -> None:
    """Say where the few texts of a column of numbers are."""
    places = present[~number].iloc[:SHOWN]
    label = "line" if first_line else "row"
    shown = ", ".join(f"{label} {int(i) + (first_line or 1):,} {value[:40]!r}" for i, value in places.items())
    typed.note(
        "TYPE",
        f"{name!r}: {odd:,} of {len(present):,} values are not numbers ({shown}); it is kept as text.",
        name,
    )


def note_money(present: pd.Series, name: str, typed: Typed) -> None:
    """Say that texts look like amounts with a currency, a percent sign or thousands marks."""
    head = present.iloc[:HEAD]
    if matches(head, MONEY).mean() >= MONEY_SHARE:
        example = str(head.iloc[0])
        typed.note(
            "MONEY", f"{name!r} looks like numbers with marks, such as {example!r}; it is kept as text.", name
        )


def find_decimal(frame: pd.DataFrame, delimiter: str) -> str:
    """The decimal mark of a text table: a comma when more columns read as numbers with it.

    Args:
        frame: all text; its first rows decide.
    """
    head = frame.iloc[:HEAD]
    return "." if delimiter == "," else mark_of((head.iloc[:, at] for at in range(head.shape[1])), ".")
