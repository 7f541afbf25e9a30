"""Columns of text that are numbers: which texts are, what they become, and what is said about the others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.data.table import ReadOptions
from core.data.types.marked import marks_of
from core.data.types.number_shares import FEW_CODES, mixed_numbers, number_marks
from core.data.types.odd_dates import note_dates, note_day_numbers, places
from core.data.types.typed_columns import EXACT, Typed
from core.standalone.cells import as_number
from core.standalone.counts import counted, counted_of
from core.standalone.files.decimal_mark import mark_of
from core.standalone.rows.thousands import thousands_notes

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
ODD_SHARE = 0.01
NUMBER_SHARE = 0.8
"""Share of texts that read as numbers from which the rest are cells without a value."""
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
    for note in thousands_notes(present, name, read.decimal, read.decimal == "." and read.delimiter != ","):
        typed.note(note.code, note.text, name)
    note_day_numbers(numbers, name, typed)
    return numbers


def note_odd(
    present: pd.Series, number: pd.Series, odd: int, name: str, typed: Typed, first_line: int
) -> None:
    """Say where the few texts of a column of numbers are."""
    odd_cells = [(int(i), value[:40]) for i, value in present[~number].iloc[:SHOWN].items()]
    shown = places(odd_cells, first_line)
    typed.note(
        "TYPE",
        f"{name!r}: {counted_of(odd, len(present), 'value', 'is')} not numbers ({shown}); it is kept as "
        "text.",
        name,
    )


def note_texts(present: pd.Series, name: str, decimal: str, typed: Typed, first_line: int) -> None:
    """Say of a column that is kept as text when it holds amounts, numbers with signs or units, dates, or
    numbers beside other texts.

    Args:
        present: its texts without the missing ones.
    """
    head = present.iloc[:HEAD]
    marks, money = marks_of(present), matches(head, MONEY).mean() >= MONEY_SHARE
    if money and (marks is None or len(marks.units) < 2):
        typed.note(
            "MONEY",
            f"{name!r} looks like numbers with marks, such as {str(head.iloc[0])!r}; it is kept as text.",
            name,
        )
    elif marks is not None:
        units = f" in {counted(len(marks.units), 'unit')}" if len(marks.units) > 1 else ""
        typed.note(
            "MIXED_UNITS" if units else "MARKS",
            f"{name!r} holds numbers{units}, kept as text: {marks.words()} "
            f"({places(marks.places, first_line)}). A model takes each as a word. Write plain numbers"
            f"{' of one unit' if units else ''} in the file to have them read as numbers.",
            name,
        )
    elif not note_dates(present, name, typed, first_line):
        mixed = mixed_numbers(present, decimal)
        if mixed is not None:
            typed.note("TYPE", f"{name!r}: {mixed.words}; it is kept as text.", name)


def reads_as_numbers(values: pd.Series, decimal: str) -> bool:
    """Whether a column holds numbers, or texts most of which are: measured, and not a few codes.

    Args:
        values: a column of a typed frame.
    """
    if not pd.api.types.is_string_dtype(values.dtype):
        return bool(pd.api.types.is_numeric_dtype(values.dtype))
    texts = values.dropna()
    if texts.str.fullmatch(rf"{LEADING_ZERO}|{LONG_INTEGER}").any():
        return False
    numbers = as_number(texts, decimal, number_marks(texts, decimal)).dropna()
    return len(numbers) >= NUMBER_SHARE * len(texts) and numbers.nunique() > FEW_CODES


def common_unit(texts: pd.Series) -> str:
    """What stands behind the number in at least nine of ten texts, such as ``kg``; empty where nothing does.

    Args:
        texts: without missing ones.
    """
    behind = texts.astype("str").str.extract(
        r"^\s*[+-]?\d[\d.,' ]*(?<! )\s*([^\W\d_][^\d]{0,9})$", expand=False
    )
    counts = behind.str.strip().value_counts()
    return str(counts.index[0]) if len(counts) and counts.iloc[0] >= MONEY_SHARE * len(texts) else ""


def find_decimal(frame: pd.DataFrame, delimiter: str) -> str:
    """The decimal mark of a text table: a comma when more columns read as numbers with it.

    Args:
        frame: all text; its first rows decide.
    """
    head = frame.iloc[:HEAD]
    return "." if delimiter == "," else mark_of((head.iloc[:, at] for at in range(head.shape[1])), ".")
