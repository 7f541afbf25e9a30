"""Column names that can be relied on: none blank, none twice, none endless."""

from __future__ import annotations

from collections.abc import Sequence

from core.data.table import Note

LONGEST = 200
SHOWN = 10
NO_HEADER = Note(
    code="NO_HEADER", text="The first row looks like data; columns were called column_1 and so on."
)


def clean_names(found: Sequence[str]) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """Unique names of at most 200 characters for a header, in order, and what was changed.

    A second ``a`` becomes ``a_2``, or the next number that no other column has; a blank becomes ``column_1``
    by its position. The same header always gives the same names.
    """
    trimmed, names = [_trimmed(name) for name in found], unique_names(list(found))
    return tuple(names), tuple(_notes(trimmed, names, trimmed.count("")))


def _trimmed(name: str) -> str:
    return " ".join(name.replace("\x00", "").split())


def unique_names(found: list[str]) -> list[str]:
    """The names that the columns of a header get; scripts carry this function and what it uses."""
    trimmed = [_trimmed(name) for name in found]
    taken = set(trimmed)
    names: list[str] = []
    used: set[str] = set()
    counters: dict[str, int] = {}
    for position, name in enumerate(trimmed, 1):
        wanted = (name or f"column_{position}")[:LONGEST]
        unique = _unique(wanted, used, taken if wanted in used or not name else set(), counters)
        used.add(unique)
        names.append(unique)
    return names


def _unique(wanted: str, used: set[str], taken: set[str], counters: dict[str, int]) -> str:
    if wanted not in used and wanted not in taken:
        return wanted
    number = counters.get(wanted, 1)
    while True:
        number += 1
        end = f"_{number}"
        name = wanted[: LONGEST - len(end)] + end
        if name not in used and name not in taken:
            counters[wanted] = number
            return name


def _notes(found: list[str], names: list[str], blank: int) -> list[Note]:
    notes = []
    if blank:
        notes.append(
            Note(code="BLANK_NAME", text=f"{blank:,} columns without a name were called column_1 and so on.")
        )
    renamed = [
        f"{a[:40]} → {b[:40]}"
        for a, b in zip(found, names, strict=True)
        if a and a != b and len(a) <= LONGEST
    ]
    if renamed:
        text = ", ".join(renamed[:SHOWN]) + (" ..." if len(renamed) > SHOWN else "")
        notes.append(Note(code="DUPLICATE_NAME", text=f"Names that occur twice were changed: {text}."))
    cut = sum(len(name) > LONGEST for name in found)
    if cut:
        notes.append(Note(code="LONG_NAME", text=f"{cut:,} names were cut at {LONGEST} characters."))
    alike = _alike(names)
    if alike:
        notes.append(
            Note(code="LOOK_ALIKE", text=f"These names differ only in case or spaces: {', '.join(alike)}.")
        )
    return notes


def _alike(names: list[str]) -> list[str]:
    """Up to ten names that equal another one but for case, spaces or Unicode form."""
    import unicodedata

    groups: dict[str, list[str]] = {}
    for name in names:
        key = unicodedata.normalize("NFKC", name).casefold().replace(" ", "").replace("_", " ")
        groups.setdefault(key, []).append(name)
    return [name for group in groups.values() if len(group) > 1 for name in group][:SHOWN]
