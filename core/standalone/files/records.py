"""The records of a text table: which are blank, and whether they fit the header."""

from __future__ import annotations

from collections.abc import Iterable


class UnreadableFileError(Exception):
    """A file that cannot be read for a model; its text begins with the code and says why."""

    def __init__(self, code: str, problem: str) -> None:
        super().__init__(f"{code}: {problem}")


def is_blank(record: list[str]) -> bool:
    """Whether a record is an empty line, which pandas leaves out too."""
    return not record or (len(record) == 1 and not record[0].strip(" \t"))


def count_rows(records: Iterable[list[str]], width: int) -> int:
    """How many rows there are: none may have more fields than the header, or lack one that others fill.

    Raises:
        UnreadableFileError: when one does.
    """
    rows, least, filled = 0, width, 0
    for record in records:
        if is_blank(record):
            continue
        rows += 1
        if len(record) > width:
            raise UnreadableFileError("RAGGED", f"Row {rows:,} has {len(record)} fields instead of {width}.")
        if len(record) < width:
            least = min(least, len(record))
        elif any(record[filled:]):
            filled = width - next(place for place, cell in enumerate(reversed(record)) if cell)
    if filled > least:
        raise UnreadableFileError("RAGGED", f"Some rows have only {least} fields instead of {width}.")
    return rows
