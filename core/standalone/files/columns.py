"""The columns of a new file: where its rows begin, and what their cells are called."""

from __future__ import annotations

import sys
from collections.abc import Collection

from ..plan import TableFile
from .header import header_at, header_notes, shows_header
from .names import unique_names
from .records import UnreadableFileError


def columns_of(records: list[list[str]], wanted: Collection[str], file: TableFile) -> tuple[int, list[str]]:
    """Where the rows begin among the first records of a new file, and the names of its columns.

    The header is the record with half of the wanted names, else the one at the place that it had in the
    training file. A training file without a header gives the names itself.

    Raises:
        UnreadableFileError: when there is no header, or one that the training file did not have.
    """
    place = header_at(records, wanted)
    if place is None and not file.header:
        return file.skip_rows, _names_without_header(records[file.skip_rows :], file)
    place = file.skip_rows if place is None else place
    for code, text in header_notes(records, place) if place < len(records) else ():
        print(f"{code}: {text}", file=sys.stderr)
    if place >= len(records):
        raise UnreadableFileError("EMPTY", "The file has no header.", "Give a file with a header and rows.")
    return place + 1, unique_names(records[place])


def _names_without_header(records: list[list[str]], file: TableFile) -> list[str]:
    rows = [record for record in records if any(record)]
    if rows and shows_header(rows, len(file.names)):
        raise UnreadableFileError(
            "SCHEMA", "The file has a header; the training file had none.", "Call its columns column_1, ..."
        )
    return list(file.names)
