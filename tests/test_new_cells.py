"""Cells of new rows that are stored in another way than in training: numbers, days alone, infinity."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.data.read import read
from core.recipe.document import Candidate
from core.recipe.suggestion.suggest import suggest
from core.standalone.rows.new_table import typed_new_table
from core.standalone.rows.trained_column import TrainedColumn
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
    given = pd.Series([CELLS[cells](value) for value in VALUES], dtype=object)
    raw = pd.DataFrame({"k": given})
    typed = typed_new_table(raw, {"k": SIZE}, (), ("",), ".", ";")["k"]
    expected = [None if cell is None else float(cell) for cell in given]
    pd.testing.assert_series_equal(typed, pd.Series(expected, name="k", dtype="float64"))
    assert told(capsys) == []


def test_texts_beside_numbers_are_still_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The three texts are in doubt; the number 2.345 of a sheet is not."""
    given = pd.Series(["1.158", " 1.200", 922, 2.345, None, "1.300"], dtype=object)
    typed_new_table(pd.DataFrame({"k": given}), {"k": SIZE}, (), ("",), ".", ";")
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
