"""The columns of a table while they are given their types, and what was noticed on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pandas as pd

from core.data.table import Note
from core.standalone.counts import counted, first_of
from core.standalone.rows.lost_cells import infinite_note

EXACT = 2**53
"""Above it, float64 no longer holds every integer."""


@dataclass
class Typed:
    """The typed columns and what was noticed on the way.

    Attributes:
        columns: by position; names may need no care here.
        formats: strptime format of the datetimes that were texts, by name.
        zoned: whether the times of a column carried a zone, by name.
        notes: in the order found.
        words: how often each missing word was met, by column.
    """

    columns: list[pd.Series] = field(default_factory=list)
    formats: dict[str, str] = field(default_factory=dict)
    zoned: dict[str, bool | None] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    words: dict[str, Counter[str]] = field(default_factory=dict)

    def note(self, code: str, text: str, column: str = "") -> None:
        self.notes.append(Note(code=code, text=text, column=column))

    def note_words(self, most: int) -> None:
        """Say which words were read as missing, and in which columns."""
        totals: Counter[str] = sum(self.words.values(), Counter())
        parts = []
        for word, count in totals.most_common(most):
            names = [repr(name) for name, words in self.words.items() if word in words]
            parts.append(f"{word!r} {counted(count, 'time')} in {first_of(names, most, 'column')}")
        if parts:
            self.note("MISSING_WORDS", f"Taken as missing: {'; '.join(parts)}.")

    def note_infinite(self, name: str, count: int) -> None:
        """Say how many infinite values a column had, if any."""
        if count:
            self.note("INFINITE", infinite_note(name, count), name)

    def note_big_integers(self, name: str) -> None:
        """Say that a column has integers that float64 would change."""
        text = f"{name!r} has whole numbers of more than 15 digits; they are kept as text."
        self.note("BIG_INTEGER", text, name)
