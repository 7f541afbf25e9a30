"""Reading a workbook: choose the sheet, find the header, read it with pandas."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd
import python_calamine

from core.data.column_names import NO_HEADER, clean_names
from core.data.files.limits import Limits
from core.data.formats.frame import frame_from_file
from core.data.table import MISSING_WORDS, Note, ReadOptions
from core.data.text.header import find_layout
from core.errors import FoldlineError
from core.standalone.counts import agreeing, counted
from core.standalone.files.header import header_at

ERROR_CELLS = ("#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
PREVIEW = 200


def read_workbook(
    path: Path, given: ReadOptions | None, limits: Limits, wanted: Collection[str] = ()
) -> tuple[pd.DataFrame, ReadOptions, list[Note]]:
    """The cells of one sheet as calamine types them.

    Args:
        given: options to be used as they are, or None to find them out.
        wanted: names that show where the header is.

    Raises:
        FoldlineError: ``SHEET``, ``EMPTY``, ``NO_ROWS``, ``COLUMNS``, ``DAMAGED``.
    """
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            read, notes = (_given(book, given), []) if given else _plan(book, limits, wanted)
        frame = frame_from_file(path, read)
    except (python_calamine.CalamineError, python_calamine.ZipError, python_calamine.XmlError) as error:
        raise FoldlineError(
            "DAMAGED", f"The workbook cannot be read: {str(error)[:200]}.", "Save it again and upload that."
        ) from error
    if not len(frame):
        raise FoldlineError(
            "NO_ROWS", f"{counted(frame.shape[1], 'column')}, no rows.", "Upload a table with rows."
        )
    return frame, read, notes


def first_rows(path: Path, name: str) -> list[list[str]]:
    """The first rows of a sheet as text, empty ones included.

    Raises:
        FoldlineError: ``SHEET`` when there is no such sheet.
    """
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        _check_sheet(book, name)
        sheet = book.get_sheet_by_name(name or book.sheet_names[0])
        rows = sheet.to_python(skip_empty_area=False, nrows=PREVIEW)
        return [[_text(cell) for cell in row] for row in rows]


def _check_sheet(book: python_calamine.CalamineWorkbook, name: str) -> None:
    if name and name not in book.sheet_names:
        shown = ", ".join(map(repr, book.sheet_names[:20]))
        raise FoldlineError("SHEET", f"There is no sheet {name!r}.", f"There are {shown}.")


def _given(book: python_calamine.CalamineWorkbook, given: ReadOptions) -> ReadOptions:
    """The options with the names that the header of the sheet gives, where they have none."""
    _check_sheet(book, given.sheet)
    if given.names or not given.header:
        return given
    sheet = book.get_sheet_by_name(given.sheet or book.sheet_names[0])
    rows = sheet.to_python(skip_empty_area=False, nrows=given.skip_rows + 1)
    if len(rows) <= given.skip_rows:
        return given
    return given.model_copy(update={"names": clean_names([_text(cell) for cell in rows[-1]])[0]})


def _plan(
    book: python_calamine.CalamineWorkbook, limits: Limits, wanted: Collection[str]
) -> tuple[ReadOptions, list[Note]]:
    names = book.sheet_names
    if len(names) > limits.sheets:
        raise FoldlineError(
            "SHEET", f"The workbook has {counted(len(names), 'sheet')}.", f"Keep at most {limits.sheets}."
        )
    notes: list[Note] = []
    sheet, rows = _chosen_sheet(book, wanted)
    others = [name for name in names if name != sheet]
    if others:
        notes.append(Note(code="SHEETS", text=f"Read the sheet {sheet!r}; others: {', '.join(others[:20])}."))
    if len(rows[0]) > limits.columns:
        raise FoldlineError(
            "COLUMNS",
            f"The sheet has {counted(len(rows[0]), 'column')}.",
            f"Keep at most {limits.columns:,}.",
        )
    read = _options(sheet, rows, notes, wanted)
    return read, notes


def _chosen_sheet(
    book: python_calamine.CalamineWorkbook, wanted: Collection[str]
) -> tuple[str, list[list[str]]]:
    """The first sheet that shows the wanted names, else the first with data, and its first rows."""
    filled = []
    for name in book.sheet_names:
        cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=PREVIEW)
        rows = [[_text(cell) for cell in row] for row in cells]
        if any(cell for row in rows for cell in row):
            filled.append((name, rows))
        if filled and (not wanted or header_at(rows, wanted) is not None):
            return filled[-1]
    if not filled:
        hint = "Upload a workbook with a header and rows."
        raise FoldlineError("EMPTY", "The workbook has no data.", hint)
    return filled[0]


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _options(sheet: str, rows: list[list[str]], notes: list[Note], wanted: Collection[str]) -> ReadOptions:
    filled = [position for position, row in enumerate(rows) if any(row)]
    layout = find_layout([rows[position] for position in filled], wanted)
    skip = filled[layout.skip]
    header = rows[skip] if layout.header else [""] * layout.width
    names, name_notes = clean_names(header)
    if layout.skip:
        notes.append(
            Note(
                code="PREAMBLE",
                text=(f"{counted(skip, 'row')} before the header {agreeing('was', skip)} left out."),
            )
        )
    notes += name_notes if layout.header else (NO_HEADER,)
    return ReadOptions(
        format="xlsx",
        sheet=sheet,
        skip_rows=skip,
        header=layout.header,
        names=names,
        missing=(*MISSING_WORDS, *ERROR_CELLS),
    )
