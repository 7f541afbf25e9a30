"""App and bundle read the same new file alike: the same rows for the model, the same notes and refusals.

Kinds are crossed: format, separator, encoding, decimal mark, thousands, signs, dates, missing words, yes, no.
"""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.data.about_rows import about_rows
from core.data.formats.frame import table_file
from core.data.read import read
from core.data.reread import read_again, read_like
from core.data.table import EarlierTable, ReadOptions, Table
from core.errors import FoldlineError
from core.export.bundle.schema import Schema, describe
from core.export.schema_check import conform
from core.recipe.document import Recipe
from core.recipe.suggestion.suggest import suggest
from core.standalone.files.read_file import read_new_file
from core.standalone.files.records import UnreadableFileError
from core.standalone.rows.new_table import typed_new_table
from core.standalone.rows.written_numbers import fine_share

ROWS, NEW = 200, 24


@dataclass(frozen=True)
class Style:
    """How the numbers, times and answers of a file are written."""

    decimal: str = "."
    thousands: str = ""
    form: str = "%Y-%m-%d %H:%M"
    answers: tuple[str, str] = ("yes", "no")


STYLES = {
    "point": (Style(), {"sep": ","}),
    "comma": (Style(decimal=",", form="%d.%m.%Y", answers=("ja", "nein")), {"sep": ";"}),
    "day first": (Style(form="%d/%m/%Y", answers=("1", "0")), {"sep": "\t"}),
    "zone": (Style(form="%Y-%m-%dT%H:%M:%S+00:00", answers=("TRUE", "FALSE")), {"sep": ","}),
}


def values(rows: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    times = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 1_000_000, rows), unit="min")
    frame = pd.DataFrame({"x": rng.normal(50, 20, rows).round(3), "w": rng.integers(1, 9_000, rows)})
    frame["p"], frame["d"], frame["b"] = rng.gamma(9, 9, rows).round(2), times, rng.random(rows) < 0.5
    frame["c"] = rng.choice(["red", "green", "blue"], rows)
    return frame.assign(y=frame["x"] + frame["w"] / 100)


def number(value: float, digits: int, style: Style) -> str:
    text = f"{value:,.{digits}f}" if style.thousands else f"{value:.{digits}f}"
    return text.replace(",", "\0").replace(".", style.decimal).replace("\0", style.thousands)


def written(frame: pd.DataFrame, style: Style) -> pd.DataFrame:
    digits = {"x": 3, "w": 0, "p": 2, "y": 2}
    texts: dict[str, Any] = {
        name: [number(value, digits[name], style) for value in frame[name]]
        for name in digits
        if name in frame
    }
    texts["d"] = frame["d"].dt.strftime(style.form)
    texts["b"] = np.where(frame["b"], *style.answers)
    return pd.DataFrame({**texts, "c": frame["c"]}).astype(object)


Change = Callable[[pd.DataFrame], pd.DataFrame]
FIRST = ("csv", "json", "xlsx", "parquet")


def cells(name: str, change: Callable[[pd.Series], Any], rows: slice = slice(None)) -> Change:
    def changed(table: pd.DataFrame) -> pd.DataFrame:
        part = table.iloc[rows].index
        table.loc[part, name] = np.asarray(change(table.loc[part, name]), dtype=object)
        return table

    return changed


def everywhere(word: str) -> Change:
    return lambda table: table.where(
        np.broadcast_to(np.arange(len(table))[:, None] % 5 > 0, table.shape), word
    )


def days_alone(table: pd.DataFrame) -> pd.DataFrame:
    days = [f"{1 + place * 5 % 12:02d}/{1 + place % 12:02d}/2024" for place in range(len(table))]
    return table.assign(d=days)


CHANGES: dict[str, Change] = {
    "as it is": lambda table: table,
    "euro": cells("x", lambda c: "€ " + c),
    "percent": cells("x", lambda c: c + "%"),
    "few percents": cells("x", lambda c: c + "%", slice(3)),
    "unit": cells("x", lambda c: c + " kg"),
    "comma groups": cells("w", lambda c: ["1,234", "2,345"] * (len(c) // 2)),
    "point groups": cells("w", lambda c: ["1.234", "2.345"] * (len(c) // 2)),
    "few points": cells("x", lambda c: ["12.078"] * len(c), slice(4)),
    "few commas": cells("x", lambda c: ["12,078"] * len(c), slice(4)),
    "both marks": cells("w", lambda c: ["1.234,50", "2,345.50", "7"] * (len(c) // 3)),
    "prices of three": cells("p", lambda c: ["12.078", "11.250"] * (len(c) // 2)),
    "minus behind": cells("x", lambda c: c + "-"),
    "infinite": cells("x", lambda c: ["inf", "1e400"], slice(2)),
    "zeros in front": cells("w", lambda c: "00" + c),
    "long": cells("w", lambda c: ["12345678901234567"] * len(c)),
    "words": cells("x", lambda c: ["word"] * len(c)),
    "few words": cells("d", lambda c: ["soon"] * len(c), slice(3)),
    "no dates": cells("d", lambda c: ["soon"] * len(c)),
    "no such day": cells("d", lambda c: ["2024-02-30"] * len(c), slice(3)),
    "no times": cells("d", lambda c: [""] * len(c)),
    "days of sheets": cells("d", lambda c: range(45_000, 45_000 + len(c))),
    "days alone": days_alone,
    "truth": cells("b", lambda c: ["TRUE", "0", "ja"] * (len(c) // 3)),
    "perhaps": cells("b", lambda c: ["maybe"] * len(c), slice(3)),
    "NA": everywhere("NA"),
    "tbd": everywhere("tbd"),
    "empty": everywhere(""),
    "more": lambda table: table.assign(z=1),
    "less": lambda table: table.drop(columns="x"),
    "upper": lambda table: table.rename(columns=str.upper),
    "blanks": lambda table: table.rename(columns=lambda name: f" {name} "),
    "no rows": lambda table: table.iloc[:0],
    "one row": lambda table: table.iloc[:1],
    "total": lambda table: pd.concat([table, pd.DataFrame({"x": ["Total"]})], ignore_index=True).fillna(""),
}
WRITTEN: tuple[dict[str, Any], ...] = (
    {},
    {"decimal": ",", "thousands": "."},
    {"decimal": "."},
    {"thousands": " "},
    {"thousands": "'"},
    {"form": "%Y-%m-%d"},
    {"form": "%d/%m/%Y"},
    {"form": "%b %d, %Y"},
    {"form": "%Y%m%d"},
    {"form": "%Y-%m-%dT%H:%M:%S-05:00"},
    {"answers": ("Y", "N")},
)
FILES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("csv", {"sep": ","}),
    ("csv", {"sep": ";"}),
    ("csv", {"sep": "\t", "encoding": "utf-8-sig"}),
    ("csv", {"sep": ";", "encoding": "utf-16"}),
    ("json", {"lines": True}),
    ("json", {"lines": False}),
    ("json", {"lines": False, "typed": True}),
    ("xlsx", {}),
    ("xlsx", {"typed": True}),
    ("parquet", {}),
    ("parquet", {"typed": True}),
)


def save(table: pd.DataFrame, path: Path, typed: bool = False, lines: bool = False, **text: Any) -> None:
    if typed:
        read_as = {name: pd.to_numeric(table[name], errors="coerce") for name in table}
        table = table.assign(**{name: v for name, v in read_as.items() if len(v) and v.notna().all()})
    if path.suffix == ".csv":
        table.to_csv(path, index=False, **text)
    elif path.suffix == ".json":
        table.to_json(path, orient="records", lines=lines)
    elif path.suffix == ".xlsx":
        table.to_excel(path, index=False)
    else:
        table.to_parquet(path)


@dataclass(frozen=True)
class Trained:
    """What a model knows of its training file, in the app and in its bundle."""

    style: Style
    schema: Schema
    earlier: EarlierTable
    recipe: Recipe


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Trained]:
    folder = tmp_path_factory.mktemp("trained")
    made = {}
    for name, (style, text) in STYLES.items():
        path = folder / f"{name}.csv"
        save(written(values(ROWS, 0), style), path, **text)
        made[name] = trained(path, style)
    return made


def trained(path: Path, style: Style) -> Trained:
    reading = read(path, path.name)
    table: Table = reading.table(path.name)
    recipe = suggest(table, "y", task="regression")
    schema = describe(recipe, table.columns, reading.frame)
    columns = schema.columns
    earlier = EarlierTable(
        columns={one.name: (one.physical, one.format) for one in columns},
        levels={one.name: one.levels for one in columns if one.complete},
        zoned={one.name: one.zoned for one in columns},
        fine={one.name: one.fine for one in columns},
        missing=schema.missing,
        needed=tuple(one.name for one in schema.inputs),
        read=recipe.source.read,
    )
    return Trained(style, schema, earlier, recipe)


Answer = tuple[pd.DataFrame | str, list[str]]


def of_app(model: Trained, path: Path) -> Answer:
    """The rows as the model takes them, and what is told; or the code of the refusal."""
    try:
        reading = read_like(path, path.name, model.earlier, trim=False)
        if not len(reading.frame):
            return "NO_ROWS", []
        rows = conform(reading.frame, model.schema)
    except FoldlineError as error:
        return f"{error.code}: {error.problem}" if error.code == "SCHEMA" else error.code, []
    told = [*about_rows(reading.notes), *rows.issues]
    return rows.frame, sorted({f"{note.code}: {note.text}" for note in told})


def of_bundle(model: Trained, path: Path, capsys: pytest.CaptureFixture[str]) -> Answer:
    schema = json.loads(model.schema.model_dump_json())
    inputs = {one.name: one.trained for one in model.schema.inputs}
    file = table_file(model.recipe.source.read)
    names = [one["name"] for one in schema["columns"]]
    capsys.readouterr()
    try:
        raw = read_new_file(str(path), file, {name: one.physical for name, one in inputs.items()})
        frame = typed_new_table(raw, inputs, names, schema["missing"], schema["decimal"])
    except UnreadableFileError as error:
        return f"{error.code}: {error.problem}" if error.code == "SCHEMA" else error.code, []
    return frame, sorted(set(capsys.readouterr().err.splitlines()))


def same(model: Trained, path: Path, capsys: pytest.CaptureFixture[str]) -> Answer:
    app, bundle = of_app(model, path), of_bundle(model, path, capsys)
    if isinstance(app[0], str) or isinstance(bundle[0], str):
        assert app[0] == bundle[0]
    else:
        pd.testing.assert_frame_equal(app[0], bundle[0], check_dtype=False)
    assert app[1] == bundle[1]
    return app


def cases() -> Iterator[tuple[str, str, int, int]]:
    """(model, change, way of writing, file): all of them."""
    return itertools.product(STYLES, CHANGES, range(len(WRITTEN)), range(len(FILES)))


def drawn(number: int, seed: int) -> list[tuple[str, str, int, int]]:
    every = list(cases())
    return [every[at] for at in np.random.default_rng(seed).choice(len(every), number, replace=False)]


def compare(
    models: dict[str, Trained], folder: Path, capsys: pytest.CaptureFixture[str], number: int, seed: int
) -> None:
    kept = values(NEW, 7).drop(columns="y")
    for name, change, way, at in drawn(number, seed):
        model, (form, how) = models[name], FILES[at]
        style = Style(**{**vars(model.style), **WRITTEN[way]})
        table, path = CHANGES[change](written(kept, style)), folder / f"new.{form}"
        save(table, path, **how)
        try:
            same(model, path, capsys)
        except AssertionError as error:
            raise AssertionError(f"{name}, {change}, {WRITTEN[way]}, {form} {how}: {error}") from error


def test_app_and_bundle_read_a_file_alike(
    models: dict[str, Trained], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    compare(models, tmp_path, capsys, 25, 1)


@pytest.mark.gauntlet
@pytest.mark.parametrize("seed", range(2, 12))
def test_app_and_bundle_read_many_files_alike(
    models: dict[str, Trained], tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    compare(models, tmp_path, capsys, 400, seed)


def told(
    models: dict[str, Trained], name: str, change: str, form: str, capsys: Any, folder: Path, **style: Any
) -> Answer:
    model, path = models[name], folder / f"new.{form}"
    how = {"sep": STYLES[name][1]["sep"]} if form == "csv" else {}
    kept = values(NEW, 7).drop(columns="y")
    save(CHANGES[change](written(kept, Style(**{**vars(model.style), **style}))), path, **how)
    return same(model, path, capsys)


def of_column(answer: Answer, code: str, column: str) -> list[str]:
    return [text for text in answer[1] if text.startswith(f"{code}: ") and repr(column) in text]


@pytest.mark.parametrize("form", FIRST)
def test_marks_that_may_be_of_thousands_are_told_in_every_format(
    models: dict[str, Trained], tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """Of whole numbers, and of prices of two decimals, all cells may be thousands; of 50.025 none is odd."""
    few = told(models, "comma", "few points", form, capsys, tmp_path)
    assert "(4 cells)" in of_column(few, "AMBIGUOUS_NUMBER", "x")[0]
    for name, change in (("comma", "comma groups"), ("comma", "point groups"), ("point", "point groups")):
        every = told(models, name, change, form, capsys, tmp_path)
        assert f"({NEW} cells)" in of_column(every, "AMBIGUOUS_NUMBER", "w")[0]
    prices = told(models, "point", "prices of three", form, capsys, tmp_path)
    assert f"({NEW} cells)" in of_column(prices, "AMBIGUOUS_NUMBER", "p")[0]
    for name in ("comma", "point"):
        plain = told(models, name, "as it is", form, capsys, tmp_path)
        assert not [text for text in plain[1] if text.startswith("AMBIGUOUS_NUMBER")]


@pytest.mark.parametrize(
    ("form", "name", "mark"),
    [("csv", "point", " "), ("json", "point", "'"), ("xlsx", "comma", "'"), ("parquet", "comma", "\u202f")],
)
def test_marks_of_thousands_that_are_sure_are_read_and_told(
    models: dict[str, Trained],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    form: str,
    name: str,
    mark: str,
) -> None:
    frame, notes = told(models, name, "as it is", form, capsys, tmp_path, thousands=mark)
    kept = values(NEW, 7)
    assert isinstance(frame, pd.DataFrame) and frame["w"].tolist() == kept["w"].astype(float).tolist()
    large = int((kept["w"] >= 1_000).sum())
    assert f"{large} cells have marks of thousands" in of_column((frame, notes), "THOUSANDS", "w")[0]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_column_that_mostly_cannot_be_read_is_refused_with_an_example(
    models: dict[str, Trained], tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    for change, example in (("euro", "'€ "), ("percent", "%'"), ("unit", " kg'"), ("words", "'word'")):
        answer = told(models, "comma", change, form, capsys, tmp_path)[0]
        assert isinstance(answer, str) and f"'x': {NEW} of {NEW} cells are no" in answer and example in answer
    for change in ("no dates", "days of sheets", "days alone"):
        answer = told(models, "comma", change, form, capsys, tmp_path)[0]
        assert isinstance(answer, str) and f"'d': {NEW} of {NEW} cells are no date" in answer
    assert "of the form %d.%m.%Y, such as" in str(answer), "it is a date to a person"
    few = told(models, "comma", "few percents", form, capsys, tmp_path)
    assert "3 cells of 'x' are no plain number" in of_column(few, "TYPE", "x")[0]


def test_dates_that_are_all_in_doubt_are_told_and_read_as_in_training(
    models: dict[str, Trained], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame, notes = told(models, "day first", "days alone", "csv", capsys, tmp_path)
    assert isinstance(frame, pd.DataFrame)
    assert frame["d"].dt.day.tolist() == [1 + place * 5 % 12 for place in range(NEW)]
    assert "read day first, as in training" in of_column((frame, notes), "AMBIGUOUS_DATE", "d")[0]
    some = told(models, "day first", "as it is", "csv", capsys, tmp_path)
    assert not of_column(some, "AMBIGUOUS_DATE", "d"), "days after the 12th show the order"


@pytest.mark.parametrize("trained_in", [True, False])
def test_lines_and_arrays_of_json_go_with_each_other(tmp_path: Path, trained_in: bool) -> None:
    table, path = written(values(NEW, 3), Style()), tmp_path / "new.json"
    save(table, tmp_path / "old.json", lines=trained_in)
    old = read(tmp_path / "old.json", "old.json")
    text = io.StringIO()
    table.to_json(text, orient="records", lines=not trained_in)
    path.write_text(text.getvalue(), encoding="utf-8-sig")
    types: Any = {one.name: (one.physical, one.format) for one in old.columns}
    earlier = EarlierTable(columns=types, needed=tuple(types), read=old.read)
    found = read_like(path, path.name, earlier)
    pd.testing.assert_frame_equal(found.frame, old.frame)


@pytest.mark.parametrize(
    ("numbers", "share"),
    [([1, 2, 300], 0.0), ([0.1, 0.29, 1.1e6 + 0.07], 0.0), ([0.125, 1, 2.5, 3.001], 0.5), ([], None)],
)
def test_the_share_of_fine_numbers(numbers: list[float], share: float | None) -> None:
    assert fine_share(pd.Series(numbers, dtype="float64")) == share


def test_numbers_of_a_sheet_beside_texts_with_marks_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """1.158 as text beside real numbers is what a sheet of another language makes of a group of thousands."""
    path = tmp_path / "new.xlsx"
    pd.DataFrame({"k": ["1.158", "1.200", 922, 2.345, 17]}, dtype=object).to_excel(path, index=False)
    earlier = EarlierTable(columns={"k": ("number", "")}, needed=("k",), read=ReadOptions(delimiter=";"))
    assert [n.code for n in read_like(path, path.name, earlier).notes] == ["AMBIGUOUS_NUMBER"]


@pytest.mark.parametrize("form", ["json", "xlsx", "parquet"])
def test_texts_of_another_format_keep_the_decimal_mark_of_the_recipe(tmp_path: Path, form: str) -> None:
    """By ``run``, ``profile`` and ``retrain`` as by ``predict``; the marks in doubt are told there too."""
    style, path = STYLES["comma"][0], tmp_path / f"new.{form}"
    table = CHANGES["few points"](written(values(NEW, 5), style))
    save(table, path)
    found = read_again(path, path.name, ReadOptions(delimiter=";", decimal=","), same=False)
    assert found.frame["p"].tolist() == values(NEW, 5)["p"].tolist()
    assert found.frame["x"].tolist()[:4] == [12.078] * 4
    assert [note.column for note in found.notes if note.code == "AMBIGUOUS_NUMBER"] == ["x"]
