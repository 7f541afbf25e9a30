"""Cells of new rows that are stored in another way than in training: numbers, days alone, infinity."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.read import read
from core.data.reread import read_like
from core.data.table import EarlierTable, ReadOptions
from core.export.bundle.open import open_bundle
from core.export.schema_check import conform
from core.recipe.document import Candidate
from core.recipe.suggestion.first import suggested
from core.recipe.suggestion.suggest import suggest
from core.standalone.cells import as_text
from core.standalone.rows.checks import column_notes
from core.standalone.rows.learned import learned
from core.standalone.rows.new_table import typed_new_table
from core.standalone.rows.trained_column import TrainedColumn
from core.train.rows.unread import truth_among_numbers
from tests.export_support import fitted, run

ROWS = 200
SIZE = TrainedColumn("k", "numeric", "number")
CELLS: dict[str, Callable[[float], Any]] = {
    "ints": lambda value: int(value * 1000),
    "floats": lambda value: value,
    "decimals": lambda value: Decimal(f"{value:.3f}"),
    "numpy": np.float64,
    "texts and numbers": lambda value: f"{value:.2f}" if value > 2 else value,
    "numbers and nothing": lambda value: value if value > 2 else None,
    "bools and numbers": lambda value: value if value > 2 else True,
}
VALUES = [1.158, 2.25, 3.5, 1.0, 7.125]


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line.split(":")[0] for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize("cells", CELLS)
def test_numbers_that_are_stored_as_objects_are_numbers(
    capsys: pytest.CaptureFixture[str], cells: str
) -> None:
    column = pd.Series([CELLS[cells](value) for value in VALUES], dtype=object)
    raw = pd.DataFrame({"k": column})
    typed = typed_new_table(raw, {"k": SIZE}, (), ("",), ".")["k"]
    expected = [None if cell is None else float(cell) for cell in column]
    pd.testing.assert_series_equal(typed, pd.Series(expected, name="k", dtype="float64"))
    assert told(capsys) == (["TRUE_FALSE"] if cells == "bools and numbers" else [])


@given(st.lists(st.sampled_from([True, False, 0, 1, 1.0, 2, "1", "True", None, "x"]), min_size=1))
def test_true_and_one_are_two_levels(cells: list[Any]) -> None:
    """Python holds them for equal; in a file they are two texts."""
    texts = [None if cell is None else str(cell).removesuffix(".0") for cell in cells]
    read_texts = as_text(pd.Series(cells, dtype="object"))
    assert [None if pd.isna(text) else text for text in read_texts] == texts


@pytest.mark.parametrize(
    ("ones", "numbers", "task"), [(5, (1, 2), "multiclass"), (5, range(60), "regression")]
)
def test_true_among_the_numbers_of_a_json_target(
    tmp_path: Path, ones: int, numbers: range, task: str
) -> None:
    """It is no second spelling of the class 1, and among numbers to predict it is told."""
    values = [True] * ones + [numbers[row % len(numbers)] for row in range(ROWS)]
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(json.dumps({"x": row % 7 / 3, "y": y}) for row, y in enumerate(values)))
    reading = read(path, path.name)
    handle = reading.table(path.name)
    assert reading.frame["y"].value_counts()["1"] == sum(value == 1 for value in values[ones:])
    recipe = suggested(handle, reading.frame, "y")
    assert recipe.task == task
    told_of = [note.column for note in truth_among_numbers(recipe, reading.frame)]
    assert told_of == (["y"] if task == "regression" else [])


def test_texts_beside_numbers_are_still_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The three texts are in doubt; the number 2.345 of a sheet is not."""
    column = pd.Series(["1.158", " 1.200", 922, 2.345, None, "1.300"], dtype=object)
    typed_new_table(pd.DataFrame({"k": column}), {"k": SIZE}, (), ("",), ".")
    assert "(3 cells)" in capsys.readouterr().err


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked bundle of a model that reads a number and the hour of day; beside it bundle.zip."""
    folder, rng = tmp_path_factory.mktemp("visits"), np.random.default_rng(0)
    when = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 500_000, ROWS), unit="min")
    frame = pd.DataFrame({"size": rng.normal(50, 9, ROWS).round(2), "when": when})
    frame["late"] = np.where(when.hour + rng.normal(0, 2, ROWS) > 12, "yes", "no")
    path = folder / "data.csv"
    frame.assign(when=when.strftime("%Y-%m-%d %H:%M")).to_csv(path, index=False)
    reading = read(path, path.name)
    table = reading.table(path.name)
    chosen = Candidate(id="chosen", model="logistic_regression")
    recipe = suggest(table, "late").model_copy(update={"chosen": chosen})
    bundle = fitted(path, table, reading.frame, recipe).bundle(folder / "bundle.zip")
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder / "there")
    return folder / "there"


def new_rows(visits: Path) -> pd.DataFrame:
    rows = pd.read_csv(visits.parent / "data.csv", parse_dates=["when"])
    return rows.drop(columns="late").head(40)


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
@pytest.mark.parametrize("script", [("predict.py",), ("train.py", "../data.csv", "--predict")])
def test_a_sheet_of_numbers_is_predicted_like_the_csv(
    visits: Path, tmp_path: Path, script: tuple[str, ...], form: str
) -> None:
    rows = new_rows(visits)
    rows.to_csv(tmp_path / "new.csv", index=False)
    if form == "xlsx":
        rows.to_excel(tmp_path / "new.xlsx", index=False)
    else:
        rows["size"] = [Decimal(f"{value:.2f}") for value in rows["size"]]
        rows.to_parquet(tmp_path / "new.parquet")
    for ending in ("csv", form):
        output = tmp_path / f"{ending}.out.csv"
        done = run(*script, str(tmp_path / f"new.{ending}"), "-o", str(output), cwd=visits)
        assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "csv.out.csv").read_text() == (tmp_path / f"{form}.out.csv").read_text()


CLOCKS = pd.Series(pd.date_range("2023-01-01", periods=500, freq="37min"))
DAYS = pd.Series(pd.date_range("2023-01-01", periods=500))


def trained(times: pd.Series, form: str = "") -> TrainedColumn:
    return learned(TrainedColumn("when", "datetime", "datetime", form), times)


def midnights(column: TrainedColumn, cells: pd.Series) -> int:
    """The number of cells that are told to be at midnight."""
    notes = [note for note in column_notes(cells, column, ("",), ".") if note.code == "TIME_OF_DAY"]
    assert all(note.severity == "warn" and "time of day" in note.text for note in notes)
    return sum(note.count for note in notes)


@pytest.mark.parametrize("form", ["", "%Y-%m-%d %H:%M", "%d.%m.%Y %I:%M %p"])
@pytest.mark.parametrize("rows", [1, 2, 40])
def test_days_alone_are_told_where_training_had_times_of_day(form: str, rows: int) -> None:
    column, days = trained(CLOCKS, form), DAYS.head(rows)
    assert midnights(column, days.dt.strftime("%Y-%m-%d")) == rows
    assert midnights(column, days) == rows
    assert midnights(column, CLOCKS.tail(rows)) == 0


def test_many_days_alone_beside_times_are_told() -> None:
    cells = CLOCKS.tail(40).dt.strftime("%Y-%m-%d %H:%M:%S")
    assert midnights(trained(CLOCKS), cells.mask(cells.index % 2 == 0, cells.str[:10])) == 20


@pytest.mark.parametrize("form", ["", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"])
@pytest.mark.parametrize("rows", [1, 40])
def test_days_are_nothing_odd_where_training_had_days(form: str, rows: int) -> None:
    """Also where a database wrote 00:00:00 behind each of them."""
    for cells in (DAYS.head(rows), DAYS.head(rows).dt.strftime("%Y-%m-%d %H:%M:%S")):
        assert midnights(trained(DAYS, form), cells) == 0


@given(share=st.floats(0, 1), rows=st.integers(1, 60), seed=st.integers(0, 99))
def test_rows_of_training_are_seldom_odd(share: float, rows: int, seed: int) -> None:
    """At most 1 in 20 of 60 draws by chance; a bound of 12 leaves room for luck."""
    rng = np.random.default_rng(seed)
    times = CLOCKS.where(rng.random(500) >= share, CLOCKS.dt.normalize())
    column = trained(times)
    draws = [midnights(column, times.iloc[rng.integers(0, 500, rows)]) > 0 for _ in range(60)]
    assert sum(draws) <= 12


@pytest.mark.parametrize(
    ("form", "low", "odd"),
    [
        ("%Y-%m-%d %H:%M", "2023-01-01", True),
        ("", "2023-01-01T10:30:00", True),
        ("", "2023-01-01", False),
        ("%d/%m/%y@2030", "2023-01-01", False),
    ],
)
def test_a_bundle_without_the_share_goes_by_format_and_ends(form: str, low: str, odd: bool) -> None:
    column = TrainedColumn("when", "datetime", "datetime", form, low=low, high="2024-12-31")
    assert midnights(column, DAYS.head(9)) == (9 if odd else 0)
    assert midnights(column, pd.concat([DAYS.head(9), CLOCKS.tail(1)])) == 0


def test_days_alone_are_told_by_predict_and_by_the_bundle(visits: Path, tmp_path: Path) -> None:
    """The ends of its range are rounded to days, so that they show no time."""
    path, bundle = tmp_path / "new.csv", open_bundle(visits.parent / "bundle.zip")
    rows = new_rows(visits)
    rows.assign(when=rows["when"].dt.strftime("%Y-%m-%d")).to_csv(path, index=False)
    issues = conform(read_like(path, path.name, bundle.earlier).frame, bundle.schema).issues
    (expected,) = [f"{issue.code}: {issue.text}" for issue in issues if issue.severity == "warn"]
    assert expected.startswith("TIME_OF_DAY: 40 of 40 times of 'when' are at midnight, in training 0% were.")
    for script in (("predict.py",), ("train.py", "../data.csv", "--predict")):
        done = run(*script, str(path), "-o", str(tmp_path / "out.csv"), cwd=visits)
        assert (done.returncode, done.stderr.splitlines()[0]) == (0, expected)


INFINITE = ("inf", "-Infinity", "+INF", "1e400", "-1E999", " 1e400 ", "9" * 400, "1{}5e309")


@pytest.mark.parametrize("mark", [".", ","])
@pytest.mark.parametrize("cell", INFINITE)
@pytest.mark.parametrize("others", [("1{}5", "2"), ("1{}5", "2", "word")])
def test_infinite_cells_are_told_alike_by_app_and_bundle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], mark: str, cell: str, others: tuple[str, ...]
) -> None:
    cells = [text.replace("{}", mark) for text in (*others, cell, "3", "4")]
    path = tmp_path / "new.csv"
    pd.DataFrame({"k": cells}).to_csv(path, sep=";", index=False)
    options = ReadOptions(delimiter=";", decimal=mark)
    earlier = EarlierTable(columns={"k": ("number", "")}, needed=("k",), read=options)
    reading = read_like(path, path.name, earlier)
    app = {note.code for note in reading.notes} | {
        n.code for n in column_notes(reading.frame["k"], SIZE, ("",), mark)
    }
    typed_new_table(pd.DataFrame({"k": cells}), {"k": SIZE}, (), ("",), mark)
    words = {"INFINITE", *(("TYPE",) if "word" in cells else ())}
    assert set(told(capsys)) == words and app & {"INFINITE", "TYPE"} == words


def test_infinity_among_dates_is_no_date() -> None:
    (note,) = column_notes(pd.Series(["2023-01-01", "inf"]), trained(DAYS), ("",), ".")
    assert (note.code, note.count) == ("TYPE", 1)
