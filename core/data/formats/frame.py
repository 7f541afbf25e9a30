"""The cells of a file as they stand, read by the same function as in a script."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pandas as pd

from core.data.table import ReadOptions
from core.errors import FoldlineError
from core.standalone.files.cells_of_file import cells_of_file, without_rows
from core.standalone.plan import TableFile


def table_file(read: ReadOptions) -> TableFile:
    """What the reading options say of cells, as a script writes it down."""
    return TableFile(**{field.name: getattr(read, field.name) for field in fields(TableFile)})


def frame_from_file(path: Path, read: ReadOptions) -> pd.DataFrame:
    """The cells of a file: all text for a CSV, as pandas types them for the other formats.

    Errors of pandas are passed on as they are; ``core.data.read`` turns them into coded ones.

    Raises:
        FoldlineError: ``OPTIONS`` when rows are to be left out that are not there.
    """
    frame = cells_of_file(path, table_file(read))
    rows = read.drop_rows
    if rows and (not all(0 <= row < len(frame) for row in rows) or len(set(rows)) >= len(frame)):
        problem = f"The options leave out rows that the file does not have, or all of its {len(frame):,}."
        raise FoldlineError("OPTIONS", problem, "Read the file anew, or write the recipe again.")
    return without_rows(frame, rows)
