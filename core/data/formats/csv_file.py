"""Reading a text table: find out how, count every field, read it with pandas, and compare."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from core.data.files.limits import Limits
from core.data.files.streams import open_bytes
from core.data.formats.csv_layout import CsvLayout, TextFile, layout_of
from core.data.formats.frame import frame_from_file
from core.data.table import Note, ReadOptions
from core.data.text.bad_records import good_rows, judge, misplaced
from core.data.text.dialect import Dialect, find_dialect, quotes_are_text
from core.data.text.encoding import Encoding, find_encoding
from core.data.text.field_counts import FieldCounts, count_fields, count_fields_leniently, field_limit
from core.data.types.number_text import find_decimal
from core.errors import FoldlineError
from core.standalone.counts import counted


@dataclass
class RawTable:
    """Cells as pandas gives them, with how they were read.

    Attributes:
        first_line: line of the first row, or 0 when rows do not stand one on a line.
    """

    frame: pd.DataFrame
    read: ReadOptions
    notes: list[Note]
    first_line: int = 0


def read_csv_file(
    path: Path,
    compression: str,
    given: ReadOptions | None,
    limits: Limits,
    skip_bad_lines: bool = False,
    wanted: Collection[str] = (),
) -> RawTable:
    """The cells of a text table, all text.

    Args:
        given: options to be used as they are, or None to find them out.
        skip_bad_lines: leave out lines whose number of fields is wrong, whatever the options say.
        wanted: names that show where the header is.

    Raises:
        FoldlineError: ``ENCODING``, ``EMPTY``, ``NO_ROWS``, ``COLUMNS``, ``SIZE``, ``FIELD``, ``RAGGED``,
            ``QUOTES``, ``MULTI``, ``NAMES``, ``NOT_TABLE``.
    """
    with open_bytes(path, compression) as stream:
        seen = find_encoding(stream, limits, given.encoding if given else "")
    file = TextFile(path, compression, seen.encoding)
    notes = _encoding_notes(seen)
    with field_limit(limits.field_chars):
        sample = file.sample()
        if not sample.strip("\ufeff\x00 \t\r\n,;|"):
            raise FoldlineError("EMPTY", "The file has no content.", "Upload a file with a header and rows.")
        dialect = Dialect(given.delimiter, given.quote, given.escape) if given else find_dialect(sample)
        read, layout = layout_of(file, sample, dialect, given, notes, wanted)
    _check_width(layout.width, sample, limits)
    counts, dialect = _scan(file, sample, dialect, layout, limits, settled=given is not None)
    _check_rows(counts, limits)
    if given is None and dialect.escape:
        notes.append(
            Note(code="ESCAPE", text="A backslash marks quotes and delimiters that belong to the text.")
        )
    if given is None and not dialect.quote:
        notes.append(Note(code="QUOTES", text="Quote characters were read as ordinary text."))
    read = read.model_copy(update={"quote": dialect.quote, "escape": dialect.escape})
    if seen.nuls:
        read = read.model_copy(update={"strip_nul": True})
    if skip_bad_lines:
        read = read.model_copy(update={"skip_bad_lines": True})
    return _read(file, read, layout, counts, notes, found_out=given is None)


def _encoding_notes(seen: Encoding) -> list[Note]:
    notes = []
    if seen.encoding not in ("utf-8", "utf-8-sig"):
        words = f", with words such as {', '.join(seen.words)}" if seen.words else ""
        notes.append(Note(code="ENCODING", text=f"Read as {seen.encoding}{words}."))
    if seen.nuls:
        notes.append(Note(code="NUL", text=f"{seen.nuls:,} NUL bytes were removed."))
    return notes


def _check_width(width: int, sample: str, limits: Limits) -> None:
    if width > limits.columns:
        advice = " Perhaps rows and columns are swapped." if sample.count("\n") < width else ""
        problem = f"The table has {counted(width, 'column')}; the limit is {limits.columns:,}."
        raise FoldlineError("COLUMNS", problem, f"Keep the columns you need.{advice}")


def _check_rows(counts: FieldCounts, limits: Limits) -> None:
    if counts.rows == 0 and counts.quote_line:
        raise misplaced(counts)
    if counts.rows == 0:
        raise FoldlineError(
            "NO_ROWS", f"{counted(counts.width, 'column')}, no rows.", "Upload a table with rows."
        )
    if counts.rows * counts.width > limits.cells:
        problem = (
            f"The table has {counts.rows:,} x {counted(counts.width, 'cell')}; the limit is {limits.cells:,}."
        )
        raise FoldlineError("SIZE", problem, "Upload a part of the rows or columns.")


def _scan(
    file: TextFile, sample: str, dialect: Dialect, layout: CsvLayout, limits: Limits, settled: bool
) -> tuple[FieldCounts, Dialect]:
    """Count fields with the dialect, and when that is not regular, with its likely cures."""
    first = _count(file, dialect, layout, limits)
    if first.regular:
        return first, dialect
    for cure in () if settled else _cures(sample, dialect):
        other = _count(file, cure, layout, limits)
        if other.regular:
            return other, cure
    if not first.quote_line:
        return first, dialect
    with file.lines() as lines:
        lenient = count_fields_leniently(
            lines, dialect, layout.skip, layout.header, layout.width, limits.field_chars, first.quote_line
        )
    return lenient, dialect


def _count(file: TextFile, dialect: Dialect, layout: CsvLayout, limits: Limits) -> FieldCounts:
    with file.lines() as lines:
        return count_fields(lines, dialect, layout.skip, layout.header, layout.width, limits.field_chars)


def _cures(sample: str, dialect: Dialect) -> list[Dialect]:
    cures = [Dialect(dialect.delimiter, dialect.quote, "\\")]
    if quotes_are_text(sample, dialect):
        cures.append(Dialect(dialect.delimiter, ""))
    return cures


def _read(
    file: TextFile,
    read: ReadOptions,
    layout: CsvLayout,
    counts: FieldCounts,
    notes: list[Note],
    found_out: bool,
) -> RawTable:
    bad = judge(counts, read.skip_bad_lines)
    notes += bad.notes
    if bad.drop:
        read = read.model_copy(update={"drop_rows": tuple(sorted({*read.drop_rows, *bad.drop}))})
    if read.drop_rows and not read.names:
        read = read.model_copy(update={"names": tuple(layout.names)})
    frame = frame_from_file(file.path, read)
    _reconcile(frame, counts, read, layout.width)
    if bad.short_from is not None:
        good_rows(frame, counts, bad.short_from)
    if found_out:
        read = read.model_copy(update={"decimal": find_decimal(frame, read.delimiter)})
        if read.decimal == ",":
            notes.append(Note(code="DECIMAL", text="Numbers were read with a decimal comma."))
    single = not (counts.first_long or counts.blank or read.skip_rows or read.drop_rows)
    return RawTable(frame, read, notes, 1 + layout.header if single else 0)


def _reconcile(frame: pd.DataFrame, counts: FieldCounts, read: ReadOptions, width: int) -> None:
    """pandas and the count must agree on the shape: a doubt is an error, never a guess."""
    rows = counts.rows - len(read.drop_rows)
    if frame.shape != (rows, width):
        read_as = f"{frame.shape[0]:,} x {frame.shape[1]:,}"
        raise FoldlineError(
            "QUOTES",
            f"{counted(rows, 'row')} of {counted(width, 'field')} were counted, but {read_as} were read.",
            "Check the quotes near the beginning, or choose the options by hand.",
        )
