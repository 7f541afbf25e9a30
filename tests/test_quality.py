"""Kinds, profile, queries and findings, on real data and on small tables made to fail."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.catalog.checks import CHECKS
from core.checks.finding import Finding
from core.data import query
from core.data.kinds import classify, named_like_id
from core.data.profile import profile
from core.data.read import read
from core.data.table import Column, Reading
from core.data.table_profile import (
    ClassCounts,
    CorrelatedPair,
    NumberStats,
    NumberSummary,
    TargetMeans,
    TextSummary,
)
from core.errors import FoldlineError
from core.findings import findings
from core.recipe.document import ColumnChoice, Recipe
from core.recipe.fixes import EDITS, apply_fix
from core.spec import Role, Task
from tests.conftest import shared


@cache
def real(name: str) -> Reading:
    """A data set of the shared folder as the app reads it."""
    return read(shared(f"data/{name}.csv"), f"{name}.csv")


def column(reading: Reading, name: str) -> Column:
    return next(c for c in reading.columns if c.name == name)


@cache
def found_in(name: str, target: str, task: Task) -> tuple[Finding, ...]:
    reading = real(name)
    return tuple(findings(reading.frame, reading.columns, target, task))


def codes(found: Sequence[Finding], code: str, severity: str = "") -> list[str]:
    return [f.column for f in found if f.code == code and severity in ("", f.severity)]


def texts(values: list[str | None]) -> pd.Series:
    return pd.Series(values, dtype="str")


def made(
    target: str, task: Task, roles: dict[str, Role] | None = None, **columns: pd.Series
) -> list[Finding]:
    """The findings in a small table."""
    frame = pd.DataFrame(columns)
    kinds = classify(frame, {})
    kinds = tuple(c.model_copy(update={"role": (roles or {}).get(c.name, c.role)}) for c in kinds)
    return findings(frame, kinds, target, task)


# Kinds


@pytest.mark.parametrize(
    ("table", "name", "kind", "role"),
    [
        ("telco_churn", "customerID", "id", "ignore"),
        ("telco_churn", "SeniorCitizen", "boolean", "feature"),
        ("telco_churn", "TotalCharges", "numeric", "feature"),
        ("telco_churn", "Contract", "categorical", "feature"),
        ("titanic", "PassengerId", "id", "ignore"),
        ("titanic", "Name", "text", "feature"),
        ("titanic", "Ticket", "categorical", "feature"),
        ("titanic", "Pclass", "numeric", "feature"),
        ("employee_salaries", "date_first_hired", "datetime", "feature"),
        ("employee_salaries", "department", "categorical", "feature"),
        ("adult", "fnlwgt", "numeric", "feature"),
        ("adult", "native-country", "categorical", "feature"),
        ("ames_housing", "PID", "id", "ignore"),
        ("bike_sharing", "instant", "id", "ignore"),
        ("sms_spam", "text", "text", "feature"),
        ("california_housing", "MedInc", "numeric", "feature"),
    ],
)
def test_kinds_of_real_columns(table: str, name: str, kind: str, role: str) -> None:
    found = column(real(table), name)
    assert (found.kind, found.role) == (kind, role), found.reason
    assert found.reason.endswith(".")


def test_secom_has_its_116_constants() -> None:
    assert sum(c.kind == "constant" for c in real("secom").columns) == 116


ROWS = 40


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (pd.Series([np.nan] * ROWS), "constant"),
        (pd.Series([1.0] * ROWS), "constant"),
        (pd.Series([0.0, 1.0] * (ROWS // 2)), "boolean"),
        (texts(["a", None] * (ROWS // 2)), "constant"),
        (pd.Series(np.arange(float(ROWS))), "id"),
        (pd.Series(np.arange(ROWS, 0.0, -1)), "id"),
        (pd.Series(np.arange(1980.0, 1980.0 + ROWS)), "numeric"),
        (pd.Series(np.arange(ROWS) + 0.5), "numeric"),
        (texts([f"A{n:03d}" for n in range(ROWS)]), "id"),
        (texts([f"{n}.5" for n in range(ROWS - 1)] + ["x"]), "categorical"),
        (texts([f"{n:05d}" for n in range(ROWS)]), "id"),
        (texts([f"the answer to question {n}" for n in range(ROWS)]), "text"),
        (texts(["not at all sure", "quite sure of it", "do not want to say"] * ROWS), "categorical"),
        (pd.Series(pd.date_range("2024", periods=ROWS).astype("datetime64[us]")), "datetime"),
    ],
)
def test_kinds_of_made_columns(values: pd.Series, kind: str) -> None:
    assert classify(pd.DataFrame({"value": values}), {})[0].kind == kind


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("customerID", True),
        ("PassengerId", True),
        ("order_no", True),
        ("id", True),
        ("userid", True),
        ("paid", False),
        ("humid", False),
        ("fluid level", False),
        ("number_of_rooms", False),
        ("", False),
    ],
)
def test_names_that_read_like_keys(name: str, expected: bool) -> None:
    assert named_like_id(name) is expected


def test_classify_counts_and_keeps_formats() -> None:
    frame = pd.DataFrame(
        {
            "when": pd.to_datetime(["2024-01-01", None, "2024-01-03"]).astype("datetime64[us]"),
            "what": texts(["a", "a", None]),
        }
    )
    when, what = classify(frame, {"when": "%d.%m.%Y", "what": "ignored"})
    assert (when.missing, when.unique, when.format) == (1, 2, "%d.%m.%Y")
    assert (what.missing, what.unique, what.format) == (1, 1, "")


# Profile


def test_profile_agrees_with_pandas() -> None:
    reading = real("titanic")
    described = profile(reading.frame, reading.columns, "Survived", "binary")
    age = described.column("Age")
    assert isinstance(age, NumberSummary) and isinstance(age.stats, NumberStats)
    assert isinstance(age.by_target, ClassCounts)
    ages = reading.frame["Age"]
    assert age.missing == ages.isna().sum() == 177
    assert age.stats.median == ages.median()
    assert age.stats.std == pytest.approx(ages.std())
    assert sum(age.histogram.counts) == ages.notna().sum()
    assert np.sum(age.by_target.counts) == ages.notna().sum()
    dead = reading.frame.loc[reading.frame["Survived"] == 0, "Age"].notna().sum()
    assert sum(age.by_target.counts[age.by_target.classes.index("0")]) == dead
    assert described.missing.complete_rows == len(reading.frame.dropna())
    json.dumps(described.model_dump(mode="json"), allow_nan=False)


def test_profile_of_a_number_target_gives_means_by_level() -> None:
    reading = real("employee_salaries")
    described = profile(reading.frame, reading.columns, "current_annual_salary", "regression")
    department = described.column("department")
    assert isinstance(department, TextSummary) and isinstance(department.by_target, TargetMeans)
    levels = [one.level for one in department.levels]
    expected = reading.frame.groupby("department")["current_annual_salary"].mean()
    assert list(department.by_target.means) == pytest.approx([expected[level] for level in levels])
    assert sum(one.count for one in department.levels) + department.other == len(reading.frame)


def test_profile_counts_exactly_and_samples_the_rest() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=250_000), "y": texts(["a", "b"] * 125_000)})
    frame.loc[:999, "x"] = np.nan
    frame = pd.concat([frame, frame.iloc[-10:]], ignore_index=True)
    described = profile(frame, classify(frame, {}))
    assert described.rows == 250_010
    assert described.sampled == 200_000
    assert described.columns[0].missing == 1_000
    assert described.duplicates == 10 + 998  # the copies, and the empty x beside two levels


@pytest.mark.parametrize(
    "values", [[np.nan] * 30, [5.0] * 30, [1e300, -1e300] * 15, [0.0] * 29 + [1e9], list(range(30))]
)
def test_profile_of_nasty_numbers_is_json(values: list[float]) -> None:
    frame = pd.DataFrame({"x": np.array(values, dtype="float64"), "y": texts(["a", "b"] * 15)})
    described = profile(frame, classify(frame, {}), "y", "binary")
    json.dumps(described.model_dump(mode="json"), allow_nan=False)
    x = described.columns[0]
    assert isinstance(x, NumberSummary)
    assert sum(x.histogram.counts) == frame["x"].notna().sum()


def test_profile_names_columns_that_go_together() -> None:
    x = pd.Series(np.random.default_rng(0).normal(size=200))
    frame = pd.DataFrame({"x": x, "cube": -(x**3), "other": x.sample(frac=1, random_state=1).to_numpy()})
    assert profile(frame, classify(frame, {})).correlated == (CorrelatedPair(a="x", b="cube", spearman=-1.0),)


# Findings


def test_hotel_reservation_status_leaks() -> None:
    found = found_in("hotel_bookings", "is_canceled", "binary")
    assert codes(found, "LEAKAGE", "error") == ["reservation_status"]
    assert codes(found, "DUPLICATES") == [""]
    assert codes(found, "TIME_SHUFFLED") == ["reservation_status_date"]
    assert found[0].severity == "error"


def test_bike_sharing_parts_of_the_sum_leak() -> None:
    found = found_in("bike_sharing", "cnt", "regression")
    assert codes(found, "LEAKAGE", "error") == ["casual", "registered"]
    assert codes(found, "TIME_SHUFFLED") == ["date"]


@pytest.mark.parametrize(
    ("table", "target", "task"),
    [
        ("telco_churn", "Churn", "binary"),
        ("titanic", "Survived", "binary"),
        ("german_credit", "class", "binary"),
        ("california_housing", "MedHouseVal", "regression"),
        ("employee_salaries", "current_annual_salary", "regression"),
        ("wine_quality", "quality", "multiclass"),
        ("elec2", "class", "binary"),
    ],
)
def test_honest_tables_raise_no_alarm(table: str, target: str, task: Task) -> None:
    found = found_in(table, target, task)
    assert [f for f in found if f.severity == "error" or f.code == "LEAKAGE"] == []


def test_titanic_id_and_cabin() -> None:
    found = found_in("titanic", "Survived", "binary")
    assert codes(found, "ID_LIKE") == ["PassengerId"]
    assert codes(found, "HIGH_MISSING") == ["Cabin"]


def test_adult_labels_written_in_two_ways() -> None:
    found = found_in("adult", "income", "multiclass")
    assert codes(found, "LOOKALIKE", "error") == ["income"]
    assert codes(found, "DISGUISED_MISSING") == ["capital-gain"]


def test_real_targets_that_are_rare_or_thin() -> None:
    assert codes(found_in("secom", "Good/Bad", "binary"), "IMBALANCE") == ["Good/Bad"]
    assert codes(found_in("wine_quality", "quality", "multiclass"), "TINY_CLASS") == ["quality"]
    assert codes(found_in("employee_salaries", "current_annual_salary", "regression"), "CORRELATED") == [
        "department_name"
    ]


Y = texts(["yes", "no", "no", "yes"] * 50)
NOISE = pd.Series(np.random.default_rng(1).normal(size=200))
COUNT = pd.Series(np.random.default_rng(2).integers(0, 30, 200).astype("float64"))


def with_value(values: pd.Series, value: float | str, every: int) -> pd.Series:
    out = values.copy()
    out.iloc[::every] = value
    return out


MADE: list[tuple[str, dict[str, pd.Series], str]] = [
    ("LEAKAGE", {"x": Y.map({"yes": 1.5, "no": 0.5}) + 0.01 * NOISE}, "x"),
    ("LEAKAGE", {"x": NOISE.where(Y == "yes")}, "x"),
    ("CONSTANT", {"x": pd.Series([1.0] * 200)}, "x"),
    ("ID_LIKE", {"x": texts([f"K{n}" for n in range(200)])}, "x"),
    ("ID_LIKE", {"x": pd.Series(np.cumsum(np.arange(1.0, 201) % 5 + 1))}, "x"),
    ("HIGH_MISSING", {"x": NOISE.where(COUNT < 10)}, "x"),
    ("DISGUISED_MISSING", {"x": with_value(COUNT, -999.0, 15)}, "x"),
    ("DISGUISED_MISSING", {"x": with_value(COUNT, -1.0, 15)}, "x"),
    ("DISGUISED_MISSING", {"x": with_value(COUNT, 999.0, 15)}, "x"),
    ("DISGUISED_MISSING", {"x": with_value(texts(["a", "b", "c", "d"] * 50), "-", 15)}, "x"),
    ("MIXED_TYPES", {"x": with_value(NOISE.round(1).astype("str"), "broken", 50)}, "x"),
    ("DUPLICATES", {"x": texts(["a", "b"] * 100)}, ""),
    ("TIME_SHUFFLED", {"x": pd.Series(pd.date_range("2024", periods=200).astype("datetime64[us]"))}, "x"),
    ("GROUPED", {"lot": texts([f"L{n // 10}" for n in range(200)])}, "lot"),
    ("CORRELATED", {"a": NOISE, "x": NOISE * 2 + 1}, "x"),
    ("CORRELATED", {"a": texts(["u", "v", "w", "w"] * 50), "x": texts(["1x", "2x", "3x", "3x"] * 50)}, "x"),
    ("LOOKALIKE", {"x": with_value(texts(["Red", "Blue", "Green", "Grey"] * 50), "red ", 9)}, "x"),
]


@pytest.mark.parametrize(("code", "columns", "where"), MADE)
def test_each_check_finds_what_was_planted(code: str, columns: dict[str, pd.Series], where: str) -> None:
    found = made("y", "binary", None, y=Y, **columns)
    assert where in codes(found, code), found


@pytest.mark.parametrize(("noise", "severity"), [(0.02, "error"), (0.5, "warn"), (2.0, "")])
def test_a_number_that_tells_a_number_is_graded(noise: float, severity: str) -> None:
    rng = np.random.default_rng(5)
    target = pd.Series(rng.lognormal(size=2_000))
    told = np.log(target + noise * target.std() * np.abs(rng.normal(size=2_000)))
    graded = {f.severity for f in made("y", "regression", y=target, x=told) if f.code == "LEAKAGE"}
    assert graded == ({severity} if severity else set())


def test_a_clean_table_is_clean() -> None:
    noise = np.random.default_rng(3)
    found = made(
        "y",
        "binary",
        y=Y,
        a=NOISE,
        b=COUNT,
        c=pd.Series(noise.normal(size=200)),
        d=texts(["p", "q", "r", "s", "t"] * 40),
    )
    assert found == []


@pytest.mark.parametrize("value", [-1.0, 98.0, 99.0])
def test_ordinary_values_are_not_disguised(value: float) -> None:
    ages = pd.Series(np.random.default_rng(4).integers(1, 96, 200).astype("float64")) - (
        30 if value < 0 else 0
    )
    assert codes(made("y", "binary", y=Y, x=with_value(ages, value, 20)), "DISGUISED_MISSING") == []


@pytest.mark.parametrize(
    ("code", "target", "task", "severity"),
    [
        ("TARGET_MISSING", texts(["yes", "no", None, "no"] * 50), "binary", "warn"),
        ("TARGET_CONSTANT", texts(["yes"] * 200), "binary", "error"),
        ("TARGET_ID", texts([f"c{n}" for n in range(200)]), "multiclass", "error"),
        ("TARGET_ID", texts([f"c{n % 60}" for n in range(200)]), "multiclass", "warn"),
        ("TARGET_ID", pd.Series(np.arange(200.0)), "regression", "error"),
        ("IMBALANCE", texts((["no"] * 9 + ["yes"]) * 20), "binary", "warn"),
        ("TINY_CLASS", texts(["a", "b"] * 98 + ["c"] * 4), "multiclass", "warn"),
        ("TINY_CLASS", texts(["a", "b"] * 99 + ["a", "c"]), "multiclass", "error"),
        ("LOOKALIKE", texts(["Yes", "no", "yes", "no"] * 50), "multiclass", "error"),
    ],
)
def test_checks_of_the_target(code: str, target: pd.Series, task: Task, severity: str) -> None:
    assert codes(made("y", task, y=target, x=NOISE), code, severity) == ["y"]


def test_roles_silence_what_they_answer() -> None:
    when = pd.Series(pd.date_range("2024", periods=200).astype("datetime64[us]"))
    lot = texts([f"L{n // 10}" for n in range(200)])
    columns = {"y": Y, "when": when, "lot": lot, "leak": Y.map({"yes": 1.0, "no": 0.0})}
    found = made("y", "binary", {"when": "time", "lot": "group", "leak": "ignore"}, **columns)
    assert {f.code for f in found} & {"TIME_SHUFFLED", "GROUPED", "LEAKAGE"} == set()


def test_every_fix_is_an_edit_that_works() -> None:
    seen = set()
    for code, columns, where in MADE:
        frame = pd.DataFrame({"y": Y, **columns})
        kinds = classify(frame, {})
        choices = tuple(ColumnChoice(name=c.name, kind=c.kind, role=c.role) for c in kinds)
        recipe = Recipe(target="y", task="binary", columns=choices)
        for finding in findings(frame, kinds, "y", "binary"):
            if finding.fix is not None:
                assert apply_fix(recipe, finding.fix) != recipe, (code, where, finding)
                seen.add(finding.fix.edit)
    assert seen <= set(EDITS)
    assert {"set_role", "set_kind", "add_missing", "drop_duplicates", "use_time"} <= seen


@pytest.mark.parametrize("how", ["as they come", "in order", "in order, with lots"])
def test_what_a_fix_would_do_is_not_told_as_done(how: str) -> None:
    random = np.random.default_rng(4)
    rows = 400
    day = pd.Series(pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 300, rows), unit="D"))
    columns = {
        "day": day.sort_values(ignore_index=True) if how != "as they come" else day,
        "amount": pd.Series(np.where(random.random(rows) < 0.05, -999.0, random.normal(50, 9, rows))),
        "mixed": texts([str(k % 40) if k % 12 else "tbd" for k in range(rows)]),
        "y": pd.Series(np.where(random.random(rows) < 0.05, -999.0, random.normal(50, 9, rows))),
    }
    if how == "in order, with lots":
        columns["lot"] = texts([f"L{k // 8}" for k in range(rows)])
    reasons = [one.reason for one in made("y", "regression", None, **columns) if one.fix is not None]
    assert len(reasons) >= 3
    assert not [one for one in reasons if re.search(r"\b(will|is then|are left out|becomes?)\b", one)]


def test_the_fix_for_imbalance_ranks_by_a_metric_of_the_task() -> None:
    target = texts((["no"] * 9 + ["yes"]) * 20)
    finding = next(f for f in made("y", "binary", y=target, x=NOISE) if f.code == "IMBALANCE")
    assert finding.fix is not None
    assert apply_fix(Recipe(target="y", task="binary"), finding.fix).metric == "average_precision"


def test_findings_are_the_same_each_time_and_name_a_code_of_the_catalog() -> None:
    reading = real("titanic")
    first, second = (findings(reading.frame, reading.columns, "Survived", "binary") for _ in range(2))
    assert first == second
    assert {f.code for f in first} <= {check.code for check in CHECKS}
    assert [f.severity for f in first] == sorted(
        [f.severity for f in first], key=("error", "warn", "info").index
    )


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(FoldlineError) as caught:
        made("nothing", "binary", x=NOISE)
    assert caught.value.code == "COLUMN"


@pytest.mark.parametrize("rows", [0, 1, 2, 25])
@pytest.mark.parametrize("task", ["binary", "regression"])
def test_tiny_tables_raise_nothing(rows: int, task: Task) -> None:
    frame = pd.DataFrame({"y": NOISE if task == "regression" else Y, "x": COUNT, "z": Y}).head(rows)
    columns = classify(frame, {})
    assert isinstance(findings(frame, columns, "y", task), list)
    json.dumps(profile(frame, columns, "y", task).model_dump(mode="json"), allow_nan=False)


# Queries


NASTY = ('a"; DROP TABLE data; --', "A", "a", "row", "c0", "select", "", "ä [x](http://e/)", "it's")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table with nasty names in a folder with a nasty name."""
    path = tmp_path_factory.mktemp("it's a store") / "table.parquet"
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({name: rng.normal(size=2_000).round(2) for name in NASTY})
    frame["level"] = texts(["x", "y", "z", None] * 500)
    frame["when"] = pd.date_range("2024", periods=2_000, freq="h").astype("datetime64[us]")
    frame["code"] = pd.Series([1.0, 2.0] * 1_000)
    frame.loc[:9, "A"] = np.nan
    frame.to_parquet(path, index=False)
    frame.to_parquet(path.with_name("other.parquet"), index=False)
    return path


def test_preview_gives_the_rows_of_the_file(stored: Path) -> None:
    frame = pd.read_parquet(stored)
    pd.testing.assert_frame_equal(
        query.preview(stored, offset=1_990, limit=5), frame.iloc[1_990:1_995].reset_index(drop=True)
    )
    assert query.names(stored) == tuple(frame.columns)


def test_preview_sorts_with_missing_values_last(stored: Path) -> None:
    frame = pd.read_parquet(stored).sort_values(["A"], ascending=False, kind="stable")
    found = query.preview(stored, ("A", NASTY[0]), order="A", descending=True, limit=1_000)
    assert found["A"].tolist() == frame["A"].head(1_000).tolist()
    assert query.preview(stored, ("A",), offset=1_990, order="A")["A"].isna().all()


def test_aggregates_agree_with_pandas(stored: Path) -> None:
    frame = pd.read_parquet(stored)
    levels = query.levels(stored, "level")
    assert dict(zip(levels["level"], levels["count"], strict=True)) == {"x": 500, "y": 500, "z": 500}
    crossed = query.levels(stored, "level", by="code")
    assert crossed["count"].sum() == 1_500
    assert set(crossed["group"]) == {"1", "2"}
    for name in (*NASTY, "when"):
        bins = query.histogram(stored, name, 10, by="code")
        assert bins["count"].sum() == frame[name].notna().sum()
        assert bins["low"].nunique() <= 10


def test_wrong_questions_are_refused(stored: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 not really PAR1")
    for code, ask in (
        ("COLUMN", lambda: query.preview(stored, ("nope",))),
        ("COLUMN", lambda: query.levels(stored, "level", by="nope")),
        ("PARAM", lambda: query.preview(stored, limit=1_001)),
        ("KIND", lambda: query.histogram(stored, "level")),
        ("DAMAGED", lambda: query.preview(tmp_path / "missing.parquet")),
        ("DAMAGED", lambda: query.preview(tmp_path / "broken.parquet")),
    ):
        with pytest.raises(FoldlineError) as caught:
            ask()
        assert caught.value.code == code


def probes(folder: Path) -> list[str]:
    other, out = folder / "other.parquet", folder / "out"
    plain = [str(path).replace("'", "''") for path in (other, out, folder)]
    return [
        f"SELECT * FROM read_parquet('{plain[0]}')",
        f"SELECT * FROM '{plain[0]}'",
        f"SELECT * FROM read_parquet('{plain[2]}/*.parquet')",
        f"SELECT * FROM read_parquet('{plain[2]}/table.parquet/../other.parquet')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/hostname')",
        "SELECT * FROM read_csv('https://example.com/x.csv')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM secret_frame",
        f"COPY data TO '{plain[1]}.csv'",
        f"COPY data TO '{plain[1]}.parquet' (FORMAT parquet)",
        f"ATTACH '{plain[1]}.db'",
        f"EXPORT DATABASE '{plain[1]}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET allowed_paths = ['/etc/passwd']",
        "SET threads = 8",
        "RESET lock_configuration",
        "CREATE PERSISTENT SECRET s (TYPE s3)",
    ]


def test_a_query_reaches_nothing_but_its_table(stored: Path) -> None:
    secret_frame = pd.DataFrame({"secret": [1]})
    before = sorted(path.name for path in stored.parent.iterdir())
    with query.opened(stored) as table:
        for probe in probes(stored.parent):
            with pytest.raises(Exception, match=r"(?i)permission|catalog|configuration|not exist|disabled"):
                table.connection.execute(probe).fetchall()
        assert table.frame("SELECT count(*) AS n FROM data")["n"].tolist() == [2_000]
    assert sorted(path.name for path in stored.parent.iterdir()) == before
    assert len(secret_frame) == 1


@pytest.mark.parametrize("name", ["patient", "Patient_ID", "customer no", "PersonId", "student", "school"])
@pytest.mark.parametrize("entities", [3, 9, 40])
def test_an_entity_is_kept_together_before_it_is_left_out(name: str, entities: int) -> None:
    rng = np.random.default_rng(entities)
    codes = rng.integers(0, entities, 400)
    frame = pd.DataFrame(
        {
            name: texts([f"P{code}" for code in codes]),
            "x": rng.normal(size=400),
            "sick": texts(["yes" if code % 3 else "no" for code in codes]),
        }
    )
    every = [one for one in findings(frame, classify(frame, {}), "sick", "binary") if one.column == name]
    assert {one.code for one in every} == {"LEAKAGE", "GROUPED"}
    assert [one.fix.label for one in every if one.fix] == ["Keep its rows together"] * len(every)


@pytest.mark.parametrize("name", ["region", "colour", "size", "grade"])
def test_an_ordinary_category_is_no_entity(name: str) -> None:
    frame = pd.DataFrame({name: texts([f"L{i % 9}" for i in range(400)]), "sick": texts(["no", "yes"] * 200)})
    assert "GROUPED" not in {one.code for one in findings(frame, classify(frame, {}), "sick", "binary")}


@pytest.mark.parametrize("values", [[2**60 + i for i in range(60)], [f"0{i:03d}" for i in range(60)]])
def test_texts_that_numbers_would_change_are_not_offered_as_numbers(values: list[object]) -> None:
    frame = pd.DataFrame({"code": texts(list(map(str, values * 5))), "y": texts(["a", "b"] * 150)})
    assert "MIXED_TYPES" not in {one.code for one in findings(frame, classify(frame, {}), "y", "binary")}


@pytest.mark.parametrize("levels", ["+ -", "+ ++ -", "+ ++ +++ - --", "+ - unclear"])
@pytest.mark.parametrize("as_target", [True, False])
def test_a_minus_beside_a_plus_is_a_value(levels: str, as_target: bool) -> None:
    signs = texts([*levels.split()] * 60)
    other = texts(["a", "b", "c"] * (len(signs) // 3 + 1)).iloc[: len(signs)]
    task: Task = "multiclass"
    found = made("y", task, x=other, y=signs) if as_target else made("y", task, x=signs, y=other)
    assert codes(found, "DISGUISED_MISSING") == []
    without = signs.replace({"+": "pos", "++": "pos", "+++": "pos"})
    found = made("y", task, x=other, y=without) if as_target else made("y", task, x=without, y=other)
    assert "DISGUISED_MISSING" in {one.code for one in found}


@pytest.mark.parametrize("as_target", [True, False])
def test_a_question_mark_beside_plus_and_minus_still_is_none(as_target: bool) -> None:
    signs, other = texts(["+", "-", "+", "-", "?"] * 40), texts(["a", "b", "c", "d"] * 50)
    found = (
        made("y", "multiclass", x=other, y=signs) if as_target else made("y", "multiclass", x=signs, y=other)
    )
    (one,) = [one for one in found if one.code == "DISGUISED_MISSING"]
    assert one.reason.startswith("? stands in 40 rows")


@pytest.mark.parametrize(("share", "says"), [(0.3, True), (0.45, True), (0.6, False), (0.85, False)])
def test_a_number_that_most_rows_have_is_no_stand_in(share: float, says: bool) -> None:
    rng = np.random.default_rng(0)
    zero = rng.random(2_000) < share
    values = pd.Series(np.where(zero, 0.0, rng.normal(120, 12, 2_000).round()))
    found = made("y", "binary", x=values, y=texts(["a", "b"] * 1_000))
    assert ("x" in codes(found, "DISGUISED_MISSING")) == says


def test_the_stand_in_of_programs_is_one_however_many_rows_have_it() -> None:
    rng = np.random.default_rng(0)
    days = pd.Series(np.where(rng.random(2_000) < 0.96, 999.0, rng.integers(0, 28, 2_000)))
    assert codes(made("y", "binary", x=days, y=texts(["a", "b"] * 1_000)), "DISGUISED_MISSING") == ["x"]
