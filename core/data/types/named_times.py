"""Dates with names beside them that are not read: of time zones, such as CET, and of days of the week."""

from __future__ import annotations

import pandas as pd

from core.data.types.date_formats import SAMPLE, fits, formats_like

WEEKDAY = r"^(?i:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+"
ZONE = r"(?<=\d)\s?\(?((?!AM\b|PM\b)[A-Z]{2,5}|[A-Z][A-Za-z]+/[A-Z][A-Za-z_/]+)\)?(?=$|\s\d{4}$)"
BEHIND_ZONE = "%b %d %H:%M:%S %Y"
"""What dates such as ``Mon Jan 5 10:00:00 PST 2020`` are without their names."""
LEAST = 0.5
"""Share of the texts that must be such dates."""
FEWEST = 5
SHOWN = 4


def named_times(present: pd.Series) -> str:
    """The names of zones or days of the week beside the dates of a column, in words; empty for other texts.

    Args:
        present: texts without missing ones.
    """
    head = present.iloc[:: max(1, len(present) // SAMPLE)]
    bare = head.str.replace(WEEKDAY, "", regex=True)
    zones = bare.str.extract(ZONE, expand=False)
    plain = bare.str.replace(ZONE, "", regex=True).str.replace(r"\s+(?=[+-]\d\d:?\d\d$)", "", regex=True)
    plain = plain.str.replace(r"\s+", " ", regex=True).str.strip()
    if head.nunique() < FEWEST or (plain != head).mean() < LEAST:
        return ""
    first = plain[plain != head].iloc[0]
    fitting = [format for format in (*formats_like(first), BEHIND_ZONE) if fits(first, format)]
    read = max((_share(plain, format) for format in fitting), default=0.0)
    if read < LEAST:
        return ""
    if zones.notna().any():
        listed = ", ".join(zones.value_counts().index[:SHOWN])
        return f"names of time zones ({listed}) beside them, such as {head[zones.notna()].iloc[0]!r}"
    return f"names of days of the week before them, such as {head.iloc[0]!r}"


def _share(texts: pd.Series, format: str) -> float:
    return float(pd.to_datetime(texts, format=format, errors="coerce", utc=True).notna().mean())
