"""Turning the cells of each column into one of the three physical types, and saying what was not obvious."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.data.date_formats import ISO, find_format, follow
from core.data.table import Known, Note, Physical, ReadOptions
from core.data.text.new_file import mark_of
from core.standalone.cells import as_datetime, as_number, as_text

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
EXACT = 2**53
ODD_SHARE = 0.01
MONEY_SHARE = 0.9
HEAD = 1_000
SHOWN = 5


@dataclass
class Typed:
    """The typed columns and what was noticed on the way.

    Attributes:
        columns: by position; names may need no care here.
        formats: strptime format of the datetimes that were texts, by name.
        notes: in the order found.
        words: how often each missing word was met.
    """

    columns: list[pd.Series] = field(default_factory=list)
    formats: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    words: Counter[str] = field(default_factory=Counter)

    def note(self, code: str, text: str) -> None:
        self.notes.append(Note(code=code, text=text))


def to_physical(
    raw: pd.DataFrame, read: ReadOptions, first_line: int = 0, known: Known | None = None
) -> tuple[pd.DataFrame, Typed]:
    """The frame in physical types: float64, ``str`` with NaN, datetime64[us].

    Args:
        raw: as ``frame_from_file`` gives it, with unique names.
        read: the missing words and the decimal mark.
        first_line: line of the file that the first row stands on, or 0 when rows and lines differ.
        known: types and formats that the columns had in an earlier table.
    """
    typed = Typed()
    before = known.columns if known else {}
    for position in range(raw.shape[1]):
        values = raw.iloc[:, position]
        column = _as_before(values, read, typed, before.get(str(values.name)))
        typed.columns.append(_column(values, read, typed, first_line) if column is None else column)
    if typed.words:
        counts = ", ".join(f"{word!r} {count:,} times" for word, count in typed.words.most_common(SHOWN * 2))
        typed.note("MISSING_WORDS", f"Taken as missing: {counts}.")
    frame = pd.DataFrame(dict(zip(raw.columns, typed.columns, strict=True)), index=raw.index)
    return frame, typed


def _as_before(
    values: pd.Series, read: ReadOptions, typed: Typed, before: tuple[Physical, str] | None
) -> pd.Series | None:
    """The column in its earlier type, where a guess from these rows alone might differ; None elsewhere."""
    physical, format = before or ("number", "")
    if physical == "number" or (physical == "datetime" and not _is_text(values)):
        return None
    text = as_text(values)
    hits = _book(text, [word for word in read.missing if word], typed)
    text = text.mask(hits) if hits.any() else text
    if physical == "text":
        return text
    times = as_datetime(text, format)
    if (times.isna() & text.notna()).any():
        return (
            text  # what the model was trained on decides how times are read; a guess could swap their parts
        )
    typed.formats[str(values.name)] = format
    return times


def _is_text(values: pd.Series) -> bool:
    return pd.api.types.infer_dtype(values, skipna=True) in ("string", "empty")


def _column(values: pd.Series, read: ReadOptions, typed: Typed, first_line: int) -> pd.Series:
    name, words = str(values.name), [word for word in read.missing if word]
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return as_datetime(values)
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    if pd.api.types.is_bool_dtype(values.dtype):
        return as_text(values.astype(object))
    if pd.api.types.is_numeric_dtype(values.dtype):
        return _numbers(values, name, typed)
    if values.dtype == object:
        values = values.mask(_book(values, words, typed) | values.isin([""]), None)
        found = pd.api.types.infer_dtype(values, skipna=True)
        if found in ("integer", "floating", "mixed-integer-float", "decimal"):
            return _numbers(values, name, typed)
        if found in ("datetime", "datetime64", "date"):
            return as_datetime(values)
    text = as_text(values)
    hits = _book(text, words, typed)
    return _from_text(text.mask(hits) if hits.any() else text, name, read, typed, first_line)


def _book(values: pd.Series, words: Sequence[str], typed: Typed) -> pd.Series:
    """Which values are missing words; they are counted."""
    hits = values.isin(words)
    if hits.any():
        typed.words.update({str(word): int(count) for word, count in values[hits].value_counts().items()})
    return hits


def _numbers(values: pd.Series, name: str, typed: Typed) -> pd.Series:
    """A column of numbers as float64, or as text when float64 would change its integers."""
    numbers = pd.to_numeric(values, errors="coerce") if values.dtype == object else values
    if pd.api.types.is_integer_dtype(numbers.dtype) and len(numbers) and _beyond(numbers):
        return _kept(as_text(values), name, typed)
    result = as_number(numbers)
    _note_infinite(int(numbers.notna().sum() - result.notna().sum()), name, typed)
    return result


def _beyond(numbers: pd.Series) -> bool:
    present = numbers.dropna()
    return bool(len(present)) and max(abs(int(present.max())), abs(int(present.min()))) > EXACT


def _kept(text: pd.Series, name: str, typed: Typed) -> pd.Series:
    typed.note("BIG_INTEGER", f"{name!r} has whole numbers of more than 15 digits; they are kept as text.")
    return text


def _note_infinite(count: int, name: str, typed: Typed) -> None:
    if count:
        typed.note("INFINITE", f"{name!r}: {count:,} infinite values were taken as missing.")


def _from_text(text: pd.Series, name: str, read: ReadOptions, typed: Typed, first_line: int) -> pd.Series:
    present = text.dropna()
    if not len(present):
        return text
    pattern = f"{NUMBER[read.decimal]}|{INFINITE}"
    if _matches(present.iloc[:HEAD], pattern).mean() < 0.5:
        return _not_number(text, present, name, typed)
    number = _matches(present, pattern)
    if number.all():
        return _number_text(text, present, name, read, typed)
    odd = int((~number).sum())
    if odd <= ODD_SHARE * len(present):
        _note_odd(present, number, odd, name, typed, first_line)
        return text
    return _not_number(text, present, name, typed)


def _not_number(text: pd.Series, present: pd.Series, name: str, typed: Typed) -> pd.Series:
    dates = _date_text(text, present, name, typed)
    if dates is None:
        _note_money(present, name, typed)
    return text if dates is None else dates


def _matches(texts: pd.Series, pattern: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which texts match as a whole; by RE2, whose time is linear in the text."""
    found = pc.match_substring_regex(pa.array(texts, type=pa.large_string()), f"^(?:{pattern})$")
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def _number_text(
    text: pd.Series, present: pd.Series, name: str, read: ReadOptions, typed: Typed
) -> pd.Series:
    suspects = present[_matches(present, f"{LEADING_ZERO}|{LONG_INTEGER}")]
    if len(suspects) and _matches(suspects, LEADING_ZERO).any():
        typed.note(
            "LEADING_ZERO", f"{name!r} has numbers with a leading zero, such as codes; it is kept as text."
        )
        return text
    if any(len(value) > 19 or abs(int(value)) > EXACT for value in suspects.unique()):
        return _kept(text, name, typed)
    numbers = as_number(text, read.decimal)
    _note_infinite(len(present) - int(numbers.notna().sum()), name, typed)
    _note_marks(present, name, read, typed)
    return numbers


def _note_marks(present: pd.Series, name: str, read: ReadOptions, typed: Typed) -> None:
    """Say how points were read that may mark thousands: in a file with decimal commas, or one that may be."""
    pointed = present[_matches(present, r".*\..*")]
    grouped = pointed[_matches(pointed, GROUPED)] if len(pointed) else pointed
    if read.delimiter == "," or not len(grouped) or (read.decimal == "." and len(grouped) < len(pointed)):
        return
    example = str(grouped.iloc[0])
    typed.note(
        "AMBIGUOUS_NUMBER",
        f"{name!r}: the point in numbers such as {example!r} was read as a decimal mark, "
        f"not as thousands ({example.replace('.', '')}).",
    )


def _note_odd(
    present: pd.Series, number: pd.Series, odd: int, name: str, typed: Typed, first_line: int
) -> None:
    """Say where the few texts of a column of numbers are."""
    places = present[~number].iloc[:SHOWN]
    label = "line" if first_line else "row"
    shown = ", ".join(f"{label} {int(i) + (first_line or 1):,} {value[:40]!r}" for i, value in places.items())
    typed.note(
        "TYPE", f"{name!r}: {odd:,} of {len(present):,} values are not numbers ({shown}); it is kept as text."
    )


def _date_text(text: pd.Series, present: pd.Series, name: str, typed: Typed) -> pd.Series | None:
    """The column as datetimes, when all its texts follow one format; None when they are not dates."""
    sample = pd.Series(present.iloc[: 20 * HEAD].unique(), dtype="str")
    found = find_format(sample)
    if not found.formats:
        return None
    distinct = pd.Series(present.unique(), dtype="str")
    fitting = [format for format in found.formats if follow(distinct, format)]
    if not fitting and follow(distinct, ISO):
        fitting = [ISO]
    if not fitting:
        return None
    typed.formats[name] = fitting[0]
    if len(fitting) > 1:
        example = distinct.iloc[0]
        typed.note(
            "AMBIGUOUS_DATE",
            f"{name!r}: dates such as {example!r} may be day or month first; read month first.",
        )
    return as_datetime(text, fitting[0])


def _note_money(present: pd.Series, name: str, typed: Typed) -> None:
    head = present.iloc[:HEAD]
    if _matches(head, MONEY).mean() >= MONEY_SHARE:
        example = str(head.iloc[0])
        typed.note(
            "MONEY", f"{name!r} looks like numbers with marks, such as {example!r}; it is kept as text."
        )


def find_decimal(head: pd.DataFrame, delimiter: str) -> str:
    """The decimal mark of a text table: a comma when more columns read as numbers with it.

    Args:
        head: all-text rows from the beginning.
    """
    return "." if delimiter == "," else mark_of((head.iloc[:, at] for at in range(head.shape[1])), ".")
