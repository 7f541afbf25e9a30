"""The decimal mark of a new text table, whose numbers may be written otherwise than in training."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pandas as pd

FIRST_CELLS = 1_000
MOST_FIT = 0.9
MARK_WORDS = {".": "point", ",": "comma"}


def mark_of(columns: Iterable[pd.Series], trained: str) -> str:
    """The decimal mark of columns of text that are known to be numbers.

    It is the training file's, unless more columns have fractions that only the other one explains. What may
    be groups of thousands, such as 1,200, is no fraction.
    """
    marks = {",": 0, ".": 0}
    for column in columns:
        cells = [str(cell).strip() for cell in column.iloc[:FIRST_CELLS]]
        values = [cell for cell in cells if cell not in ("", "nan")]
        for mark in marks:
            plain = re.compile(rf"[+-]?\d*[{mark}]?\d+(?:[eE][+-]?\d+)?")
            groups = re.compile(rf"[+-]?\d{{1,3}}(?:[{mark}]\d{{3}})+")
            parted = any(mark in value and not groups.fullmatch(value) for value in values)
            fitting = sum(bool(plain.fullmatch(value)) for value in values)
            marks[mark] += parted and fitting >= MOST_FIT * len(values)
    other = "," if trained == "." else "."
    return other if marks[other] > marks[trained] else trained


def in_mark(cells: pd.Series, mark: str, trained: str) -> pd.Series:
    """Cells of text with the decimal mark of the training file in place of their own.

    What is a number only with the mark that the file does not have, such as 1,200 beside 1.5 or 1.200 beside
    1,5, is emptied.
    """
    text = cells.astype("str").str.strip()
    own = pd.to_numeric(text.str.replace(mark, ".", regex=False), errors="coerce").notna()
    own &= ~text.str.contains(trained, regex=False)
    other = pd.to_numeric(text.str.replace(trained, ".", regex=False), errors="coerce").notna()
    moved = text.where(~own, text.str.replace(mark, trained, regex=False))
    return moved.mask(other & ~own, "")


def is_written(cells: pd.Series) -> bool:
    """Whether all cells of a column are text, or missing."""
    if cells.dtype == object:
        return all(isinstance(cell, str) or pd.isna(cell) for cell in cells)
    return bool(pd.api.types.is_string_dtype(cells.dtype))


def other_mark_words(mark: str, trained: str, emptied: int) -> str:
    """What is said where the numbers of a new table have another decimal mark than those of training.

    Args:
        emptied: cells that are no number with it.
    """
    there, here = MARK_WORDS[trained], MARK_WORDS[mark]
    text = f"Numbers were read with a decimal {here}, in training with a decimal {there}."
    if emptied:
        text += " Cells that are no number with it, such as those with marks of thousands, count as missing: "
        text += f"{emptied:,}."
    return text


def in_trained_mark(
    frame: pd.DataFrame, numbers: Sequence[str], trained: str
) -> tuple[pd.DataFrame, str, int]:
    """A table with its numbers that are written as text in the decimal mark of the training file.

    Args:
        numbers: the columns that were numbers in training.

    Returns:
        The table, the mark that its numbers had, and how many of their cells were emptied.
    """
    numbers = [name for name in numbers if is_written(frame[name])]
    # What has no digit is a word for "no value", and says nothing about the mark.
    with_digits = [frame[name].where(frame[name].str.contains(r"\d", na=False), "") for name in numbers]
    mark = mark_of(with_digits, trained)
    if mark == trained:
        return frame, mark, 0
    cells = {name: in_mark(frame[name], mark, trained) for name in numbers}
    emptied = sum(
        int(((cells[name] == "") & (frame[name].fillna("").str.strip() != "")).sum()) for name in numbers
    )
    return frame.assign(**cells), mark, emptied
