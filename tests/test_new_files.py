"""New files are read like the training file, by the app and by scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.data.formats.frame import frame_from_file, table_file
from core.data.read import read
from core.data.table import EarlierTable, ReadOptions, Table
from core.export.code.script import script
from core.recipe.document import Candidate, Source
from core.standalone.files.read_file import read_new_file, read_training_file
from core.standalone.plan import TableFile
from core.train.fit import predict_rows
from tests.export_support import Case, fitted, run
from tests.small_recipes import column, regression


def test_a_new_file_is_read_like_the_training_file(tmp_path: Path) -> None:
    """These rows alone would be read month first, as numbers, and without the level NA."""
    path = tmp_path / "new.csv"
    path.write_text("d,code,land\n" + "".join(f"0{i}/02/2022,{i}.0,NA\n" for i in range(1, 9)))
    types: Any = {"d": ("datetime", "%d/%m/%Y"), "code": ("text", ""), "land": ("text", "")}
    found = read(path, path.name, earlier=EarlierTable(columns=types, missing=("", "?"))).frame
    assert found["d"].dt.month.unique().tolist() == [2]
    assert found["code"].tolist()[0] == "1.0"
    assert found["land"].eq("NA").all()


def test_times_in_another_format_than_known_are_still_times(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("d,x\n2022-03-14,1\n2022-03-15,2\n")
    known = EarlierTable(columns={"d": ("datetime", "%d/%m/%Y")})
    assert read(path, path.name, earlier=known).frame["d"].dt.day.tolist() == [14, 15]


def test_a_script_finds_the_columns_of_a_new_file_by_name(tmp_path: Path) -> None:
    """Names that were made unique must not be put on other columns, nor rows left out by position."""
    trained = tmp_path / "old.csv"
    trained.write_text("y,a,a,\n1,2,3,4\n5,6,7,8\n9,10,11,12\n,,,\n,,,\n")
    options = read(trained, trained.name).read
    assert options.names == ("y", "a", "a_2", "column_4") and options.drop_rows == (3, 4)
    new = tmp_path / "new.csv"
    new.write_text("a,a,y\n2,3,1\n" + "6,7,5\n" * 4)
    found = read_new_file(str(new), table_file(options), {})
    assert found[["a", "a_2", "y"]].to_numpy().tolist() == [["2", "3", "1"], *[["6", "7", "5"]] * 4]


@pytest.mark.parametrize("ending", [".xlsx", ".parquet"])
def test_a_script_reads_other_kinds_of_files_by_name(tmp_path: Path, ending: str) -> None:
    frame = pd.DataFrame({"y": [1.0, 2.0], " a": ["u", "v"], "b": [0.5, 1.5]})
    write = {".xlsx": pd.DataFrame.to_excel, ".parquet": pd.DataFrame.to_parquet}[ending]
    write(frame, tmp_path / f"old{ending}", index=False)
    write(frame[["b", " a"]], tmp_path / f"new{ending}", index=False)
    options = read(tmp_path / f"old{ending}", "old").read
    assert options.names == ("y", "a", "b")
    found = read_new_file(str(tmp_path / f"new{ending}"), table_file(options), {})
    assert (found["a"].tolist(), found["b"].tolist()) == (["u", "v"], [0.5, 1.5])


def test_reading_options_and_what_travels_of_them_begin_alike() -> None:
    assert table_file(ReadOptions()) == TableFile()


def test_nul_bytes_are_taken_out_by_a_script_too(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"a,b\nu\0u,1\nv,2\0\nw,3\n")
    found = read(path, path.name)
    assert found.frame["a"].tolist() == ["uu", "v", "w"]
    again = read_training_file(str(path), table_file(found.read))
    assert again.to_numpy().tolist() == frame_from_file(path, found.read).to_numpy().tolist()
    assert again["b"].tolist() == ["1", "2", "3"]


@pytest.mark.parametrize("group", ["", "g"])
def test_a_script_divides_by_texts_of_times_and_reads_odd_targets(tmp_path: Path, group: str) -> None:
    rng = np.random.default_rng(1)
    days = pd.date_range("2021-01-01", periods=240).strftime("%d.%m.%Y").to_numpy(dtype=object)
    days[9], days[185:199] = "soon", days[185]
    x = rng.normal(size=240).round(2)
    y = [f"{3 * v:.2f}".replace(".", ",") for v in x]
    y[3], y[4] = "-9,0", "odd"
    when = rng.permutation(days)
    turn = pd.to_datetime(pd.Series(when), format="%d.%m.%Y", errors="coerce").rank(method="first").fillna(0)
    raw = pd.DataFrame({"when": when, "x": x, "g": turn.astype("int64") // 8, "y": y})
    raw["g"] = raw["g"].astype("object").mask(raw["g"] == 3, "")
    path = tmp_path / "data.csv"
    raw.assign(x=raw["x"].map(lambda v: str(v).replace(".", ","))).to_csv(path, sep=";", index=False)
    reading = read(path, "data.csv")
    table = Table(id="0" * 64, name="data.csv", rows=240, columns=reading.columns, read=reading.read)
    columns = [
        column("when", "datetime", "time", format="%d.%m.%Y"),
        column("x"),
        column("g", "categorical", "group" if group else "ignore"),
        column(
            "y", "numeric", "target", missing=("-9",) if reading.frame["y"].dtype == "float64" else ("-9,0",)
        ),
    ]
    chosen = Candidate(id="chosen", model="tree_regressor")
    source = Source(table=table.id, rows=240, read=reading.read)
    case: Case = fitted(path, table, reading.frame, regression(*columns, source=source, chosen=chosen))
    assert len(case.work.target.rows) == 238
    code = script(case.recipe, case.pipeline, table)
    (tmp_path / "train.py").write_text(code)
    done = run("train.py", path.name, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = pd.read_csv(tmp_path / "predictions.csv")
    assert found["row"].tolist() == case.work.split.test.tolist()
    said = predict_rows(case.work, case.pipeline, case.work.split.test)
    assert found["prediction"].tolist() == pytest.approx(said.labels, rel=1e-15)
