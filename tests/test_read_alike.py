"""Yes and no, dates and zones of new rows are read like those of training, from a file or a table."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.about_rows import NOT_ABOUT_ROWS, about_rows
from core.data.read import read
from core.data.reread import read_like
from core.data.stored_like import stored_like
from core.data.table import EarlierTable, Note, ReadOptions, Table
from core.export.bundle.open import open_bundle
from core.export.predict import predict_frame
from core.export.schema_check import conform
from core.recipe.document import Candidate
from core.recipe.suggestion.suggest import suggest
from core.standalone.rows.booleans import FALSE_WORDS, TRUE_WORDS, in_trained_spelling, spellings
from core.standalone.rows.zones import OFFSETS, has_zone, in_trained_zone, zoned_by
from tests.conftest import shared
from tests.export_support import fitted, run
from tests.fresh import command

ROOT = Path(__file__).resolve().parents[1]
PAIRS = (
    ("True", "False"),
    ("1", "0"),
    ("ja", "nein"),
    ("OUI", "non"),
    ("Wahr", "FALSCH"),
    ("sí", "no"),
    ("Y", "N"),
    ("t", "f"),
    ("да", "нет"),
)
CASES = (str.lower, str.upper, str.title, lambda word: f" {word} ")


def earlier_of(*levels: str, physical: Any = "text") -> EarlierTable:
    return EarlierTable(columns={"b": (physical, "")}, levels={"b": levels}, needed=("b",))


@given(
    trained=st.sampled_from(PAIRS),
    written=st.lists(st.sampled_from(PAIRS), min_size=2, max_size=2),
    turn=st.sampled_from(CASES),
    answers=st.lists(st.booleans(), min_size=1, max_size=20),
)
def test_yes_and_no_come_out_in_the_spelling_of_training(
    trained: tuple[str, str], written: list[tuple[str, str]], turn: Any, answers: list[bool]
) -> None:
    """Two languages may stand in one new column."""
    cells = [turn(written[place % 2][0 if yes else 1]) for place, yes in enumerate(answers)]
    found = in_trained_spelling(pd.Series(cells, dtype="str"), trained)
    assert found.str.strip().tolist() == [trained[0] if yes else trained[1] for yes in answers]


def test_no_word_says_both_and_all_are_folded() -> None:
    assert not TRUE_WORDS & FALSE_WORDS
    assert all(word == word.casefold() for word in TRUE_WORDS | FALSE_WORDS)


@pytest.mark.parametrize("levels", [("a", "b"), ("1", "2"), ("yes", "maybe", "no"), ("yes",), ("M", "F"), ()])
def test_other_columns_are_left_alone(levels: tuple[str, ...]) -> None:
    values = pd.Series(["TRUE", "0", "a"], dtype="str")
    assert spellings(levels) == {} and in_trained_spelling(values, levels) is values


@pytest.mark.parametrize("cells", [("TRUE", "FALSE"), ("yes", "no"), ("1.0", "0"), ("Ja", "NEIN")])
@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "jsonl"])
def test_a_number_column_of_training_takes_words(tmp_path: Path, cells: Any, form: str) -> None:
    frame = pd.DataFrame({"b": [*cells * 5]})
    if cells[0] == "TRUE":
        frame["b"] = frame["b"] == "TRUE"
    path = tmp_path / f"new.{form}"
    if form == "csv":
        frame.to_csv(path, index=False)
    elif form == "xlsx":
        frame.to_excel(path, index=False)
    elif form == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_json(path, orient="records", lines=True)
    found = read(path, path.name, earlier=earlier_of("0", "1", physical="number"))
    assert found.frame["b"].tolist() == [1.0, 0.0] * 5


def test_what_is_neither_yes_nor_no_stays_to_be_told(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("b\nTRUE\nperhaps\nNO\n")
    assert read(path, path.name, earlier=earlier_of("True", "False")).frame["b"].tolist() == [
        "True",
        "perhaps",
        "False",
    ]


CLOCK = ("2024-03-05 14:30", "2024-03-05T14:30:59", "2024-03-05 14:30:59.250", "05/03/2024 2:30 PM")
ZONES = ("Z", "+00:00", "-05:00", " +0530", "-05", " UTC", " CET", "+01:00[Europe/Berlin]")


@given(clock=st.sampled_from(CLOCK), zone=st.sampled_from(ZONES))
def test_a_zone_that_training_lacked_moves_no_hour_and_is_told(clock: str, zone: str) -> None:
    values = pd.Series([clock + zone, "", clock, "NA"], dtype="str")
    times, notes = in_trained_zone(values, "t", False)
    assert times.tolist() == [clock, "", clock, "NA"]
    assert [(note.code, note.count, note.severity) for note in notes] == [("TIME_ZONE", 1, "warn")]
    assert in_trained_zone(times, "t", False)[1] == ()


@given(clock=st.sampled_from(CLOCK), zone=st.sampled_from(ZONES))
def test_a_zone_that_new_times_lack_is_told(clock: str, zone: str) -> None:
    values = pd.Series([clock, clock + zone, "", "NA"], dtype="str")
    times, notes = in_trained_zone(values, "t", True)
    is_named = zone.strip().lower() in OFFSETS or zone.endswith("]")
    assert (times is not values) == is_named and [note.count for note in notes] == [1]
    assert in_trained_zone(values.iloc[1:], "t", True)[1] == ()
    assert [note.count for note in in_trained_zone(values, "t", None)[1]] == [1]


@pytest.mark.parametrize("text", [*CLOCK, "2024-03-05", "05-03-2024", "2024-03", "", "soon", "20240305"])
def test_what_has_no_zone(text: str) -> None:
    assert has_zone(pd.Series([text], dtype="str")).tolist() == [False]


def test_times_of_parquet_keep_their_clock(tmp_path: Path) -> None:
    there = pd.date_range("2024-03-05 14:00", periods=9, freq="h", tz="America/New_York")
    path = tmp_path / "new.parquet"
    pd.DataFrame({"t": there}).to_parquet(path)
    known = EarlierTable(columns={"t": ("datetime", "%Y-%m-%d %H:%M")})
    found = read(path, path.name, earlier=known)
    assert found.frame["t"].dt.hour.tolist() == [*range(14, 23)]
    assert "TIME_ZONE" in [note.code for note in found.notes]
    alone = read(path, path.name)
    assert alone.columns[0].zoned and "TIME_ZONE" in [note.code for note in alone.notes]


def test_a_format_tells_whether_its_times_have_a_zone() -> None:
    assert (zoned_by("%Y-%m-%d %H:%M%z"), zoned_by("%d.%m.%Y"), zoned_by("ISO8601")) == (True, False, None)


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%d-%m-%Y %H:%M", "%d/%m/%y"])
def test_a_table_that_was_read_month_first_is_turned_round(tmp_path: Path, form: str) -> None:
    """Days 1 to 12 alone look like months; the text that they came from is still told."""
    days = pd.Series(
        pd.to_datetime([f"2024-{month:02d}-{day:02d}" for month in (3, 11) for day in range(1, 13)])
    )
    path = tmp_path / "new.csv"
    pd.DataFrame({"d": days.dt.strftime(form)}).to_csv(path, index=False)
    alone = read(path, path.name)
    assert "AMBIGUOUS_DATE" in [note.code for note in alone.notes]
    assert alone.frame["d"].dt.month.tolist() != days.dt.month.tolist()
    known = EarlierTable(columns={"d": ("datetime", form)})
    assert stored_like(alone.frame, alone.columns, known)[0]["d"].tolist() == days.tolist()
    assert read(path, path.name, earlier=known).frame["d"].tolist() == days.tolist()


def test_notes_are_passed_on_unless_they_are_about_bytes_and_layout() -> None:
    notes = [Note(code=code, text="") for code in ("PREAMBLE", "A_LATER_ONE", "INFINITE", *NOT_ABOUT_ROWS)]
    assert [note.code for note in about_rows(notes)] == ["INFINITE", "PREAMBLE", "A_LATER_ONE"]


def answer(*arguments: object) -> dict[str, Any]:
    """The JSON of a command."""
    done = command(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def predicted(bundle: Path, data: Path, out: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """The predictions of the command line, and code -> severity of what it tells."""
    facts = answer("predict", bundle, data, "-o", out)
    return pd.read_csv(out), {one["code"]: one["severity"] for one in facts["findings"]}


@pytest.fixture(scope="module")
def buys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of bool_train.csv, unpacked beside itself."""
    folder, path = tmp_path_factory.mktemp("buys"), shared("failing/models/bool_train.csv")
    reading = read(path, path.name)
    table = Table(
        id="0" * 64, name=path.name, rows=len(reading.frame), columns=reading.columns, read=reading.read
    )
    chosen = Candidate(id="chosen", model="logistic_regression")
    recipe = suggest(table, "buys").model_copy(update={"chosen": chosen})
    (folder / "data.csv").write_bytes(path.read_bytes())
    bundle = fitted(folder / "data.csv", table, reading.frame, recipe).bundle(folder / "bundle.zip")
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder / "there")
    return bundle


@pytest.mark.parametrize("name", ["bool_num", "bool_py", "bool_upper"])
def test_each_spelling_gives_the_same_predictions(buys: Path, name: str, tmp_path: Path) -> None:
    bundle = open_bundle(buys)
    files = [shared(f"failing/models/{one}.csv") for one in ("bool_same", name)]
    rows = [conform(read_like(file, file.name, bundle.earlier).frame, bundle.schema) for file in files]
    assert rows[0].issues == rows[1].issues == ()
    pd.testing.assert_frame_equal(rows[0].frame, rows[1].frame)
    done = run("predict.py", str(files[1]), "-o", str(tmp_path / "own.csv"), cwd=buys.parent / "there")
    assert (done.returncode, done.stderr) == (0, "")
    app = predict_frame(bundle.pipeline, bundle.manifest, rows[0].frame)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "own.csv"), app, check_dtype=False)


def test_a_script_reads_every_spelling_too(buys: Path, tmp_path: Path) -> None:
    command = ("train.py", "../data.csv", "--predict")
    for name in ("bool_same", "bool_upper"):
        file, out = shared(f"failing/models/{name}.csv"), tmp_path / f"{name}.csv"
        done = run(*command, str(file), "-o", str(out), cwd=buys.parent / "there")
        assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "bool_same.csv").read_text() == (tmp_path / "bool_upper.csv").read_text()


def test_new_zones_and_infinite_cells_are_told_by_predict_and_drift(tmp_path: Path) -> None:
    """Bundles of 0.1.0 tell them too: their format says that the times had no zone."""
    bundle = shared("failing/after/ev_bundle.zip")
    files = [shared(f"failing/after/{name}.csv") for name in ("ev_naive", "ev_off")]
    naive, zoned = (predicted(bundle, file, tmp_path / "p.csv") for file in files)
    assert "TIME_ZONE" not in naive[1] and zoned[1]["TIME_ZONE"] == "warn"
    pd.testing.assert_frame_equal(naive[0], zoned[0])
    bill, infinite = shared("failing/after/bill_bundle.zip"), shared("failing/after/inf.csv")
    assert predicted(bill, infinite, tmp_path / "p.csv")[1]["INFINITE"] == "warn"
    for reference, file, code in ((bundle, files[1], "TIME_ZONE"), (bill, infinite, "INFINITE")):
        findings = answer("drift", reference, file)["findings"]
        assert ("warn", code) in {(one["severity"], one["code"]) for one in findings}


def test_a_newer_file_beside_an_older_one_is_read_by_its_dates() -> None:
    old, new = (shared(f"failing/after/dm_{name}.csv") for name in ("ref", "new"))
    states = {c["name"]: c["state"] for c in answer("drift", old, new)["columns"]}
    assert states["order_date"] == "stable"


@pytest.mark.parametrize(("labels", "said"), [("1.200", "2 of 'y'"), ("", ""), ("1,5", "")])
def test_lost_labels_are_no_missing_cells_of_inputs(tmp_path: Path, labels: str, said: str) -> None:
    """With decimal commas, 1.200 is no number: of an input it is missing, of a label it is said apart."""
    path = tmp_path / "new.csv"
    path.write_text("x;y\n" + "".join(f"{row},5;{labels}\n" for row in (1, 2)) + "7,25;2,5\n")
    like = ReadOptions(delimiter=";")
    earlier = EarlierTable(columns=dict.fromkeys("xy", ("number", "")), needed=("x",), read=like)
    (note,) = [one for one in read_like(path, path.name, earlier).notes if one.code == "OTHER_DECIMAL"]
    assert "as missing" not in note.text and (f"no inputs: {said}" in note.text) == bool(said)
