"""Which notes of the reader matter to who uses a file that goes with a model."""

from __future__ import annotations

from collections.abc import Iterable

from core.data.table import Note

NOT_ABOUT_ROWS = frozenset(
    (
        "AS_BEFORE",
        "AS_RECIPE",
        "DECIMAL",
        "ENCODING",
        "ESCAPE",
        "QUOTES",
        "NUL",
        "NAME",
        "LOOK_ALIKE",
        "TYPE",
        "MONEY",
        "MARKS",
        "DAY_NUMBER",
        "MIXED_UNITS",
        "LEADING_ZERO",
        "BIG_INTEGER",
        "MISSING_WORDS",
    )
)
"""Notes on how the bytes became cells, or on what a column looks like when it is read on its own: what is
different about a column of a model is told beside that model. Every other note is passed on."""
SERIOUS = frozenset(
    ("INFINITE", "AMBIGUOUS_DATE", "AMBIGUOUS_NUMBER", "OTHER_DECIMAL", "TIME_ZONE", "SKIPPED_LINES")
)
"""Notes on values that may be others than the file means."""


def about_rows(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The notes that matter, those on values first."""
    passed = [note for note in notes if note.code not in NOT_ABOUT_ROWS]
    return tuple(sorted(passed, key=lambda note: note.code not in SERIOUS))
