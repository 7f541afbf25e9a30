"""Reading a text table: find out how, count every field, read it with pandas, and compare."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from core.data.column_names import NO_HEADER, clean_names
from core.data.dtypes import HEAD, find_decimal
from core.data.files.limits import Limits
from core.data.files.streams import open_bytes
from core.data.formats.pandas_call import frame_from_file
from core.data.table import Note, ReadOptions
from core.data.text.bad_records import good_rows, judge, misplaced
from core.data.text.dialect import SAMPLE_CHARS, Dialect, entries, find_dialect, is_blank, quotes_are_text
from core.data.text.encoding import Survey, survey
from core.data.text.field_counts import Scan, field_limit, scan, scan_leniently
from core.data.text.header import find_layout
from core.errors import FoldlineError


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


@dataclass(frozen=True)
class _File:
    """A text file with its decoding."""

    path: Path
    compression: str
    encoding: str

    @contextmanager
    def lines(self) -> Iterator[io.TextIOWrapper]:
        with open_bytes(self.path, self.compression) as stream:
            yield io.TextIOWrapper(stream, self.encoding, newline="")

    def sample(self) -> str:
        """The beginning, up to a line end."""
        with self.lines() as stream:
            return stream.read(SAMPLE_CHARS) + stream.readline()


@dataclass(frozen=True)
class _Shape:
    """Records to skip before the header, whether there is one, and the number of fields."""

    skip: int
    header: bool
    width: int
    names: list[str]


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
        seen = survey(stream, limits, given.encoding if given else "")
    file = _File(path, compression, seen.encoding)
    notes = _survey_notes(seen)
    with field_limit(limits.field_chars):
        sample = file.sample()
        if not sample.strip("\ufeff\x00 \t\r\n,;|"):
            raise FoldlineError("EMPTY", "The file has no content.", "Upload a file with a header and rows.")
        dialect = Dialect(given.delimiter, given.quote, given.escape) if given else find_dialect(sample)
        read, shape = _first_plan(file, sample, dialect, given, notes, wanted)
    _check_width(shape.width, sample, limits)
    found, dialect = _scan(file, sample, dialect, shape, limits, settled=given is not None)
    _check_rows(found, limits)
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
    return _read(file, read, shape, found, notes, found_out=given is None)


def _survey_notes(seen: Survey) -> list[Note]:
    notes = []
    if seen.encoding not in ("utf-8", "utf-8-sig"):
        words = f", with words such as {', '.join(seen.words)}" if seen.words else ""
        notes.append(Note(code="ENCODING", text=f"Read as {seen.encoding}{words}."))
    if seen.nuls:
        notes.append(Note(code="NUL", text=f"{seen.nuls:,} NUL bytes were removed."))
    return notes


def _first_plan(
    file: _File,
    sample: str,
    dialect: Dialect,
    given: ReadOptions | None,
    notes: list[Note],
    wanted: Collection[str],
) -> tuple[ReadOptions, _Shape]:
    if given:
        return _given_plan(sample, dialect, given)
    everything = entries(sample, dialect)
    rows = [row for row in everything if not is_blank(row)]
    layout = find_layout(rows, wanted)
    header = rows[layout.skip] if layout.header else []
    header = header + [""] * (layout.width - len(header))
    names, name_notes = clean_names(header)
    if layout.skip > layout.repeated:
        notes.append(
            Note(
                code="PREAMBLE",
                text=f"{layout.skip - layout.repeated} lines before the header were left out.",
            )
        )
    if layout.repeated:
        notes.append(
            Note(code="HEADER_REPEATED", text=f"The header stands {layout.repeated + 1} times; used once.")
        )
    notes += name_notes if layout.header else (NO_HEADER,)
    read = ReadOptions(
        compression=file.compression,
        encoding=file.encoding,
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        skip_rows=_lines_before(everything, layout.skip),
        header=layout.header,
        names=() if layout.header and list(names) == header else names,
    )
    return read, _Shape(layout.skip, layout.header, layout.width, list(names))


def _lines_before(everything: list[list[str]], skip: int) -> int:
    """How many lines pandas must skip: the records to skip and the blank lines among them."""
    passed = 0
    for position, row in enumerate(everything):
        if passed == skip:
            return position if skip else 0
        passed += not is_blank(row)
    return len(everything)


def _given_plan(sample: str, dialect: Dialect, given: ReadOptions) -> tuple[ReadOptions, _Shape]:
    everything = entries(sample, dialect)
    skip = sum(not is_blank(row) for row in everything[: given.skip_rows])
    rows = [row for row in everything[given.skip_rows :] if not is_blank(row)]
    if not rows:
        raise FoldlineError("EMPTY", f"Nothing is left after {given.skip_rows} lines.", "Skip fewer lines.")
    width = len(given.names) or len(rows[0])
    own = rows[0] if given.header else [""] * width
    names = list(given.names) or list(clean_names(own)[0])
    read = given if names == own else given.model_copy(update={"names": tuple(names)})
    return read, _Shape(skip, given.header, width, names)


def _check_width(width: int, sample: str, limits: Limits) -> None:
    if width > limits.columns:
        advice = " Perhaps rows and columns are swapped." if sample.count("\n") < width else ""
        problem = f"The table has {width:,} columns; the limit is {limits.columns:,}."
        raise FoldlineError("COLUMNS", problem, f"Keep the columns you need.{advice}")


def _check_rows(found: Scan, limits: Limits) -> None:
    if found.rows == 0 and found.quote_line:
        raise misplaced(found)
    if found.rows == 0:
        raise FoldlineError("NO_ROWS", f"{found.width:,} columns, no rows.", "Upload a table with rows.")
    if found.rows * found.width > limits.cells:
        problem = f"The table has {found.rows:,} x {found.width:,} cells; the limit is {limits.cells:,}."
        raise FoldlineError("SIZE", problem, "Upload a part of the rows or columns.")


def _scan(
    file: _File, sample: str, dialect: Dialect, shape: _Shape, limits: Limits, settled: bool
) -> tuple[Scan, Dialect]:
    """Count fields with the dialect, and when that is not regular, with its likely cures."""
    first = _count(file, dialect, shape, limits)
    if first.regular:
        return first, dialect
    for cure in () if settled else _cures(sample, dialect):
        other = _count(file, cure, shape, limits)
        if other.regular:
            return other, cure
    if not first.quote_line:
        return first, dialect
    with file.lines() as lines:
        lenient = scan_leniently(
            lines, dialect, shape.skip, shape.header, shape.width, limits.field_chars, first.quote_line
        )
    return lenient, dialect


def _count(file: _File, dialect: Dialect, shape: _Shape, limits: Limits) -> Scan:
    with file.lines() as lines:
        return scan(lines, dialect, shape.skip, shape.header, shape.width, limits.field_chars)


def _cures(sample: str, dialect: Dialect) -> list[Dialect]:
    cures = [Dialect(dialect.delimiter, dialect.quote, "\\")]
    if quotes_are_text(sample, dialect):
        cures.append(Dialect(dialect.delimiter, ""))
    return cures


def _read(
    file: _File, read: ReadOptions, shape: _Shape, found: Scan, notes: list[Note], found_out: bool
) -> RawTable:
    verdict = judge(found, read.skip_bad_lines)
    notes += verdict.notes
    if verdict.drop:
        read = read.model_copy(update={"drop_rows": tuple(sorted({*read.drop_rows, *verdict.drop}))})
    if read.drop_rows and not read.names:
        read = read.model_copy(update={"names": tuple(shape.names)})
    frame = frame_from_file(file.path, read)
    _reconcile(frame, found, read, shape.width)
    if verdict.short_from is not None:
        good_rows(frame, found, verdict.short_from)
    if found_out:
        read = read.model_copy(update={"decimal": find_decimal(frame.iloc[:HEAD], read.delimiter)})
        if read.decimal == ",":
            notes.append(Note(code="DECIMAL", text="Numbers were read with a decimal comma."))
    single = not (found.first_long or found.blank or read.skip_rows or read.drop_rows)
    return RawTable(frame, read, notes, 1 + shape.header if single else 0)


def _reconcile(frame: pd.DataFrame, found: Scan, read: ReadOptions, width: int) -> None:
    """pandas and the count must agree on the shape: a doubt is an error, never a guess."""
    rows = found.rows - len(read.drop_rows)
    if frame.shape != (rows, width):
        read_as = f"{frame.shape[0]:,} x {frame.shape[1]:,}"
        raise FoldlineError(
            "QUOTES",
            f"{rows:,} rows of {width:,} fields were counted, but {read_as} were read.",
            "Check the quotes near the beginning, or choose the options by hand.",
        )
