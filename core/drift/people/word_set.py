"""Lists of words in small letters without accents."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "’": "'"})


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def plain(text: str) -> str:
    """The text in small letters without accents."""
    split = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in split if not unicodedata.combining(letter))
