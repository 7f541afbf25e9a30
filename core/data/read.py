"""Reading a file into the typed frame of a Foldline table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa

from core.data.column_names import clean_names
from core.data.files.guard import Content, inspect
from core.data.files.limits import Limits
from core.data.formats.csv_file import RawTable, read_csv_file
from core.data.formats.frame import frame_from_file
from core.data.formats.json_file import read_json_file
from core.data.formats.workbook import read_workbook
from core.data.kinds import classify
from core.data.table import MISSING_WORDS, Column, EarlierTable, Note, Reading, ReadOptions
from core.data.types.dtypes import to_physical
from core.data.types.number_text import reads_as_numbers
from core.errors import FoldlineError
from core.standalone.counts import agreeing, counted, first_of
from core.standalone.files.decimal_mark import in_mark, in_trained_mark, is_written, other_mark_words
from core.standalone.rows.checks import end_notes

NAMED = 4


def read(
    path: Path,
    name: str,
    options: ReadOptions | None = None,
    limits: Limits | None = None,
    skip_bad_lines: bool = False,
    earlier: EarlierTable | None = None,
    trim: bool | None = None,
    target_of: Callable[[Sequence[Column]], str] | None = None,
    formats: Mapping[str, str] | None = None,
) -> Reading:
    """Read a stored upload: cells, physical types, kinds, and everything worth a note.

    Args:
        path: the file, decided by its content.
        name: the label it was uploaded under; never used as a path.
        options: used as they are when given; found out otherwise. Names that do not fit must be cleared
            when the delimiter, the header or the skipped lines are changed.
        limits: those of the environment by default.
        skip_bad_lines: of a text table, leave out lines whose number of fields is wrong.
        earlier: the columns of an earlier table that this one goes with: what was text there stays text,
            times that follow its format are read by it, its words mean "no value", and the header is where
            its names stand.
        trim: leave empty rows at the end out, with a note; by default when the options are found out.
        target_of: names the column that is to be predicted: where that holds classes, the words for "no
            value" are classes too.
        formats: strptime formats of columns by name; texts of these are times by them, or stay texts.

    Raises:
        FoldlineError: with the codes of core.data.files.guard and of the readers of each format.
            Nothing is filled, shifted or left out without a note.
    """
    bounds = limits or Limits.from_environment()
    content = inspect(path, name, bounds)
    if options and (options.format, options.compression) != (content.format, content.compression):
        problem = (
            f"The file is {content.format} {content.compression}, not {options.format} {options.compression}."
        )
        raise FoldlineError("FORMAT", problem, "Let the reader find the options out.", name)
    wanted = (earlier.needed or tuple(earlier.columns)) if earlier else ()
    table = _raw(path, content, options, bounds, skip_bad_lines, wanted)
    if options is None if trim is None else trim:
        table = _trimmed(table)
    cells = table.frame
    if earlier:
        verbatim = earlier.read.verbatim if earlier.read else table.read.verbatim
        changed = {"missing": _words(earlier, table.read), "verbatim": verbatim}
        table.read = table.read.model_copy(update=changed)
        table = _marked(table, earlier)
    frame, typed = to_physical(table.frame, table.read, table.first_line, earlier, formats)
    columns = classify(frame, typed.formats, typed.zoned, typed.words)
    target = target_of(columns) if target_of else ""
    if _holds_word_classes(columns, frame, target, table.read.decimal):
        table.read = table.read.model_copy(update={"verbatim": (target,)})
        frame, typed = to_physical(table.frame, table.read, table.first_line, earlier, formats)
        columns = classify(frame, typed.formats, typed.zoned, typed.words)
    notes = (*content.notes, *table.notes, *typed.notes, *_end_notes(table.frame))
    return Reading(frame, columns, table.read, notes, cells)


def _holds_word_classes(columns: Sequence[Column], frame: pd.DataFrame, name: str, decimal: str) -> bool:
    """Whether a column holds classes, and words for "no value" among them that may be classes too."""
    column = next((column for column in columns if column.name == name), None)
    return column is not None and bool(column.words) and not reads_as_numbers(frame[name], decimal)


def _raw(
    path: Path,
    content: Content,
    options: ReadOptions | None,
    limits: Limits,
    skip_bad_lines: bool,
    wanted: Collection[str],
) -> RawTable:
    try:
        if content.format == "csv":
            return read_csv_file(path, content.compression, options, limits, skip_bad_lines, wanted)
        if content.format == "jsonl":
            return RawTable(*read_json_file(path, content.compression, options, limits))
        if content.format == "xlsx":
            return RawTable(*read_workbook(path, options, limits, wanted))
        return _parquet(path, options)
    except (pd.errors.ParserError, UnicodeDecodeError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise FoldlineError(
            "DAMAGED", f"The file cannot be read: {reason}.", "Check it, or its reading options."
        ) from error


def _parquet(path: Path, options: ReadOptions | None) -> RawTable:
    read_options = options or ReadOptions(format="parquet")
    frame = frame_from_file(path, read_options)
    for column in frame.columns[[isinstance(dtype, pd.StringDtype) for dtype in frame.dtypes]]:
        pa.array(frame[column], type=pa.large_string()).validate(full=True)  # texts may be no UTF-8
    names, notes = clean_names([str(column) for column in frame.columns])
    if list(names) != list(frame.columns):
        read_options = read_options.model_copy(update={"names": names})
        frame = frame.set_axis(list(names), axis=1)
    return RawTable(frame, read_options, list(notes))


def _trimmed(table: RawTable) -> RawTable:
    """Without the empty rows at the end that spreadsheets leave behind."""
    frame, rows = table.frame, len(table.frame)
    last = rows
    while last > 1 and frame.shape[1] > 1 and _is_empty(frame.iloc[last - 1]):
        last -= 1
    if last == rows:
        return table
    dropped = (
        *table.read.drop_rows,
        *range(last + len(table.read.drop_rows), rows + len(table.read.drop_rows)),
    )
    note = Note(
        code="EMPTY_ROWS",
        text=(f"{counted(rows - last, 'empty row')} at the end {agreeing('was', rows - last)} left out."),
    )
    read = table.read.model_copy(update={"drop_rows": dropped})
    return RawTable(frame.iloc[:last], read, [*table.notes, note], table.first_line)


def _is_empty(row: pd.Series) -> bool:
    return all(map(_is_missing, row))


def _is_missing(value: object) -> bool:
    return value is None or value != value or str(value).strip() == ""


def _marked(table: RawTable, earlier: EarlierTable) -> RawTable:
    """The known numbers of a table that are written as text with the decimal mark of the earlier table.

    The columns that the file is of use for tell its mark; the target and others are read with that as well.
    """
    names = [name for name in earlier.needed or earlier.columns if name in table.frame.columns]
    numbers = [name for name in names if name in earlier.columns and earlier.columns[name][0] == "number"]
    trained = earlier.read.decimal if earlier.read else table.read.decimal
    frame, mark, emptied = in_trained_mark(table.frame, numbers, trained)
    notes = [note for note in table.notes if note.code != "DECIMAL" or table.read.decimal == trained]
    read = table.read.model_copy(update={"decimal": trained})
    if mark == trained:
        return RawTable(frame, read, notes, table.first_line)
    others = [n for n, (kind, _) in earlier.columns.items() if kind == "number" and n not in numbers]
    given = {name: frame[name] for name in others if name in frame.columns and is_written(frame[name])}
    moved = {name: in_mark(cells, mark, trained) for name, cells in given.items()}
    lost = {n: int(((moved[n] == "") & (cells.str.strip() != "")).sum()) for n, cells in given.items()}
    frame = frame.assign(**moved)
    text = other_mark_words(mark, trained, emptied)
    if beside := [f"{cells:,} of {name!r}" for name, cells in lost.items() if cells]:
        text += f" So do cells of columns that are no inputs: {first_of(beside, NAMED)}."
    notes.append(Note(code="OTHER_DECIMAL", text=text))
    return RawTable(frame, read, notes, table.first_line)


def _words(earlier: EarlierTable, read: ReadOptions) -> tuple[str, ...]:
    """The words for "no value" of the earlier table, with those that only this format has."""
    own = (word for word in read.missing if word not in MISSING_WORDS and word not in earlier.missing)
    return (*earlier.missing, *own)


def _end_notes(frame: pd.DataFrame) -> tuple[Note, ...]:
    return tuple(Note(code=note.code, text=note.text) for note in end_notes(frame))
