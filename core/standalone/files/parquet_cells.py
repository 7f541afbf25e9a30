"""The cells of a Parquet file; types of Arrow that pandas would change or refuse come as others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

WHOLE_IN_FLOAT = 2**53
"""Up to this, float64 holds every whole number."""


def parquet_cells(path: str | Path) -> pd.DataFrame:
    """Every row of a Parquet file; the index that pandas may have stored in it is a column as any other.

    Whole numbers that float64 would change are Python's own where the column has gaps, and times of day end
    with microseconds. Errors of pyarrow are passed on as they are.
    """
    import pyarrow.parquet  # a script for a csv does without

    with pyarrow.parquet.ParquetFile(path) as file:
        table = file.read()
    kept = [_kept(column) for column in table.columns]
    exact = {place for place, column in enumerate(kept) if _has_gaps_beyond(column)}
    frame = (
        type(table).from_arrays(kept, names=list(map(str, range(len(kept))))).to_pandas(ignore_metadata=True)
    )
    for place in exact:
        frame.isetitem(place, pd.Series(kept[place].to_pylist(), dtype="object"))
    return frame.set_axis(table.column_names, axis=1)


def _kept(column: Any) -> Any:
    """A column of Arrow as a type that pandas holds without a loss."""
    import pyarrow
    import pyarrow.compute

    kind = pyarrow.types
    if isinstance(column.type, pyarrow.UuidType):
        texts = [None if key is None else str(key) for key in column.to_pylist()]
        return pyarrow.chunked_array([pyarrow.array(texts, pyarrow.string())])
    if isinstance(column.type, pyarrow.BaseExtensionType):
        column = column.cast(column.type.storage_type)
    if kind.is_dictionary(column.type) and not kind.is_string(column.type.value_type):
        column = column.cast(column.type.value_type)
    if column.type == pyarrow.time64("ns"):
        return pyarrow.compute.cast(column, pyarrow.time64("us"), safe=False)
    return column


def _has_gaps_beyond(column: Any) -> bool:
    """Whether a column of whole numbers has missing cells, would be float64 for that, and loses by it."""
    import pyarrow
    import pyarrow.compute

    if not column.null_count or not pyarrow.types.is_integer(column.type):
        return False
    ends = pyarrow.compute.min_max(column).as_py()
    return any(end is not None and abs(end) > WHOLE_IN_FLOAT for end in ends.values())
