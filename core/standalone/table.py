"""A raw table as the typed table that the app would have stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from .cells import as_datetime, as_number, as_text


def typed_column(
    values: pd.Series, physical: str, format: str, missing: Sequence[str], decimal: str
) -> pd.Series:
    """A column as ``number``, ``datetime`` or ``text``; in texts the words for "no value" become missing."""
    if physical == "number":
        return as_number(values, decimal)
    if physical == "datetime":
        return as_datetime(values, format)
    text = as_text(values)
    return text.mask(text.isin([word for word in missing if word]))


def typed_table(
    frame: pd.DataFrame,
    types: Mapping[str, tuple[str, str]],
    missing: Sequence[str],
    decimal: str,
    verbatim: Sequence[str] = (),
) -> pd.DataFrame:
    """The columns of a raw table that have a type, those that are there.

    Args:
        types: name -> physical type, and the strptime format of dates.
        verbatim: columns in which the words for "no value" are words as any other.
    """
    frame = frame.rename(columns=str)
    wanted = {name: type for name, type in types.items() if name in frame.columns}
    out = {
        name: typed_column(frame[name], *type, () if name in verbatim else missing, decimal)
        for name, type in wanted.items()
    }
    return pd.DataFrame(out, index=frame.index)
