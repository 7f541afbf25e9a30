"""The same rows in another order, of rows or of columns, give the same split, model and words."""

from __future__ import annotations

import json
import runpy
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.export.card import card
from core.recipe import edits
from core.recipe.difference import differences
from core.recipe.document import Recipe, Source, Split, load, parse
from core.recipe.split import FILE_ORDER, hold_out
from core.recipe.split import test_key as key_of_test_set
from core.results.bundle import ModelReport
from core.standalone.rows.row_order import by_content, row_hashes
from core.train.rows.order import order_note
from core.train.work import Resources, split_of
from tests.small_recipes import ROWS, column, regression
from tests.test_command import foldline

SHAPES = ("plain", "duplicates", "near-duplicates", "group", "time", "time and group", "classes", "held out")


def cells(seed: int) -> pd.DataFrame:
    """A table of numbers, words, days and ids with gaps and rows that repeat, and a target of each kind."""
    rng = np.random.default_rng(seed)
    days = rng.integers(0, 60, ROWS)
    frame = pd.DataFrame(
        {
            "x": rng.normal(size=ROWS).round(1),
            "z": rng.choice([0.0, -0.0, 1.0, np.nan], ROWS),
            "c": pd.Series(rng.choice(["a", "b", None], ROWS), dtype="str"),
            "g": pd.Series([f"g{day // 2}" for day in days], dtype="str"),
            "t": pd.Series(pd.Timestamp("2024-01-01") + pd.to_timedelta(days, "D")),
            "y": rng.integers(0, 2, ROWS).astype("float64"),
        }
    )
    frame["t"] = frame["t"].astype("datetime64[us]").mask(rng.random(ROWS) < 0.05)
    frame.iloc[ROWS // 2 : ROWS // 2 + 30] = frame.iloc[:30].to_numpy()
    return frame.infer_objects().astype({"c": "str", "g": "str", "t": "datetime64[us]"})


def shaped(shape: str) -> Recipe:
    """A recipe for ``cells`` with some way of splitting."""
    group, time = ("group" in shape and "group") or "feature", ("time" in shape and "time") or "feature"
    recipe = regression(
        column("x"),
        column("z"),
        column("c", "categorical"),
        column("g", "categorical", group),
        column("t", "datetime", time),
        drop_duplicates=shape == "duplicates",
        apart=0.2 if shape == "near-duplicates" else 0.0,
        split=Split(order="content", scheme="holdout" if shape == "held out" else "auto"),
    )
    classes = {"task": "binary", "metric": "roc_auc", "positive": "1"}
    return recipe.model_copy(update=classes) if shape in ("classes", "group") else recipe


def reader(frame: pd.DataFrame) -> Callable[..., pd.DataFrame]:
    """Gives columns of a table as a workspace does."""

    def columns_of(_: str, names: Any = None, rows: Any = None) -> pd.DataFrame:
        part = frame if names is None else frame[list(names)]
        return part if rows is None else part.iloc[rows]

    return columns_of


def parts(recipe: Recipe, frame: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of each part of a split, in the order in which they are learned from."""
    split = split_of(recipe, reader(frame))[1]
    rows = [split.train, split.test, *(part for fold in split.folds for part in fold)]
    return [frame.iloc[one][sorted(frame.columns)].reset_index(drop=True) for one in rows]


@settings(max_examples=12, deadline=None)
@given(shape=st.sampled_from(SHAPES), seed=st.integers(0, 10_000))
def test_the_split_does_not_depend_on_the_order_of_rows_and_columns(shape: str, seed: int) -> None:
    rng, frame, recipe = np.random.default_rng(seed), cells(seed), shaped(shape)
    columns = [str(name) for name in rng.permutation(frame.columns)]
    other = frame.iloc[rng.permutation(ROWS)][columns].reset_index(drop=True)
    for one, same in zip(parts(recipe, frame), parts(recipe, other), strict=True):
        pd.testing.assert_frame_equal(one, same)


def test_rows_in_the_order_of_the_file_are_split_as_in_0_1_0() -> None:
    frame, recipe = cells(3), shaped("plain")
    old = edits.set_split(recipe, order="file")
    split = split_of(old, reader(frame))[1]
    assert (np.diff(split.train) > 0).all() and (np.diff(split.test) > 0).all()
    assert "order" not in json.loads(old.to_json())["split"]
    assert parse(json.loads(old.to_json())) == old
    assert key_of_test_set(old) != key_of_test_set(recipe)
    assert not hold_out(old).by_content and hold_out(recipe).by_content
    assert differences(old, recipe) == ["rows in the order of: file -> content"]


@pytest.mark.parametrize("changed", ["feature left out", "another kind", "another target"])
def test_no_choice_of_columns_moves_a_row_into_the_test_set(changed: str) -> None:
    frame, recipe = cells(1), shaped("plain")
    other = {
        "feature left out": lambda: edits.set_role(recipe, "x", "ignore"),
        "another kind": lambda: edits.set_kind(recipe, "c", "text"),
        "another target": lambda: edits.set_target(recipe, "x", "regression", ""),
    }[changed]()
    before, after = (split_of(one, reader(frame))[1] for one in (recipe, other))
    assert before.test.tolist() == after.test.tolist()


def test_a_changed_cell_changes_the_hash_of_its_row_alone() -> None:
    frame = cells(2)
    assert len(np.unique(row_hashes(frame[["z"]]))) == 3, "0, 1 and no value"
    for name, value in {"x": 99.0, "z": 7.0, "c": "zz", "t": pd.Timestamp("1900-01-01")}.items():
        changed = frame.copy()
        changed.loc[5, name] = value
        same = row_hashes(frame) == row_hashes(changed)
        assert not same[5] and same.sum() == ROWS - 1
    swapped = frame.rename(columns={"x": "z", "z": "x"})
    assert (row_hashes(frame) != row_hashes(swapped)).mean() > 0.9


def test_the_hash_of_a_value_does_not_depend_on_how_it_is_stored() -> None:
    whole, text = pd.Series([1, 0, 3]), ["a", "b", "a"]
    days = pd.Series(pd.to_datetime(["2024-01-01", None, "1950-05-05"]))
    plain = pd.DataFrame({"n": whole.astype("float64"), "s": pd.Series(text, dtype="str"), "t": days})
    other = pd.DataFrame(
        {"t": days.astype("datetime64[s]"), "s": pd.Series(text, dtype=object), "n": whole.astype("int8")}
    )
    assert (row_hashes(plain) == row_hashes(other)).all()
    assert by_content(row_hashes(plain)).tolist() == by_content(row_hashes(other)).tolist()
    halves = row_hashes(plain[["n"]]) + row_hashes(plain[["s", "t"]])
    assert (halves == row_hashes(plain)).all()


def written(folder: Path, seed: int | None) -> Path:
    """A file of rows of which some repeat, as they come or in another order."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.normal(size=(150, 3)).round(2), columns=["a", "b", "c"])
    frame["level"] = rng.choice(["low", "mid", "high"], 150)
    frame["day"] = pd.date_range("2024-01-01", periods=150).strftime("%d/%m/%Y")
    frame["id"] = [f"k{i}" for i in range(150)]
    frame["y"] = np.where(frame["a"] + frame["b"] ** 2 + rng.normal(size=150) > 1, "good", "bad")
    frame.loc[::11, "b"] = np.nan
    path = folder / f"{seed}.csv"
    order = np.arange(150) if seed is None else np.random.default_rng(seed).permutation(150)
    frame.iloc[order].to_csv(path, index=False)
    return path


@pytest.fixture(scope="module", name="runs")
def runs_of_two_orders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Folders of ``run`` on the same rows in two orders, with models that look at it."""
    folder = tmp_path_factory.mktemp("orders")
    assert (
        foldline(
            "suggest", str(written(folder, None)), "--target", "y", "-o", str(folder / "r.json")
        ).returncode
        == 0
    )
    document = json.loads((folder / "r.json").read_text())
    wanted = ("dummy_classifier", "random_forest_classifier", "hist_gradient_boosting_classifier")
    document["candidates"] = [{"id": model, "model": model, "params": {}} for model in wanted]
    document["split"] |= {"scheme": "kfold", "folds": 2}
    document["chosen"] = {"id": wanted[1], "model": wanted[1], "params": {"n_estimators": 50}}
    (folder / "r.json").write_text(json.dumps(document))
    out = []
    for seed in (None, 1):
        out.append(folder / f"run {seed}")
        data = written(folder, seed)
        assert foldline("run", folder / "r.json", "--data", data, "--out", out[-1]).returncode == 0
        predict = ["predict", str(out[-1] / "bundle.zip"), str(folder / "None.csv")]
        assert foldline(*predict, "-o", out[-1] / "p.csv").returncode == 0
    return out


def test_another_order_of_rows_gives_the_same_scores_and_predictions(runs: list[Path]) -> None:
    reports = [json.loads((out / "report.json").read_text()) for out in runs]
    for report in reports[1:]:
        for part in ("leaderboard", "test", "baseline", "importance", "validation", "conclusion"):
            rows = reports[0][part], report[part]
            assert plain(rows[0]) == plain(rows[1]), part
    assert len({(out / "p.csv").read_bytes() for out in runs}) == 1


def test_a_recipe_in_the_order_of_the_file_says_so(runs: list[Path], tmp_path: Path) -> None:
    for order, notes in (("content", []), ("file", ["ROW_ORDER"])):
        recipe = edits.set_split(load(runs[0] / "recipe.json"), order=order)
        assert [note.code for note in order_note(recipe)] == notes
        report = ModelReport(task="binary", metric="roc_auc", rows=150, columns=5)
        assert (FILE_ORDER in card(recipe, report)) == (order == "file")


def plain(part: Any) -> Any:
    """A part of a report without what is measured by a clock."""
    if not isinstance(part, list):
        return part
    return [
        {key: value for key, value in row.items() if "seconds" not in key and key != "peak_mb"}
        for row in part
    ]


@pytest.mark.parametrize("seed", [3, 4])
def test_predictions_go_with_their_rows_in_any_order_of_rows_and_columns(
    runs: list[Path], tmp_path: Path, seed: int
) -> None:
    rng, rows = np.random.default_rng(seed), pd.read_csv(runs[0].parent / "None.csv", dtype="str")
    order = rng.permutation(len(rows))
    shuffled = rows.drop(columns="y").iloc[order]
    shuffled[rng.permutation(shuffled.columns)].to_csv(tmp_path / "n.csv", index=False)
    asked = ["predict", str(runs[0] / "bundle.zip"), str(tmp_path / "n.csv"), "-o", str(tmp_path / "p.csv")]
    assert foldline(*asked).returncode == 0
    expected = pd.read_csv(runs[0] / "p.csv").iloc[order].reset_index(drop=True)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "p.csv"), expected, check_exact=True)


def test_the_script_splits_and_learns_as_the_app_in_any_order(
    runs: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    data = runs[0].parent
    tests = []
    for out, seed in zip(runs, (None, 1), strict=True):
        with zipfile.ZipFile(out / "bundle.zip") as archive:
            archive.extract("train.py", out)
        script = [str(out / "train.py"), str(data / f"{seed}.csv")]
        monkeypatch.setattr(
            sys, "argv", [*script, "--rows", "all", "--predict", str(data / "None.csv"), "-o", "p.csv"]
        )
        runpy.run_path(script[0], run_name="__main__")
        pd.testing.assert_frame_equal(pd.read_csv("p.csv"), pd.read_csv(out / "p.csv"), check_exact=True)
        monkeypatch.setattr(sys, "argv", [*script, "-o", "test.csv"])
        runpy.run_path(script[0], run_name="__main__")
        rows = pd.read_csv("test.csv")
        ids = pd.read_csv(script[1])["id"].iloc[rows.pop("row")].to_numpy()
        tests.append(rows.assign(id=ids).sort_values("id", ignore_index=True))
    pd.testing.assert_frame_equal(tests[0], tests[1], check_exact=True)


@pytest.mark.parametrize("words", [("up", "down"), ("kind a", "kind b"), ("1", "2"), ("3", "4")])
def test_the_first_recipe_does_not_depend_on_the_order_of_rows(
    tmp_path: Path, words: tuple[str, str]
) -> None:
    """Two classes of equal size: nothing but their names can say which is positive."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"x": rng.normal(size=80), "c": rng.choice(["u", "v"], 80), "y": np.repeat(words, 40)}
    )
    recipes = []
    for name, rows in {"a": frame, "b": frame[::-1]}.items():
        rows.to_csv(tmp_path / f"{name}.csv", index=False)
        asked = ["suggest", str(tmp_path / f"{name}.csv"), "--target", "y", "-o", str(tmp_path / "r.json")]
        assert foldline(*asked).returncode == 0
        recipes.append(load(tmp_path / "r.json").model_copy(update={"source": Source()}))
    assert recipes[0].split.order == "content"
    assert recipes[0] == recipes[1]


def test_work_loads_the_rows_in_the_order_of_their_content() -> None:
    frame, recipe = cells(4), shaped("classes")
    work = Resources(reader(frame), None).work(recipe)  # type: ignore[arg-type]
    order = by_content(row_hashes(frame))
    assert work.target.rows.tolist() == order.tolist()
