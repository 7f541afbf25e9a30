"""A newer file of a table that is at hand: read as that was, and what could not be read so is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.data.files.guard import inspect
from core.data.files.limits import Limits
from core.data.kinds import classify
from core.data.read import read
from core.data.reread import MISFITS, elsewhere, own_place, with_decimal, words
from core.data.table import MISSING_WORDS, Column, Note, Reading, ReadOptions, Table
from core.data.types.centuries import with_century
from core.data.types.date_formats import find_format, follow
from core.errors import FoldlineError
from core.standalone.cells import as_datetime, as_number, without_century
from core.standalone.counts import counted, first_of
from core.standalone.files.decimal_mark import MARK_WORDS, mark_of
from core.standalone.rows.day_order import order_words, swapped

AS_BEFORE, NOT_AS_BEFORE, OTHER_DECIMAL = "AS_BEFORE", "NOT_AS_BEFORE", "OTHER_DECIMAL"
ABOUT_BEFORE = (OTHER_DECIMAL, NOT_AS_BEFORE, AS_BEFORE)
"""Codes of what was taken over from the earlier table, and what was not, the worst first."""
NAMED = 4
MOST = 0.9
"""Share of cells that another decimal mark makes numbers."""
Target = Callable[[Sequence[Column]], str]


def read_newer(
    path: Path,
    name: str,
    before: Table,
    formats: Mapping[str, str],
    skip_bad_lines: bool = False,
    target_of: Target | None = None,
) -> Reading:
    """Read a file as the table before it: layout, decimal mark, words for no value, formats of dates.

    What does not fit this file is found out, with a note. A file without half of the columns is another
    table, of which nothing is taken over.

    Args:
        before: the table that the file goes with.
        formats: strptime formats of its columns by name.
        skip_bad_lines, target_of: as in ``read``.

    Raises:
        FoldlineError: as ``read``.
    """

    def again(options: ReadOptions | None, trim: bool | None = None) -> Reading:
        return read(
            path, name, options, None, skip_bad_lines, trim=trim, target_of=target_of, formats=formats
        )

    fitted = _fitted(path, name, before, again)
    is_fitted = fitted is not None
    if fitted is None:
        found = again(None)
        known = {column.name for column in before.columns}
        if 2 * len(known & {column.name for column in found.columns}) < len(known):
            return read(path, name, skip_bad_lines=skip_bad_lines, target_of=target_of)
        fitted = _with_words(found, before, again)
    reading, notes = fitted
    told = (*_zones(reading, before), *_taken_over(reading, before, formats, is_fitted))
    return with_other_dates(_noted(reading, (*notes, *told)), formats)


def _fitted(
    path: Path, name: str, before: Table, again: Callable[..., Reading]
) -> tuple[Reading, tuple[Note, ...]] | None:
    """The file by the options of the table before; None when they do not fit it."""
    content = inspect(path, name, Limits.from_environment())
    if content.format != before.read.format:
        return None
    options = before.read.model_copy(update={"compression": content.compression, "skip_bad_lines": False})
    try:
        placed = own_place(path, elsewhere(options), tuple(column.name for column in before.columns))
        if placed is None:
            return None
        reading = again(placed[0], True)
    except FoldlineError as error:
        if error.code not in MISFITS:
            raise
        return None
    other = _other_mark(reading, before)
    if not other:
        return reading, (*_doubtful_marks(reading, before), *placed[1])
    changed = again(placed[0].model_copy(update={"decimal": other}), True)
    text = (
        f"Numbers were read with a decimal {MARK_WORDS[other]}, those of {before.name} with a decimal "
        f"{MARK_WORDS[before.read.decimal]}: with that, {_named(_lost(reading, before))} would be no "
        "numbers. Change it under “How it was read”."
    )
    return changed, (Note(code=OTHER_DECIMAL, text=text), *placed[1])


def _lost(reading: Reading, before: Table) -> list[str]:
    """The columns of numbers of the table before that are none in this reading."""
    numbers = {column.name for column in before.columns if column.physical == "number"}
    return [c.name for c in reading.columns if c.name in numbers and c.physical == "text"]


def _other_mark(reading: Reading, before: Table) -> str:
    """The decimal mark that explains why columns are no numbers any more; empty where none does."""
    if reading.read.format != "csv":
        return ""
    texts = [reading.frame[name].dropna() for name in _lost(reading, before)]
    mark = mark_of(texts, before.read.decimal)
    return "" if mark == before.read.decimal else mark


def _doubtful_marks(reading: Reading, before: Table) -> tuple[Note, ...]:
    """That columns are no numbers any more whose marks may be of fractions or of thousands."""
    mark = reading.read.decimal
    other = "," if mark == "." else "."
    examples = {name: _moved(reading.frame[name].dropna(), mark, other) for name in _lost(reading, before)}
    doubtful = [name for name, example in examples.items() if example and reading.read.format == "csv"]
    if not doubtful:
        return ()
    text = (
        f"{_named(doubtful)}: cells such as {examples[doubtful[0]]!r} are no numbers with the decimal "
        f"{MARK_WORDS[mark]} of {before.name}. With a decimal {MARK_WORDS[other]} they are fractions; if the "
        "marks are of thousands, write the numbers without them."
    )
    return (Note(code=OTHER_DECIMAL, text=text, column=doubtful[0]),)


def _moved(cells: pd.Series, mark: str, other: str) -> str:
    """A cell of texts that are numbers with the other mark and not with the first; empty where few are."""
    is_number = as_number(cells, other).notna()
    odd = cells[is_number & as_number(cells, mark).isna()]
    return str(odd.iloc[0]) if len(odd) and is_number.mean() >= MOST else ""


def _with_words(
    found: Reading, before: Table, again: Callable[..., Reading]
) -> tuple[Reading, tuple[Note, ...]]:
    """A file whose layout was found out, with the words for no value of the table before."""
    own = [word for word in found.read.missing if word not in (*MISSING_WORDS, *before.read.missing)]
    options = with_decimal(found.read, before.read.decimal)
    options = options.model_copy(update={"missing": (*before.read.missing, *own)})
    reading = found if options == found.read else again(options)
    layout = tuple(note for note in found.notes if note not in reading.notes and note.code != "MISSING_WORDS")
    text = (
        f"This file is not written like {before.name} ({words(before.read)}), so it was read in its own way: "
        f"{words(found.read)}."
    )
    return reading, (Note(code=NOT_AS_BEFORE, text=text), *(layout if reading is not found else ()))


def with_other_dates(reading: Reading, formats: Mapping[str, str]) -> Reading:
    """The reading with columns of dates that do not follow their format read by the one they follow.

    Args:
        formats: strptime formats that columns were to be read by, by name.
    """
    frame, columns, notes = reading.frame, {c.name: c for c in reading.columns}, list[Note]()
    for name, format in formats.items():
        if name not in columns or columns[name].physical != "text" or not columns[name].unique:
            continue
        text = frame[name]
        odd = text.notna() & as_datetime(text, format).isna()
        other = _other_format(text, format) if odd.any() else format
        if other:
            frame = frame.assign(**{name: as_datetime(text, other)})
            (column,) = classify(frame[[name]], {name: other})
            columns[name] = column.model_copy(update={"words": columns[name].words})
        if not odd.any():
            continue
        done = f"they were read by {other}" if other else "the column stays text"
        example = str(text[odd].iloc[0])[:40]
        words_of_column = (
            f"{name!r}: {int(odd.sum()):,} of {counted(int(text.notna().sum()), 'cell')}, such as "
            f"{example!r}, are no dates of the format before ({without_century(format)}); {done}."
        )
        notes.append(Note(code=NOT_AS_BEFORE, text=words_of_column, column=name))
    return _noted(replace(reading, frame=frame, columns=tuple(columns.values())), notes)


def _noted(reading: Reading, notes: Sequence[Note]) -> Reading:
    return replace(reading, notes=(*notes, *reading.notes))


def _other_format(text: pd.Series, format: str) -> str:
    """The format that all texts follow, day and month in the order of the one before; empty where none."""
    distinct = pd.Series(text.dropna().unique(), dtype="str")
    fitting = [one for one in find_format(distinct).formats if follow(distinct, one)]
    other = min(fitting, key=lambda one: _day_first(one) != _day_first(format), default="")
    return with_century(other, as_datetime(text, other)) if other else ""


def _day_first(format: str) -> bool:
    return swapped(format) != format and order_words(format) == "day"


def _zones(reading: Reading, before: Table) -> list[Note]:
    """Times that carry a zone where those before had none, and the other way round."""
    zoned = {column.name: column.zoned for column in before.columns}
    return [
        Note(
            code=NOT_AS_BEFORE,
            text=f"{c.name!r}: its times {'carry a zone' if c.zoned else 'carry no zone'}, those of "
            f"{before.name} {'none' if c.zoned else 'did'}: hours are not comparable.",
            column=c.name,
        )
        for c in reading.columns
        if c.zoned is not None and zoned.get(c.name) not in (None, c.zoned)
    ]


def _taken_over(
    reading: Reading, before: Table, formats: Mapping[str, str], is_fitted: bool
) -> tuple[Note, ...]:
    """What was taken over from the table before; ``is_fitted`` says whether its layout was."""
    same = [c for c in reading.columns if c.format and formats.get(c.name) == c.format]
    dates = [f"{c.name} ({without_century(c.format)})" for c in same]
    own = [word for word in before.read.missing if word not in MISSING_WORDS]
    parts = [
        words(reading.read) if is_fitted else "",
        f"dates {_named(dates)}" if dates else "",
        f"words for no value {_named(own)}" if own else "",
    ]
    said = "; ".join(filter(None, parts))
    return (Note(code=AS_BEFORE, text=f"Read like {before.name}: {said}."),) if said else ()


def _named(names: Sequence[str]) -> str:
    return first_of(names, NAMED)
