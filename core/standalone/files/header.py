"""The place of the header in a new file, and whether rows begin with one at all."""

from __future__ import annotations

from collections.abc import Collection

from ..counts import agreeing, counted
from .cell_kinds import kind_of
from .names import trimmed_name

FIRST_LINES = 51
TYPED_SHARE = 0.8
YEARS = (1900, 2100)
VOTERS = 100


def is_header(record: list[str], wanted: Collection[str]) -> bool:
    """Whether half of the wanted names stand in a record."""
    cells = {trimmed_name(cell) for cell in record}
    return bool(wanted) and 2 * len(cells.intersection(wanted)) >= len(set(wanted))


def header_at(records: list[list[str]], wanted: Collection[str]) -> int | None:
    """The position of the first record that has half of the wanted names, or of its last copy after it."""
    first = next((at for at, one in enumerate(records[:FIRST_LINES]) if is_header(one, wanted)), None)
    if first is None:
        return None
    header, place = [cell.strip() for cell in records[first]], first
    for position, record in enumerate(records[first + 1 :], first + 1):
        cells = [cell.strip() for cell in record]
        if cells == header:
            place = position
        elif any(cells):
            break
    return place


def header_notes(records: list[list[str]], place: int) -> list[tuple[str, str]]:
    """Code and sentence of what stands before the header at a place: copies of it, and other lines."""
    header = [cell.strip() for cell in records[place]]
    copies = sum([cell.strip() for cell in record] == header for record in records[:place])
    notes = []
    if copies:
        notes.append(("HEADER_REPEATED", f"The header stands {counted(copies + 1, 'time')}; used once."))
    before = sum(any(map(str.strip, record)) for record in records[:place]) - copies
    if before:
        notes.append(
            ("PREAMBLE", (f"{counted(before, 'line')} before the header {agreeing('was', before)} left out."))
        )
    return notes


def shows_header(rows: list[list[str]], width: int) -> bool:
    """Whether the first row must hold names: more of its cells are unlike what stands below than like it."""
    votes = header_votes(rows, width)
    return votes.count("name") > votes.count("data")


def header_votes(rows: list[list[str]], width: int) -> list[str]:
    """What each column says about the first row: ``name``, ``data``, ``repeats`` or nothing."""
    first, below = rows[0], [row for row in rows[1 : VOTERS + 1] if len(row) == width]
    return [_vote(cell, kind_of(cell), [row[j] for row in below]) for j, cell in enumerate(first[:width])]


def _vote(cell: str, kind: str, below: list[str]) -> str:
    """What one column says about the first cell: ``name``, ``data``, ``repeats`` or nothing."""
    kinds = [k for k in map(kind_of, below) if k != "empty"]
    for typed in ("number", "date"):
        if kinds and kinds.count(typed) >= TYPED_SHARE * len(kinds):
            if kind == "text" or (kind == "number" and _is_year(cell) and not all(map(_is_year, below))):
                return "name"
            return "data" if kind == typed else ""
    if kind in ("number", "date") and kinds:
        return ""
    return "repeats" if cell.strip() and cell in below else ""


def _is_year(cell: str) -> bool:
    return cell.strip().isdecimal() and YEARS[0] <= int(cell[:9]) <= YEARS[1]
