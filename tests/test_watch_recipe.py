"""What a recipe computes and by what its rows belong together: what Monitor says of both."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.recipe import edits
from core.recipe.document import ColumnChoice, Recipe
from core.recipe.usage import USUAL_DRIFT
from core.watch.comparison import Training, against_profile, against_training
from core.watch.recipe_profile import profile_of
from core.watch.result import DriftReport


def table(seed: int, names: list[str], size: int = 20) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = len(names) * size
    return pd.DataFrame(
        {
            "x": rng.normal(size=rows),
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 365, rows), unit="D"),
            "patient": pd.Series(np.repeat(names, size), dtype="str"),
            "y": rng.normal(size=rows),
        }
    )


def recipe() -> Recipe:
    choices = (
        ColumnChoice(name="x", kind="numeric"),
        ColumnChoice(name="day", kind="datetime"),
        ColumnChoice(name="patient", kind="categorical", role="group"),
        ColumnChoice(name="y", kind="numeric"),
    )
    return edits.set_target(Recipe(columns=choices), "y", "regression")


def reports(of: Recipe, old: pd.DataFrame, new: pd.DataFrame) -> dict[str, DriftReport]:
    return {
        "bundle": against_profile(of, profile_of(of, old, None, None), new, None, USUAL_DRIFT),
        "training": against_training(of, Training(old), new, None, USUAL_DRIFT),
    }


def finding(report: DriftReport, code: str) -> str:
    return next((issue.reason for issue in report.findings if issue.code == code), "")


def names(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{place}" for place in range(count)]


@pytest.mark.parametrize("by", ["bundle", "training"])
def test_what_is_computed_is_said_not_to_be_compared(by: str) -> None:
    old, new = table(0, names("p", 30)), table(1, names("p", 30))
    plain, computed = recipe(), edits.add_feature(recipe(), "elapsed", ["day"])
    assert not finding(reports(plain, old, new)[by], "COMPUTED")
    text = finding(reports(computed, old, new)[by], "COMPUTED")
    assert "What the recipe computes from 'day' is not compared itself" in text
    assert "may grow with every batch" in text


def test_one_group_cannot_be_judged() -> None:
    old = table(0, names("p", 30))
    for report in reports(recipe(), old, table(1, ["new"], 300)).values():
        assert "All new rows are of one group in 'patient'" in finding(report, "ONE_GROUP")
        assert report.verdict.state in ("too_few_rows", "look")
        assert "one group in 'patient'" in report.verdict.text
        assert "drift" not in {column.state for column in report.columns}


def test_groups_that_are_all_new_are_told_beside_the_training_rows() -> None:
    old = table(0, names("p", 30))
    fresh, same = (reports(recipe(), old, table(1, names(prefix, 30)))["training"] for prefix in "qp")
    assert "None of the 30 groups of 'patient'" in finding(fresh, "NEW_GROUPS")
    assert not finding(same, "NEW_GROUPS")
