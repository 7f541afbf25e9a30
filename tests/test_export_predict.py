"""Predictions for new data: the schema check, the answer and the files."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression

from core.data.table import Column
from core.errors import FoldlineError
from core.export.bundle.sample import sample_of, self_test
from core.export.bundle.schema import Schema, describe
from core.export.predict import predict_frame, write_predictions
from core.export.schema_check import conform
from core.recipe.document import ColumnChoice, Recipe
from core.standalone.files.spreadsheet import guarded, is_formula
from core.standalone.prediction import labels_as_trained
from core.standalone.rows.learned import KEPT_LEVELS
from core.standalone.sample import other_predictions

FRAME = pd.DataFrame(
    {
        "age": [20.0, 40.0, np.nan, 60.0],
        "city": pd.Series(["Ulm", "Bonn", "Ulm", None], dtype="str"),
        "day": pd.to_datetime(["2024-01-01", "2024-03-01", None, "2024-02-01"]).astype("datetime64[us]"),
        "note": pd.Series(["a", "b", None, "d"], dtype="str"),
        "row": pd.Series(["r1", "r2", "r3", "r4"], dtype="str"),
        "y": pd.Series(["no", "yes", "no", "yes"], dtype="str"),
    }
)
KINDS = {
    "age": "numeric",
    "city": "categorical",
    "day": "datetime",
    "note": "text",
    "row": "id",
    "y": "boolean",
}
RECIPE = Recipe(
    target="y",
    positive="yes",
    columns=tuple(
        ColumnChoice(name=name, kind=kind, role="target" if name == "y" else "feature")  # type: ignore[arg-type]
        for name, kind in KINDS.items()
    ),
)
COLUMNS = tuple(
    Column(
        name=name,
        kind=KINDS[name],  # type: ignore[arg-type]
        physical={"age": "number", "day": "datetime"}.get(name, "text"),  # type: ignore[arg-type]
        format="%d.%m.%Y" if name == "day" else "",
    )
    for name in FRAME.columns
)


@pytest.fixture
def schema() -> Schema:
    return describe(RECIPE, COLUMNS, FRAME)


def test_schema_says_what_training_saw(schema: Schema) -> None:
    found = {column.name: column for column in schema.columns}
    assert [column.name for column in schema.inputs] == ["age", "city", "day", "note"]
    assert (found["age"].low, found["age"].high) == (20.0, 60.0)
    assert found["city"].levels == ("Ulm", "Bonn") and found["city"].complete
    assert found["day"].high == "2024-03-01T00:00:00"
    assert found["note"].levels == ()
    assert found["y"].role == "target"
    assert Schema.model_validate_json(schema.model_dump_json()) == schema


def test_schema_keeps_the_most_frequent_levels() -> None:
    texts = [f"v{i}" for i in range(300)] + ["often"] * 3
    frame = FRAME.reindex(range(len(texts))).assign(city=pd.Series(texts, dtype="str"))
    city = {column.name: column for column in describe(RECIPE, COLUMNS, frame).columns}["city"]
    assert len(city.levels) == KEPT_LEVELS and city.levels[0] == "often" and not city.complete


def codes(frame: pd.DataFrame, schema: Schema) -> dict[tuple[str, str], int]:
    return {(one.code, one.column): one.count for one in conform(frame, schema).issues}


def test_the_training_rows_have_no_issues(schema: Schema) -> None:
    given = conform(FRAME.drop(columns=["row", "y"]), schema)
    assert given.issues == ()
    pd.testing.assert_frame_equal(given.frame, FRAME[["age", "city", "day", "note"]])


def test_text_and_typed_tables_conform_to_the_same(schema: Schema) -> None:
    raw = pd.DataFrame(
        {
            "note": ["a", "b", "NA", "d"],
            "day": ["01.01.2024", "01.03.2024", "", "01.02.2024"],
            "city": ["Ulm", "Bonn", "Ulm ", "?"],
            "age": ["20", "4e1", "", "60.0"],
        },
        dtype="str",
    )
    given = conform(raw, schema)
    assert given.issues == ()
    pd.testing.assert_frame_equal(given.frame, conform(FRAME, schema).frame)


def test_what_differs_is_counted(schema: Schema) -> None:
    raw = pd.DataFrame(
        {
            "age": ["20", "old", "61", "-1"],
            "city": ["Ulm", "Rome", "Oslo", "Rome"],
            "day": ["01.01.2024", "01/02/2024", "31.12.2025", ""],
            "note": ["", "", "", "NA"],
            "more": ["1", "2", "3", "4"],
        },
        dtype="str",
    )
    assert codes(raw, schema) == {
        ("EXTRA_COLUMNS", ""): 1,
        ("TYPE", "age"): 1,
        ("RANGE", "age"): 2,
        ("NEW_VALUES", "city"): 3,
        ("TYPE", "day"): 1,
        ("RANGE", "day"): 1,
        ("EMPTY_COLUMN", "note"): 4,
    }


@pytest.mark.parametrize(
    ("names", "problem", "hint"),
    [
        (["Age ", "city", "day", "note"], "'age'", "rename 'Age ' to 'age'"),
        (["city", "day", "note", "zzz"], "1 column that", "Add them"),
        (["age", "city", "citty", "note"], "'day'", "Add them"),
        (["age", "age", "city", "day", "note"], "more than once", "Keep one"),
    ],
)
def test_missing_columns_are_named_with_the_nearest(
    names: list[str], problem: str, hint: str, schema: Schema
) -> None:
    with pytest.raises(FoldlineError) as caught:
        conform(pd.DataFrame([["1"] * len(names)], columns=names, dtype="str"), schema)
    assert caught.value.code == "SCHEMA"
    assert problem in caught.value.problem
    assert hint in caught.value.hint


def test_no_rows_are_no_error(schema: Schema) -> None:
    given = conform(FRAME.iloc[:0], schema)
    assert [issue.code for issue in given.issues] == ["EXTRA_COLUMNS", "NO_ROWS"]
    model = DummyClassifier().fit(FRAME[["age"]], FRAME["y"])
    found = predict_frame(model, RECIPE, given.frame)
    assert list(found.columns) == ["prediction", "probability_no", "probability_yes"]
    assert len(found) == 0


def logistic() -> Any:
    return LogisticRegression().fit(FRAME[["age"]].fillna(0), FRAME["y"].astype(object))


def test_positive_class_is_last_and_the_threshold_counts() -> None:
    data = FRAME[["age"]].fillna(0)
    shares = logistic().predict_proba(data)[:, 0]
    recipe = RECIPE.model_copy(update={"positive": "no", "threshold": 0.9})
    found = predict_frame(logistic(), recipe, data)
    assert list(found.columns) == ["prediction", "probability_yes", "probability_no"]
    assert np.array_equal(found["probability_no"], shares)
    assert found["prediction"].tolist() == ["no" if share >= 0.9 else "yes" for share in shares]


def test_multiclass_gives_the_most_probable_class() -> None:
    data, labels = pd.DataFrame({"x": [0.0, 1, 2, 3, 4, 5]}), ["a", "a", "b", "b", "c", "c"]
    model = LogisticRegression(C=100).fit(data, labels)
    found = predict_frame(model, RECIPE.model_copy(update={"task": "multiclass"}), data)
    assert found["prediction"].tolist() == labels
    assert found.filter(like="probability").sum(axis=1).round(12).eq(1).all()


def test_regression_gives_numbers_on_the_index_of_the_frame() -> None:
    data = pd.DataFrame({"x": [0.0, 1, 2]}, index=[5, 7, 9])
    model = LinearRegression().fit(data, [1.0, 3, 5])
    found = predict_frame(model, Recipe(task="regression", target="y"), data)
    assert found["prediction"].round(9).to_dict() == {5: 1.0, 7: 3.0, 9: 5.0}


RISKY = pd.DataFrame(
    {
        "=cmd": pd.Series(["=1+1", "+1", "-2", "@x", "\tx", "\rx", "fine", None], dtype="str"),
        "number": [-1.5, 2.0, np.nan, 1e300, -0.1, 3.0, 4.0, 5.0],
    }
)


def test_formulas_are_quoted_in_a_csv_and_numbers_are_not(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert write_predictions(RISKY, path, "csv") == 5
    found = pd.read_csv(path)
    assert list(found.columns) == ["'=cmd", "number"]
    texts = found["'=cmd"].tolist()
    assert texts[:4] == ["'=1+1", "+1", "-2", "'@x"] and texts[6] == "fine" and pd.isna(texts[7])
    assert all(str(text).startswith("'") for text in texts[4:6])
    assert np.array_equal(found["number"], RISKY["number"], equal_nan=True)
    assert [path.name for path in tmp_path.iterdir()] == [path.name]


def test_the_texts_of_a_sheet_stay_as_they_are(tmp_path: Path) -> None:
    assert write_predictions(RISKY, tmp_path / "a.xlsx", "xlsx") == 0
    found = pd.read_excel(tmp_path / "a.xlsx", engine="calamine", keep_default_na=False)
    assert found["=cmd"].tolist()[:5] == RISKY["=cmd"].tolist()[:5]


@given(
    number=st.floats(-1e300, 1e300) | st.integers(-(10**300), 10**300),
    form=st.sampled_from(["{}", "{:+}", "{:.2f}", "{:+,.2f}", "{:e}", "{:+.1%}"]),
    comma=st.booleans(),
)
def test_a_number_is_no_formula_however_it_is_written(number: float, form: str, comma: bool) -> None:
    text = form.format(number)
    assert not is_formula(text.translate(str.maketrans(",.", ".,")) if comma else text)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "-1+2", "+1-1", "-2*3", "@SUM(A1)", "-A1", "+cmd|'/c calc'!A0", "-1;2", "--1", "=", "@", "\t1"],
)
def test_what_a_spreadsheet_would_run_is_a_formula(text: str) -> None:
    assert is_formula(text)
    shown, count = guarded(pd.DataFrame({"a": [text, "-1", "-"], text: ["x", "y", None]}))
    assert count == 2
    assert shown["a"].tolist() == [f"'{text}", "-1", "-"]
    assert shown.columns[1] == f"'{text}"


def test_raw_and_parquet_leave_texts_as_they_are(tmp_path: Path) -> None:
    write_predictions(RISKY, tmp_path / "a.csv", "csv", raw=True)
    assert list(pd.read_csv(tmp_path / "a.csv").columns) == ["=cmd", "number"]
    write_predictions(RISKY, tmp_path / "a.parquet", "parquet")
    assert pd.read_parquet(tmp_path / "a.parquet")["=cmd"].tolist()[:6] == RISKY["=cmd"].tolist()[:6]


def test_sheets_hold_no_formula_even_when_raw(tmp_path: Path) -> None:
    write_predictions(RISKY, tmp_path / "a.xlsx", "xlsx", raw=True)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    "frame",
    [pd.DataFrame({"x": np.zeros(1_048_576)}), pd.DataFrame({"x": pd.Series(["a" * 32_768], dtype="str")})],
)
def test_what_does_not_fit_into_a_sheet_is_refused(frame: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(FoldlineError) as caught:
        write_predictions(frame, tmp_path / "a.xlsx", "xlsx")
    assert caught.value.code == "SHEET"
    assert not list(tmp_path.iterdir())


def test_sample_gives_rows_and_predictions_back_exactly() -> None:
    frame = FRAME.drop(columns="y").assign(age=[0.1 + 0.2, -0.0, np.nan, 1e-310])
    sample = sample_of(frame, DummyClassifier(strategy="prior").fit(FRAME[["age"]], FRAME["y"]), RECIPE)
    again = type(sample).model_validate_json(sample.model_dump_json())
    pd.testing.assert_frame_equal(again.frame(), frame, check_exact=True)
    assert np.signbit(again.frame()["age"][1])
    model = DummyClassifier(strategy="prior").fit(FRAME[["age"]], FRAME["y"])
    assert self_test(again, model, RECIPE) == 0
    assert self_test(
        again, DummyClassifier(strategy="constant", constant="no").fit([[0], [1]], ["no", "yes"]), RECIPE
    )


def test_an_infinite_prediction_is_the_stored_one() -> None:
    """JSON has no infinity: it is stored as text, and compared so by the app and by a bundle."""
    predictions = pd.DataFrame({"prediction": [np.inf, np.nan, 0.1]})
    assert other_predictions(predictions, {"prediction": ["inf", None, 0.1]}) == 0
    assert other_predictions(predictions, {"prediction": ["-inf", 0.0, 0.1]}) == 2
    assert other_predictions(predictions, {"probability_a": ["inf", None, 0.1]}) == 3


def test_sample_refuses_untyped_cells() -> None:
    with pytest.raises(FoldlineError, match="EXPORT"):
        sample_of(pd.DataFrame({"x": pd.Series([[1], "a"], dtype="object")}), None, RECIPE)


@pytest.mark.parametrize(
    ("classes", "stored", "form", "labels"),
    [
        (("0", "1", "2"), "number", "parquet", [2, 0, 1]),
        (("0", "1", "2"), "number", "xlsx", [2, 0, 1]),
        (("-1", "1"), "number", "csv", [-1, 1, -1]),
        (("1.5", "2"), "number", "parquet", [1.5, 2.0, 1.5]),
        (("False", "True"), "text", "parquet", [True, False, True]),
        (("FALSE", "TRUE"), "text", "parquet", [True, False, True]),
        (("false", "true"), "text", "xlsx", [True, False, True]),
        (("01", "02"), "text", "parquet", ["02", "01", "02"]),
        (("no", "yes"), "text", "parquet", ["yes", "no", "yes"]),
        (("true", "unknown"), "text", "parquet", ["true", "true", "unknown"]),
    ],
)
def test_labels_come_back_as_what_they_were(
    tmp_path: Path, classes: tuple[str, ...], stored: str, form: str, labels: list[object]
) -> None:
    spelled = {name.lower() if stored == "text" else name: name for name in classes}
    texts = [spelled.get(str(label).lower(), str(label).removesuffix(".0")) for label in labels]
    predicted = pd.DataFrame({"prediction": pd.array(texts, dtype="str"), "probability_given": ["x"] * 3})
    typed = predicted if form == "csv" else labels_as_trained(predicted, classes, stored)
    path = tmp_path / f"p.{form}"
    write_predictions(typed, path, form)  # type: ignore[arg-type]
    read = {"csv": pd.read_csv, "parquet": pd.read_parquet, "xlsx": pd.read_excel}[form]
    options = {"engine": "calamine"} if form == "xlsx" else {}
    again = read(path, **options)["prediction"].tolist()
    assert again == labels and [type(one) for one in again] == [type(one) for one in labels]
