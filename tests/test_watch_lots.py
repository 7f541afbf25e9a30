"""Rows that come in lots: no column is called changed because other lots came, and a real change is found."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks.tables import work_on
from core.drift.profile.build import reference_profile
from core.drift.profile.document import ReferenceProfile
from core.drift.profile.published import published
from core.engine.work.inputs import watched_rows
from core.recipe import edits
from core.recipe.document import ColumnChoice, Recipe, Split
from core.watch.drift import drift, drift_frames
from core.watch.recipe_profile import profile_of
from core.watch.report import html
from core.watch.result import DriftReport
from tests.conftest import shared

COLUMNS = 6
SIZE = 50
QUIET = ("stable", "too_few_rows")


def lots(
    seed: int, rows: int, share: float, shift: float = 0.0, kind: str = "numeric"
) -> tuple[pd.DataFrame, np.ndarray]:
    """Columns with a share of their variance between lots of SIZE rows, and the lot of each row."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(rows // SIZE), SIZE)
    between = rng.normal(size=(rows // SIZE, COLUMNS))[codes]
    values = np.sqrt(share) * between + np.sqrt(1 - share) * rng.normal(size=(len(codes), COLUMNS))
    values[:, 0] += shift
    frame = pd.DataFrame(values, columns=[f"x{place}" for place in range(COLUMNS)])
    if kind == "categorical":
        cuts = [-np.inf, -1, 0, 1, np.inf]
        frame = frame.apply(lambda column: pd.cut(column, cuts, labels=list("abcd")).astype("str"))
    return frame, codes


def watched(kind: str) -> list[Any]:
    return [SimpleNamespace(name=f"x{place}", kind=kind) for place in range(COLUMNS)]


def compared(seed: int, sizes: tuple[int, int], share: float, shift: float, kind: str) -> DriftReport:
    old, new = (
        lots(seed + 1000 * side, rows, share, shift * side, kind)[0] for side, rows in enumerate(sizes)
    )
    made = published(reference_profile(old, watched(kind)))
    return drift(ReferenceProfile.from_dict(made.to_dict()), new)


@pytest.mark.parametrize(
    ("sizes", "share"), [((4000, 2000), 0.5), ((4000, 2000), 0.1), ((10_000, 300), 0.3), ((4000, 150), 0.5)]
)
def test_other_lots_are_no_change(sizes: tuple[int, int], share: float) -> None:
    states = [
        compared(seed, sizes, share, 0.0, kind).verdict.state
        for seed in range(12)
        for kind in ("numeric", "categorical")
    ]
    assert sum(state not in QUIET for state in states) <= 2, states


@pytest.mark.parametrize("kind", ["numeric", "categorical"])
@pytest.mark.parametrize(("sizes", "share", "shift"), [((4000, 2000), 0.5, 1.5), ((4000, 2000), 0.1, 0.6)])
def test_a_real_change_is_found_in_lots(
    sizes: tuple[int, int], share: float, shift: float, kind: str
) -> None:
    for seed in range(4):
        report = compared(seed, sizes, share, shift, kind)
        assert report.verdict.state == "drift"
        assert report.columns[0].name == "x0"


@pytest.mark.parametrize("by", ["groups", "rows"])
def test_groups_tell_the_lots_of_rows_in_any_order(by: str) -> None:
    order = np.random.default_rng(0).permutation(2000)
    states = []
    for seed in range(6):
        sides = [lots(seed + 1000 * side, 2000, 0.5) for side in (0, 1)]
        old, new = (frame.iloc[order].reset_index(drop=True) for frame, _ in sides)
        groups = tuple(codes[order] for _, codes in sides) if by == "groups" else (None, None)
        states.append(drift_frames(old, new, watched("numeric"), groups=groups).verdict.state)
    if by == "groups":
        assert set(states) <= set(QUIET)
    else:
        assert "drift" in states, "nothing tells the lots, so the rows count as independent"


def test_too_few_independent_rows_are_told_in_words() -> None:
    report = compared(1, (4000, 2000), 0.5, 0.0, "numeric")
    assert report.verdict.state == "too_few_rows"
    assert report.verdict.text.startswith("Too few independent rows to tell")
    assert "more lots" in report.verdict.action
    column = next(one for one in report.columns if one.state == "too_few_rows")
    assert "Too few independent rows to tell" in column.reason
    assert column.details.independent_current is not None
    assert column.details.independent_current < 300
    assert "LOTS" in {issue.code for issue in report.findings}


def test_independent_rows_are_in_no_lots() -> None:
    rng = np.random.default_rng(2)
    for frame in (
        pd.DataFrame(rng.normal(size=(3000, COLUMNS)), columns=[f"x{place}" for place in range(COLUMNS)]),
        pd.DataFrame({"x0": np.sort(rng.normal(size=3000)), "x1": rng.normal(size=3000)}),
    ):
        made = reference_profile(frame, [one for one in watched("numeric") if one.name in frame])
        assert [column.design for column in made.columns] == [None] * frame.shape[1]


def test_a_changed_relation_of_the_target_is_said_to_be_untested() -> None:
    rng = np.random.default_rng(3)
    old, new = (pd.DataFrame({"x0": rng.normal(size=rows)}) for rows in (1000, 600))
    old["y"], new["y"] = old["x0"], -new["x0"]
    columns = [*watched("numeric")[:1], SimpleNamespace(name="y", kind="numeric")]
    report = drift_frames(old, new, columns, target="y")
    assert report.verdict.state == "stable"
    assert "Whether 'y' still depends on the other columns as it did was not tested" in report.verdict.text
    assert "score on the new labels" in report.verdict.action
    assert "was not tested" in html(report)
    unlabelled = drift_frames(old, new.drop(columns="y"), columns, target="y")
    assert "still depends" not in unlabelled.verdict.text


@pytest.mark.parametrize("rows", [150, 200, 400, 550])
def test_rows_in_few_lots_without_the_role_raise_no_joint_alarm(rows: int) -> None:
    """A small side does not show its lots, or how long they are; the large one does."""
    for seed in range(6):
        old, new = lots(seed, 5000, 0.3)[0], lots(seed + 500, rows, 0.3)[0]
        report = drift_frames(old, new, watched("numeric"))
        assert report.joint.state == "too_few_rows"


def test_rows_that_come_in_no_lots_are_compared_one_by_one() -> None:
    rng = np.random.default_rng(4)
    old, new = (
        pd.DataFrame(rng.normal(size=(n, COLUMNS)), columns=list(lots(0, 50, 0.3)[0])) for n in (5000, 300)
    )
    assert drift_frames(old, new, watched("numeric")).joint.state == "stable"
    moved = new.assign(x0=new["x0"] + 1.0)
    assert drift_frames(old, moved, watched("numeric")).joint.drifted


def test_the_rows_of_a_recipe_are_watched_in_the_order_of_the_file(tmp_path: Path) -> None:
    """A recipe takes rows by their content, which would hide what neighbours have in common."""
    states = []
    for seed in range(4):
        old, new = lots(seed, 4000, 0.5)[0], lots(seed + 1000, 1000, 0.5)[0]
        old["y"] = np.random.default_rng(seed).normal(size=len(old))
        choices = tuple(ColumnChoice(name=str(name), kind="numeric") for name in old)
        split = Split(order="content")
        recipe = edits.set_target(Recipe(columns=choices, split=split), "y", "regression")
        work = work_on(recipe, old, tmp_path / str(seed))
        made = published(profile_of(recipe, watched_rows(work, work.target.rows), None, None))
        assert min(column.design or 1.0 for column in made.columns) > 5
        states.append(drift(made, new).verdict.state)
    assert set(states) <= set(QUIET), states


@pytest.mark.parametrize("name", ["wine_quality", "california_housing", "bike_sharing", "elec2"])
def test_random_parts_of_a_file_in_an_order_are_judged_once_shuffled(name: str) -> None:
    """In the order of the file they may be too few independent rows; the words then say what to do."""
    frame = pd.read_csv(shared(f"data/{name}.csv"), sep=None, engine="python", nrows=3000)
    numbers = frame.select_dtypes("number").astype("float64").iloc[:, :8]
    columns = [SimpleNamespace(name=column, kind="numeric") for column in numbers]
    part = np.random.default_rng(0).random(len(numbers)) < 0.5
    sides = [numbers[side].reset_index(drop=True) for side in (part, ~part)]
    report = drift(reference_profile(sides[0], columns), sides[1])
    assert report.verdict.state in QUIET
    assert report.verdict.state == "stable" or "shuffle the rows of both" in report.verdict.action
    mixed = [side.sample(frac=1, random_state=0).reset_index(drop=True) for side in sides]
    assert drift(reference_profile(mixed[0], columns), mixed[1]).verdict.state in ("stable", "look")
