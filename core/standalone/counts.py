"""Counts and lists in words."""

from __future__ import annotations

from collections.abc import Sequence

FOR_MANY = {
    "goes": "go",
    "carries": "carry",
    "is": "are",
    "was": "were",
    "has": "have",
    "does": "do",
    "it": "they",
    "its": "their",
}
HISSING = ("s", "x", "ch", "sh")


def counted(value: float, noun: str, then: str = "") -> str:
    """A count with its noun, and what follows it in the same number: ``1 cell is``, ``2,000 cells are``.

    Args:
        noun: for one.
        then: a verb or a word as for one, such as ``was`` or ``looks``; empty for none.
    """
    words = (f"{int(value):,}", noun if value == 1 else many(noun), agreeing(then, value))
    return " ".join(filter(None, words))


def counted_of(part: float, whole: float, noun: str, then: str = "") -> str:
    """A part of a count, such as ``1 of 200 rows has`` or ``3 of 200 rows have``.

    Args:
        noun, then: as in ``counted``.
    """
    return " ".join(filter(None, (f"{int(part):,} of {counted(whole, noun)}", agreeing(then, part))))


def agreeing(word: str, value: float) -> str:
    """A verb or pronoun that is written for one, such as ``is``, as it is for that many."""
    return word if value == 1 else FOR_MANY.get(word, word.removesuffix("s"))


def many(noun: str) -> str:
    """A noun for more than one: ``rows``, ``classes``, ``categories``."""
    if noun.endswith(HISSING):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"


def first_of(names: Sequence[str], most: int, what: str = "", between: str = ", ") -> str:
    """A list of which the first are named: ``'a', 'b' and 3 more``.

    Args:
        names: as they are to stand, quoted or not.
        most: how many are named.
        what: noun of the others for one, such as ``column``; empty for none.
        between: what stands between two names.
    """
    rest = len(names) - most
    if rest <= 0:
        return between.join(names)
    noun = (what if rest == 1 else many(what)) if what else ""
    return f"{between.join(names[:most])} and {rest:,} more {noun}".rstrip()
