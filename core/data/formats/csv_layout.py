"""Where the header and the rows of a text table are, as its beginning shows."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.data.column_names import NO_HEADER, clean_names
from core.data.files.streams import open_bytes
from core.data.table import Note, ReadOptions
from core.data.text.dialect import SAMPLE_CHARS, Dialect, entries
from core.data.text.header import find_layout
from core.errors import FoldlineError
from core.standalone.counts import agreeing, counted
from core.standalone.files.records import is_blank


@dataclass(frozen=True)
class TextFile:
    """A text file with its decoding."""

    path: Path
    compression: str
    encoding: str

    @contextmanager
    def lines(self) -> Iterator[io.TextIOWrapper]:
        """Its text, line ends as they are."""
        with open_bytes(self.path, self.compression) as stream:
            yield io.TextIOWrapper(stream, self.encoding, newline="")

    def sample(self) -> str:
        """The beginning, up to a line end."""
        with self.lines() as stream:
            return stream.read(SAMPLE_CHARS) + stream.readline()


@dataclass(frozen=True)
class CsvLayout:
    """Records to skip before the header, whether there is one, and the number of fields."""

    skip: int
    header: bool
    width: int
    names: list[str]


def layout_of(
    file: TextFile,
    sample: str,
    dialect: Dialect,
    given: ReadOptions | None,
    notes: list[Note],
    wanted: Collection[str],
) -> tuple[ReadOptions, CsvLayout]:
    """How a text table is to be read, by its beginning, and where its header and rows are.

    Args:
        sample: the beginning of the file, up to a line end.
        given: options to be used as they are, or None to find them out.
        notes: what was noticed is added.
        wanted: names that show where the header is.

    Raises:
        FoldlineError: ``EMPTY`` when nothing is left after the lines to skip; ``NAMES``.
    """
    if given:
        return _given_layout(sample, dialect, given)
    everything = entries(sample, dialect)
    rows = [row for row in everything if not is_blank(row)]
    layout = find_layout(rows, wanted)
    header = rows[layout.skip] if layout.header else []
    header = header + [""] * (layout.width - len(header))
    names, name_notes = clean_names(header)
    above, stands = layout.skip - layout.repeated, layout.repeated + 1
    if above:
        text = f"{counted(above, 'line')} before the header {agreeing('was', above)} left out."
        notes.append(Note(code="PREAMBLE", text=text))
    if layout.repeated:
        text = f"The header stands {counted(stands, 'time')}; used once."
        notes.append(Note(code="HEADER_REPEATED", text=text))
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
    return read, CsvLayout(layout.skip, layout.header, layout.width, list(names))


def _lines_before(everything: list[list[str]], skip: int) -> int:
    """How many lines pandas must skip: the records to skip and the blank lines among them."""
    passed = 0
    for position, row in enumerate(everything):
        if passed == skip:
            return position if skip else 0
        passed += not is_blank(row)
    return len(everything)


def _given_layout(sample: str, dialect: Dialect, given: ReadOptions) -> tuple[ReadOptions, CsvLayout]:
    everything = entries(sample, dialect)
    skip = sum(not is_blank(row) for row in everything[: given.skip_rows])
    rows = [row for row in everything[given.skip_rows :] if not is_blank(row)]
    if not rows:
        raise FoldlineError(
            "EMPTY", f"Nothing is left after {counted(given.skip_rows, 'line')}.", "Skip fewer lines."
        )
    width = len(given.names) or len(rows[0])
    own = rows[0] if given.header else [""] * width
    names = list(given.names) or list(clean_names(own)[0])
    read = given if names == own else given.model_copy(update={"names": tuple(names)})
    return read, CsvLayout(skip, given.header, width, names)
