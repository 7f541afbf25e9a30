"""How numbers, amounts, dates and times are spelled in texts."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd

NUMBER = re.compile(r"(?:(?<![\w.)])[-+])?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d{1,2}(?!\w))?")
DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d{1,2}")
ISO_DATE = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)(?!\d)")
OTHER_DATE = re.compile(r"\b(\d{1,2})([./])(\d{1,2})\2(\d{4})\b")
CLOCK = re.compile(r"\b([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?\b")
GROUP_MARK = re.compile(r"(?<=\d)['’ \u00a0\u202f](?=\d{3}(?!\d))")
POINTS_THEN_COMMA = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d+,\d{1,2}(?![\d,])")
IN_BRACKETS = re.compile(r"\(\s*(\d[\d,.]*)\s*\)")
THOUSANDS = re.compile(r"(\d+(?:\.\d+)?)\s?[kK]\b")
LONGEST = 18
"""Digits of a number that are read."""


def number_value(text: str) -> float:
    """What ``NUMBER`` matched, with commas between thousands, or one before one or two decimals."""
    mark = "." if DECIMAL_COMMA.fullmatch(text) else ""
    plain = text.replace(",", mark)
    return float(plain if "e" in plain.lower() else plain[:LONGEST])


def plain_numbers(texts: pd.Series) -> pd.Series:
    """Texts in which dates are days, times of day minutes and amounts have no marks but a decimal point.

    Where a date has slashes, its first part is the day if that is above 12 in any text, else the month.
    """
    dates = [match for text in texts for match in OTHER_DATE.findall(text) if match[1] == "/"]
    day_first = any(int(first) > 12 for first, *_ in dates)
    return pd.Series([_plain(text, day_first) for text in texts], index=texts.index, dtype="str")


def _plain(text: str, day_first: bool) -> str:
    text = ISO_DATE.sub(lambda m: _day(m.group(), *(int(m[i]) for i in (1, 2, 3))), text)

    def other(m: re.Match[str]) -> str:
        one, two = int(m[1]), int(m[3])
        day, month = (one, two) if day_first or m[2] == "." else (two, one)
        return _day(m.group(), int(m[4]), month, day)

    text = OTHER_DATE.sub(other, text)
    text = CLOCK.sub(lambda m: str(60 * int(m[1]) + int(m[2])), text)
    text = GROUP_MARK.sub("", text)
    text = POINTS_THEN_COMMA.sub(lambda m: m.group().replace(".", "").replace(",", "."), text)
    text = IN_BRACKETS.sub(r" -\1 ", text)
    return THOUSANDS.sub(lambda m: f"{float(m[1]) * 1_000:.10g}", text)


def _day(written: str, year: int, month: int, day: int) -> str:
    try:
        return str(date(year, month, day).toordinal())
    except ValueError:  # no day of the calendar
        return written
