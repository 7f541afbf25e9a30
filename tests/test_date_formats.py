"""The formats that are tried on a text are all that can read it."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, timezone

import pandas as pd

from core.data.types.date_formats import FORMATS, fits, formats_like

NOT_WRITTEN_BY_STRFTIME = [
    "",
    "g12",
    "Ulm 7-8",
    "a-1-2",
    "2024",
    "20240101",
    "2024-1-1 1:2",
    "10:30",
    "2024-01-01 10:30:11.123456789",
    "2024-01-01T10:30:11 +01:00",
    "2024-01-01 10:30UTC",
    "2024-01-01 10:30 UTC",
    " 2024-01-01 ",
]
CHANGES = (
    str.upper,
    str.lower,
    lambda text: text.replace(" ", "  "),
    lambda text: text.replace(" ", "\u00a0"),
    lambda text: text.replace("+0000", "Z").replace("+0545", "+05:45"),
    lambda text: text.replace("0", ""),
    lambda text: text[1:],
    lambda text: text[:-1],
    lambda text: f"{text[:5]}\u0663{text[5:]}",
)


def texts() -> list[str]:
    """A time in every format, and changed as people and programs change it."""
    rng = random.Random(0)
    written = []
    for place, format in enumerate(FORMATS):
        zone = rng.choice([UTC, timezone(timedelta(minutes=345))])
        time = datetime(1999, 1, 1, tzinfo=zone) + timedelta(seconds=rng.randrange(10**9), microseconds=7)
        text = time.strftime(format)
        changed = CHANGES[place % len(CHANGES)](text)
        written += [text, changed.lstrip("-/. ")]  # pandas reads "/1/13" as a day of some year
    return sorted({*written, *NOT_WRITTEN_BY_STRFTIME})


def test_no_format_reads_a_text_that_it_is_not_tried_on() -> None:
    every = texts()
    tried = {text: set(formats_like(text)) for text in every}
    missed = []
    for format in FORMATS:
        rest = pd.Series([text for text in every if format not in tried[text]], dtype="str")
        read = pd.to_datetime(rest, format=format, errors="coerce", utc=True).notna()
        missed += [(text, format) for text in rest[read]]
    for text in every[::7]:
        missed += [(text, format) for format in FORMATS if format not in tried[text] and fits(text, format)]
    assert missed == []


def test_few_formats_are_tried_and_none_on_words() -> None:
    assert formats_like("G-12") == formats_like("Ulm") == ()
    assert "%Y-%m-%d" in formats_like("2024-12-31")
    assert max(len(formats_like(text)) for text in texts()) < len(FORMATS) / 5
