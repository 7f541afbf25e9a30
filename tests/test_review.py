"""Ways in which a number was once untrue or an export differed, each kept out by a test."""

from __future__ import annotations

import runpy
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.command.run import _report
from core.data.formats.pandas_call import frame_from_file, pandas_call
from core.data.read import read
from core.data.table import Column, Known, ReadOptions, Table
from core.engine.units import run_units
from core.engine.work.data import rebased
from core.engine.work.watch import scored
from core.errors import FoldlineError
from core.evaluate.prediction import of_values
from core.export.code.reading import reader_code
from core.export.code.script import script
from core.plan import plan
from core.recipe import edits
from core.recipe.document import Candidate, Choice, ColumnChoice, Prepare, Recipe, Source
from core.recipe.fingerprint import fingerprint
from core.standalone.cells import as_text
from core.standalone.transformers import Bins, Frequency, GroupStatistic, MissingFlag, ReadColumns
from core.train.compare import scorer
from core.train.fit import predict_rows
from core.train.fold_cache import Work, cache_key
from core.train.split import divide
from core.train.target import target_of
from core.train.tune import tune
from core.train.unit import Unit
from tests.export_support import Case, fitted, run
from tests.test_tune import Told, changed, work

ROWS = 400
SOURCE = Source(table="t", rows=ROWS)


def numbers(seed: int = 0) -> pd.DataFrame:
    """An input, levels, and a target."""
    rng = np.random.default_rng(seed)
    levels = pd.Series(rng.choice(list("abcdefgh"), ROWS), dtype="str")
    return pd.DataFrame({"x": rng.normal(size=ROWS), "c": levels, "y": rng.normal(size=ROWS)})


def column(name: str, kind: Any = "numeric", role: Any = "feature", **more: Any) -> ColumnChoice:
    return ColumnChoice(name=name, kind=kind, role=role, **more)


def regression(*columns: ColumnChoice, **more: Any) -> Recipe:
    """A recipe for the target y with these other columns."""
    known = {"target": "y", "task": "regression", "metric": "rmse", "source": SOURCE} | more
    own = () if any(c.name == "y" for c in columns) else (column("y", role="target"),)
    return Recipe(columns=(*columns, *own), **known)


# The fold cache and what is current


def test_folds_of_another_target_are_not_taken_from_the_cache() -> None:
    """Encoders learn from the target, so equal inputs and rows do not make equal matrices."""
    frame = numbers().assign(z=lambda f: -f["y"])
    encode = Prepare(defaults={"categorical": {"encode": Choice(spec="target")}})
    keys = []
    for target, other in (("y", "z"), ("z", "y")):
        columns = [column("c", "categorical"), column(target, role="target"), column(other, role="ignore")]
        columns.sort(key=lambda one: one.name)
        recipe = regression(*columns, target=target, prepare=encode)
        rows = divide(recipe, frame, target_of(recipe, frame)).folds[0]
        keys.append(cache_key(plan(recipe, Candidate(id="ridge", model="ridge")), "t", *rows))
    assert keys[0] != keys[1]


def test_folds_of_other_library_versions_are_not_taken_from_the_cache(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolved = plan(regression(column("x")), Candidate(id="ridge", model="ridge"))
    rows = np.arange(10)
    before = cache_key(resolved, "t", rows, rows)
    monkeypatch.setattr("importlib.metadata.version", lambda name: "0.0.1")
    assert cache_key(resolved, "t", rows, rows) != before


@pytest.mark.parametrize("changed", [{"decimal": ","}, {"missing": ("", "-")}])
def test_a_result_is_stale_once_texts_mean_something_else(changed: dict[str, Any]) -> None:
    old = regression(column("x"))
    source = old.source.model_copy(update={"read": ReadOptions(**changed)})
    new = old.model_copy(update={"source": source})
    assert all(fingerprint(old, part) != fingerprint(new, part) for part in ("data", "compare", "fit"))


# The target


def test_a_target_of_texts_is_read_with_the_decimal_mark_of_its_file() -> None:
    frame = numbers()
    texts = [f"{value:.3f}".replace(".", ",") for value in frame["y"]]
    frame["y"] = pd.Series(["odd", *texts[1:]], dtype="str")
    source = SOURCE.model_copy(update={"read": ReadOptions(decimal=",", delimiter=";")})
    found = target_of(regression(column("x"), source=source), frame)
    assert found.without == 1
    assert found.values[1] == float(texts[1].replace(",", "."))


def test_a_missing_word_of_a_target_of_numbers_means_the_number() -> None:
    frame = numbers()
    frame.loc[:49, "y"] = -999.0
    for word in ("-999", "-999.0"):
        recipe = regression(column("x"), column("y", role="target", missing=(word,)))
        assert target_of(recipe, frame).without == 50


def test_a_target_that_gets_another_role_is_no_target_any_more() -> None:
    recipe = edits.set_role(regression(column("x")), "y", "ignore")
    assert (recipe.target, [c.name for c in recipe.inputs]) == ("", ["x"])


def test_new_labels_that_mean_no_value_are_not_scored() -> None:
    recipe = regression(column("x"), column("y", role="target", missing=("-999",)))
    frame = numbers().head(60)
    said = of_values(frame["y"])
    frame = frame.assign(y=frame["y"].where(np.arange(60) >= 20, -999.0))
    found = scored(recipe, frame, said, None, same_rows=False)
    assert found is not None
    assert (found["now"]["n"], found["now"]["value"]) == (40, 0)


# The division


def when(frame: pd.DataFrame) -> tuple[pd.DataFrame, ColumnChoice]:
    """Days in order, as text whose alphabet has another order, with one that is no day."""
    days = pd.Series(pd.date_range("2020-01-01", periods=len(frame)).strftime("%d.%m.%Y"), dtype="str")
    days[7] = "soon"
    return frame.assign(when=days), column("when", "datetime", "time", format="%d.%m.%Y")


def test_times_that_are_stored_as_text_are_ordered_as_times() -> None:
    frame, role = when(numbers())
    recipe = regression(column("x"), role)
    division = divide(recipe, frame, target_of(recipe, frame))
    assert division.train.max() < division.test.min()
    assert division.train[0] == 7, "a row without a time comes first"
    assert all(fit.max() < valid.min() for fit, valid in division.folds)


def test_a_time_column_that_cannot_be_read_is_refused() -> None:
    frame, role = when(numbers())
    recipe = regression(column("x"), role.model_copy(update={"format": "%Y/%m/%d"}))
    with pytest.raises(FoldlineError, match="'when' can be read as a time"):
        divide(recipe, frame, target_of(recipe, frame))


@pytest.mark.parametrize("physical", ["float64", "str"])
def test_rows_without_a_group_form_one(physical: str) -> None:
    ids = pd.Series(np.arange(ROWS) % 9, dtype="float64")
    frame = numbers().assign(g=ids.astype(physical).mask(ids == 4))
    recipe = regression(column("x"), column("g", "categorical", "group"))
    division = divide(recipe, frame, target_of(recipe, frame))
    parts = [(division.train, division.test), *division.folds]
    gaps = frame["g"].isna().to_numpy()
    assert all(not gaps[a].any() or not gaps[b].any() for a, b in parts)


def test_steps_in_time_do_not_divide_a_group() -> None:
    frame = numbers()
    frame["g"] = pd.Series(np.repeat([f"g{i}" for i in range(10)], ROWS // 10), dtype="str")
    frame["t"] = pd.date_range("2020-01-01", periods=ROWS).astype("datetime64[us]")
    frame.loc[:39, "t"] = pd.NaT
    recipe = regression(column("x"), column("g", "categorical", "group"), column("t", "datetime", "time"))
    division = divide(recipe, frame, target_of(recipe, frame))
    parts = [(division.train, division.test), *division.folds]
    assert all(not set(frame["g"].iloc[a]) & set(frame["g"].iloc[b]) for a, b in parts)
    assert all(fit.max() < valid.min() for fit, valid in parts)
    assert frame["t"].iloc[division.test].notna().all(), "unknown times are not the latest"


def in_time(times: Any, **more: Any) -> tuple[Any, pd.DataFrame]:
    """The division of rows with these times, and their frame."""
    frame = numbers().assign(t=pd.Series(times).astype("datetime64[us]"), **more)
    roles = [column("t", "datetime", "time"), *(column(name, "categorical", "group") for name in more)]
    recipe = regression(column("x"), *roles)
    return divide(recipe, frame, target_of(recipe, frame)), frame


def parts_of(division: Any) -> list[Any]:
    return [(division.train, division.test), *division.folds]


@pytest.mark.parametrize("apart", [1, 7, 30, 60])
def test_rows_of_one_time_are_never_divided(apart: int) -> None:
    days = pd.date_range("2020-01-01", periods=ROWS)[np.arange(ROWS) // apart]
    division, frame = in_time(np.random.default_rng(0).permutation(days))
    for before, after in parts_of(division):
        assert len(before) and frame["t"].iloc[before].max() < frame["t"].iloc[after].min()
    assert abs(len(division.test) - ROWS / 5) <= apart / 2 + 1
    assert f"({len(division.test):,} rows)" in division.words


def test_steps_in_time_have_as_many_rows_each_however_the_times_crowd() -> None:
    days = np.r_[np.arange(ROWS // 2), ROWS // 2 + np.arange(ROWS // 2) // 8]
    division, _ = in_time(pd.Timestamp("2020-01-01") + pd.to_timedelta(days, unit="D"))
    sizes = [len(valid) for _, valid in division.folds]
    assert len(sizes) == 5 and max(sizes) - min(sizes) <= 8, sizes


def test_groups_that_begin_at_one_time_are_not_divided() -> None:
    groups = pd.Series([f"g{i}" for i in range(ROWS // 10)], dtype="str")[np.arange(ROWS) // 10]
    begins = pd.date_range("2020-01-01", periods=ROWS)[np.arange(ROWS) // 30 * 30 + np.arange(ROWS) % 10]
    division, frame = in_time(begins, g=groups.to_numpy())
    first = frame.groupby("g")["t"].transform("min")
    for before, after in parts_of(division):
        assert first.iloc[before].max() < first.iloc[after].min()


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (["2020-01-01"] * ROWS, "All rows have the same time in 't'"),
        (["2020-01-01"] * (ROWS - 9) + ["2020-01-02"] * 9, "the last 20% cannot be locked away"),
        (["2020-01-01"] * 40 + ["2020-01-02"] * (ROWS - 40), "the last 20% cannot be locked away"),
        (["2020-01-01"] * (ROWS * 4 // 5) + ["2020-01-02"] * (ROWS // 5), "have 1 different time in 't'"),
    ],
)
def test_times_that_cannot_be_divided_are_refused(times: list[str], words: str) -> None:
    with pytest.raises(FoldlineError, match=words) as caught:
        in_time(pd.to_datetime(times))
    assert caught.value.code == "SPLIT"


# The transformers


def test_whole_numbers_keep_all_their_digits_as_text() -> None:
    assert as_text(pd.Series([2**53 + 1, 2**53])).tolist() == ["9007199254740993", "9007199254740992"]


def test_a_date_can_mean_no_value() -> None:
    days = pd.to_datetime(pd.Series(["1900-01-01", "2020-01-01"])).astype("datetime64[us]")
    for word in ("1900-01-01", "01.01.1900"):
        made = ReadColumns(dates=[("d", "%d.%m.%Y")], also_missing=[("d", [word])])
        assert made.fit_transform(pd.DataFrame({"d": days}))["d"].isna().tolist() == [True, False]


def test_a_feature_does_not_take_the_place_of_a_column() -> None:
    frame = pd.DataFrame({"a": [1.0, np.nan], "a missing": [7.0, 8.0]})
    with pytest.raises(ValueError, match="makes a column 'a missing'"):
        MissingFlag(["a"]).fit(frame)
    again = MissingFlag(["a"]).fit_transform(frame[["a"]])
    assert MissingFlag(["a"]).fit_transform(again).equals(again), "the same column twice does no harm"


def test_a_frequency_is_the_share_among_rows_with_a_value() -> None:
    levels = pd.DataFrame({"a": pd.Series(["u", "u", "v", None, None], dtype="str")})
    step = Frequency(["a"]).fit(levels)
    new = pd.DataFrame({"a": pd.Series(["u", "v", "w", None], dtype="str")})
    assert step.transform(new)["a share"].tolist() == pytest.approx([2 / 3, 1 / 3, 0, 0])


def test_ranges_of_large_numbers_stay_apart() -> None:
    frame = pd.DataFrame({"a": np.arange(1e7, 1e7 + 10)})
    assert Bins(["a"]).fit_transform(frame)["a bin"].nunique() == 5


def test_a_statistic_by_a_number_is_that_of_its_rows() -> None:
    frame = pd.DataFrame({"a": [1.0, 1, 2.5, 2.5], "b": [1.0, 2, 3, 4]})
    assert GroupStatistic(["a", "b"]).fit_transform(frame).iloc[:, -1].tolist() == [1.5, 1.5, 3.5, 3.5]


# The search


def test_a_search_is_the_same_whichever_trial_ends_first(tmp_path: Path) -> None:
    def uneven(delays: dict[str, float], cores: int) -> Any:
        def start(work: Any, units: Any) -> Any:
            def slow(unit: Any) -> Any:
                time.sleep(delays.get(unit.key, 0))
                return work(unit)

            return run_units(slow, units, cores)

        return start

    given = changed(work(tmp_path), tmp_path, trials=16)
    runs = (uneven({}, 1), uneven({"trial_11": 0.2, "trial_13": 0.2}, 3))
    first, second = (tune(given, Told(), one) for one in runs)
    assert [t["params"] for t in first["trials"]] == [t["params"] for t in second["trials"]]


def test_a_fold_that_does_not_define_the_score_does_not_end_a_search(tmp_path: Path) -> None:
    made = work(tmp_path)
    fit, valid = made.division.folds[0]
    ones = valid[made.labels(valid) == "1"]
    division = type(made.division)(
        made.division.train, made.division.test, ((fit, ones), *made.division.folds[1:]), ""
    )
    given = Work(made.recipe, made.frame, made.target, division, lambda key: tmp_path / key)
    assert made.recipe.chosen is not None
    alone = scorer(given)(Unit("one", made.recipe.chosen, 0))
    assert np.isnan(alone["scores"]["roc_auc"])
    found = tune(given, Told(), partial(run_units, cores=2))
    best = found["best"]
    assert best["folds"][0] is None
    assert best["score"] == pytest.approx(np.mean(best["folds"][1:]))


# Reports and recipes that move


def test_a_validation_score_is_that_of_the_model_as_it_is_set() -> None:
    tree = Candidate(id="tree_regressor", model="tree_regressor")
    row = {"id": tree.id, "rank": 1, "mean": 1.0, "std": 0.1, "low": 0.9, "high": 1.1}
    made = {"id": tree.id, "label": "Decision tree", "seconds": 1.0, "status": "done", "error": None}
    compared = {"board": [row], "candidates": [made], "words": ""}
    tested = {"scores": {}, "opened": 1, "importance": {}}
    exported = {"report": {"rows": 1, "columns": 1, "versions": {}}}
    recipe = regression(column("x"), candidates=(tree,), chosen=tree)
    assert _report(recipe, compared, None, tested, exported)["cv_score"]["mean"] == 1.0
    other = recipe.model_copy(update={"chosen": tree.model_copy(update={"params": {"max_depth": 1}})})
    assert _report(other, compared, None, tested, exported)["cv_score"] is None


def test_a_recipe_that_moves_reads_times_as_the_new_file_writes_them() -> None:
    recipe = regression(column("d", "datetime", format="%d.%m.%Y"))
    columns = (
        Column(name="d", physical="datetime", kind="datetime", format="%Y-%m-%d"),
        Column(name="y", physical="number", kind="numeric"),
    )
    moved = rebased(recipe, Table(id="u", name="new.csv", rows=9, columns=columns))
    assert moved is not None
    assert moved.column("d").format == "%Y-%m-%d"


# New files


def test_a_new_file_is_read_like_the_training_file(tmp_path: Path) -> None:
    """These rows alone would be read month first, as numbers, and without the level NA."""
    path = tmp_path / "new.csv"
    path.write_text("d,code,land\n" + "".join(f"0{i}/02/2022,{i}.0,NA\n" for i in range(1, 9)))
    types: Any = {"d": ("datetime", "%d/%m/%Y"), "code": ("text", ""), "land": ("text", "")}
    found = read(path, path.name, known=Known(columns=types, missing=("", "?"))).frame
    assert found["d"].dt.month.unique().tolist() == [2]
    assert found["code"].tolist()[0] == "1.0"
    assert found["land"].eq("NA").all()


def test_times_in_another_format_than_known_are_still_times(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("d,x\n2022-03-14,1\n2022-03-15,2\n")
    known = Known(columns={"d": ("datetime", "%d/%m/%Y")})
    assert read(path, path.name, known=known).frame["d"].dt.day.tolist() == [14, 15]


def module(folder: Path, code: str) -> SimpleNamespace:
    """Code of a script, run with what stands at a script's head: its names."""
    path = folder / "made.py"
    path.write_text(
        "from __future__ import annotations\nimport pandas as pd\nfrom core.standalone.cells import as_text\n"
        + code
    )
    return SimpleNamespace(**runpy.run_path(str(path)))


def reader_of(options: ReadOptions) -> str:
    found = reader_code(options)
    return "\n".join([*found.imports, found.code])


def test_a_script_finds_the_columns_of_a_new_file_by_name(tmp_path: Path) -> None:
    """Names that were made unique must not be put on other columns, nor rows left out by position."""
    trained = tmp_path / "old.csv"
    trained.write_text("y,a,a,\n1,2,3,4\n5,6,7,8\n9,10,11,12\n,,,\n,,,\n")
    options = read(trained, trained.name).read
    assert options.names == ("y", "a", "a_2", "column_4") and options.drop_rows == (3, 4)
    made = module(tmp_path, reader_of(options))
    new = tmp_path / "new.csv"
    new.write_text("a,a,y\n2,3,1\n" + "6,7,5\n" * 4)
    found = made.read_raw(str(new))
    assert found[["a", "a_2", "y"]].to_numpy().tolist() == [["2", "3", "1"], *[["6", "7", "5"]] * 4]


@pytest.mark.parametrize("ending", [".xlsx", ".parquet"])
def test_a_script_reads_other_kinds_of_files_by_name(tmp_path: Path, ending: str) -> None:
    frame = pd.DataFrame({"y": [1.0, 2.0], " a": ["u", "v"], "b": [0.5, 1.5]})
    write = {".xlsx": pd.DataFrame.to_excel, ".parquet": pd.DataFrame.to_parquet}[ending]
    write(frame, tmp_path / f"old{ending}", index=False)
    write(frame[["b", " a"]], tmp_path / f"new{ending}", index=False)
    options = read(tmp_path / f"old{ending}", "old").read
    assert options.names == ("y", "a", "b")
    found = module(tmp_path, reader_of(options)).read_raw(str(tmp_path / f"new{ending}"))
    assert (found["a"].tolist(), found["b"].tolist()) == (["u", "v"], [0.5, 1.5])


def test_nul_bytes_are_taken_out_by_a_script_too(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"a,b\nu\0u,1\nv,2\0\nw,3\n")
    found = read(path, path.name)
    assert found.frame["a"].tolist() == ["uu", "v", "w"]
    again = module(tmp_path, f"frame = {pandas_call(found.read, repr(str(path)))}").frame
    assert again.to_numpy().tolist() == frame_from_file(path, found.read).to_numpy().tolist()
    assert again["b"].tolist() == ["1", "2", "3"]


@pytest.mark.parametrize("group", ["", "g"])
def test_a_script_divides_by_texts_of_times_and_reads_odd_targets(tmp_path: Path, group: str) -> None:
    rng = np.random.default_rng(1)
    days = pd.date_range("2021-01-01", periods=240).strftime("%d.%m.%Y").to_numpy(dtype=object)
    days[9], days[185:199] = "soon", days[185]
    x = rng.normal(size=240).round(2)
    y = [f"{3 * v:.2f}".replace(".", ",") for v in x]
    y[3], y[4] = "-9,0", "odd"
    raw = pd.DataFrame({"when": rng.permutation(days), "x": x, "g": np.arange(240) // 8, "y": y})
    raw["g"] = raw["g"].astype("object").mask(raw["g"] == 3, "")
    path = tmp_path / "data.csv"
    raw.assign(x=raw["x"].map(lambda v: str(v).replace(".", ","))).to_csv(path, sep=";", index=False)
    reading = read(path, "data.csv")
    table = Table(id="0" * 64, name="data.csv", rows=240, columns=reading.columns, read=reading.read)
    columns = [
        column("when", "datetime", "time", format="%d.%m.%Y"),
        column("x"),
        column("g", "categorical", "group" if group else "ignore"),
        column(
            "y", "numeric", "target", missing=("-9",) if reading.frame["y"].dtype == "float64" else ("-9,0",)
        ),
    ]
    chosen = Candidate(id="chosen", model="tree_regressor")
    source = Source(table=table.id, rows=240, read=reading.read)
    case: Case = fitted(path, table, reading.frame, regression(*columns, source=source, chosen=chosen))
    assert len(case.work.target.rows) == 238
    code = script(case.recipe, case.pipeline, table)
    (tmp_path / "train.py").write_text(code)
    done = run("train.py", path.name, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = pd.read_csv(tmp_path / "predictions.csv")
    assert found["row"].tolist() == case.work.division.test.tolist()
    said = predict_rows(case.work, case.pipeline, case.work.division.test)
    assert found["prediction"].tolist() == pytest.approx(said.labels, rel=1e-15)
