"""Which strptime format the texts of a column follow, if they are dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import pandas as pd

from core.standalone.rows.day_order import swapped

ISO = "ISO8601"
SAMPLE = 1_000
NEARLY = 0.95
"""Share of the texts from which a column holds dates but for some cells."""
FEWEST_DATES = 5
TRIED = 5
"""So many texts are tried as an example of the format."""
ROUGHLY = 0.9
"""Of the texts that must be dates, so many must look like some in a sample."""
_DATES = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m-%d-%Y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%m.%d.%Y",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d.%m.%y",
    "%m-%d-%y",
    "%d-%m-%y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d-%b-%y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%d/%b/%Y",
    "%d %b %y",
    "%b %d, %y",
    "%y-%m-%d",
    "%y/%m/%d",
    "%y.%m.%d",
)
_TIMES = (
    "",
    " %H:%M:%S",
    " %H:%M",
    " %H:%M:%S.%f",
    " %I:%M:%S %p",
    " %I:%M %p",
    "T%H:%M:%S",
    "T%H:%M",
    "T%H:%M:%S.%f",
)
_ZONE = "%z"
_ZONES = ("", _ZONE)
FORMATS = (
    *(date + time + zone for date in _DATES for time in _TIMES for zone in _ZONES if time or not zone),
    "%Y-%m",
    "%Y/%m",
)
_PARTS = ((r"%[bBp]|T", "a"), (r"%.", "9"))
"""Parts of a format -> what stands for them in the shape of its texts."""
_DATE_IN = r"\d[-/. ]\d|\d[- /][A-Za-z]|[A-Za-z] \d"
_LIKELY = re.compile(r"[A-Za-z]{0,9}[ -]?\d{1,4}.*[-/. ].*\d")
_ISO_LIKE = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")


@dataclass(frozen=True)
class DateFormat:
    """Formats that all values follow, the preferred one first; two when day and month may be swapped."""

    formats: tuple[str, ...] = ()


def find_format(values: pd.Series) -> DateFormat:
    """The formats that every text of a sample follows: none when they are not dates.

    Args:
        values: distinct texts without missing ones; the first 1,000 are looked at.

    Months come before days when a sample allows both orders.
    """
    sample = values.iloc[:SAMPLE]
    if not len(sample) or not all(map(_LIKELY.match, sample.iloc[:20])):
        return DateFormat()
    first = str(sample.iloc[0])
    fitting = tuple(f for f in formats_like(first) if fits(first, f) and follow(sample, f))
    if fitting:
        return DateFormat(_distinct_orders(_year_placed(fitting, sample)))
    if all(map(_ISO_LIKE.fullmatch, sample)) and follow(sample, ISO):
        return DateFormat((ISO,))
    return DateFormat()


def mostly(values: pd.Series, least: float) -> tuple[str, pd.Series]:
    """The format that most texts of a column follow, and which do not; empty where none does.

    Args:
        values: texts without missing ones.
        least: share of the texts that must follow it, and not all.
    """
    head = values.iloc[:: max(1, len(values) // SAMPLE)]
    likely = head[head.str.contains(_DATE_IN, na=False)]
    distinct = likely.unique()
    if len(distinct) < FEWEST_DATES or len(likely) < ROUGHLY * least * len(head):
        return "", values.notna()
    fitting = list(dict.fromkeys(f for text in distinct[:TRIED] for f in formats_like(text) if fits(text, f)))
    if not fitting:
        return "", values.notna()
    format = min(fitting, key=lambda format: int(_unread(likely, format).sum()))
    bad = _unread(values, format)
    return (format, bad) if 0 < bad.mean() <= 1 - least else ("", bad)


def _unread(texts: pd.Series, format: str) -> pd.Series:
    return pd.to_datetime(texts, format=format, errors="coerce", utc=True).isna()


def formats_like(text: str) -> tuple[str, ...]:
    """The formats that a text may follow, by where its digits, letters and marks stand; no other reads it."""
    letters = re.sub(r"[^\W\d_]+", "a", text.strip())
    return _of_shape(re.sub(r"\s+", " ", re.sub(r"\d+", "9", letters)))


@lru_cache(maxsize=1_000)
def _of_shape(shape: str) -> tuple[str, ...]:
    fitting = []
    for format in FORMATS:
        own = format.removesuffix(_ZONE)
        for part, sign in _PARTS:
            own = re.sub(part, sign, own)
        if shape == own or (format.endswith(_ZONE) and shape.startswith(own)):
            fitting.append(format)
    return tuple(fitting)


def fits(text: str, format: str) -> bool:
    """Whether one text follows a format."""
    try:
        datetime.strptime(text, format)
    except ValueError:
        return False
    return True


def follow(values: pd.Series, format: str) -> bool:
    """Whether all texts follow a format."""
    return bool(pd.to_datetime(values, format=format, errors="coerce", utc=True).notna().all())


def _year_placed(fitting: tuple[str, ...], sample: pd.Series) -> tuple[str, ...]:
    """The formats with the likelier place of a two-digit year in front: the dates lie closer together."""
    first = [format for format in fitting if format.startswith("%y")]
    last = [format for format in fitting if "%y" in format and format not in first]
    if not (first and last):
        return fitting
    return (*first, *last) if _days(sample, first[0]) < min(_days(sample, f) for f in last) else fitting


def _days(sample: pd.Series, format: str) -> pd.Timedelta:
    """How far apart the first and the last date of a sample lie."""
    times = pd.to_datetime(sample, format=format, utc=True)
    return pd.Timedelta(times.max() - times.min())


def _distinct_orders(fitting: tuple[str, ...]) -> tuple[str, ...]:
    """The first fitting format, and the one that only swaps day and month."""
    first = fitting[0]
    other = swapped(first)
    return (first, other) if other != first and other in fitting else (first,)
