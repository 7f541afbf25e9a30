"""Reading a file as an earlier one was read: with its options, and by the names of its columns."""

from __future__ import annotations

import re
from pathlib import Path

from core.data.guard import inspect
from core.data.limits import Limits
from core.data.read import read
from core.data.sniff import DELIMITERS, QUOTES
from core.data.table import Known, Note, Reading, ReadOptions
from core.errors import FoldlineError

ENCODINGS = re.compile(r"utf-?(8(-sig)?|16(-[bl]e)?|32(-[bl]e)?)|ascii|latin-?1|(cp|windows-|iso-?8859-)\d+")
MARKS = {
    "delimiter": (*DELIMITERS, "\n"),
    "quote": ("", *QUOTES),
    "escape": ("", "\\"),
    "decimal": (".", ","),
}


def read_again(path: Path, name: str, given: ReadOptions, rows: int, limits: Limits | None = None) -> Reading:
    """Read a file with the options of the table that a recipe was written for; nothing is guessed.

    A file of as many rows is taken for the same one. In another one the positions of rows that were left out,
    and names that were changed, mean nothing: no row is left out and the header is read anew.

    Args:
        given: the options of the recipe. They say nothing about a file of another format, which is then
            read as it asks for itself.
        rows: of the recipe's table.

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
        return _noted(read(path, name, limits=limits), Note(code="OTHER_FORMAT", text=text))
    options = given.model_copy(update={"compression": content.compression})
    told = Note(code="AS_RECIPE", text=f"Read as the recipe says: {words(options)}.")
    if options.drop_rows or options.names:
        same = _tried(path, name, options, limits)
        if same is not None and len(same.frame) == rows:
            return _noted(same, told)
    try:
        return _noted(read(path, name, elsewhere(options), limits), told)
    except FoldlineError as error:
        hint = f"The recipe reads its file with {words(options)}. {error.hint}"
        raise FoldlineError(error.code, error.problem, hint, error.where) from error


def read_like(path: Path, name: str, known: Known, trim: bool = False) -> Reading:
    """Read new rows for a model: as its training file was read when that gives its columns.

    Else their own way is found out, and the header is where the names of the model stand.

    Args:
        trim: leave empty rows at the end out; without it there is a row for each row of the file.

    Raises:
        FoldlineError: as ``read``.
    """
    content = inspect(path, name, Limits.from_environment())
    if known.read is not None and usable(known.read) and content.format == known.read.format:
        options = elsewhere(known.read.model_copy(update={"compression": content.compression}))
        found = _tried(path, name, options, None, known, trim)
        if found is not None and set(known.needed) <= set(found.frame.columns):
            return _in_numbers(found, path, name, known, trim)
    return read(path, name, known=known, trim=trim)


def usable(read: ReadOptions) -> bool:
    """Whether options of a document from outside are such as the reader itself finds.

    A separator of several characters would be a pattern, whose search can take for ever.
    """
    marks = all(getattr(read, name) in known for name, known in MARKS.items())
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


def _tried(
    path: Path,
    name: str,
    options: ReadOptions,
    limits: Limits | None,
    known: Known | None = None,
    trim: bool = False,
) -> Reading | None:
    """The file read with these options, or None when they do not fit it."""
    try:
        return read(path, name, options, limits, known=known, trim=trim)
    except FoldlineError:
        return None


def _in_numbers(found: Reading, path: Path, name: str, known: Known, trim: bool) -> Reading:
    """The reading, or the one with the other decimal mark when that gives more of the known numbers."""
    most = _numbers(found, known)
    if found.read.format != "csv" or most == sum(kind == "number" for kind, _ in known.columns.values()):
        return found
    mark = "," if found.read.decimal == "." else "."
    other = _tried(path, name, found.read.model_copy(update={"decimal": mark}), None, known, trim)
    return found if other is None or _numbers(other, known) <= most else other


def _numbers(reading: Reading, known: Known) -> int:
    """How many columns that are known to be numbers are numbers in the reading."""
    columns = {column.name: column.physical for column in reading.columns}
    return sum(kind == "number" == columns.get(name) for name, (kind, _) in known.columns.items())


def _noted(reading: Reading, note: Note) -> Reading:
    return Reading(reading.frame, reading.columns, reading.read, (note, *reading.notes))
