"""The types that describe a stored table: how it was read, its columns and what was noticed.

A table in Foldline has three physical types only: ``number`` (float64), ``text`` (pandas ``str`` with NaN
for missing) and ``datetime`` (datetime64[us], no zone). The *kind* of a column says what it means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from core.spec import Kind, Role
from core.standalone.rows.trained_column import TrainedColumn
from core.standalone.rows.zones import zoned_by

Physical = Literal["number", "text", "datetime"]
Marks = Literal["", ",.", ".,", " .", " ,", "'.", "',"]
"""Mark of thousands and decimal mark, as they go together; empty for numbers without marks."""
FileFormat = Literal["csv", "xlsx", "parquet", "jsonl"]
MISSING_WORDS = ("", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", "None", "?")


class Frozen(BaseModel):
    """Base of every stored document: immutable, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _is_empty(value: object) -> bool:
    return not value


class ReadOptions(Frozen):
    """How the bytes of a file become cells; a script repeats exactly this.

    Attributes:
        format: what the content is, whatever the file is called.
        compression: ``""``, ``"gzip"`` or ``"zip"``.
        delimiter, encoding, decimal, quote: of a CSV. For JSON the delimiter is a line end, or a comma
            when the file is one array.
        escape: character before a quote inside a quoted CSV field, or empty when quotes are doubled.
        skip_rows: lines before the header.
        header: whether the first line after them holds the column names.
        sheet: name of the sheet of a workbook.
        missing: cell texts (after trimming) that mean "no value".
        names: the column names as stored, in file order, when they differ from the file's own.
        skip_bad_lines: leave out lines whose number of fields is wrong.
        drop_rows: positions (after the header, from 0) of rows left out, such as a total at the end.
        strip_nul: NUL bytes are taken out of the cells of a CSV.
        verbatim: columns in which the texts of ``missing`` are words as any other, such as a target that
            has a class ``None``; empty cells stay missing.
    """

    format: FileFormat = "csv"
    compression: str = ""
    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    quote: str = '"'
    escape: str = ""
    skip_rows: int = 0
    header: bool = True
    sheet: str = ""
    missing: tuple[str, ...] = MISSING_WORDS
    names: tuple[str, ...] = ()
    skip_bad_lines: bool = False
    drop_rows: tuple[int, ...] = ()
    strip_nul: bool = False
    verbatim: tuple[str, ...] = Field((), exclude_if=_is_empty)


class EarlierTable(Frozen):
    """A table that was read before, for a file that goes with it.

    Attributes:
        columns: name -> stored type there, and the strptime format of times that were written as text.
        levels: name -> all distinct values there as texts, the most frequent first, where they are known.
        zoned: name -> whether the times there carried a zone, where that is known.
        fine: name -> share of the numbers there with more than two decimals, where that is known.
        missing: cell texts that mean "no value" there.
        needed: names without which the file is of no use.
        read: how that table was read, when that is known.
    """

    columns: dict[str, tuple[Physical, str]] = {}
    levels: dict[str, tuple[str, ...]] = {}
    zoned: dict[str, bool | None] = {}
    fine: dict[str, float | None] = {}
    missing: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    read: ReadOptions | None = None

    def trained(self, name: str) -> TrainedColumn | None:
        """What a new column of that name is read like; None when the table had none."""
        if name not in self.columns:
            return None
        physical, format = self.columns[name]
        levels, zoned = self.levels.get(name, ()), self.zoned.get(name)
        zoned = zoned_by(format) if zoned is None else zoned
        facts: dict[str, Any] = {"levels": levels, "complete": bool(levels), "zoned": zoned}
        return TrainedColumn(name, "", physical, format, fine=self.fine.get(name), **facts)


class Note(Frozen):
    """Something that happened while reading, worth telling: a stable code and one plain sentence.

    Attributes:
        column: the column it is about, or empty.
    """

    code: str
    text: str
    column: str = ""


class Column(Frozen):
    """What is known of one column of a stored table.

    Attributes:
        name: as in the table.
        physical: the stored type.
        kind: what it means.
        reason: one sentence why that kind was chosen.
        role: what it is used for unless the recipe says otherwise.
        missing: number of rows without a value.
        unique: number of distinct values, missing not counted.
        format: strptime format of a datetime that was read from text, or empty.
        zoned: whether its times carried a zone before they became UTC; None where that is not known.
        words: cell texts that were read as missing, with their numbers; empty cells are not among them.
    """

    name: str
    physical: Physical
    kind: Kind
    reason: str = ""
    role: Role = "feature"
    missing: int = 0
    unique: int = 0
    format: str = ""
    zoned: bool | None = None
    words: dict[str, int] = Field({}, exclude_if=_is_empty)


class Table(Frozen):
    """A handle of a table on disk, not the table itself.

    Attributes:
        id: SHA-256 (hex) of the stored Parquet file's content.
        name: the file name it came from; a label only, never a path.
        rows: number of rows.
        columns: one entry a column, in file order.
        notes: what was noticed while reading.
        read: how the bytes became cells.
        source_sha: SHA-256 of the uploaded bytes.
    """

    id: str
    name: str
    rows: int
    columns: tuple[Column, ...]
    notes: tuple[Note, ...] = ()
    read: ReadOptions = ReadOptions()
    source_sha: str = ""

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True)
class Reading:
    """The outcome of reading a file: the typed frame with its columns, options and notes.

    Attributes:
        cells: the same rows and columns as the file has them: all text for a CSV, else as pandas types them.
    """

    frame: pd.DataFrame
    columns: tuple[Column, ...]
    read: ReadOptions
    notes: tuple[Note, ...]
    cells: pd.DataFrame

    def table(self, name: str, id: str = "0" * 64, source_sha: str = "") -> Table:
        """Its handle, under the SHA-256 by which the frame is stored."""
        return Table(
            id=id,
            name=name,
            rows=len(self.frame),
            columns=self.columns,
            notes=self.notes,
            read=self.read,
            source_sha=source_sha,
        )
