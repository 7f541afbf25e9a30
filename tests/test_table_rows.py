"""Rows of a table of the project are read like the table that they go with, with its file and without."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from core.data.formats.parquet import write_table
from core.data.read import read
from core.data.table import EarlierTable, ReadOptions
from core.data.types.number_text import as_number
from core.engine.context import Context
from core.engine.job_specs import PathFile, TableRows, TypedRows
from core.engine.work.new_rows import NewRows, rows_of
from core.store.files.atomic import sha256_of
from core.store.workspace import Workspace

DAYS = pd.Series(pd.to_datetime([f"2024-{month:02d}-{day:02d}" for month in (3, 11) for day in range(1, 13)]))
OLD = EarlierTable(
    columns={"d": ("datetime", "%d/%m/%Y"), "b": ("text", ""), "n": ("number", ""), "c": ("text", "")},
    levels={"b": ("ja", "nein")},
    missing=("", "tbd"),
    needed=("d", "b", "n", "c"),
    read=ReadOptions(delimiter=";", decimal=",", missing=("", "tbd")),
)


@pytest.fixture
def job(tmp_path: Path) -> Context:
    workspace = Workspace(tmp_path / "work")
    project = workspace.create_project(workspace.new_space(), "rows")
    return Context(workspace, project, "0" * 32, 2**33)


def written(path: Path) -> Path:
    """Dates of days 1 to 12, yes and no in two languages, decimal points, a missing word, codes."""
    rows = {
        "d": DAYS.dt.strftime("%d/%m/%Y"),
        "b": ["TRUE", "0"] * 12,
        "n": ["1.5", "tbd"] * 12,
        "c": ["1.10", "2.0"] * 12,
    }
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def stored(job: Context, path: Path, with_file: bool) -> str:
    """The id of the table that the file becomes on its own, as on Data or Monitor."""
    reading, parquet, sha = read(path, path.name), path.with_suffix(".table"), sha256_of(path)
    write_table(reading.frame, parquet)
    table = reading.table(path.name, sha256_of(parquet), sha)
    if with_file:
        shutil.copyfile(path, path.with_suffix(".copy"))
        job.workspace.put_result(job.project, "source", sha, {}, {"source.bin": path.with_suffix(".copy")})
    return job.workspace.add_table(job.project, parquet, table).id


def codes(rows: NewRows) -> set[str]:
    return {note.code for note in rows.notes}


def test_a_table_whose_file_is_there_gives_what_the_file_gives(job: Context, tmp_path: Path) -> None:
    path = written(tmp_path / "new.csv")
    of_file = rows_of(job, PathFile(path=str(path), name=path.name), OLD)
    of_table = rows_of(job, TableRows(table=stored(job, path, with_file=True)), OLD)
    pd.testing.assert_frame_equal(of_file.frame, of_table.frame)
    assert codes(of_file) == codes(of_table) == {"AMBIGUOUS_DATE", "OTHER_DECIMAL"}
    assert of_table.frame["d"].tolist() == DAYS.tolist()
    assert of_table.frame["b"].tolist() == ["ja", "nein"] * 12
    assert of_table.frame["n"].dropna().tolist() == [1.5] * 12
    assert of_table.frame["c"].tolist() == ["1.10", "2.0"] * 12


def test_a_table_alone_has_dates_and_yes_and_no_as_in_training(job: Context, tmp_path: Path) -> None:
    rows = rows_of(job, TableRows(table=stored(job, written(tmp_path / "new.csv"), with_file=False)), OLD)
    assert rows.frame["d"].tolist() == DAYS.tolist()
    assert rows.frame["b"].tolist() == ["ja", "nein"] * 12
    assert "AMBIGUOUS_DATE" not in codes(rows)


@pytest.mark.parametrize("with_file", [True, False])
def test_a_table_tells_zones_and_infinite_cells(job: Context, tmp_path: Path, with_file: bool) -> None:
    path = tmp_path / "new.csv"
    path.write_text("t,n\n" + "2024-03-05 14:00:00-05:00,inf\n2024-03-05 15:00:00-05:00,2\n" * 9)
    times = {"t": ("datetime", "%Y-%m-%d %H:%M:%S"), "n": ("number", "")}
    old = EarlierTable.model_validate({"columns": times, "needed": ("t", "n")})
    rows = rows_of(job, TableRows(table=stored(job, path, with_file)), old)
    assert codes(rows) == {"TIME_ZONE", "INFINITE"}
    assert [note.code for note in rows.notes].count("TIME_ZONE") == 1
    assert rows.frame["t"].dt.hour.iloc[0] == (
        14 if with_file else 19
    )  # the text is gone, so it is only told


def test_a_case_that_is_typed_in_takes_every_spelling(job: Context) -> None:
    case = TypedRows(rows={"b": ["TRUE"], "d": ["05/03/2024"]})
    assert rows_of(job, case, OLD).frame["b"].tolist() == ["ja"]


@pytest.mark.parametrize("trained", [".", ","])
def test_a_target_in_the_decimal_mark_of_its_file_is_read_with_it(
    job: Context, tmp_path: Path, trained: str
) -> None:
    mark = "," if trained == "." else "."
    old = EarlierTable(
        columns={"n": ("number", ""), "y": ("number", "")},
        needed=("n",),
        read=ReadOptions(delimiter=";", decimal=trained),
    )
    path = tmp_path / "new.csv"
    lines = [f"{i}{mark}5;{i}{mark}25" for i in range(30)]
    path.write_text("\n".join(["n;y", *lines, f"3{mark}5;1{trained}637", "4;tbd"]) + "\n")
    rows = rows_of(job, PathFile(path=str(path), name=path.name), old)
    (note,) = [note for note in rows.notes if note.code == "OTHER_DECIMAL"]
    assert note.text.endswith("no inputs: 1 of 'y'."), "1.637 beside 0,25 is not 1.637, and is counted"
    read = as_number(rows.frame["y"].astype("str"), trained).dropna()
    assert read.tolist() == [i + 0.25 for i in range(30)]
    assert rows.frame["y"].astype("str").iloc[-1] == "tbd", "a label that is no number stays to be told"
