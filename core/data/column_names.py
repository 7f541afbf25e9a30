"""Column names that can be relied on: none blank, none twice, none endless."""

from __future__ import annotations

from collections.abc import Sequence

from core.data.table import Note
from core.standalone.counts import agreeing, counted
from core.standalone.files.names import LONGEST_NAME, trimmed_name, unique_names

SHOWN = 10
NO_HEADER = Note(
    code="NO_HEADER", text="The first row looks like data; columns were called column_1 and so on."
)


def clean_names(header: Sequence[str]) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """The names that ``unique_names`` gives the columns of a header, and what was changed."""
    trimmed, names = [trimmed_name(name) for name in header], unique_names(list(header))
    return tuple(names), tuple(_notes(trimmed, names, trimmed.count("")))


def _notes(header: list[str], names: list[str], blank: int) -> list[Note]:
    notes = []
    if blank:
        notes.append(
            Note(
                code="BLANK_NAME",
                text=(
                    f"{counted(blank, 'column')} without a name {agreeing('was', blank)} called column_1 "
                    "and so on."
                ),
            )
        )
    renamed = [
        f"{a[:40]} → {b[:40]}"
        for a, b in zip(header, names, strict=True)
        if a and a != b and len(a) <= LONGEST_NAME
    ]
    if renamed:
        text = ", ".join(renamed[:SHOWN]) + (" ..." if len(renamed) > SHOWN else "")
        notes.append(Note(code="DUPLICATE_NAME", text=f"Names that occur twice were changed: {text}."))
    cut = sum(len(name) > LONGEST_NAME for name in header)
    if cut:
        notes.append(
            Note(code="LONG_NAME", text=f"{counted(cut, 'name', 'was')} cut at {LONGEST_NAME} characters.")
        )
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
