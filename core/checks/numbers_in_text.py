"""The numbers in texts, each by where it stands or by the word beside it, and what two of them make."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pandas as pd

from core.checks.number_spelling import NUMBER, number_value, plain_numbers

WORD = re.compile(r"[^\W\d_]+|[$€£¥%]")
MOST_PLACES, MOST_WORDS = 6, 20
LEAST_SHARE = 0.5
"""Of the texts that must have a number, and of those with a word beside one."""


def numbers_in(texts: pd.Series) -> list[np.ndarray]:
    """(texts,) the first to sixth number from either end, those beside a frequent word, pairs at an end.

    Texts are read as they stand, and with dates, times and amounts as plain numbers. NaN where a text has
    none; nothing where few texts have one.
    """
    plain = plain_numbers(texts)
    readings = [texts] if plain.equals(texts) else [texts, plain]
    return [column for reading in readings for column in _numbers_of(reading)]


def _numbers_of(texts: pd.Series) -> list[np.ndarray]:
    each = [list(NUMBER.finditer(text)) for text in texts]
    if sum(map(bool, each)) < LEAST_SHARE * len(texts):
        return []
    most = min(MOST_PLACES, max(map(len, each)))
    places = [*range(most), *range(-most, 0)]
    found = {place: _column([_at(numbers, place) for numbers in each]) for place in places}
    ends = [(found[a], found[b]) for a, b in ((0, 1), (-2, -1)) if a in found and b in found]
    pairs = [made for one, two in ends for made in (two - one, one + two, one * two)]
    beside = [_beside(text, numbers) for text, numbers in zip(texts, each, strict=True)]
    counts = Counter(key for one in beside for key in one)
    frequent = [key for key, n in counts.most_common(MOST_WORDS) if n >= LEAST_SHARE * len(texts)]
    by_word = [_column([one.get(key, np.nan) for one in beside]) for key in frequent]
    return [*found.values(), *pairs, *by_word]


def _column(values: list[float]) -> np.ndarray:
    return np.array(values, dtype="float64")


def _at(numbers: list[re.Match[str]], place: int) -> float:
    return number_value(numbers[place].group()) if -len(numbers) <= place < len(numbers) else np.nan


def _beside(text: str, numbers: list[re.Match[str]]) -> dict[tuple[str, bool], float]:
    """The number after each word, and before it (True), the first of each; words are in small letters."""
    found: dict[tuple[str, bool], float] = {}
    ends = [0, *(one.end() for one in numbers)]
    starts = [*(one.start() for one in numbers), len(text)]
    for place, one in enumerate(numbers):
        value = number_value(one.group())
        before = WORD.findall(text[ends[place] : one.start()])
        after = WORD.findall(text[one.end() : starts[place + 1]])
        if before:
            found.setdefault((before[-1].lower(), False), value)
        if after:
            found.setdefault((after[0].lower(), True), value)
    return found
