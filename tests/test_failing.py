"""Files of public bug reports that once went wrong without a word: what comes of them now.

Other files of the same reports have their tests beside the code that they are about.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.data.read import read
from core.data.table import Table
from core.recipe.document import Recipe
from core.recipe.suggestion.first import suggested
from core.train.fit import fit_rows, predict_rows
from core.train.work import Resources, Work
from tests.conftest import shared
from tests.page_support import loaded, module_home
from tests.test_command import foldline
from tests.test_row_order import reader

home = module_home


@dataclass(frozen=True)
class Case:
    """A file as ``suggest`` reads it, with its first recipe and the rows of it."""

    table: Table
    frame: pd.DataFrame
    recipe: Recipe
    work: Work


def case(file: str, target: str, **asked: Any) -> Case:
    path = shared(f"failing/models/{file}")
    reading = read(path, path.name, target_of=lambda columns: target)
    table = reading.table("t")
    recipe = suggested(table, reading.frame, target, **asked)
    work = Resources(reader(reading.frame), None).work(recipe)  # type: ignore[arg-type]
    return Case(table, reading.frame, recipe, work)


@pytest.mark.parametrize("task", [None, "regression"])
def test_all_prices_with_marks_of_thousands_are_learned_from(task: Any) -> None:
    money = case("money_target.csv", "price", task=task)
    texts = pd.read_csv(shared("failing/models/money_target.csv"), dtype="str")["price"]
    truth = texts.str.replace(",", "").astype("float64").to_numpy()
    target = money.work.target
    assert (money.recipe.task, target.without, len(target.rows)) == ("regression", 0, 400)
    assert (target.values == truth).all()
    assert len(money.work.split.test) == 80


@pytest.mark.parametrize(
    ("file", "words"),
    [("odd_target.csv", {"tbd": 3}), ("odd_target5.csv", {"not measured": 20, "tbd": 3})],
)
def test_a_few_words_among_numbers_are_counted_and_named(file: str, words: dict[str, int]) -> None:
    odd = case(file, "yield_kg")
    assert (odd.recipe.task, odd.work.target.gaps) == ("regression", words)
    assert odd.work.target.without == sum(words.values())
    notes = [note.text for note in odd.table.notes if note.code == "TYPE"]
    assert len(notes) == 1 and f"{sum(words.values())} of 400 values are not numbers" in notes[0]


def test_ids_that_are_too_large_for_numbers_are_no_mixed_column(home: Path) -> None:
    codes = {one.code for one in loaded(home, shared("failing/models/bigint_dates.csv")).look().findings}
    assert "MIXED_TYPES" not in codes


def test_a_column_that_is_empty_in_a_fold_keeps_no_model_from_training() -> None:
    sparse = case("sparse3.csv", "y")
    (boosting,) = (one for one in sparse.recipe.candidates if "gradient_boosting" in one.model)
    for fit, valid in sparse.work.split.folds[:5]:
        pipeline = fit_rows(sparse.work, fit, boosting)
        assert np.isfinite(predict_rows(sparse.work, pipeline, valid).labels.astype("float64")).all()


def test_codes_that_are_classes_come_back_as_whole_numbers(tmp_path: Path) -> None:
    data, recipe = shared("failing/models/int_codes.csv"), tmp_path / "r.json"
    asked = ["suggest", str(data), "--target", "grade", "--task", "multiclass", "-o", str(recipe)]
    assert foldline(*asked).returncode == 0
    document = Recipe.model_validate_json(recipe.read_text())
    few = tuple(one for one in document.candidates if one.model == "gaussian_nb")
    recipe.write_text(document.model_copy(update={"candidates": few}).to_json())
    assert foldline("run", recipe, "--data", data, "--out", tmp_path / "o").returncode == 0
    truth = pd.read_csv(data)["grade"]
    for form in ("parquet", "xlsx", "csv"):
        out = tmp_path / f"p.{form}"
        assert foldline("predict", tmp_path / "o" / "bundle.zip", data, "-o", out).returncode == 0
        again = {
            "parquet": pd.read_parquet,
            "xlsx": lambda path: pd.read_excel(path, engine="calamine"),
            "csv": pd.read_csv,
        }[form](out)["prediction"]
        assert again.dtype.kind == "i"
        assert (again == truth).mean() > 0.5


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    bundle, empty = shared("failing/after/bill_bundle.zip"), shared("failing/after/bill_empty.csv")
    done = foldline("predict", bundle, empty, "-o", tmp_path / "p.csv")
    assert done.returncode == 1
    assert "NO_ROWS" in done.stderr
    assert not (tmp_path / "p.csv").exists()
