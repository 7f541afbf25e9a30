"""Tables on disk: Parquet with page checksums, written so that a crash leaves the old file or the new one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.errors import FoldlineError
from core.lack_of_memory import is_memory

ROW_GROUP = 100_000


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Store a typed frame; the index is not kept.

    The file appears whole or not at all: temporary file in the same folder, fsync, rename, fsync of
    the folder.
    """
    table = pa.Table.from_pandas(frame, preserve_index=False)
    handle, temporary = tempfile.mkstemp(prefix=".tmp-", suffix=".parquet", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            pq.write_table(
                table,
                stream,
                compression="zstd",
                row_group_size=ROW_GROUP,
                write_page_checksum=True,
            )
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable; Windows cannot open a folder and does without."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_table(
    path: Path, columns: Sequence[str] | None = None, rows: Sequence[int] | np.ndarray | None = None
) -> pd.DataFrame:
    """A stored table, or the named columns and row positions of it, in the order asked for.

    Columns come back as float64, ``str`` (NaN for missing) or datetime64[us], with a fresh index.

    Raises:
        FoldlineError: ``DAMAGED`` when the file is not what was written; ``COLUMN`` for an unknown column.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            _check_names(file.schema_arrow.names, columns)
            table = file.read(columns=None if columns is None else list(columns))
        if rows is not None:
            table = table.take(pa.array(np.asarray(rows, dtype="int64")))
        frame = pd.DataFrame({name: _physical(table.column(name)) for name in columns or table.column_names})
    except (pa.ArrowException, OSError, ValueError) as error:
        if is_memory(error):  # that says nothing about the file
            raise
        raise FoldlineError(
            "DAMAGED",
            f"The stored table {path.name} cannot be read: {str(error)[:200]}.",
            "Load its file again on the Data page.",
        ) from error
    return frame if len(frame.columns) else pd.DataFrame(index=range(table.num_rows))


def _check_names(names: Sequence[str], columns: Sequence[str] | None) -> None:
    absent = [name for name in columns or () if name not in names]
    if absent:
        raise FoldlineError(
            "COLUMN", f"The table has no column {absent[0]!r}.", "Choose a column of it.", absent[0]
        )


def _physical(column: pa.ChunkedArray) -> pd.Series:
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us")).to_pandas().astype("datetime64[us]")
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return pd.Series(column.to_pandas(), dtype="str")
    if pa.types.is_null(column.type):
        return pd.Series([np.nan] * len(column), dtype="str")
    return pd.Series(pc.cast(column, pa.float64()).to_numpy(), dtype="float64")
