"""Times with and without a zone: the new ones are read as those of training were, or it is said."""

from __future__ import annotations

import re

import pandas as pd

from ..counts import agreeing, counted
from .trained_column import RowNote

CLOCK = r"(?:\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?|T\d{4}(?:\d{2}(?:[.,]\d+)?)?)(?:\s?[ap]\.?m\.?)?"
ZONE_NAMES = "z|utc|gmt|cet|cest|eet|eest|wet|west|bst|ist|est|edt|cst|cdt|mst|mdt|pst|pdt|msk|jst"
ZONED = re.compile(
    rf"(.*{CLOCK})\s?((?:{ZONE_NAMES})|(?:utc|gmt)?[+-]\d{{1,2}}(?::?\d{{2}})?)(?:\[[^\]]*\])?", re.I
)
"""A time with its zone: what stands before the zone, and the zone."""
OFFSETS = {
    **dict.fromkeys(("utc", "gmt", "wet"), "+00:00"),
    **dict.fromkeys(("cet", "west"), "+01:00"),
    **dict.fromkeys(("cest", "eet"), "+02:00"),
    **dict.fromkeys(("eest", "msk"), "+03:00"),
    "jst": "+09:00",
    "edt": "-04:00",
    "est": "-05:00",
    "mdt": "-06:00",
    "mst": "-07:00",
    "cdt": "-05:00",
    "pdt": "-07:00",
    "pst": "-08:00",
}
"""Names of zones that stand for one offset everywhere, unlike ``IST``, ``BST`` and ``CST``."""
DATE_OR_TIME = r"\d[-/.:]\d"


def has_zone(values: pd.Series) -> pd.Series:
    """Which times carry a zone, of a column of texts or times of any length."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values.notna() & (getattr(values.dtype, "tz", None) is not None)
    if pd.api.types.is_numeric_dtype(values.dtype):
        return pd.Series(False, index=values.index)
    return values.astype("str").str.strip().str.fullmatch(ZONED, na=False)


def carries_zone(values: pd.Series) -> bool | None:
    """Whether a column of times has one with a zone; None when it has no times at all."""
    return bool(has_zone(values).any()) if values.notna().any() else None


def zoned_by(format: str) -> bool | None:
    """Whether times of a strptime format carry a zone; None where the format leaves it open."""
    if "%z" in format or "%Z" in format:
        return True
    return False if "%" in format else None


def in_trained_zone(
    values: pd.Series, name: str, zoned: bool | None
) -> tuple[pd.Series, tuple[RowNote, ...]]:
    """Times of a new column as those of training are read, and a note where zone and no zone meet.

    A zone that training did not have is taken off, so that the clock shows what it showed in training; no
    hour is moved. Without the zone that training had, the clock is taken for UTC.

    Args:
        values: texts or times, any length.
        zoned: whether the training times carried a zone; None where that is not known.
    """
    with_zone = has_zone(values)
    if with_zone.any() and not zoned:
        example = _zone(values[with_zone].iloc[0])
        if zoned is None:
            return values, (_zone_note(name, int(with_zone.sum()), UNKNOWN, example),)
        return _without_zone(values, with_zone), (_zone_note(name, int(with_zone.sum()), ADDED, example),)
    bare = _is_time(values) & ~with_zone if zoned else with_zone
    return _with_offsets(values, with_zone), (
        (_zone_note(name, int(bare.sum()), LACKING, ""),) if bare.any() else ()
    )


ADDED = (
    "{count} of {name!r} {carry} a zone ({example}), those of training carried none: read as the "
    "clock shows them. If the training times are of another zone, bring both to one zone first."
)
UNKNOWN = (
    "{count} of {name!r} {carry} a zone ({example}) and {was} read as UTC; whether those of training carried "
    "one is not known. Write both in one zone to be sure."
)
LACKING = (
    "{count} of {name!r} {carry} no zone, those of training carried one: taken for UTC. If that is wrong, "
    "write them with their zone, such as +01:00."
)


def _zone_note(name: str, count: int, text: str, example: str) -> RowNote:
    words = {
        "count": counted(count, "time"),
        "carry": agreeing("carries", count),
        "was": agreeing("was", count),
    }
    return RowNote("TIME_ZONE", name, text.format(name=name, example=example, **words), "warn", count)


def _zone(value: object) -> str:
    match = ZONED.fullmatch(str(value).strip())
    return match.group(2) if match else str(getattr(value, "tzinfo", ""))


def _is_time(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values.notna()
    if pd.api.types.is_numeric_dtype(values.dtype):
        return pd.Series(False, index=values.index)
    return values.astype("str").str.contains(DATE_OR_TIME, na=False)


def _with_offsets(values: pd.Series, with_zone: pd.Series) -> pd.Series:
    """The times with the names of zones, such as ``CET``, as offsets, and without ``[Europe/Berlin]``."""
    if not with_zone.any() or pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values
    text = values.astype("str").str.strip()
    parts = text[with_zone].str.extract(ZONED)
    offsets = parts[1].str.lower().map(OFFSETS)
    named = offsets.notna() | text[with_zone].str.endswith("]")
    if not named.any():
        return values
    written = parts[0].str.rstrip() + offsets.fillna(parts[1])
    return text.mask(named.reindex(text.index, fill_value=False), written.reindex(text.index))


def _without_zone(values: pd.Series, with_zone: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values.dt.tz_localize(None)
    text = values.astype("str").str.strip()
    return text.mask(with_zone, text[with_zone].str.replace(ZONED, r"\1", regex=True).str.rstrip())
