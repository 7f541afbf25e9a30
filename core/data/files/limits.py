"""How much a file may ask of the machine, in one table."""

from __future__ import annotations

import os
from dataclasses import dataclass

MEGABYTE = 1_000_000
FILE_VARIABLE = "FOLDLINE_MAX_FILE_MB"
DEFAULT_FILE_MB = 200


@dataclass(frozen=True)
class Limits:
    """Bounds on what really comes out of a file; headers and declared sizes are not believed.

    Attributes:
        file_bytes: size on disk.
        expanded_bytes: size after decompression, and the byte budget of a Parquet file.
        ratio, free_bytes: expansion allowed once more than ``free_bytes`` have come out.
        members: files inside an archive.
        cells: rows x columns.
        columns: columns of a table.
        field_chars: length of one cell of a CSV.
        line_bytes: length of one line of a text file.
        sheets: sheets of a workbook.
    """

    file_bytes: int = DEFAULT_FILE_MB * MEGABYTE
    expanded_bytes: int = 1_000 * MEGABYTE
    ratio: int = 200
    free_bytes: int = 10 * MEGABYTE
    members: int = 2_000
    cells: int = 20_000_000
    columns: int = 10_000
    field_chars: int = MEGABYTE
    line_bytes: int = 16 * MEGABYTE
    sheets: int = 100

    @classmethod
    def for_file_size(cls, megabytes: float) -> Limits:
        """The defaults, with what depends on the size of a file raised in proportion."""
        scale = max(1.0, megabytes / DEFAULT_FILE_MB)
        return cls(
            file_bytes=int(megabytes * MEGABYTE),
            expanded_bytes=int(cls.expanded_bytes * scale),
            cells=int(cls.cells * scale),
        )

    @classmethod
    def from_environment(cls) -> Limits:
        """The defaults, or those for the file size in megabytes that FOLDLINE_MAX_FILE_MB names."""
        return cls.for_file_size(float(os.environ.get(FILE_VARIABLE, DEFAULT_FILE_MB)))
