"""Turning the cells of each column into one of the three physical types, and saying what was not obvious."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from core.data.table import EarlierTable, ReadOptions
from core.data.types.centuries import TWO_DIGITS, century_note, with_century
from core.data.types.date_formats import ISO, find_format, follow
from core.data.types.number_text import (
    HEAD,
    INFINITE,
    MONEY,
    NUMBER,
    NUMBER_SHARE,
    ODD_SHARE,
    SHOWN,
    matches,
    note_odd,
    note_texts,
    number_from_text,
)
from core.data.types.typed_columns import Typed
from core.data.types.typed_numbers import numbers_from_texts, typed_numbers
from core.standalone.cells import (
    as_datetime,
    as_number,
    as_text,
    in_plain_digits,
    without_century,
)
from core.standalone.rows.as_trained import as_trained
from core.standalone.rows.checks import duration_notes, finer_notes
from core.standalone.rows.day_order import order_words, swapped
from core.standalone.rows.trained_column import TrainedColumn
from core.standalone.rows.zones import carries_zone, has_zone


def to_physical(
    raw: pd.DataFrame,
    read: ReadOptions,
    first_line: int = 0,
    earlier: EarlierTable | None = None,
    formats: Mapping[str, str] | None = None,
) -> tuple[pd.DataFrame, Typed]:
    """The frame in physical types: float64, ``str`` with NaN, datetime64[us].

    Args:
        raw: as ``frame_from_file`` gives it, with unique names.
        read: the missing words and the decimal mark.
        first_line: line of the file that the first row stands on, or 0 when rows and lines differ.
        earlier: types and formats that the columns had in an earlier table.
        formats: strptime formats by which the texts of some columns are read.
    """
    typed, given = Typed(), formats or {}
    for position in range(raw.shape[1]):
        values = raw.iloc[:, position]
        trained = earlier.trained(str(values.name)) if earlier else None
        column = None
        if trained is not None:
            values = _as_trained(values, trained, typed, read.decimal)
            column = _as_before(values, read, typed, trained)
        elif values.name in given and _is_text(values):
            column = _by_format(values, read, typed, given[str(values.name)])
        typed.columns.append(_column(values, read, typed, first_line) if column is None else column)
        _note_zone(values, typed, is_compared=trained is not None)
    typed.note_words(SHOWN)
    frame = pd.DataFrame(dict(zip(raw.columns, typed.columns, strict=True)), index=raw.index)
    return frame, typed


def _as_trained(values: pd.Series, trained: TrainedColumn, typed: Typed, decimal: str) -> pd.Series:
    """The raw column with yes and no, and zones, as in the earlier table; what does not agree is noted."""
    values, notes = as_trained(values, trained, decimal)
    for note in notes:
        typed.note(note.code, note.text, note.column)
    return values


def _note_zone(values: pd.Series, typed: Typed, is_compared: bool) -> None:
    """Keep whether the times of the newest column carried a zone, which they lose when they become UTC.

    Args:
        is_compared: whether the zones were already compared with those of an earlier table.
    """
    name, times = str(values.name), typed.columns[-1]
    if not pd.api.types.is_datetime64_any_dtype(times.dtype):
        return
    typed.zoned[name] = carries_zone(values)
    if typed.zoned[name] and not is_compared:
        bare = int((times.notna() & ~has_zone(values)).sum())
        more = f"; {bare:,} without one were taken for UTC" if bare else ""
        typed.note("TIME_ZONE", f"{name!r}: its times carry a zone and are kept in UTC{more}.", name)


def _as_before(
    values: pd.Series, read: ReadOptions, typed: Typed, trained: TrainedColumn
) -> pd.Series | None:
    """The column in its earlier type, where a guess from these rows alone might differ; None elsewhere."""
    physical, format = trained.physical, trained.format
    if physical != "text" and not _is_text(values, physical == "number"):
        return None
    text = _present(values, read, typed)
    if physical == "number":
        return numbers_from_texts(text, read.decimal, typed)
    return text if physical == "text" else _times(text, format, typed)


def _present(values: pd.Series, read: ReadOptions, typed: Typed) -> pd.Series:
    """The column as text without its missing words."""
    text = as_text(values)
    hits = _book(text, read, typed)
    return text.mask(hits) if hits.any() else text


def _times(text: pd.Series, format: str, typed: Typed) -> pd.Series:
    """Texts as times by a format, or as they are where one does not follow it: a guess could swap parts."""
    times = as_datetime(text, format)
    if (times.isna() & text.notna()).any():
        return text
    typed.formats[str(text.name)] = format
    return times


def _by_format(values: pd.Series, read: ReadOptions, typed: Typed, format: str) -> pd.Series:
    """A column of texts as times by the format that a recipe gives it, with what is to be said of them."""
    name, text = str(values.name), _present(values, read, typed)
    times = _times(text, format, typed)
    if times is text:
        return text
    if TWO_DIGITS in format:
        typed.note("TWO_DIGIT_YEAR", century_note(name, text, times), name)
    texts, plain = text.dropna(), without_century(format)
    if len(texts) and swapped(plain) != plain and follow(texts, plain) and follow(texts, swapped(plain)):
        first = order_words(plain)
        words = f"dates such as {texts.iloc[0]!r} may be day or month first"
        typed.note("AMBIGUOUS_DATE", f"{name!r}: {words}; read {first} first, as the recipe says.", name)
    return times


def _is_text(values: pd.Series, or_some: bool = False) -> bool:
    """Whether all cells are texts, or some beside others such as the numbers of a sheet."""
    mixed = ("mixed", "mixed-integer") if or_some else ()
    return pd.api.types.infer_dtype(values, skipna=True) in ("string", "empty", *mixed)


def _column(values: pd.Series, read: ReadOptions, typed: Typed, first_line: int) -> pd.Series:
    name = str(values.name)
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        for finer in finer_notes(values, name):
            typed.note(finer.code, finer.text, name)
        return as_datetime(values)
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    if pd.api.types.is_bool_dtype(values.dtype):
        return as_text(values.astype(object))
    if pd.api.types.is_numeric_dtype(values.dtype):
        return typed_numbers(values, name, typed)
    if durations := duration_notes(values, name):
        typed.note(durations[0].code, durations[0].text, name)
        return as_number(values)
    if values.dtype == object:
        values = values.mask(_book(values, read, typed) | values.isin([""]), None)
        inferred = pd.api.types.infer_dtype(values, skipna=True)
        if inferred in ("integer", "floating", "mixed-integer-float", "decimal"):
            return typed_numbers(values, name, typed)
        if inferred in ("datetime", "datetime64", "date"):
            return as_datetime(values)
    text = as_text(values)
    hits = _book(text, read, typed)
    return _from_text(text.mask(hits) if hits.any() else text, name, read, typed, first_line)


def _book(values: pd.Series, read: ReadOptions, typed: Typed) -> pd.Series:
    """Which values are missing words; they are counted."""
    name = str(values.name)
    hits = values.isin([word for word in read.missing if word and name not in read.verbatim])
    if hits.any():
        counts = typed.words.setdefault(name, Counter())
        counts.update({str(word): int(count) for word, count in values[hits].value_counts().items()})
    return hits


def _from_text(text: pd.Series, name: str, read: ReadOptions, typed: Typed, first_line: int) -> pd.Series:
    present = in_plain_digits(text.dropna())
    if not len(present):
        return text
    pattern = f"{NUMBER[read.decimal]}|{INFINITE}"
    if matches(present.iloc[:HEAD], pattern).mean() < 0.5:
        return _not_number(text, present, name, read.decimal, typed, first_line)
    number = matches(present, pattern)
    if number.all():
        return number_from_text(text, present, name, read, typed)
    odd = int((~number).sum())
    if odd > ODD_SHARE * len(present):
        dates = _date_text(text, present, name, typed)
        if dates is not None:
            return dates
        if odd > (1 - NUMBER_SHARE) * len(present) or matches(present, MONEY).all():
            note_texts(present, name, read.decimal, typed, first_line)
            return text
    note_odd(present, number, odd, name, typed, first_line)
    return text


def _not_number(
    text: pd.Series, present: pd.Series, name: str, decimal: str, typed: Typed, first_line: int
) -> pd.Series:
    dates = _date_text(text, present, name, typed)
    if dates is None:
        note_texts(present, name, decimal, typed, first_line)
    return text if dates is None else dates


def _date_text(text: pd.Series, present: pd.Series, name: str, typed: Typed) -> pd.Series | None:
    """The column as datetimes, when all its texts follow one format; None when they are not dates."""
    sample = pd.Series(present.iloc[: 20 * HEAD].unique(), dtype="str")
    guess = find_format(sample)
    if not guess.formats:
        return None
    distinct = pd.Series(present.unique(), dtype="str")
    fitting = [format for format in guess.formats if follow(distinct, format)]
    if not fitting and follow(distinct, ISO):
        fitting = [ISO]
    if not fitting:
        return None
    format = fitting[0]
    times = as_datetime(text, format)
    if TWO_DIGITS in format:
        format = with_century(format, times)
        times = as_datetime(text, format)
        typed.note("TWO_DIGIT_YEAR", century_note(name, text, times), name)
    typed.formats[name] = format
    if len(fitting) > 1:
        example = distinct.iloc[0]
        typed.note(
            "AMBIGUOUS_DATE",
            f"{name!r}: dates such as {example!r} may be day or month first; read month first.",
            name,
        )
    return times
