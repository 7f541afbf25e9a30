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
from core.data.formats.frame import table_file
from core.data.read import read
from core.data.reread import OFFERED, read_again, read_like, usable
from core.data.table import EarlierTable, ReadOptions
from core.engine.run_here import run_here
from core.errors import FoldlineError
from core.recipe.document import Recipe, Source, parse
from core.recipe.edits import choose
from core.recipe.fingerprint import fingerprint
from core.recipe.suggestion.suggest import suggest
from core.standalone.cells import as_text
from core.standalone.files.read_file import read_new_file
from core.standalone.files.records import UnreadableFileError
from tests.fresh import script


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
        source = Source(table=made.id, name=made.name, rows=40, read=chosen.read, sha=made.source_sha)
        moved, table = fitted(recipe.model_copy(update={"source": source}), s, german)
        assert (moved.source.rows, moved.source.read) == (40, chosen.read)
        assert table.notes[0].code == "AS_RECIPE" and "decimal mark ','" in table.notes[0].text
        bare = Source(table=made.id, name=made.name, rows=40)
        found, table = fitted(recipe.model_copy(update={"source": bare}), s, german)
        assert found.source.rows == 41 and "AS_RECIPE" not in {note.code for note in table.notes}


def test_another_file_keeps_the_options_but_not_the_positions(german: Path, tmp_path: Path) -> None:
    options = read(german, german.name).read.model_copy(update={"drop_rows": (40,), "names": ("x", "a", "y")})
    other = tmp_path / "new.csv"
    other.write_text("a;y;x\n" + "".join(f"u;{i % 2};1,{i}\n" for i in range(60)))
    found = read_again(other, other.name, options, same=False)
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
        read_again(path, path.name, ReadOptions(delimiter=";"), same=False)
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
        read_again(path, path.name, options, same=True)
    assert caught.value.code == "OPTIONS"
    known = EarlierTable(needed=("a", "b"), read=options)
    assert read_like(path, path.name, known).frame["b"].tolist() == [1.0, 2.0]


def test_a_file_in_another_format_is_read_in_its_own_way(german: Path, tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [1.5, 2.5], "a": ["u", "v"], "y": ["0", "1"]})
    frame.to_parquet(tmp_path / "new.parquet")
    found = read_again(tmp_path / "new.parquet", "new.parquet", read(german, german.name).read, False)
    assert found.frame["x"].tolist() == [1.5, 2.5] and found.notes[0].code == "OTHER_FORMAT"


def test_a_sheet_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    pd.DataFrame({"a": ["u"]}).to_excel(path, sheet_name="May", index=False)
    with pytest.raises(FoldlineError) as caught:
        read_again(path, path.name, ReadOptions(format="xlsx", sheet="April"), False)
    assert caught.value.code == "SHEET" and "'May'" in caught.value.hint


@pytest.mark.parametrize("known_read", [None, ReadOptions(), ReadOptions(delimiter=";")])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_names_of_a_model_show_the_header(tmp_path: Path, ending: str, known_read: Any) -> None:
    """These two lines of words alone would be two rows without a header."""
    path = tmp_path / f"new.{ending}"
    frame = pd.DataFrame([["good", "red", "large"]], columns=["quality", "colour", "size"])
    frame.to_csv(path, index=False) if ending == "csv" else frame.to_excel(path, index=False)
    known = EarlierTable(needed=("colour", "size"), read=known_read)
    assert read_like(path, path.name, known).frame["size"].tolist() == ["large"]


def test_a_model_without_a_header_is_given_rows_without_one(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("good,red\nbad,blue\n")
    names = ("column_1", "column_2")
    known = EarlierTable(needed=names, read=ReadOptions(header=False, names=names))
    assert read_like(path, path.name, known).frame["column_1"].tolist() == ["good", "bad"]


@pytest.mark.parametrize("mark", [",", "."])
@pytest.mark.parametrize("trained", [",", "."])
def test_new_numbers_may_have_another_decimal_mark(tmp_path: Path, mark: str, trained: str) -> None:
    path = tmp_path / "new.csv"
    path.write_text("a;x\nu;1.5\nv;2.5\n".replace(".", mark))
    types: Any = {"a": ("text", ""), "x": ("number", "")}
    known = EarlierTable(columns=types, needed=("a", "x"), read=ReadOptions(delimiter=";", decimal=trained))
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
    return exported(folder, ["no", "yes"])


def exported(folder: Path, levels: list[str]) -> Path:
    """The folder with the bundle of its old.csv, unpacked beside it."""
    with session() as s:
        table = s.load(folder / "old.csv")
        recipe = suggest(table, "y", levels=levels, counts=[50, 30])
        recipe = choose(recipe, "logistic_regression", "logistic_regression")
        spec = {"recipe": recipe.model_dump(mode="json"), "part": "all"}
        made = run_here(s.workspace, s.project, "export", spec)
        bundle = s.workspace.result_file(s.project, made["result"], "bundle.zip")
        (folder / "bundle.zip").write_bytes(bundle.read_bytes())
    with zipfile.ZipFile(folder / "bundle.zip") as archive:
        archive.extractall(folder)
    return folder


def predicted(model: Path, path: Path) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """The predictions of a file by the command and by the bundle's own script, and what the command told."""
    with session() as s:
        spec = {"bundle": str(model / "bundle.zip"), "data": {"path": str(path), "name": path.name}}
        found = run_here(s.workspace, s.project, "predict", spec)
        here = pd.read_csv(s.workspace.result_file(s.project, found["result"], "predictions.csv"))
    there = path.with_name("there.csv")
    done = alone(model, path, there)
    assert done.returncode == 0, done.stderr
    told = {finding["code"]: finding["count"] for finding in found["findings"]}
    return here, pd.read_csv(there), told


def alone(model: Path, path: Path, out: Path) -> subprocess.CompletedProcess[str]:
    return script(model / "predict.py", path, "-o", out, cwd=model)


@pytest.mark.parametrize(
    "text",
    ["a,b,x\nu,r,\n", "a,b,x\nu,r,1\nv,s,2\n,,\n,,\n", "a,b,x\n,,\nu,r,1\n", "x,b,a\n1.5,r,u\n2,s,w\n"],
)
def test_every_row_is_predicted_here_and_by_the_bundle_alike(model: Path, tmp_path: Path, text: str) -> None:
    path = tmp_path / "new.csv"
    path.write_text(text)
    here, there, told = predicted(model, path)
    pd.testing.assert_frame_equal(here, there)
    assert len(here) == text.count("\n") - 1
    assert told.get("ROWS_WITHOUT_VALUE", 0) == text.count("\n,,\n") + text.count(",,\n,,\n")


TOWNS = ("Köln", "Ulm")


@pytest.fixture(scope="module")
def western(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of a model whose training file is cp1252, with semicolons and decimal points."""
    folder = tmp_path_factory.mktemp("western")
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"town": rng.choice(TOWNS, 120), "x": rng.normal(size=120).round(2)})
    frame["y"] = np.where((frame["town"] == "Köln") ^ (frame["x"] > 1), "yes", "no")
    frame.to_csv(folder / "old.csv", index=False, sep=";", encoding="cp1252")
    return exported(folder, ["no", "yes"])


ROWS = [("Köln", "1.25"), ("Ulm", "-0.5"), ("Köln", "-2.75"), ("Ulm", "1.5")]


def lines(rows: list[tuple[str, str]], mark: str = ".", head: str = "town;x\n") -> str:
    return head + "".join(f"{town};{x.replace('.', mark)}\n" for town, x in rows)


@pytest.fixture(scope="module")
def usual(western: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The predictions of the rows when they are written as the training file is."""
    path = tmp_path_factory.mktemp("usual") / "new.csv"
    path.write_bytes(lines(ROWS).encode("cp1252"))
    here, there, _ = predicted(western, path)
    pd.testing.assert_frame_equal(here, there)
    return here


@pytest.mark.parametrize(
    ("text", "encoding", "code"),
    [
        (lines(ROWS), "utf-8", ""),
        (lines(ROWS), "utf-8-sig", ""),
        (lines(ROWS), "utf-16", ""),
        (lines(ROWS, mark=","), "cp1252", "OTHER_DECIMAL"),
        (lines(ROWS, mark=","), "utf-8", "OTHER_DECIMAL"),
        (lines(ROWS, head="town;x\ntown;x\n"), "cp1252", "HEADER_REPEATED"),
        (lines(ROWS, head="Report\n\ntown;x\n"), "cp1252", "PREAMBLE"),
    ],
)
def test_a_file_written_in_another_way_gives_the_same_predictions(
    western: Path, usual: pd.DataFrame, tmp_path: Path, text: str, encoding: str, code: str
) -> None:
    path = tmp_path / "new.csv"
    path.write_bytes(text.encode(encoding))
    here, there, told = predicted(western, path)
    pd.testing.assert_frame_equal(here, usual)
    pd.testing.assert_frame_equal(here, there)
    assert not code or code in told


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_a_model_of_utf_8_takes_an_old_encoding(model: Path, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "new.csv"
    path.write_bytes("a,b,x,town\nu,r,1,Köln\nv,s,2,Ulm\n".encode(encoding))
    here, there, _ = predicted(model, path)
    pd.testing.assert_frame_equal(here, there)


def test_marks_of_thousands_are_no_fractions(western: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_bytes(lines([("Ulm", "1,200"), ("Ulm", "2,500")]).encode())
    here, there, told = predicted(western, path)
    pd.testing.assert_frame_equal(here, there)
    assert told["TYPE"] == 2 or told["EMPTY_COLUMN"] == 2


def test_words_alone_that_repeat_the_header_are_one_header(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("a,b,x\na,b,x\n" + "u,r,\nv,s,\n" * 30)
    here, there, told = predicted(model, path)
    assert len(here) == len(there) == 60 and "HEADER_REPEATED" in told


@pytest.mark.parametrize("text", ["a,b,x\nu,r,1\nv,s,2,9\n", "a,b,x\nu,r,1\nv,s\n"])
def test_lines_that_do_not_fit_are_never_left_out_in_silence(model: Path, tmp_path: Path, text: str) -> None:
    path = tmp_path / "new.csv"
    path.write_text(text)
    names = ("a", "b", "x")
    known = EarlierTable(needed=names, read=ReadOptions(skip_bad_lines=True))
    with pytest.raises(FoldlineError) as caught:
        read_like(path, path.name, known)
    assert caught.value.code == "RAGGED"
    done = alone(model, path, tmp_path / "there.csv")
    assert done.returncode and "fields instead of 3" in done.stderr


def test_a_workbook_whose_header_stands_lower_is_read_alike(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    rows = [["Report", None, None], ["a", "b", "x"], ["a", "b", "x"], ["u", "r", 1.5], ["v", "s", 2]]
    pd.DataFrame(rows).to_excel(path, index=False, header=False)
    here, there, _ = predicted(model, path)
    pd.testing.assert_frame_equal(here, there)
    assert len(here) == 2


def test_a_header_given_to_a_model_without_one_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("size;weight\n" + "".join(f"{i};{i}.5\n" for i in range(9)))
    names = ("column_1", "column_2")
    options = ReadOptions(header=False, names=names, delimiter=";")
    known = EarlierTable(needed=names, read=options)
    assert "column_1" not in read_like(path, path.name, known).frame.columns
    wanted = dict.fromkeys(names, "number")
    with pytest.raises(UnreadableFileError, match="has a header"):
        read_new_file(str(path), table_file(options), wanted)
    path.write_text("".join(f"{i};{i}.5\n" for i in range(9)))
    assert len(read_new_file(str(path), table_file(options), wanted)) == 9
    assert len(read_like(path, path.name, known).frame) == 9


def test_what_is_wrong_with_a_file_itself_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.csv"
    path.write_text("a,b\n" + "u,1\n" * 50)
    calls: list[Any] = []
    again = sys.modules["core.data.reread"]

    def refused(*given: Any, **more: Any) -> None:
        calls.append(given)
        raise FoldlineError("SIZE", "Too many cells.", "Upload a part.")

    monkeypatch.setattr(again, "read", refused)
    with pytest.raises(FoldlineError, match="Too many"):
        read_like(path, path.name, EarlierTable(needed=("a", "b"), read=ReadOptions()))
    assert len(calls) == 1


@pytest.mark.parametrize("encoding", OFFERED)
def test_every_encoding_on_offer_is_obeyed(encoding: str) -> None:
    assert usable(ReadOptions(encoding=encoding))


def moved(old: Path, new: Path) -> Any:
    """The table that a run makes of a file, by the recipe for another one."""
    with session() as s:
        made = s.load(old)
        return fitted(suggest(made, "t"), s, new)


def test_changed_names_are_not_put_on_other_columns(tmp_path: Path) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    rows = "".join(f"{i},{i % 7},{i % 2}\n" for i in range(60))
    old.write_text("x,x,t\n" + rows)
    new.write_text("pay,x,t\n" + rows)
    with pytest.raises(FoldlineError, match="lacks the columns 'x_2'"):
        moved(old, new)
    new.write_text("x,t,x\n" + "".join(f"{i},{i % 2},{i % 7}\n" for i in range(60)))
    recipe, _ = moved(old, new)
    assert recipe.source.read.names == ("x", "t", "x_2")


def test_no_row_of_another_file_is_left_out_by_position(tmp_path: Path) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    rows = [f"{i},{i % 2}\n" for i in range(201)]
    old.write_text("x,t\n" + "".join(rows[:200]) + ",\n")
    new.write_text("x,t\n" + "".join(rows))
    recipe, table = moved(old, new)
    assert recipe.source.rows == 201 and "not left out here" in table.notes[0].text
    recipe, table = moved(old, old)
    assert recipe.source.rows == 200 and "not left out here" not in table.notes[0].text
    new.write_text("x,t\n" + "".join(rows) + ",\n,\n")
    recipe, table = moved(old, new)
    assert recipe.source.rows == 201 and "EMPTY_ROWS" in {note.code for note in table.notes}


def test_keys_of_json_may_change_their_order(tmp_path: Path) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    keys = [{" x": i, "z": i % 5, "t": i % 2} for i in range(60)]
    old.write_text("\n".join(map(json.dumps, keys)))
    new.write_text("\n".join(json.dumps(dict(reversed(row.items()))) for row in keys))
    recipe, _ = moved(old, new)
    assert recipe.source.read.names == ("t", "z", "x")


def test_the_hash_of_the_file_is_no_part_of_a_fingerprint() -> None:
    plain = Recipe(source=Source(table="t", rows=9))
    marked = plain.model_copy(update={"source": Source(table="t", rows=9, sha="f" * 64)})
    assert fingerprint(plain, "fit") == fingerprint(marked, "fit")
    document = plain.model_dump(mode="json")
    del document["source"]["sha"]
    assert parse(document) == plain


def test_the_bundle_tells_cells_that_it_cannot_read(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text('a,b,x\nu,r,"1,200"\nv,s,2\nv,s,\n')
    done = alone(model, path, tmp_path / "there.csv")
    assert "1 cell of 'x' is no plain number" in done.stderr


def test_rows_that_a_drift_report_leaves_out_are_told(model: Path, tmp_path: Path) -> None:
    old = (model / "old.csv").read_text()
    path = tmp_path / "new.csv"
    path.write_text(old + ",,,\n" * 9)
    with session() as s:
        reference = {"bundle": str(model / "bundle.zip")}
        spec = {"reference": reference, "current": {"path": str(path), "name": "new"}}
        found = run_here(s.workspace, s.project, "drift", spec)
    assert found["n_current"] == 80
    assert [note["code"] for note in found["notes"]] == ["EMPTY_ROWS"], json.dumps(found["notes"])


def test_dates_of_a_new_file_keep_the_order_of_training(tmp_path: Path) -> None:
    """Slashes instead of points would be read month first by a guess."""
    path = tmp_path / "new.csv"
    path.write_text("d,x\n05/06/2023,1\n06/06/2023,2\n")
    for format in ("%d.%m.%Y", ""):
        found = read(path, path.name, earlier=EarlierTable(columns={"d": ("datetime", format)}))
        assert found.frame["d"].tolist() == ["05/06/2023", "06/06/2023"], "left for the check of the columns"
    path.write_text("d,x\n2023-06-05,1\n07.06.2023,2\n")
    found = read(path, path.name, earlier=EarlierTable(columns={"d": ("datetime", "%d.%m.%Y")}))
    assert found.frame["d"].dt.strftime("%d %m").tolist() == ["05 06", "07 06"]


def test_a_file_in_utf8_is_read_after_training_on_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("ort,x\nKöln,1\nBonn,2\n", encoding="utf-8")
    for encoding in ("utf-16", "cp1252"):
        given = ReadOptions(encoding=encoding)
        assert read_again(path, path.name, given, same=False).frame["ort"].tolist() == ["Köln", "Bonn"]
        known = EarlierTable(
            columns={"ort": ("text", ""), "x": ("number", "")}, needed=("ort", "x"), read=given
        )
        assert read_like(path, path.name, known).frame["ort"].tolist() == ["Köln", "Bonn"]


@pytest.mark.parametrize("rows", [(-1,), (5,), (0, 1)])
def test_rows_to_leave_out_must_be_there(tmp_path: Path, rows: tuple[int, ...]) -> None:
    path = tmp_path / "new.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(FoldlineError) as caught:
        read_again(path, path.name, ReadOptions(drop_rows=rows, names=("a", "b")), same=True)
    assert caught.value.code == "OPTIONS"
