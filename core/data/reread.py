"""Reading a file as an earlier one was read: with its options, and by the names of its columns."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from core.data.files.guard import inspect
from core.data.files.limits import Limits
from core.data.files.streams import BLOCK, open_bytes
from core.data.formats.workbook import first_rows
from core.data.read import read
from core.data.table import EarlierTable, Note, Reading, ReadOptions
from core.data.text.dialect import SAMPLE_CHARS, Dialect, entries
from core.data.text.field_counts import field_limit
from core.errors import FoldlineError
from core.standalone.files.encoding import encoding_of
from core.standalone.files.header import header_at, header_notes, shows_header
from core.standalone.files.records import DELIMITERS, QUOTES, is_blank

OFFERED = (
    "utf-8",
    "utf-8-sig",
    "cp1252",
    "iso-8859-1",
    "cp1250",
    "cp1251",
    "utf-16",
    "shift_jis",
    "gb18030",
)
"""The encodings that a person may choose; a recipe may name some more."""
ENCODINGS = re.compile(
    r"utf-?(8(-sig)?|16(-[bl]e)?|32(-[bl]e)?)|ascii|latin-?1|(cp|windows-|iso-?8859-)\d+|"
    + "|".join(name.replace("_", "-") for name in OFFERED)
)
MARKS = {
    "delimiter": (*DELIMITERS, "\n"),
    "quote": ("", *QUOTES),
    "escape": ("", "\\"),
    "decimal": (".", ","),
}
MISFITS = ("ENCODING", "RAGGED", "QUOTES", "EMPTY", "NO_ROWS", "SHEET", "DAMAGED")
"""Codes of the reader that say that the options do not fit a file; others speak of the file itself."""


def read_again(
    path: Path,
    name: str,
    given: ReadOptions,
    same: bool,
    limits: Limits | None = None,
    formats: Mapping[str, str] | None = None,
) -> Reading:
    """Read a file with the options of the table that a recipe was written for; nothing is guessed.

    In another file than the recipe's own the positions of rows that were left out, and names that were
    changed, mean nothing: the header is read anew, and only empty rows at the end are left out.

    Args:
        given: the options of the recipe. They say nothing about a file of another format, which is then
            read as it asks for itself.
        same: whether it is the very file that the options were found out for.
        formats: as in ``read``.

    Raises:
        FoldlineError: ``OPTIONS`` when they are none that a table is read with; as ``read``, with a hint that
            names the options.
    """
    if not usable(given):
        problem = f"The recipe asks for options that no table is read with: {words(given)}."
        raise FoldlineError("OPTIONS", problem, "Write the recipe again for this file.", name)
    content = inspect(path, name, limits or Limits.from_environment())
    if content.format != given.format:
        text = f"The recipe was written for {given.format}; how this {content.format} is read was found out."
        found = read(path, name, limits=limits, formats=formats)
        marked = with_decimal(found.read, given.decimal)
        if marked != found.read:
            found = read(path, name, marked, limits, trim=True, formats=formats)
        return _noted(found, Note(code="OTHER_FORMAT", text=text))
    options = given.model_copy(update={"compression": content.compression})
    if not same:
        own = _encoded(path, elsewhere(options))
        options = own if own.encoding.startswith("utf") else elsewhere(options)
    note = f"Read as the recipe says: {words(options)}."
    if given.encoding != options.encoding:
        note += f" Its letters are {options.encoding}, not {given.encoding}."
    if given.drop_rows and not same:
        note += " Another file than the recipe's own: the rows left out there were not left out here."
    try:
        reading = read(path, name, options, limits, trim=not same, formats=formats)
        return _noted(reading, Note(code="AS_RECIPE", text=note))
    except FoldlineError as error:
        hint = f"The recipe reads its file with {words(options)}. {error.hint}"
        raise FoldlineError(error.code, error.problem, hint, error.where) from error


def read_like(path: Path, name: str, earlier: EarlierTable, trim: bool = False) -> Reading:
    """Read new rows for a model: as its training file was read when that gives its columns.

    Encoding and header are the new file's own, see ``core.standalone.files``. When the columns are not
    found so, everything is found out, and the header is where the names of the model stand.

    Args:
        trim: leave empty rows at the end out; without it there is a row for each row of the file.

    Raises:
        FoldlineError: as ``read``.
    """
    content = inspect(path, name, Limits.from_environment())
    if earlier.read is not None and not usable(earlier.read):
        earlier = earlier.model_copy(update={"read": None})
    if earlier.read is not None and content.format == earlier.read.format:
        own = {"compression": content.compression, "skip_bad_lines": False}
        options = elsewhere(earlier.read.model_copy(update=own))
        reading = _fitted(path, name, options, earlier, trim)
        if reading is not None:
            return reading
    return read(path, name, earlier=earlier, trim=trim)


def with_decimal(found: ReadOptions, decimal: str) -> ReadOptions:
    """Options that were found out, with the decimal mark of another file for numbers written as text.

    A CSV shows its own mark; in other formats numbers have a type, and only texts are in question.
    """
    return found if found.format == "csv" else found.model_copy(update={"decimal": decimal})


def usable(read: ReadOptions) -> bool:
    """Whether options of a document from outside are such as the reader itself finds.

    A separator of several characters would be a pattern, whose search can take for ever.
    """
    marks = all(getattr(read, name) in mark_words for name, mark_words in MARKS.items())
    return (
        marks and read.skip_rows >= 0 and bool(ENCODINGS.fullmatch(read.encoding.lower().replace("_", "-")))
    )


def elsewhere(read: ReadOptions) -> ReadOptions:
    """The options without what only holds for the very file they were found out for."""
    own: dict[str, object] = {"drop_rows": (), "names": () if read.header else read.names}
    return read.model_copy(update=own)


def words(read: ReadOptions) -> str:
    """The options in words."""
    header = f"names in line {read.skip_rows + 1}" if read.header else "no header"
    if read.format == "csv":
        return (
            f"delimiter {read.delimiter!r}, encoding {read.encoding}, decimal mark {read.decimal!r}, {header}"
        )
    return f"sheet {read.sheet!r}, {header}" if read.format == "xlsx" else f"format {read.format}"


def _fitted(path: Path, name: str, options: ReadOptions, earlier: EarlierTable, trim: bool) -> Reading | None:
    """The file read with these options and a header of its own, or None when that does not fit it."""
    try:
        placed = own_place(path, options, earlier.needed or tuple(earlier.columns))
        if placed is None:
            return None
        options, notes = placed
        reading = read(path, name, options, earlier=earlier, trim=trim)
    except FoldlineError as error:
        if error.code not in MISFITS:
            raise
        return None
    return _noted(reading, *notes) if set(earlier.needed) <= set(reading.frame.columns) else None


def own_place(
    path: Path, options: ReadOptions, names: Sequence[str]
) -> tuple[ReadOptions, tuple[Note, ...]] | None:
    """The options with the encoding and the place of the header that a new file has of its own.

    Args:
        names: of columns, half of which show the header.

    Returns:
        The options with notes on what stands before the header; None when it is not as it was before.
    """
    if options.format not in ("csv", "xlsx"):
        return options, ()
    options = _encoded(path, options)
    return _placed(_beginning(path, options), options, names)


def _encoded(path: Path, options: ReadOptions) -> ReadOptions:
    """The options with the encoding that a text table of its own has."""
    if options.format != "csv":
        return options
    with open_bytes(path, options.compression) as stream:
        encoding = encoding_of(iter(lambda: stream.read(BLOCK), b""), options.encoding)
    return options.model_copy(update={"encoding": encoding})


def _beginning(path: Path, options: ReadOptions) -> list[list[str]]:
    """The first records of a text table or a sheet, empty ones included."""
    if options.format == "xlsx":
        return first_rows(path, options.sheet)
    limits = Limits.from_environment()
    with open_bytes(path, options.compression) as stream, field_limit(limits.field_chars):
        text = io.TextIOWrapper(stream, options.encoding, errors="replace", newline="")
        sample = text.read(SAMPLE_CHARS) + text.readline(limits.line_bytes)
        return entries(sample, Dialect(options.delimiter, options.quote, options.escape))


def _placed(
    records: list[list[str]], options: ReadOptions, names: Sequence[str]
) -> tuple[ReadOptions, tuple[Note, ...]] | None:
    """The options with the place where this file has its header; None when it is not as it was in training.

    Rows of a model that was trained without a header must not begin with one.
    """
    place = header_at(records, names)
    if place is None:
        rows = [record for record in records[options.skip_rows :] if not is_blank(record)]
        headless = not options.header and rows and not shows_header(rows, len(options.names))
        return (options, ()) if headless else None
    notes = [Note(code=code, text=text) for code, text in header_notes(records, place)]
    changed: dict[str, object] = {"skip_rows": place, "header": True}
    if not options.header:
        changed["names"] = ()
    return options.model_copy(update=changed), tuple(notes)


def _noted(reading: Reading, *notes: Note) -> Reading:
    return replace(reading, notes=(*notes, *reading.notes))
