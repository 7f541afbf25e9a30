"""A sheet of a new workbook, read by the names of its columns."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from ..cells import as_text
from ..plan import TableFile
from .columns import columns_of
from .header import header_at

FIRST_ROWS = 200


def sheet_table(path: str, wanted: Collection[str], file: TableFile) -> pd.DataFrame:
    """The cells of a sheet under its names.

    It is the sheet of the name that the training file had, or the first, when that shows the wanted names;
    else the first that does.

    Raises:
        UnreadableFileError: when it has no header.
    """
    with pd.ExcelFile(path, engine="calamine") as book:
        usual = file.sheet if file.sheet in book.sheet_names else book.sheet_names[0]
        sheets = sorted(book.sheet_names, key=lambda name: name != usual)
        frames = (_sheet_cells(book, str(name)) for name in sheets)
        frame = next((one for one in frames if header_at(_first_rows(one), wanted) is not None), None)
        frame = _sheet_cells(book, str(usual)) if frame is None else frame
    begin, names = columns_of(_first_rows(frame), wanted, file)
    return frame.iloc[begin:].reset_index(drop=True).set_axis(names, axis=1)


def _sheet_cells(book: pd.ExcelFile, name: str) -> pd.DataFrame:
    return pd.read_excel(book, sheet_name=name, dtype="object", na_filter=False, header=None)


def _first_rows(frame: pd.DataFrame) -> list[list[str]]:
    """The first rows of a sheet as texts."""
    return [list(as_text(row).fillna("")) for _, row in frame.head(FIRST_ROWS).iterrows()]
