"""Where the header is, and what stands before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from core.errors import FoldlineError
from core.standalone.counts import counted
from core.standalone.files.cell_kinds import kind_of
from core.standalone.files.header import VOTERS, header_votes, is_header

MOST_PREAMBLE = 50


@dataclass(frozen=True)
class Layout:
    """The shape of the beginning of a table.

    Attributes:
        skip: records before the header (or before the data when there is no header).
        header: whether the record there holds the names.
        width: number of fields of a row.
        repeated: how many of the skipped records are copies of the header.
    """

    skip: int
    header: bool
    width: int
    repeated: int = 0


def find_layout(rows: list[list[str]], wanted: Collection[str] = ()) -> Layout:
    """The header, the preamble and the width of a table from its first records.

    Args:
        wanted: names that columns are known to have; the first record with half of them is the header.

    Raises:
        FoldlineError: ``RAGGED`` when the header has fewer names than the rows have fields.
    """
    width = _width(rows)
    named = next((at for at, row in enumerate(rows[: MOST_PREAMBLE + 1]) if is_header(row, wanted)), None)
    skip = _first_full(rows, width) if named is None else named
    if named is None and skip and not has_header(rows[skip:], width):
        skip = _header_above(rows, skip, width)
    repeated = 0
    while has_text(rows[skip]) and rows[skip + 1 : skip + 2] == [rows[skip]] and len(rows) > skip + 2:
        skip, repeated = skip + 1, repeated + 1
    width = max(width, len(rows[skip]))
    return Layout(skip, named is not None or has_header(rows[skip:], width), width, repeated)


def _width(rows: list[list[str]]) -> int:
    counts = Counter(len(row) for row in rows)
    return max(counts, key=lambda fields: (counts[fields], fields))


def has_text(row: list[str]) -> bool:
    """Whether a row has several different words, as a header has."""
    texts = {cell for cell in row if kind_of(cell) == "text"}
    return 2 * len(texts) >= len(row) and (len(texts) > 1 or len(row) == 1)


def _filled(row: list[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _first_full(rows: list[list[str]], width: int) -> int:
    for position, row in enumerate(rows[: MOST_PREAMBLE + 1]):
        if len(row) >= width and 2 * _filled(row) >= width:
            return position
    return 0


def _header_above(rows: list[list[str]], skip: int, width: int) -> int:
    """Row ``skip`` looks like data: take the row above it as header when it is one."""
    above = rows[skip - 1]
    if len(above) == width and _filled(above):
        return skip - 1
    if _filled(above) >= max(2, width / 2) or (len(above) == width - 1 and _filled(above) > 1):
        raise FoldlineError(
            "RAGGED",
            f"The header has {counted(len(above), 'name')}, the rows have {counted(width, 'field')}.",
            "Add the missing names to the header, or give all names in the reading options.",
            "header",
        )
    return skip


def has_header(rows: list[list[str]], width: int) -> bool:
    """Whether the first row holds names: it differs in kind from the cells below it."""
    first, below = rows[0], [row for row in rows[1 : VOTERS + 1] if len(row) == width]
    kinds = [kind_of(cell) for cell in first]
    if not below:
        return 2 * sum(kind in ("number", "date") for kind in kinds) < len(kinds)
    votes = header_votes(rows, width)
    names, data = votes.count("name"), votes.count("data")
    if names or data:
        return names >= data
    return 3 * votes.count("repeats") < max(3, width)
