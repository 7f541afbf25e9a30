"""What a column means, guessed from its values and its name, with the reason in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from core.data.table import Column, Physical
from core.data.types.marked import marks_of
from core.data.types.number_shares import mixed_numbers
from core.data.types.odd_dates import dates_of
from core.spec import Kind
from core.standalone.counts import counted

SAMPLE = 5_000
LEAST_ID_ROWS = 20
ID_SHARE = 0.99
LONGEST_ID = 80
VARIED = 0.2
"""Share of distinct texts from which they are looked at for what they measure."""
TEXT_WORDS = 3.0
TEXT_SHARE = 0.01
TEXT_LEVELS = 50
LONG_TEXT = 100.0
NUMBER_SHARE = 0.95
FEW_NUMBERS = 20
ID_WORDS = frozenset({"id", "ids", "uid", "uuid", "guid", "key", "pk", "rowid"})
LAST_ID_WORDS = frozenset({"index", "idx", "nr", "no", "number", "num", "row", "serial"})
ID_NOUNS = (
    "account|batch|case|client|customer|device|employee|event|invoice|item|lot|member|order|passenger|patient|"
    "person|product|record|sample|session|transaction|unit|user|wafer"
)
NOUN_ID = re.compile(rf"(?:{ID_NOUNS})ids?")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NUMBER = r"\s*[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?\s*"


class Guess(NamedTuple):
    """A kind and the sentence that justifies it."""

    kind: Kind
    reason: str


def classify(
    frame: pd.DataFrame,
    formats: Mapping[str, str],
    zoned: Mapping[str, bool | None] | None = None,
    words: Mapping[str, Mapping[str, int]] | None = None,
) -> tuple[Column, ...]:
    """Each column of a typed frame with its kind, the reason, its role and its counts.

    Args:
        frame: columns of the three physical types (float64, str, datetime64).
        formats: strptime format of the datetime columns that were read from text, by name.
        zoned: whether the times of a column carried a zone, by name, where that is known.
        words: texts that were read as missing with their numbers of cells, by name of the column.

    The thresholds for ids and text follow AutoGluon (share of distinct values above .99; three words and
    more than 1 % distinct).
    """
    columns = [_column(str(name), frame.iloc[:, i], formats) for i, name in enumerate(frame.columns)]
    zones, gone = zoned or {}, words or {}
    facts = {c.name: {"zoned": zones.get(c.name), "words": dict(gone.get(c.name, {}))} for c in columns}
    return tuple(c.model_copy(update=facts[c.name]) for c in columns)


def physical_type(series: pd.Series) -> Physical:
    """The physical type of a column of a typed frame.

    Raises:
        TypeError: the frame is not typed; the reader must convert it first.
    """
    if pd.api.types.is_datetime64_dtype(series.dtype):
        return "datetime"
    if pd.api.types.is_float_dtype(series.dtype):
        return "number"
    if pd.api.types.is_string_dtype(series.dtype):
        return "text"
    raise TypeError(f"column {series.name!r} has the type {series.dtype}, which no table has")


def named_like_id(name: str) -> bool:
    """Whether a column name reads like a key: ``customerID``, ``order no``, ``uuid``."""
    words = words_of(name)
    if not words:
        return False
    ends = {words[0], words[-1]}
    return bool(ends & ID_WORDS) or words[-1] in LAST_ID_WORDS or bool(NOUN_ID.fullmatch(words[-1]))


def number_share(values: pd.Series) -> float:
    """Share of the texts that read as a number, from 0 to 1; 0 when there are none."""
    present = values.dropna()
    return float(present.str.fullmatch(_NUMBER).mean()) if len(present) else 0.0


def words_of(name: str) -> list[str]:
    """The words of a column name in small letters, of any script: ``customerID`` gives two."""
    return [word.lower() for word in re.split(r"[\W_]+", _CAMEL.sub(" ", name)) if word]


def _column(name: str, series: pd.Series, formats: Mapping[str, str]) -> Column:
    physical = physical_type(series)
    missing = int(series.isna().sum())
    unique = int(series.nunique())
    guess = _guess(name, series, physical, unique, len(series) - missing)
    return Column(
        name=name,
        physical=physical,
        kind=guess.kind,
        reason=guess.reason,
        role="ignore" if guess.kind in ("id", "constant") else "feature",
        missing=missing,
        unique=unique,
        format=formats.get(name, "") if physical == "datetime" else "",
    )


def _guess(name: str, series: pd.Series, physical: Physical, unique: int, present: int) -> Guess:
    if unique == 0:
        return Guess("constant", "It has no values at all.")
    if unique == 1:
        rest = "." if present == len(series) else f"; {counted(len(series) - present, 'cell', 'is')} empty."
        return Guess("constant", f"It has one value only{rest}")
    if physical == "datetime":
        return Guess("datetime", f"Its values are dates: {unique:,} different ones.")
    if unique == 2:
        return Guess("boolean", "It has exactly two different values.")
    if physical == "number":
        return _number(name, series.dropna(), unique)
    return _text(name, series.dropna(), unique)


def _number(name: str, values: pd.Series, unique: int) -> Guess:
    numbers = values.to_numpy()
    if not np.all(np.isfinite(numbers)) or np.any(numbers % 1):
        return Guess("numeric", f"Its values are numbers: {unique:,} different ones.")
    if unique == len(numbers) and unique >= LEAST_ID_ROWS:
        if named_like_id(name):
            return Guess("id", "Whole numbers, all different, named like a key.")
        if numbers.min() in (0, 1) and numbers.max() - numbers.min() == unique - 1:
            return Guess("id", "It counts the rows and skips none.")
    if unique <= FEW_NUMBERS:
        return Guess("numeric", f"Whole numbers, {counted(unique, 'level')}; choose Category for codes.")
    return Guess("numeric", f"Its values are whole numbers: {unique:,} different ones.")


def _text(name: str, values: pd.Series, unique: int) -> Guess:
    sample = values.iloc[:: max(1, len(values) // SAMPLE)]
    words = float((sample.str.strip().str.count(r"\s+") + 1).mean())
    length = float(sample.str.len().mean())
    share = unique / len(values)
    single = words < 1.1 and length <= LONGEST_ID
    if content := _measured_texts(name, sample, share):
        return Guess("categorical", f"{content}, kept as text: {counted(unique, 'different value')}.")
    if share > ID_SHARE and len(values) >= LEAST_ID_ROWS and single and not _measures(name, sample):
        return Guess("id", f"{share:.0%} of its values differ, each one short word.")
    varied = unique > TEXT_LEVELS or share > 0.5
    if varied and share > TEXT_SHARE and words >= TEXT_WORDS:
        return Guess(
            "text", f"Free text: {words:.0f} words on average and {counted(unique, 'different value')}."
        )
    if varied and length > LONG_TEXT:
        return Guess("text", f"Free text: {length:.0f} characters on average.")
    return Guess("categorical", f"Text with {counted(unique, 'different value')}.")


def _measured_texts(name: str, sample: pd.Series, share: float) -> str:
    """What most texts are where they differ without being keys; empty for other texts."""
    if share <= VARIED or named_like_id(name) or len(sample) < LEAST_ID_ROWS:
        return ""
    if marks_of(sample) is not None:
        return "Numbers with signs or units"
    dates = dates_of(sample)
    if dates is not None:
        return "Dates that are not read" if dates.odd is None else "Dates, and some other texts"
    mixed = any(mixed_numbers(sample, decimal) is not None for decimal in ".,")
    return "Numbers, and some other texts" if mixed else ""


def _measures(name: str, sample: pd.Series) -> bool:
    """Whether nearly all texts are measured numbers, which differ without being keys."""
    if named_like_id(name) or sample.str.match(r"0\d").any():
        return False
    return number_share(sample) >= NUMBER_SHARE
