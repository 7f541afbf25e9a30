"""Counting the fields of every record of a CSV, so that nothing is filled, shifted or lost silently."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.data.text.dialect import Dialect
from core.errors import FoldlineError
from core.standalone.counts import counted
from core.standalone.files.records import is_blank

WIDE = 4


@dataclass
class FieldCounts:
    """The records after the header.

    Attributes:
        rows: number of records, blank lines not counted.
        blank: number of blank lines between or after them.
        width: the number of fields expected.
        positions, lines, counts: of the records with another number of fields.
        ends_empty: of those, whether the last field is empty.
        first_long: line of the first record that spans several lines, or 0.
        swallowed: line of the first record that holds whole rows in one field, or 0.
        repeats: line of the first record equal to the header, or 0.
        bare_quote: line of the first record with a quote inside a field that has none around it, or 0.
        quote_line: line where the first record with a misplaced quote begins, or 0.
    """

    width: int
    rows: int = 0
    blank: int = 0
    positions: array[int] = field(default_factory=lambda: array("q"))
    lines: array[int] = field(default_factory=lambda: array("q"))
    counts: array[int] = field(default_factory=lambda: array("q"))
    ends_empty: list[bool] = field(default_factory=list)
    first_long: int = 0
    swallowed: int = 0
    repeats: int = 0
    bare_quote: int = 0
    quote_line: int = 0

    @property
    def regular(self) -> bool:
        """Whether every record has the expected fields and no quote is out of place."""
        return not self.positions and not self.quote_line


class _Last:
    """Passes lines on and remembers the last one."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.line = ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.line = next(self._lines)
        return self.line


@contextmanager
def field_limit(chars: int) -> Iterator[None]:
    """Bound the length of a field of Python's csv module for a while."""
    before = csv.field_size_limit(chars)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def count_fields(
    lines: Iterable[str], dialect: Dialect, skip: int, header: bool, width: int, limit: int
) -> FieldCounts:
    """Count the fields of all records up to the first misplaced quote.

    ``count_fields_leniently`` goes on from there.

    Args:
        lines: the decoded lines with their ends.
        skip: records before the header.
        limit: longest field.

    Raises:
        FoldlineError: ``FIELD`` for a field that is too long, ``QUOTES`` when it runs over lines.
    """
    return _scan(lines, dialect, skip, header, width, limit, strict=True)


def count_fields_leniently(
    lines: Iterable[str], dialect: Dialect, skip: int, header: bool, width: int, limit: int, quote_line: int
) -> FieldCounts:
    """As ``count_fields``, reading misplaced quotes as pandas does; ``quote_line`` is kept in the result."""
    counts = _scan(lines, dialect, skip, header, width, limit, strict=False)
    counts.quote_line = quote_line
    return counts


def _scan(
    lines: Iterable[str], dialect: Dialect, skip: int, header: bool, width: int, limit: int, strict: bool
) -> FieldCounts:
    counts = FieldCounts(width)
    last = _Last(lines)
    reader = csv.reader(last, **dialect.keywords(strict))
    names: list[str] = []
    begin, before = 1, skip + header
    with field_limit(limit):
        while True:
            begin = reader.line_num + 1
            try:
                record = next(reader)
            except StopIteration:
                return counts
            except csv.Error as error:
                if "field larger" in str(error):
                    raise _too_long(begin, reader.line_num, limit) from error
                counts.quote_line = begin
                return counts
            if is_blank(record):
                counts.blank += before == 0
            elif before:
                before -= 1
                names = record if before == 0 and header else []
            else:
                _count(counts, record, names, begin, reader.line_num, dialect.delimiter)
                if (
                    dialect.quote
                    and not counts.bare_quote
                    and _has_bare_quote(record, last.line, dialect.quote)
                ):
                    counts.bare_quote = begin


def _count(
    counts: FieldCounts, record: list[str], names: list[str], begin: int, end: int, delimiter: str
) -> None:
    """Book one record."""
    if len(record) != counts.width:
        counts.positions.append(counts.rows)
        counts.lines.append(begin)
        counts.counts.append(len(record))
        counts.ends_empty.append(not record[-1].strip())
    if end > begin:
        counts.first_long = counts.first_long or begin
        if not counts.swallowed and _holds_rows(record, delimiter, counts.width):
            counts.swallowed = begin
    if record == names and len(names) > 1:
        counts.repeats = counts.repeats or begin
    counts.rows += 1


def _has_bare_quote(record: list[str], line: str, quote: str) -> bool:
    """Whether the cells of a record on one line hold quotes that are not written doubled or escaped."""
    if quote not in line:
        return False
    cells = "".join(record)
    return (
        "\n" not in cells
        and "\r" not in cells
        and cells.count(quote) > line.count(quote * 2) + line.count("\\" + quote)
    )


def _holds_rows(record: list[str], delimiter: str, width: int) -> bool:
    """Whether a line inside one field has as many delimiters as a row of a wide table."""
    if width < WIDE:
        return False
    cells = (cell for cell in record if "\n" in cell or "\r" in cell)
    return any(line.count(delimiter) >= width - 2 for cell in cells for line in cell.splitlines()[1:])


def _too_long(begin: int, end: int, limit: int) -> FoldlineError:
    """An endless field: over several lines it is a quote that never closes."""
    where = f"line {begin:,}"
    if end > begin:
        problem = f"A quote opens in the record that begins at line {begin:,} and never closes."
        return FoldlineError("QUOTES", problem, "Close the quote, or read quotes as ordinary text.", where)
    problem = f"Line {begin:,} has a field of more than {counted(limit, 'character')}."
    return FoldlineError("FIELD", problem, "Shorten or remove that field.", where)
