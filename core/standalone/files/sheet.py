"""A sheet of a new workbook, read by the names of its columns."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from ..cells import as_text
from ..plan import TableFile
from .columns import columns_of

FIRST_ROWS = 200


def sheet_table(path: str, wanted: Collection[str], file: TableFile) -> pd.DataFrame:
    """The cells of a sheet under its names; of the sheet of that name, else of the first.

    Raises:
        UnreadableFileError: when it has no header.
    """
    with pd.ExcelFile(path, engine="calamine") as book:
        name = file.sheet if file.sheet in book.sheet_names else 0
        frame = pd.read_excel(book, sheet_name=name, dtype="object", na_filter=False, header=None)
    first = [list(as_text(row).fillna("")) for _, row in frame.head(FIRST_ROWS).iterrows()]
    begin, names = columns_of(first, wanted, file)
    return frame.iloc[begin:].reset_index(drop=True).set_axis(names, axis=1)
