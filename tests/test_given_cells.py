"""The columns of a file stand beside the predictions as they stood in the file, so that keys still join."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.read import read
from core.export.given_cells import as_given, with_whole_numbers
from core.export.predict import PredictionFormat, write_predictions

TEXTS = {
    "key": ["15", "7", "", "3"],
    "order": ["007", "015", "7", "1"],
    "amount": ["1.50", "2", "3.25", "n/a"],
    "agent": ["NULL", "9", "14", "240"],
    "note": ["NA", " two  words", "None", "x"],
    "day": ["03.01.2024", "04.01.2024", "", "28.12.2023"],
    "vip": ["yes", "no", "NULL", "yes"],
}


def written(path: Path, name: str, form: PredictionFormat) -> pd.DataFrame:
    """The columns of a file as they are written beside predictions, all read again."""
    reading = read(path, name)
    out = path.with_name(f"out.{form}")
    write_predictions(as_given(reading.cells, reading.frame, form), out, form)
    if form == "csv":
        return pd.read_csv(out, dtype="str", keep_default_na=False, na_filter=False)
    return pd.read_parquet(out) if form == "parquet" else pd.read_excel(out, engine="calamine")


def as_csv(folder: Path, columns: dict[str, list[str]], sep: str) -> Path:
    path = folder / "new.csv"
    pd.DataFrame(columns).to_csv(path, index=False, sep=sep)
    return path


@pytest.mark.parametrize("sep", [",", ";", "\t"])
def test_a_csv_has_every_cell_as_it_stood(tmp_path: Path, sep: str) -> None:
    again = written(as_csv(tmp_path, TEXTS, sep), "new.csv", "csv")
    expected = TEXTS | {"note": ["NA", "two  words", "None", "x"]}  # blanks after a separator are no text
    assert {name: again[name].tolist() for name in again} == expected


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_typed_files_have_whole_numbers_and_texts_as_they_stood(
    tmp_path: Path, form: PredictionFormat
) -> None:
    again = written(as_csv(tmp_path, TEXTS, ","), "new.csv", form)
    keys = pd.Series([15, 7, None, 3], dtype="Int64")
    assert again["key"].astype("Int64").equals(keys)
    if form == "parquet":
        assert str(again["key"].dtype) == "Int64" or again["key"].dropna().map(float.is_integer).all()
    assert again["amount"].tolist()[:3] == [1.5, 2.0, 3.25]
    assert again["note"].astype("str").tolist()[1] == "two  words"


def sheet(path: Path, columns: dict[str, list[Any]]) -> None:
    with pd.ExcelWriter(path, engine="xlsxwriter") as book:
        pd.DataFrame(columns, dtype="object").to_excel(book, index=False)


def parquet(path: Path, columns: dict[str, list[Any]]) -> None:
    pd.DataFrame(columns).astype({"key": "Int64"}).to_parquet(path, index=False)


def lines(path: Path, columns: dict[str, list[Any]]) -> None:
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    path.write_text("\n".join(map(json.dumps, rows)))


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize(("name", "make"), [("a.xlsx", sheet), ("a.parquet", parquet), ("a.jsonl", lines)])
def test_keys_of_every_format_still_join(
    tmp_path: Path, name: str, make: Any, form: PredictionFormat
) -> None:
    columns = {"key": [15, 7, None, 3], "code": ["007", "x", "7", "8"], "size": [1.5, 2.0, 2.5, 4.0]}
    make(tmp_path / name, columns)
    again = written(tmp_path / name, name, form)
    if form == "csv":
        assert again["key"].tolist() == ["15", "7", "", "3"]
    else:
        assert again["key"].astype("Int64").tolist()[:2] == [15, 7]
    assert again["code"].tolist() == columns["code"]
    assert again["size"].astype(float).tolist() == columns["size"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-(2**53), 2**53)), min_size=1, max_size=20))
def test_whole_numbers_stay_whole(values: list[int | None]) -> None:
    frame = with_whole_numbers(pd.DataFrame({"n": pd.Series(values, dtype="float64")}))
    spelled = frame.to_csv(index=False, header=False, na_rep="none").split()
    assert spelled == ["none" if value is None else str(value) for value in values]
