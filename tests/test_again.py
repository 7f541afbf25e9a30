"""A file is read as an earlier one was: by the recipe of a run, and by the model that predicts it."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.command.run import fitted
from core.command.session import session
from core.data.again import read_again, read_like
from core.data.read import read
from core.data.table import Known, ReadOptions
from core.errors import FoldlineError
from core.recipe.document import Source
from core.recipe.edits import choose
from core.recipe.suggest import suggest
from core.transformers import as_text


@pytest.fixture
def german(tmp_path: Path) -> Path:
    """A file whose last row is a total, and whose first column would be guessed to be a date."""
    path = tmp_path / "old.csv"
    rows = [f"{i},5;u{i % 3};{i % 2}" for i in range(1, 41)]
    path.write_text("\n".join(["x;a;y", *rows, "820;all;20"]) + "\n")
    return path


def test_a_run_reads_its_file_as_the_recipe_says(german: Path) -> None:
    options = read(german, german.name).read.model_copy(update={"drop_rows": (40,)})
    chosen = read(german, german.name, options)
    with session() as s:
        made = s.load(german)
        recipe = suggest(made, "y")
        source = Source(table=made.id, name=made.name, rows=40, read=chosen.read)
        moved, notes = fitted(recipe.model_copy(update={"source": source}), s, german)
        assert (moved.source.rows, moved.source.read) == (40, chosen.read)
        assert notes[0].code == "AS_RECIPE" and "decimal mark ','" in notes[0].text
        bare = Source(table=made.id, name=made.name, rows=40)
        found, notes = fitted(recipe.model_copy(update={"source": bare}), s, german)
        assert found.source.rows == 41 and "AS_RECIPE" not in {note.code for note in notes}


def test_another_file_keeps_the_options_but_not_the_positions(german: Path, tmp_path: Path) -> None:
    options = read(german, german.name).read.model_copy(update={"drop_rows": (40,), "names": ("x", "a", "y")})
    other = tmp_path / "new.csv"
    other.write_text("a;y;x\n" + "".join(f"u;{i % 2};1,{i}\n" for i in range(60)))
    found = read_again(other, other.name, options, 40)
    assert found.frame.columns.tolist() == ["a", "y", "x"] and len(found.frame) == 60
    assert found.frame["x"].tolist()[:3] == [1.0, 1.1, 1.2]


@pytest.mark.parametrize(
    ("data", "code", "hint"),
    [
        ("x;a;y\n1;café;0\n".encode("cp1252"), "ENCODING", "encoding utf-8"),
        (b"x;a;y\n1;u\n1;u;0;9\n", "RAGGED", "delimiter ';'"),
        (b"", "EMPTY", ""),
    ],
)
def test_a_file_that_does_not_fit_the_options_is_refused(
    tmp_path: Path, data: bytes, code: str, hint: str
) -> None:
    path = tmp_path / "new.csv"
    path.write_bytes(data)
    with pytest.raises(FoldlineError) as caught:
        read_again(path, path.name, ReadOptions(delimiter=";"), 3)
    assert caught.value.code == code and hint in caught.value.hint


@pytest.mark.parametrize(
    "odd",
    [{"delimiter": "(a+)+b"}, {"encoding": "idna"}, {"quote": "''"}, {"decimal": ""}, {"skip_rows": -1}],
)
def test_options_that_the_reader_never_gives_are_not_obeyed(tmp_path: Path, odd: dict[str, Any]) -> None:
    path = tmp_path / "new.csv"
    path.write_text("a,b\nu,1\nv,2\n")
    options = ReadOptions().model_copy(update=odd)
    with pytest.raises(FoldlineError) as caught:
        read_again(path, path.name, options, 2)
    assert caught.value.code == "OPTIONS"
    known = Known(needed=("a", "b"), read=options)
    assert read_like(path, path.name, known).frame["b"].tolist() == [1.0, 2.0]


def test_a_file_in_another_format_is_read_in_its_own_way(german: Path, tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [1.5, 2.5], "a": ["u", "v"], "y": ["0", "1"]})
    frame.to_parquet(tmp_path / "new.parquet")
    found = read_again(tmp_path / "new.parquet", "new.parquet", read(german, german.name).read, 41)
    assert found.frame["x"].tolist() == [1.5, 2.5] and found.notes[0].code == "OTHER_FORMAT"


def test_a_sheet_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    pd.DataFrame({"a": ["u"]}).to_excel(path, sheet_name="May", index=False)
    with pytest.raises(FoldlineError) as caught:
        read_again(path, path.name, ReadOptions(format="xlsx", sheet="April"), 1)
    assert caught.value.code == "SHEET" and "'May'" in caught.value.hint


@pytest.mark.parametrize("known_read", [None, ReadOptions(), ReadOptions(delimiter=";")])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_names_of_a_model_show_the_header(tmp_path: Path, ending: str, known_read: Any) -> None:
    """These two lines of words alone would be two rows without a header."""
    path = tmp_path / f"new.{ending}"
    frame = pd.DataFrame([["good", "red", "large"]], columns=["quality", "colour", "size"])
    frame.to_csv(path, index=False) if ending == "csv" else frame.to_excel(path, index=False)
    known = Known(needed=("colour", "size"), read=known_read)
    assert read_like(path, path.name, known).frame["size"].tolist() == ["large"]


def test_a_model_without_a_header_is_given_rows_without_one(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("good,red\nbad,blue\n")
    names = ("column_1", "column_2")
    known = Known(needed=names, read=ReadOptions(header=False, names=names))
    assert read_like(path, path.name, known).frame["column_1"].tolist() == ["good", "bad"]


@pytest.mark.parametrize("mark", [",", "."])
@pytest.mark.parametrize("trained", [",", "."])
def test_new_numbers_may_have_another_decimal_mark(tmp_path: Path, mark: str, trained: str) -> None:
    path = tmp_path / "new.csv"
    path.write_text("a;x\nu;1.5\nv;2.5\n".replace(".", mark))
    types: Any = {"a": ("text", ""), "x": ("number", "")}
    known = Known(columns=types, needed=("a", "x"), read=ReadOptions(delimiter=";", decimal=trained))
    assert read_like(path, path.name, known).frame["x"].tolist() == [1.5, 2.5]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that tells classes apart by two columns of words and a number, unpacked beside it."""
    folder = tmp_path_factory.mktemp("model")
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.choice(["u", "v", "w"], 80), "b": rng.choice(["r", "s"], 80)})
    frame["x"] = rng.normal(size=80).round(2)
    frame["y"] = np.where(as_text(frame["a"]) == "u", "yes", "no")
    frame.to_csv(folder / "old.csv", index=False)
    with session() as s:
        table = s.load(folder / "old.csv")
        recipe = suggest(table, "y", levels=["no", "yes"], counts=[50, 30])
        recipe = choose(recipe, "logistic_regression", "logistic_regression")
        made = s.run("export", {"recipe": recipe.model_dump(mode="json"), "part": "all"})
        bundle = s.workspace.result_file(s.project, made["result"], "bundle.zip")
        (folder / "bundle.zip").write_bytes(bundle.read_bytes())
    with zipfile.ZipFile(folder / "bundle.zip") as archive:
        for name in archive.namelist():
            (folder / name).write_bytes(archive.read(name))
    return folder


@pytest.mark.parametrize(
    "text",
    ["a,b,x\nu,r,\n", "a,b,x\nu,r,1\nv,s,2\n,,\n,,\n", "a,b,x\n,,\nu,r,1\n", "x,b,a\n1.5,r,u\n2,s,w\n"],
)
def test_every_row_is_predicted_here_and_by_the_bundle_alike(model: Path, tmp_path: Path, text: str) -> None:
    path = tmp_path / "new.csv"
    path.write_text(text)
    with session() as s:
        data = {"path": str(path), "name": path.name}
        found = s.run("predict", {"bundle": str(model / "bundle.zip"), "data": data})
        here = pd.read_csv(s.workspace.result_file(s.project, found["result"], "predictions.csv"))
    command = [sys.executable, *map(str, (model / "predict.py", path, "-o", tmp_path / "there.csv"))]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    pd.testing.assert_frame_equal(here, pd.read_csv(tmp_path / "there.csv"))
    assert len(here) == text.count("\n") - 1
    told = {finding["code"]: finding["count"] for finding in found["findings"]}
    assert told.get("EMPTY_ROWS", 0) == text.count("\n,,\n") + text.count(",,\n,,\n")


def test_the_bundle_tells_cells_that_it_cannot_read(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text('a,b,x\nu,r,"1,5"\nv,s,2\nv,s,\n')
    command = [sys.executable, *map(str, (model / "predict.py", path, "-o", tmp_path / "there.csv"))]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    assert "1 cells of 'x' are no number." in done.stderr


def test_rows_that_a_drift_report_leaves_out_are_told(model: Path, tmp_path: Path) -> None:
    old = (model / "old.csv").read_text()
    path = tmp_path / "new.csv"
    path.write_text(old + ",,,\n" * 9)
    with session() as s:
        reference = {"bundle": str(model / "bundle.zip")}
        found = s.run("drift", {"reference": reference, "current": {"path": str(path), "name": "new"}})
    assert found["n_current"] == 80
    assert [note["code"] for note in found["notes"]] == ["EMPTY_ROWS"], json.dumps(found["notes"])
