"""Refusals of Parquet files by their metadata and by the bytes that really come out."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.data.files.limits import MEGABYTE, Limits
from core.errors import FoldlineError
from core.standalone.counts import counted

FOOTER_PER_COLUMN = 20_000
BATCH_ROWS = 4_096
TAIL = 8


def check_parquet(path: Path, limits: Limits) -> None:
    """Look at the metadata, then read batches within a byte budget and forget them.

    Raises:
        FoldlineError: ``COLUMNS``, ``NO_ROWS``, ``SIZE`` (cells), ``NESTED``, ``NAMES``, ``BOMB``,
            ``TRUNCATED``, ``DAMAGED``.
    """
    _check_footer(path, limits)
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            _check_metadata(file.metadata, limits)
            _check_schema(file.schema_arrow)
            _check_bytes(file, limits)
            _check_cells(file.metadata, limits)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise FoldlineError(
            "DAMAGED", f"The Parquet file is damaged: {str(error)[:200]}.", "Write and upload it again."
        ) from error


def _check_footer(path: Path, limits: Limits) -> None:
    """The footer is refused by its length: parsing the metadata of 100,000 columns can abort the process."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - TAIL))
        tail = stream.read(TAIL)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != b"PAR1" or length + TAIL > size:
        raise FoldlineError("TRUNCATED", "The Parquet file is incomplete.", "Upload it again.")
    if length > max(64 * MEGABYTE, FOOTER_PER_COLUMN * limits.columns):
        raise FoldlineError(
            "COLUMNS", f"The Parquet file has {length // MEGABYTE:,} MB of metadata.", "Keep fewer columns."
        )


def _check_metadata(metadata: pq.FileMetaData, limits: Limits) -> None:
    columns, rows = metadata.num_columns, metadata.num_rows
    if columns > limits.columns:
        problem = f"The file has {counted(columns, 'column')}; the limit is {limits.columns:,}."
        raise FoldlineError("COLUMNS", problem, "Keep the columns you need.")
    if rows == 0 or columns == 0:
        raise FoldlineError(
            "NO_ROWS", f"The file has {counted(columns, 'column')} and no rows.", "Upload a table with rows."
        )


def _check_schema(schema: pa.Schema) -> None:
    kinds = {field.name: _stored_as(field.type) for field in schema}
    nested = [name for name, kind in kinds.items() if pa.types.is_nested(kind) or _is_binary(kind)]
    if nested:
        problem = f"These columns hold lists, structures or raw bytes: {', '.join(nested[:20])}."
        raise FoldlineError("NESTED", problem, "Flatten or drop them and write the file again.", nested[0])
    names = schema.names
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise FoldlineError("NAMES", f"Several columns are called {twice[0]!r}.", "Rename them.", twice[0])


def _stored_as(kind: pa.DataType) -> pa.DataType:
    """The type of the cells of an extension type and of a dictionary; keys of the type UUID are texts."""
    if isinstance(kind, pa.UuidType):
        return pa.string()
    if isinstance(kind, pa.BaseExtensionType):
        return kind.storage_type
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_binary(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    )


def _check_bytes(file: pq.ParquetFile, limits: Limits) -> None:
    total = 0
    for batch in file.iter_batches(batch_size=BATCH_ROWS):
        total += batch.nbytes
        if total > limits.expanded_bytes:
            problem = f"The file expands to more than {limits.expanded_bytes // MEGABYTE:,} MB."
            raise FoldlineError("BOMB", problem, "Upload a part of the rows or columns.")


def _check_cells(metadata: pq.FileMetaData, limits: Limits) -> None:
    columns, rows = metadata.num_columns, metadata.num_rows
    if rows * columns > limits.cells:
        problem = f"The file has {rows:,} x {counted(columns, 'cell')}; the limit is {limits.cells:,}."
        raise FoldlineError("SIZE", problem, "Upload a part of the rows or columns.")
