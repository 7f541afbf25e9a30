"""Leaks planted into real tables are named, and these tables themselves are not called leaky."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import make_friedman2

from benchmarks.decided.planted import IN_ORDER, loud, named, planted, some_rows
from benchmarks.decided.real_tables import FILES, LEAKY, NAMES, Real, real
from core.checks.finding import Finding
from core.data.kinds import classify
from core.findings import findings
from tests.conftest import shared

TABLES = ("breast_cancer", "diabetes", "german_credit")
CERTAIN = (
    "difference of two dates",
    "rounded product",
    "rounded ratio",
    "rounded sum of three",
    "number amid a text",
)
ASKED = ("newest row first",)
EITHER = ("entity in two columns", "entity as floats")


def table(name: str) -> Real:
    if name in FILES:
        shared(f"data/{name}.csv")
    return real(name)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("kind", [*CERTAIN, *ASKED])
def test_a_leak_in_a_real_table_is_named(kind: str, name: str) -> None:
    made, wanted = planted(kind, some_rows(table(name), 1_000, 1, kind in IN_ORDER), 1)
    assert named(loud(made), wanted) == ("error" if kind in CERTAIN else "warn")


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("kind", EITHER)
def test_an_entity_without_a_telling_name_is_named(kind: str, name: str) -> None:
    made, wanted = planted(kind, some_rows(table(name), 1_000, 0, False), 0)
    assert named(loud(made), wanted)


@pytest.mark.parametrize("name", NAMES)
def test_a_real_table_has_no_error_but_where_it_does_leak(name: str) -> None:
    frame, target, task = table(name)
    some = frame.sample(min(len(frame), 1_500), random_state=2).reset_index(drop=True)
    errors = {one.column for one in loud((some, target, task)) if one.severity == "error"}
    assert errors <= LEAKY.get(name, set())


def leaks(frame: pd.DataFrame, task: str = "regression") -> list[Finding]:
    every = findings(frame, classify(frame, {}), "y", task)  # type: ignore[arg-type]
    return [one for one in every if one.code == "LEAKAGE"]


@pytest.mark.parametrize("unit", ["days", "weeks", "years"])
def test_the_time_between_two_dates_is_found_in_any_unit(unit: str) -> None:
    rng = np.random.default_rng(4)
    first = pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(0, 3_000, 400), "D")
    days = rng.gamma(2, 900 if unit == "years" else 20, 400)
    last = first + pd.to_timedelta(days.round(), "D")
    per = {"days": 1, "weeks": 7, "years": 365.25}[unit]
    frame = pd.DataFrame({"age": rng.normal(size=400), "admitted": first, "discharged": last})
    frame = frame.astype({"admitted": "datetime64[us]", "discharged": "datetime64[us]"})
    frame["y"] = np.floor(days.round() / per) + 0.0
    assert {one.column for one in leaks(frame)} >= {"admitted", "discharged"}


@pytest.mark.parametrize("parts", [2, 3])
def test_the_words_name_the_formula(parts: int) -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.uniform(1, 9, (300, 8)).round(2), columns=[f"c{i}" for i in range(8)])
    product = frame["c2"] * frame["c6"] + (frame["c4"] if parts == 3 else 0)
    one = leaks(frame.assign(y=product.round(1)))[0]
    assert "the product of" in one.reason and all(name in one.reason for name in ("c2", "c6"))
    assert ("c4" in one.reason) == (parts == 3)


@pytest.mark.parametrize("noise", [0.0, 1.0, 10.0])
@pytest.mark.parametrize("digits", [0, 2, 15])
def test_what_is_off_by_more_than_rounding_is_no_problem(noise: float, digits: int) -> None:
    data, y = make_friedman2(500, noise=noise, random_state=0)
    frame = pd.DataFrame(data).add_prefix("f").round(digits).assign(y=y.round(digits))
    named = leaks(frame)
    assert {one.severity for one in named} <= {"warn"}
    assert not any("but for rounding" in one.reason for one in named)


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 9_999), digits=st.integers(0, 3), sign=st.sampled_from("+-*/"), off=st.booleans())
def test_what_rounding_explains_is_a_problem_and_nothing_else(
    seed: int, digits: int, sign: str, off: bool
) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.uniform(10, 90, (300, 5)), columns=[f"c{i}" for i in range(5)])
    a, b = frame["c1"], frame["c3"]
    y = {"+": a + b, "-": a - b, "*": a * b, "/": a / b}[sign]
    exact = y.round(digits + (2 if sign == "/" else 0))
    noisy = y + 0.02 * y.std() * rng.normal(size=300)
    named = leaks(frame.assign(y=noisy if off else exact))
    problems = {one.column for one in named if one.severity == "error"}
    assert problems == (set() if off else {"c1", "c3"})


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_row_number_says_which_rows_are_later(newest_first: bool) -> None:
    y = pd.Series(np.random.default_rng(3).normal(size=400)).ewm(alpha=0.2).mean()
    frame = pd.DataFrame({"nr": np.arange(400.0), "x": y + 1, "y": y})
    frame["x"] = np.random.default_rng(4).normal(size=400)
    frame["before"], frame["after"] = y.shift(1).rolling(3).mean(), y.shift(-1)
    frame = frame[::-1].reset_index(drop=True) if newest_first else frame
    assert [one.column for one in leaks(frame)] == ["after"]


def test_a_strong_column_among_others_as_strong_is_a_warning() -> None:
    found = loud(real("separable 0"))
    assert {one.severity for one in found} == {"warn"}
    assert any("the others together tell as much" in one.reason for one in found)


@pytest.mark.parametrize("name", ["wine_quality", "employee_salaries", "california_housing"])
def test_columns_of_real_rows_of_their_own_name_no_entity(name: str) -> None:
    assert not [one for one in loud(table(name)) if "rows belong to" in one.reason]
