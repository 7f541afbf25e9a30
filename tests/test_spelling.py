"""What is said of cells that are written oddly: stand-ins, two-digit years, marks, units, spellings."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.checks.finding import Finding
from core.checks.spelling.levels import spelled_alike
from core.data.kinds import classify
from core.data.read import read
from core.data.reread import read_like
from core.data.table import EarlierTable, Reading, Table
from core.data.types.centuries import with_century
from core.export.bundle.schema import describe
from core.export.code.script import script
from core.export.schema_check import conform
from core.findings import findings
from core.recipe.columns import as_chosen, columns_of
from core.recipe.document import Recipe, parse
from core.recipe.fixes import apply_fix
from core.recipe.suggestion.first import suggested
from core.spec import Task
from core.standalone.cells import as_datetime, as_number
from core.standalone.rows.new_table import typed_new_table
from core.standalone.rows.trained_column import TrainedColumn
from core.train.fit import fit_rows, predict_rows
from core.train.work import Resources
from tests.test_row_order import reader

ROWS = 400
RNG = np.random.default_rng(11)
X = RNG.normal(size=ROWS)
MEASURED = (50 + 10 * X + RNG.normal(size=ROWS)).round(1)
SIZES = RNG.lognormal(3, 1, ROWS).round(2)


def reading(folder: Path, sep: str = ",", decimal: str = ".", **columns: object) -> Reading:
    path = folder / "t.csv"
    pd.DataFrame({"x": X.round(3), **columns}).to_csv(path, sep=sep, decimal=decimal, index=False)
    return read(path, path.name)


def notes(taken: Reading, column: str) -> dict[str, str]:
    return {note.code: note.text for note in taken.notes if note.column == column}


def checked(taken: Reading, target: str, task: Task, column: str) -> list[Finding]:
    listed = findings(taken.frame, taken.columns, target, task, decimal=taken.read.decimal)
    return [one for one in listed if one.column == column]


@pytest.mark.parametrize("stand_in", [-999, -99, 9999, 99999, -1, 99, 0, -999.9, 1e20, -4321])
@pytest.mark.parametrize("cells", [6, 20])
def test_a_stand_in_among_the_numbers_of_a_target_is_named(
    tmp_path: Path, stand_in: float, cells: int
) -> None:
    target = MEASURED.copy()
    target[:cells] = stand_in
    taken = reading(tmp_path, y=target)
    (finding,) = [one for one in checked(taken, "y", "regression", "y") if one.code == "DISGUISED_MISSING"]
    assert f"{cells} rows of the target" in finding.reason
    table = taken.table("t.csv")
    recipe = suggested(table, taken.frame, "y", task="regression")
    assert finding.fix is not None
    _, frame = as_chosen(apply_fix(recipe, finding.fix), columns_of(recipe, table), taken.frame)
    assert int(frame["y"].isna().sum()) == cells


@pytest.mark.parametrize("stand_in", [-999.0, 9999.0])
def test_a_single_stand_in_spoils_a_target_and_is_named(tmp_path: Path, stand_in: float) -> None:
    target = MEASURED.copy()
    target[7] = stand_in
    listed = checked(reading(tmp_path, y=target), "y", "regression", "y")
    assert "1 row of the target" in next(o.reason for o in listed if o.code == "DISGUISED_MISSING")


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), shape=st.sampled_from(["normal", "lognormal", "integers", "score"]))
def test_ordinary_targets_have_no_stand_in(seed: int, shape: str) -> None:
    rng = np.random.default_rng(seed)
    values = {
        "normal": rng.normal(0, 50, ROWS).round(1),
        "lognormal": rng.lognormal(3, 1.5, ROWS).round(0),
        "integers": rng.integers(-5, 120, ROWS),
        "score": np.clip(rng.normal(75, 20, ROWS), 0, 100).round(0),
    }[shape]
    frame = pd.DataFrame({"x": X, "y": values.astype("float64")})
    listed = findings(frame, classify(frame, {}), "y", "regression", of_roles=True)
    assert [one for one in listed if one.code == "DISGUISED_MISSING"] == []


@pytest.mark.parametrize("written", ["%d/%m/%y", "%d.%m.%y", "%d-%m-%y", "%d-%b-%y", "%m/%d/%y"])
@pytest.mark.parametrize("years", [(1930, 1962), (1945, 2005), (1972, 2024), (2019, 2024), (2015, 2040)])
def test_two_digit_years_lie_in_the_century_that_fits_and_it_is_told(
    tmp_path: Path, written: str, years: tuple[int, int]
) -> None:
    first, last = pd.Timestamp(years[0], 1, 1), pd.Timestamp(years[1], 12, 31)
    days = first + pd.to_timedelta(np.linspace(0, (last - first).days, ROWS).round(), unit="D")
    taken = reading(tmp_path, day=days.strftime(written), y=MEASURED)
    assert (taken.frame["day"].to_numpy() == days.to_numpy()).all()
    assert f"read as {years[0]} to {years[1]}" in notes(taken, "day")["TWO_DIGIT_YEAR"]
    format = next(column.format for column in taken.columns if column.name == "day")
    assert (as_datetime(pd.Series(days.strftime(written)), format).to_numpy() == days.to_numpy()).all()


@pytest.mark.parametrize("written", ["%y-%m-%d", "%y/%m/%d", "%y.%m.%d", "%d-%m-%y", "%m/%d/%y"])
@pytest.mark.parametrize("days", [12, 300])
def test_the_place_of_a_two_digit_year_is_where_the_dates_lie_close(
    tmp_path: Path, written: str, days: int
) -> None:
    dates = pd.date_range("2020-01-15", periods=days)
    path = tmp_path / "t.csv"
    pd.DataFrame({"day": dates.strftime(written), "n": range(days)}).to_csv(path, index=False)
    taken = read(path, path.name)
    assert (taken.frame["day"].to_numpy() == dates.to_numpy()).all()
    assert "TWO_DIGIT_YEAR" in notes(taken, "day")


def test_births_of_a_hundred_years_lie_in_the_past() -> None:
    days = pd.Series([f"15/06/{year % 100:02d}" for year in range(1930, date.today().year)])
    format = with_century("%d/%m/%y", as_datetime(days, "%d/%m/%y"))
    assert list(as_datetime(days, format).dt.year) == list(range(1930, date.today().year))


def grouped(values: np.ndarray, mark: str) -> list[str]:
    return [f"{int(value):,}".replace(",", mark) for value in values]


@pytest.mark.parametrize(
    ("sep", "mark", "decimal"), [(",", ".", "."), (";", ",", ","), (";", ".", ","), ("\t", ".", ".")]
)
def test_marks_that_may_be_of_thousands_are_told(tmp_path: Path, sep: str, mark: str, decimal: str) -> None:
    amounts = grouped(np.random.default_rng(2).lognormal(6.8, 0.6, ROWS), mark)
    other = [f"{value:.1f}".replace(".", decimal) for value in MEASURED]
    texts = notes(reading(tmp_path, sep, decimal, k=amounts, y=other), "k")
    cells = sum(mark in amount for amount in amounts)
    assert f"({cells:,} cells)" in texts["AMBIGUOUS_NUMBER"]


@pytest.mark.parametrize(
    ("sep", "mark", "decimal"), [(",", ".", "."), (";", ",", ","), (";", ".", ","), ("\t", ".", ".")]
)
def test_new_rows_with_such_marks_are_told_alike_by_app_and_bundle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sep: str, mark: str, decimal: str
) -> None:
    amounts = np.random.default_rng(2).lognormal(6.8, 0.6, ROWS).astype(int)
    trained = reading(tmp_path, sep, decimal, k=amounts, y=MEASURED)
    options = trained.read.model_copy(update={"decimal": decimal})
    path = tmp_path / "new.csv"
    pd.DataFrame({"k": grouped(amounts, mark)}).to_csv(path, sep=sep, index=False)
    earlier = EarlierTable(columns={"k": ("number", "")}, needed=("k",), read=options)
    expected = [
        note.text for note in read_like(path, "new.csv", earlier).notes if note.code == "AMBIGUOUS_NUMBER"
    ]
    column = TrainedColumn("k", "numeric", "number")
    raw = pd.read_csv(path, sep=sep, dtype="str")
    typed_new_table(raw, {"k": column}, (), (), decimal)
    printed = [line for line in capsys.readouterr().err.splitlines() if "AMBIGUOUS_NUMBER" in line]
    assert expected and printed == [f"AMBIGUOUS_NUMBER: {text}" for text in expected]


@pytest.mark.parametrize("form", ["{:.3f}", "{:g}"])
def test_decimals_are_not_taken_for_thousands(tmp_path: Path, form: str) -> None:
    texts = notes(reading(tmp_path, k=[form.format(value) for value in MEASURED * 1.0371], y=X), "k")
    assert texts == {}


SIGNED = {
    "bounds": ([f"<{v}" if i % 3 == 0 else f"{v}" for i, v in enumerate(SIZES)], "'<' before"),
    "about": ([f"~{v}" if i % 2 else f"{v}" for i, v in enumerate(SIZES)], "'~' before"),
    "unit": ([f"{v} kg" for v in SIZES], "'kg' behind"),
    "two units": ([f"{v} {'kg' if i % 4 else 'lb'}" for i, v in enumerate(SIZES)], "2 units"),
    "two currencies": ([f"{'€' if i % 3 else '$'}{v}" for i, v in enumerate(SIZES)], "2 units"),
    "percent": ([f"{v}%" for v in SIZES], "numbers with marks"),
    "clock": ([f"{i % 24}:{i % 60:02d}:{(i * 7) % 60:02d}" for i in range(ROWS)], "clock times"),
}


@pytest.mark.parametrize("kind", SIGNED)
def test_numbers_with_signs_are_no_ids_and_named(tmp_path: Path, kind: str) -> None:
    texts, words = SIGNED[kind]
    taken = reading(tmp_path, k=texts, y=MEASURED)
    assert any(words in text for text in notes(taken, "k").values())
    listed = {one.code: one for one in checked(taken, "y", "regression", "k")}
    assert "ID_LIKE" not in listed and listed["MIXED_TYPES"].severity == "warn"


@pytest.mark.parametrize("minus", "\u2212\u2013\uff0d")
def test_a_typographic_minus_and_digits_of_other_scripts_are_read(tmp_path: Path, minus: str) -> None:
    plain = (SIZES * np.where(np.arange(ROWS) % 2, -1, 1)).round(2)
    signed = [f"{value}".replace("-", minus) for value in plain]
    arabic = [f"{v}".translate({48 + d: chr(0x660 + d) for d in range(10)}) for v in plain]
    taken = reading(tmp_path, k=signed, a=arabic, y=MEASURED)
    for name in ("k", "a"):
        assert np.allclose(taken.frame[name].astype("float64"), plain)
    assert np.allclose(as_number(pd.Series(signed)), plain)


@pytest.mark.parametrize("written", ["%Y-%m-%d", "%d.%m.%Y", "%d-%b-%Y"])
@pytest.mark.parametrize("bad", ["2024-02-30", "pending", "31.02.2021", "00.00.0000"])
def test_one_cell_that_is_no_date_is_named_and_a_click_reads_the_others(
    tmp_path: Path, written: str, bad: str
) -> None:
    days = pd.date_range("2020-01-01", periods=ROWS).strftime(written).to_series(index=range(ROWS))
    days[77] = bad
    taken = reading(tmp_path, day=days, y=MEASURED)
    assert f"line 79 {bad!r}" in notes(taken, "day")["TYPE"]
    listed = {one.code: one for one in checked(taken, "y", "regression", "day")}
    assert "ID_LIKE" not in listed
    table = taken.table("t.csv")
    recipe = suggested(table, taken.frame, "y")
    fix = listed["MIXED_TYPES"].fix
    assert fix is not None
    fixed = apply_fix(recipe, fix)
    _, frame = as_chosen(fixed, columns_of(fixed, table), taken.frame)
    assert int(frame["day"].isna().sum()) == 1
    assert frame["day"].dropna().iloc[0] == pd.Timestamp("2020-01-01")


DAYS = pd.date_range("2021-03-01", periods=ROWS)
ODD_DATES = {
    "two formats": ([f"{d:%Y-%m-%d}" if i % 2 else f"{d:%d/%m/%Y}" for i, d in enumerate(DAYS)], "2 ways"),
    "three formats": (
        [[f"{d:%Y-%m-%d}", f"{d:%d.%m.%Y}", f"{d:%b %d, %Y}"][i % 3] for i, d in enumerate(DAYS)],
        "3 ways",
    ),
    "months in words": (
        [f"{d.day}. {['März', 'Mai', 'Juli'][d.month % 3]} {d.year}" for d in DAYS],
        "months",
    ),
    "short days as numbers": ([f"{d:%y%m%d}" for d in DAYS], "days written as numbers"),
    "days as numbers": ([f"{d:%Y%m%d}" for d in DAYS], "days written as numbers"),
}


@pytest.mark.parametrize("kind", ODD_DATES)
def test_dates_that_are_not_read_as_such_are_told(tmp_path: Path, kind: str) -> None:
    texts, words = ODD_DATES[kind]
    taken = reading(tmp_path, day=texts, y=MEASURED)
    assert any(words in text for text in notes(taken, "day").values())
    assert next(column.kind for column in taken.columns if column.name == "day") != "id"


@pytest.mark.parametrize("mark", ["\u00a0", "\u202f", "'", "_", " "])
def test_marks_of_thousands_of_any_kind_make_no_id(tmp_path: Path, mark: str) -> None:
    texts = [f"{int(value * 1000):,}".replace(",", mark) for value in SIZES]
    taken = reading(tmp_path, k=texts, y=MEASURED)
    assert {"MONEY", "MARKS"} & set(notes(taken, "k"))
    assert "ID_LIKE" not in {one.code for one in checked(taken, "y", "regression", "k")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Köln", "Ko\u0308ln"),
        ("Bonn", "Bonn\u200b"),
        ("New York", "New\xa0York"),
        ("pre-tax", "pre\u2013tax"),
    ],
)
def test_levels_that_only_look_alike_are_one_in_several_spellings(one: str, other: str) -> None:
    assert spelled_alike([one, other, "third"]) == {other: one}
    assert spelled_alike([one, "third"]) == {}


@pytest.mark.parametrize("units", [("mm", "inch"), ("°C", "°F"), ("EUR", "USD"), ("kg", "lbs")])
def test_units_that_are_mixed_are_a_warning(tmp_path: Path, units: tuple[str, str]) -> None:
    unit = [units[0]] * (ROWS - 5) + [units[1]] * 5
    listed = {
        one.code: one for one in checked(reading(tmp_path, unit=unit, y=MEASURED), "y", "regression", "unit")
    }
    assert listed["MIXED_UNITS"].severity == "warn" and f"5 '{units[1]}'" in listed["MIXED_UNITS"].reason


@pytest.mark.parametrize("other", ["Y", "ja", "1", "YES", "yes.", "oui", "TRUE"])
def test_a_target_that_spells_yes_in_two_ways_is_named(other: str) -> None:
    label = np.where(X > 0, "yes", "no").astype(object)
    label[np.flatnonzero(X > 0)[:9]] = other
    frame = pd.DataFrame({"x": X, "y": pd.Series(label, dtype="str")})
    listed = findings(frame, classify(frame, {}), "y", "multiclass", of_roles=True)
    reason = next(one.reason for one in listed if one.code == "LOOKALIKE")
    assert f"{other!r} (9)" in reason and "joined they are 2" in reason


def spelled(tmp_path: Path) -> tuple[Path, Path, pd.Series]:
    """Training rows with labels and a category in several spellings, the plain ones, and the labels."""
    label = pd.Series(np.where(X > 0, "yes", "no"))
    written = label.copy()
    for i, word in enumerate(["Y", "ja", "YES"]):
        written[np.flatnonzero(X > 0)[i * 9 : i * 9 + 9]] = word
    town = pd.Series(np.where(np.arange(ROWS) % 2, "Paris", "Rome"))
    several = town.where(np.arange(ROWS) % 7 > 0, town.str.upper() + ".")
    path, plain = tmp_path / "spelled.csv", tmp_path / "plain.csv"
    rest = {"x": X.round(3), "z": MEASURED[::-1]}
    pd.DataFrame({**rest, "town": several, "y": written}).to_csv(path, index=False)
    pd.DataFrame({**rest, "town": town, "y": label}).to_csv(plain, index=False)
    return path, plain, label


def joined_case(path: Path) -> tuple[Table, pd.DataFrame, Recipe]:
    """The table with its recipe after every click on *Join them*."""
    taken = read(path, path.name)
    table = taken.table(path.name)
    recipe = suggested(table, taken.frame, "y")
    columns, frame = as_chosen(recipe, columns_of(recipe, table), taken.frame)
    listed = findings(frame, columns, "y", recipe.task)
    for one in listed:
        if one.code == "LOOKALIKE" and one.fix is not None:
            recipe = apply_fix(recipe, one.fix)
    return table, taken.frame, recipe


def test_a_click_joins_the_spellings_and_the_model_is_that_of_the_plain_table(tmp_path: Path) -> None:
    path, plain, label = spelled(tmp_path)
    table, frame, recipe = joined_case(path)
    assert (recipe.task, recipe.positive) == ("binary", "yes")
    columns, chosen = as_chosen(recipe, columns_of(recipe, table), frame)
    assert list(chosen["y"]) == list(label) and chosen["town"].nunique() == 2
    assert [o for o in findings(chosen, columns, "y", recipe.task) if o.code == "LOOKALIKE"] == []
    assert parse(json.loads(recipe.to_json())) == recipe
    other = read(plain, plain.name)
    simple = suggested(other.table("plain.csv"), other.frame, "y")
    predicted = []
    for document, rows in ((recipe, frame), (simple, other.frame)):
        document = document.model_copy(update={"split": document.split.model_copy(update={"order": "file"})})
        work = Resources(reader(rows), None).work(document)  # type: ignore[arg-type]
        model = next(one for one in document.candidates if one.id != document.candidates[0].id)
        pipeline = fit_rows(work, work.split.train, model)
        predicted.append(predict_rows(work, pipeline, work.split.test))
    assert list(predicted[0].labels) == list(predicted[1].labels)
    assert np.allclose(predicted[0].proba, predicted[1].proba)


def test_joined_levels_are_read_alike_by_the_bundle_and_by_the_script(tmp_path: Path) -> None:
    path, _, _ = spelled(tmp_path)
    table, frame, recipe = joined_case(path)
    schema = describe(recipe, table.columns, frame)
    town = next(column for column in schema.columns if column.name == "town")
    assert set(town.levels) == {"Paris", "Rome"} and town.complete
    new = pd.DataFrame({"x": ["0.5"] * 3, "z": ["50"] * 3, "town": ["Paris", "PARIS.", "Oslo"]})
    (issue,) = conform(new, schema).issues
    assert "'Oslo'" in issue.text and "1 cell" in issue.text
    work = Resources(reader(frame), None).work(recipe)  # type: ignore[arg-type]
    model = recipe.candidates[1]
    chosen = recipe.model_copy(update={"chosen": model})
    code = script(chosen, fit_rows(work, work.split.train, model), table)
    assert "'PARIS.': 'Paris'" in code and "('ja', 'yes')" in code
