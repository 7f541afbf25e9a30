"""The script gives the app's predictions bit for bit, from the raw file, in a process without Foldline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.data.read import read
from core.errors import FoldlineError
from core.export.code.script import script
from core.recipe.document import Candidate, Recipe
from core.recipe.suggestion.suggest import suggest
from tests.export_support import Case, fitted, recipe_for, run, stored


def with_roles(recipe: Recipe, **roles: str) -> Recipe:
    columns = tuple(c.model_copy(update={"role": roles.get(c.name, c.role)}) for c in recipe.columns)
    return recipe.model_copy(update={"columns": columns})


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return stored(tmp_path_factory.mktemp("script"))


def cases(table: Any) -> dict[str, Recipe]:
    plain = recipe_for(table[1], "binary", "logistic_regression")
    return {
        "classes in proportion": plain,
        "first class positive, threshold": plain.model_copy(update={"positive": "no", "threshold": 0.35}),
        "groups": with_roles(plain, who="group"),
        "time": with_roles(recipe_for(table[1], "multiclass", "tree_classifier"), day="time"),
        "time and groups": with_roles(recipe_for(table[1], "regression", "ridge"), day="time", who="group"),
        "numbers, no duplicates": recipe_for(
            table[1], "regression", "hist_gradient_boosting_regressor", drop_duplicates=True, seed=5
        ),
    }


NAMES = (
    "classes in proportion",
    "first class positive, threshold",
    "groups",
    "time",
    "time and groups",
    "numbers, no duplicates",
)


def output(case: Case, folder: Path, *arguments: str) -> pd.DataFrame:
    (folder / "train.py").write_text(script(case.recipe, case.pipeline, case.table))
    done = run("train.py", str(case.path), *arguments, cwd=folder)
    assert done.returncode == 0, done.stderr
    texts = {} if case.recipe.task == "regression" else {"prediction": "str"}
    return pd.read_csv(folder / "predictions.csv", float_precision="round_trip", dtype=texts)


def assert_equal(found: pd.DataFrame, case: Case, rows: Any) -> None:
    expected = case.predict(rows)
    assert np.array_equal(found["prediction"].to_numpy(), expected.labels)
    for place, name in enumerate(expected.classes):
        assert expected.proba is not None
        assert np.array_equal(found[f"probability_{name}"].to_numpy(), expected.proba[:, place])
    assert len(found.columns) == 1 + len(expected.classes)


@pytest.mark.parametrize("name", NAMES)
def test_same_rows_and_same_predictions(name: str, table: Any, tmp_path: Path) -> None:
    case = fitted(*table, cases(table)[name])
    found, test = output(case, tmp_path), case.work.split.test
    rows = test if case.recipe.with_role("time") else np.sort(test)
    assert found.pop("row").tolist() == rows.tolist()
    assert_equal(found, case, rows)


def test_new_file_and_semicolons(tmp_path: Path) -> None:
    table = stored(tmp_path, separator=";")
    case = fitted(*table, recipe_for(table[1], "binary", "lightgbm_classifier"))
    assert case.recipe.source.read.delimiter == ";"
    found = output(case, tmp_path, "--predict", str(case.path), "--rows", "train")
    assert_equal(found, case, np.arange(len(case.frame)))


def test_all_rows_change_the_model(table: Any, tmp_path: Path) -> None:
    case = fitted(*table, recipe_for(table[1], "regression", "ridge"))
    found = output(case, tmp_path, "--rows", "all", "--predict", str(case.path))
    everything = case.pipeline.fit(
        case.work.frame.iloc[case.work.target.rows], case.work.labels(case.work.target.rows)
    )
    assert np.array_equal(found["prediction"], everything.predict(case.work.frame))


def test_nothing_of_foldline_and_no_unused_class(table: Any) -> None:
    recipe = cases(table)["groups"]
    text = script(recipe, fitted(*table, recipe).pipeline, table[1])
    assert "from core" not in text and "import core" not in text
    assert "class GroupStatistic" not in text
    assert text.index("OMP_NUM_THREADS") < text.index("import numpy")


def test_missing_words_and_codes_are_read_as_the_app_did(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    rng = np.random.default_rng(0)
    zipcode = rng.choice(["01067", "10115", "80331", "NA"], 120)
    code = rng.choice(["1.0", "1", "2", "?"], 120)
    target = np.where((zipcode == "01067") ^ (rng.random(120) < 0.1), "1", "0")
    pd.DataFrame({"zip": zipcode, "code": code, "y": target}).to_csv(path, index=False)
    reading = read(path, "codes.csv")
    table = reading.table("codes.csv")
    chosen = Candidate(id="m", model="logistic_regression")
    recipe = suggest(table, "y").model_copy(update={"chosen": chosen})
    columns = tuple(
        c.model_copy(update={"kind": "categorical"} if c.name == "code" else {}) for c in recipe.columns
    )
    case = fitted(path, table, reading.frame, recipe.model_copy(update={"columns": columns}))
    found = output(case, tmp_path, "--predict", str(path))
    assert_equal(found, case, np.arange(120))


def test_what_cannot_be_written_is_refused(table: Any) -> None:
    recipe = cases(table)["groups"]
    case = fitted(*table, recipe)
    pipeline = case.pipeline.set_params(model=type("Own", (type(case.pipeline[-1]),), {})())
    with pytest.raises(FoldlineError, match="SOURCE"):
        script(recipe, pipeline, table[1])
