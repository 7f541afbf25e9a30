"""Cells of any kind as numbers, texts and times, the same in the app, in a bundle and in a script."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

CURRENCY = r"(?:[$€£¥]|EUR|USD|GBP|CHF)"
THOUSANDS = {" ": "[ \u00a0\u202f]", "'": "['\u2019]"}
"""The signs that are one mark of thousands, where there are several."""
MINUS = "\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d"
"""Signs that are written for a minus; before a digit they are one."""
TRUTH = dict.fromkeys(("True", "true", "TRUE"), "1") | dict.fromkeys(("False", "false", "FALSE"), "0")
"""What true and false, as JSON, sheets and programs write them, are among numbers."""
CENTURY = re.compile(r"(.*)@(\d{4})")
"""A strptime format with the last year of the hundred that years of two digits lie in."""
PLAIN = {zero + digit: str(digit) for zero in (0x660, 0x6F0, 0x966, 0xFF10) for digit in range(10)} | {
    0xFF0E: ".",
    0xFF0C: ",",
    0xFF05: "%",
    0x66B: ".",
    0xFF0B: "+",
}
"""Digits and marks of other scripts, and those of full width, as plain ones."""


def as_number(values: pd.Series, decimal: str = ".", marks: str = "") -> pd.Series:
    """Any column as float64; what is not a finite number becomes NaN.

    Args:
        values: numbers, booleans, texts or a mix, any length; durations are seconds.
        decimal: the decimal mark of texts.
        marks: as in ``without_marks``; empty where numbers are written without them.
    """
    numbers = _as_float(values, decimal, marks)
    return numbers.where(np.isfinite(numbers))


def is_infinite(values: pd.Series, decimal: str = ".") -> pd.Series:
    """Which cells hold plus or minus infinity as ``as_number`` reads them, such as ``inf`` and ``1e400``.

    Args:
        values, decimal: as in ``as_number``.
    """
    return _as_float(values, decimal, "").abs() == np.inf


def says_truth(values: pd.Series) -> pd.Series:
    """Which cells hold true or false, that ``as_number`` reads as 1 and 0.

    Args:
        values: as in ``as_number``.
    """
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.notna()
    if pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_datetime64_any_dtype(values.dtype):
        return pd.Series(False, index=values.index)
    return values.astype("str").str.strip().isin(list(TRUTH))


def holds_durations(values: pd.Series) -> bool:
    """Whether the cells of a column are lengths of time, such as 1:30:00 in a sheet; missing ones are not."""
    if values.dtype == object:
        return pd.api.types.infer_dtype(values, skipna=True) == "timedelta"
    return pd.api.types.is_timedelta64_dtype(values.dtype)


def _as_float(values: pd.Series, decimal: str, marks: str) -> pd.Series:
    if holds_durations(values):
        values = pd.to_timedelta(values).dt.total_seconds()
    if not pd.api.types.is_numeric_dtype(values.dtype):
        text = in_plain_digits(values.astype("str").str.strip())
        if marks:
            text = without_marks(text, marks)
        elif decimal != ".":
            text = text.str.replace(decimal, ".", regex=False)
        values = pd.to_numeric(text.replace(TRUTH), errors="coerce")
    return values.astype("float64")


def in_plain_digits(texts: pd.Series) -> pd.Series:
    """Texts with the digits of other scripts as 0 to 9, and a typographic minus before a digit as ``-``."""
    other = texts.str.contains(r"[^\x00-\x7f]", na=False)
    if not other.any():
        return texts
    plain = texts[other].str.translate(PLAIN)
    minus = rf"(^|[$€£¥(]\s?)[{MINUS}](?=\s?[\d.,$€£¥])"
    return texts.mask(other, plain.str.replace(minus, r"\1-", regex=True))


def without_marks(texts: pd.Series, marks: str) -> pd.Series:
    """Texts such as ``$1,234.50``, ``(12.30)`` and ``5-`` as plain numbers with a decimal point.

    Args:
        texts: trimmed; the rest, such as a word or a mark in the wrong place, becomes missing.
        marks: the mark of thousands and the decimal mark, such as ``,.``.
    """
    thousands, decimal = THOUSANDS.get(marks[0], re.escape(marks[0])), re.escape(marks[1])
    sign = rf"(?:{CURRENCY}|%)"
    plain = texts.str.replace(r"^\((.*)\)$", r"-\1", regex=True)
    plain = plain.str.replace(r"^(.*\d\s*\D?)-$", r"-\1", regex=True)
    plain = plain.str.replace(rf"^([+-]?)\s*{sign}\s*|\s*{sign}$", r"\1", regex=True)
    grouped = rf"\d{{1,3}}(?:{thousands}\d{{2,3}})*{thousands}\d{{3}}"
    single = rf"(?:\d+(?:{decimal}\d*)?|{decimal}\d+)(?:[eE][+-]?\d+)?"
    number = plain.str.fullmatch(rf"[+-]?(?:{grouped}(?:{decimal}\d*)?|{single})")
    plain = plain.str.replace(thousands, "", regex=True).str.replace(decimal, ".", regex=True)
    return plain.where(number.fillna(False).astype(bool))


def _text_of(value: Any) -> str | float:
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return np.nan
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return str(int(value))  # as a float it would lose digits beyond 2**53
    if isinstance(value, float | np.number):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 2**63 else repr(number)
    return str(value).strip()


def _truth_apart(values: pd.Series) -> pd.Series:
    """Cells with true and false as texts: they are equal to 1 and 0 and would be one level with these."""
    is_truth = [isinstance(value, bool | np.bool_) for value in values]
    return values.mask(is_truth, values.astype("str")) if any(is_truth) else values


def as_text(values: pd.Series) -> pd.Series:
    """Any column as trimmed text; whole numbers lose their ``.0`` so that 1, 1.0 and "1" are one level."""
    if pd.api.types.is_string_dtype(values.dtype) and values.dtype != object:
        text = values.astype("str").str.strip()
    elif pd.api.types.is_datetime64_any_dtype(values.dtype):
        text = values.dt.strftime("%Y-%m-%dT%H:%M:%S").astype("str")
        split = values.dt.microsecond.fillna(0) != 0  # times a part of a second apart are not one level
        text = (
            text.mask(split, values.dt.strftime("%Y-%m-%dT%H:%M:%S.%f").astype("str"))
            if split.any()
            else text
        )
    else:
        codes, uniques = pd.factorize(_truth_apart(values.astype(object)), use_na_sentinel=True)
        texts = np.array([_text_of(u) for u in uniques] + [np.nan], dtype=object)
        text = pd.Series(texts[codes], index=values.index, name=values.name, dtype="str")
    return text.where(text != "")


def with_joined(texts: pd.Series, joined: Mapping[str, str]) -> pd.Series:
    """Texts with each level that is another spelling of one written as that one."""
    return texts.replace(dict(joined)) if joined else texts


def as_datetime(values: pd.Series, format: str = "") -> pd.Series:
    """Any column as datetime64[us] without a zone (zoned times become UTC); the rest becomes NaT.

    Args:
        format: strptime format of texts; empty means ISO 8601. A date in ISO 8601 is read beside any format.
            ``@2030`` behind it is the last year of the hundred that years of two digits lie in.
    """
    if pd.api.types.is_numeric_dtype(values.dtype):
        return pd.Series(pd.NaT, index=values.index, name=values.name, dtype="datetime64[us]")
    if not pd.api.types.is_datetime64_any_dtype(values.dtype):
        text = values.astype("str").str.strip()
        values = pd.to_datetime(text, format=without_century(format) or "ISO8601", errors="coerce", utc=True)
        if century := CENTURY.fullmatch(format):
            values = _in_century(values, int(century.group(2)))
        if format and values.isna().any():
            iso = values.isna() & text.str.match(r"\d{4}-\d{2}-\d{2}")
            values = values.mask(iso, pd.to_datetime(text[iso], format="ISO8601", errors="coerce", utc=True))
    if getattr(values.dt, "tz", None) is not None:
        values = values.dt.tz_convert("UTC").dt.tz_localize(None)
    return values.astype("datetime64[us]")


def without_century(format: str) -> str:
    """A format of ``as_datetime`` as strptime takes it."""
    return CENTURY.sub(r"\1", format)


def _in_century(times: pd.Series, last: int) -> pd.Series:
    """Times whose years have two digits moved by centuries into the hundred years that end with one."""
    years = times.dt.year
    hundred = pd.DateOffset(years=100)
    times = times.mask(years > last, times[years > last] - hundred)
    return times.mask(years <= last - 100, times[years <= last - 100] + hundred)


def without(
    values: pd.Series, words: Sequence[str], own: Sequence[str], decimal: str = ".", format: str = ""
) -> pd.Series:
    """The column with the cells gone that mean "no value".

    Args:
        words: texts that do in a column of texts, ``own`` among them.
        own: texts that do in this column; in a column of numbers or times what they stand for.
        decimal: decimal mark of the words.
        format: strptime format of the words, which may be ISO 8601 as well.
    """
    numbers = pd.api.types.is_numeric_dtype(values.dtype)
    times = pd.api.types.is_datetime64_any_dtype(values.dtype)
    if (numbers or times) and not own:
        return values
    written = pd.Series(list(own), dtype="str")
    if numbers:
        stand_ins = as_number(written, decimal).dropna()
    elif times:
        stand_ins = pd.concat([as_datetime(written), as_datetime(written, format)]).dropna()
    else:
        values = values if values.dtype == object else values.astype("str").str.strip()
        stand_ins = pd.Series([word for word in words if word != ""], dtype="str")
    gone = values.isin(list(stand_ins))
    return values.mask(gone) if gone.any() else values
