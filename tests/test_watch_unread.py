"""What no model reads and is watched all the same: constants and ids; chance, missing columns, exit codes."""

from __future__ import annotations

import json
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.command.drift import EXIT_CODES
from core.data.kinds import classify
from core.drift.profile.document import ReferenceProfile
from core.recipe.document import ColumnChoice, Recipe
from core.recipe.usage import Drift
from core.watch.comparison import against_profile, against_rows
from core.watch.judge.verdict import VerdictState
from core.watch.recipe_profile import profile_of, watched_aside
from core.watch.result import DriftReport
from tests.conftest import shared
from tests.test_command import foldline


def parts(rows: int, seed: int = 0, **fixed: Any) -> pd.DataFrame:
    """Rows of a machine: a size, a shop, and columns that are constant."""
    rng = np.random.default_rng(seed)
    frame = {
        "size": rng.normal(10, 1, rows),
        "shop": pd.Series(rng.choice(["a", "b", "c"], rows), dtype="str"),
        "key": pd.Series([f"k{seed}-{i:06d}" for i in range(rows)], dtype="str"),
        "unit": pd.Series(["mm"] * rows, dtype="str"),
        "firmware": np.full(rows, 7.0),
        "empty": pd.Series([None] * rows, dtype="str"),
    }
    return pd.DataFrame(frame | fixed)


def states(report: DriftReport) -> dict[str, str]:
    return {column.name: column.state for column in report.columns}


def model() -> tuple[Recipe, ReferenceProfile]:
    """A recipe that reads two of the columns, and its profile as it lies in a bundle."""
    old = parts(1200).assign(y=np.random.default_rng(1).normal(size=1200))
    kinds = {column.name: column.kind for column in classify(old, {})}
    roles = {"size": "feature", "shop": "feature", "y": "target"}
    columns = [
        ColumnChoice(name=name, kind=kind, role=roles.get(name, "ignore")) for name, kind in kinds.items()
    ]
    recipe = Recipe(task="regression", target="y", columns=tuple(columns))
    stored = json.dumps(profile_of(recipe, old, None, {"size": 0.8, "shop": 0.2}).to_dict())
    return recipe, ReferenceProfile.from_dict(json.loads(stored))


CHANGES: dict[str, tuple[dict[str, Any], str, str]] = {
    "another unit": ({"unit": "inch"}, "unit", "drift"),
    "half of another unit": ({"unit": ["mm", "inch"] * 300}, "unit", "drift"),
    "another version": ({"firmware": np.repeat([7.0, 8.0, 9.0], 200)}, "firmware", "drift"),
    "a unit that is gone": ({"unit": None}, "unit", "drift"),
    "ids that are gone": ({"key": None}, "key", "drift"),
    "an empty column that is filled": ({"empty": "x"}, "empty", "drift"),
    "nothing": ({}, "unit", "stable"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_constants_and_ids_are_watched_in_tables_and_in_bundles(name: str) -> None:
    change, column, state = CHANGES[name]
    new = parts(600, 2, **change)
    recipe, profile = model()
    for report in (
        against_rows(parts(1200), new, Drift()),
        against_profile(recipe, profile, new, None, Drift()),
    ):
        assert states(report)[column] == state
        assert report.verdict.state == state
        if state == "drift":
            assert repr(column) in report.verdict.action


def test_ids_that_repeat_are_told() -> None:
    report = against_rows(
        parts(1200), parts(600, 2, key=["k"] * 300 + [f"n{i}" for i in range(300)]), Drift()
    )
    assert "DUPLICATE_IDS" in {finding.code for finding in report.findings}


@pytest.mark.parametrize("form", ["X-{}", "{}", "{}-2026", "k{}/b"])
@pytest.mark.parametrize("share", [0.05, 1.0])
def test_ids_of_another_format_are_told(form: str, share: float) -> None:
    keys = [form.format(i) if i < 600 * share else f"n9-{i}" for i in range(600)]
    recipe, profile = model()
    for report in (
        against_rows(parts(1200), parts(600, 2, key=keys), Drift()),
        against_profile(recipe, profile, parts(600, 2, key=keys), None, Drift()),
    ):
        (finding,) = (one for one in report.findings if one.code == "ID_FORMAT")
        assert f"{int(600 * share):,} of 600 values of 'key'" in finding.reason
    quiet = against_rows(parts(1200), parts(600, 2), Drift())
    assert "ID_FORMAT" not in {finding.code for finding in quiet.findings}


def test_what_no_model_reads_may_be_missing_and_is_no_error() -> None:
    recipe, profile = model()
    assert {column.name for column in watched_aside(recipe)} == {"key", "unit", "firmware", "empty"}
    new = parts(600, 2).drop(columns=["key", "unit", "firmware", "empty"])
    report = against_profile(recipe, profile, new, None, Drift())
    assert report.verdict.state == "stable"
    gone = {finding.column for finding in report.findings if finding.code == "MISSING_COLUMN"}
    assert gone == {"key", "unit", "firmware", "empty"}
    assert {finding.severity for finding in report.findings} == {"info"}
    assert against_profile(recipe, profile, new.drop(columns="size"), None, Drift()).verdict.state == "broken"


def test_a_changed_unit_is_never_called_idle() -> None:
    recipe, profile = model()
    report = against_profile(recipe, profile, parts(600, 2, unit="inch"), None, Drift())
    assert "hardly uses" not in report.verdict.text
    assert report.columns[0].name != "unit" or len([c for c in report.columns if c.impact]) == 0


@settings(max_examples=30, deadline=None)
@given(share=st.floats(0.001, 0.01), rows=st.integers(30, 200), seed=st.integers(0, 10**6))
def test_a_rare_level_that_is_absent_from_few_rows_is_chance(share: float, rows: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rare = max(1, round(3000 * share))
    levels = ["usual"] * (3000 - rare) + ["rare"] * rare
    old = pd.DataFrame({"x": rng.normal(size=3000), "level": pd.Series(levels, dtype="str")})
    new = pd.DataFrame({"x": rng.normal(size=rows), "level": pd.Series(["usual"] * rows, dtype="str")})
    report = against_rows(old, new, Drift())
    assert "CONSTANT" not in {finding.code for finding in report.findings}
    assert states(report)["level"] != "drift"


@pytest.mark.parametrize(
    "values", [["a", "b"] * 600, [float(i) for i in range(1200)], ["2024-01-01", "2024-01-02"] * 600]
)
def test_a_column_that_froze_is_told(values: list[Any]) -> None:
    old = pd.DataFrame({"x": np.arange(1200) % 7.0, "v": values})
    if isinstance(values[0], str) and values[0][:2] == "20":
        old["v"] = pd.to_datetime(old["v"])
    report = against_rows(old, old.head(300).assign(v=old["v"].iloc[0]), Drift())
    assert "CONSTANT" in {finding.code for finding in report.findings}


def test_two_tables_have_no_model_that_a_missing_column_makes_unsafe() -> None:
    report = against_rows(parts(1200), parts(600, 2).drop(columns="shop"), Drift())
    assert report.verdict.state == "look"
    assert "1 column is missing from the new data: 'shop'." in report.verdict.text
    assert "Nothing to do" not in report.verdict.action


def cases() -> dict[str, tuple[str, ...]]:
    folder = shared("failing/after")
    return {
        "stable": (f"{folder}/const_ref.csv", f"{folder}/const_ref.csv"),
        "drift": (f"{folder}/const_ref.csv", f"{folder}/const_new.csv"),
        "worse": (f"{folder}/ev_bundle.zip", f"{folder}/pf_flipped.csv"),
    }


@pytest.mark.parametrize("state", ["stable", "drift", "worse"])
def test_a_scheduler_can_act_on_the_exit_code(state: str) -> None:
    done = foldline("drift", *cases()[state], "--exit-code", "--json")
    assert done.returncode == EXIT_CODES[state]
    assert json.loads(done.stdout)["verdict"]["state"] == state


def test_every_state_has_an_exit_code_of_its_own() -> None:
    every = get_args(VerdictState)
    assert set(EXIT_CODES) == set(every)
    assert len(set(EXIT_CODES.values())) == len(every)
    assert {1, 2}.isdisjoint(EXIT_CODES.values())


def test_two_files_know_a_target() -> None:
    old, new = (str(shared(f"failing/after/{name}.csv")) for name in ("dm_ref", "dm_new"))
    done = foldline("drift", old, new, "--target", "late", "--json")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert "late" not in {column["name"] for column in report["columns"]}
    assert "NO_LABELS" in {finding["code"] for finding in report["findings"]}
    refused = foldline("drift", old, new, "--target", "nothing")
    assert refused.returncode == 1
    assert "COLUMN" in refused.stderr
