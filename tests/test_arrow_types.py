"""Each type of a Parquet file is kept, read as what it is with a word, or refused; none is changed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.read import read
from core.data.reread import read_like
from core.data.table import EarlierTable
from core.errors import FoldlineError
from core.standalone.files.parquet_cells import parquet_cells
from core.standalone.files.read_file import read_new_file
from core.standalone.plan import TableFile
from core.standalone.rows.checks import column_notes
from core.standalone.rows.trained_column import TrainedColumn
from core.standalone.table import typed_column

ROWS = 60
HUGE = 2**53 + 1
NOTHING: tuple[str, ...] = ()


def with_gaps(values: list[Any]) -> list[Any]:
    return [None if row % 5 == 0 else value for row, value in enumerate(values)]


WHOLE = list(range(HUGE, HUGE + ROWS))
MOMENTS = [dt.timedelta(seconds=90 * row, milliseconds=250) for row in range(ROWS)]
SECONDS = [90 * row + 0.25 for row in range(ROWS)]
TEXTS = list(map(str, WHOLE))
KEPT: dict[str, tuple[pa.Array, list[Any], tuple[str, ...]]] = {
    "large whole": (pa.array(WHOLE, pa.int64()), TEXTS, ("BIG_INTEGER",)),
    "large whole, gaps": (pa.array(with_gaps(WHOLE), pa.int64()), with_gaps(TEXTS), ("BIG_INTEGER",)),
    "unsigned, gaps": (pa.array(with_gaps(WHOLE), pa.uint64()), with_gaps(TEXTS), ("BIG_INTEGER",)),
    "large decimal": (pa.array(map(Decimal, WHOLE), pa.decimal128(20)), TEXTS, ("BIG_INTEGER",)),
    "levels of large": (pa.array(WHOLE, pa.int64()).dictionary_encode(), TEXTS, ("BIG_INTEGER",)),
    "levels, gaps": (
        pa.array(with_gaps(list(range(ROWS))), pa.int64()).dictionary_encode(),
        with_gaps([float(row) for row in range(ROWS)]),
        NOTHING,
    ),
    "decimal": (
        pa.array([Decimal(row) / 4 for row in range(ROWS)], pa.decimal128(12, 2)),
        [row / 4 for row in range(ROWS)],
        NOTHING,
    ),
    "duration": (pa.array(MOMENTS, pa.duration("ms")), SECONDS, ("DURATION",)),
    "duration, gaps": (pa.array(with_gaps(MOMENTS), pa.duration("ns")), with_gaps(SECONDS), ("DURATION",)),
    "clock": (
        pa.array([60_000_000_000 * row for row in range(ROWS)], pa.time64("ns")),
        [f"00:{row:02}:00" for row in range(ROWS)],
        ("MARKS",),
    ),
    "uuid": (
        pa.array([row.to_bytes(16, "big") for row in range(ROWS)], pa.uuid()),
        [f"00000000-0000-0000-0000-{row:012x}" for row in range(ROWS)],
        NOTHING,
    ),
    "null": (pa.nulls(ROWS), [None] * ROWS, NOTHING),
    "true and false": (
        pa.array(with_gaps([row % 2 == 0 for row in range(ROWS)])),
        with_gaps([str(row % 2 == 0) for row in range(ROWS)]),
        NOTHING,
    ),
}


def written(folder: Path, column: pa.Array) -> Path:
    path = folder / "t.parquet"
    pq.write_table(pa.table({"row": pa.array(range(len(column))), "c": column}), path)
    return path


def cells(values: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else value for value in values]


@pytest.mark.parametrize("name", KEPT)
def test_a_type_is_read_alike_by_app_and_bundle(tmp_path: Path, name: str) -> None:
    column, expected, codes = KEPT[name]
    path = written(tmp_path, column)
    reading = read(path, path.name)
    assert cells(reading.frame["c"]) == expected
    assert tuple(note.code for note in reading.notes) == codes
    physical = reading.columns[1].physical
    alone = read_new_file(str(path), TableFile(format="parquet"), {"c": physical})
    assert cells(typed_column(alone["c"], physical, "", ("",), ".")) == expected
    earlier = EarlierTable(columns={"c": (physical, "")}, needed=("c",), read=reading.read)
    assert cells(read_like(path, path.name, earlier).frame["c"]) == expected


def test_new_durations_in_a_column_of_numbers_are_told_and_not_lost(tmp_path: Path) -> None:
    path = written(tmp_path, KEPT["duration"][0])
    hours = TrainedColumn("c", "numeric", "number", low=0.0, high=1.5)
    raw = read_new_file(str(path), TableFile(format="csv"), {"c": "number"})["c"]
    codes = [note.code for note in column_notes(raw, hours, ("",), ".")]
    assert codes == ["DURATION", "RANGE"]


def test_a_sheet_with_durations_is_read_as_seconds(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with pd.ExcelWriter(path, engine="xlsxwriter") as book:
        frame = pd.DataFrame({"c": [row / 24 for row in range(30)], "k": ["a", "b"] * 15})
        frame.to_excel(book, index=False, sheet_name="s")
        book.sheets["s"].set_column(0, 0, 12, book.book.add_format({"num_format": "[h]:mm:ss"}))
    reading = read(path, path.name)
    assert reading.frame["c"].tolist() == [3600.0 * row for row in range(30)]
    assert [note.code for note in reading.notes] == ["DURATION"]


BINARY = pa.array([b"ab"] * ROWS)
REFUSED = {
    "list": pa.array([[1]] * ROWS),
    "struct": pa.array([{"a": 1}] * ROWS),
    "map": pa.array([[("a", 1)]] * ROWS, pa.map_(pa.string(), pa.int64())),
    "bytes": BINARY,
    "levels of bytes": BINARY.dictionary_encode(),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_value_is_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(FoldlineError) as refused:
        read(written(tmp_path, REFUSED[name]), "t.parquet")
    assert (refused.value.code, refused.value.where) == ("NESTED", "c")


@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=8))
def test_no_whole_number_changes(tmp_path_factory: pytest.TempPathFactory, values: list[int | None]) -> None:
    path = written(tmp_path_factory.mktemp("whole"), pa.array(values, pa.int64()))
    found = parquet_cells(path)["c"]
    assert [None if pd.isna(cell) else int(cell) for cell in found] == values
    reading = read(path, path.name)
    kept = [None if pd.isna(cell) else int(cell) for cell in reading.frame["c"]]
    assert kept == values
