"""Classes made from ranges of a numeric target are leaks; honest columns that tell it well are not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import datasets

from core.checks.finding import Finding
from core.data.kinds import classify
from core.findings import findings
from core.spec import Task

SHAPES: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "even": lambda random, rows: random.uniform(0, 100, rows).round(1),
    "normal": lambda random, rows: (60 + 14 * random.normal(size=rows)).round(),
    "skewed": lambda random, rows: random.lognormal(5, 0.8, rows).round(),
    "few numbers": lambda random, rows: random.binomial(12, 0.5, rows).astype("float64"),
}
CUTS = ((0.3,), (0.5,), (0.33, 0.66), (0.1, 0.4, 0.6, 0.85))


def leaks(frame: pd.DataFrame, task: Task = "regression") -> list[Finding]:
    text = {name: "str" for name in frame.columns if frame[name].dtype == object}
    typed = frame.astype(text)
    return [one for one in findings(typed, classify(typed, {}), "y", task) if one.code == "LEAKAGE"]


def exam(seed: int, rows: int, shape: str) -> tuple[pd.DataFrame, np.random.Generator]:
    """A score, a column that tells some of it, one that tells nothing."""
    random = np.random.default_rng(seed)
    y = SHAPES[shape](random, rows)
    hours = (y - y.mean()) / y.std() + random.normal(size=rows)
    return pd.DataFrame({"hours": hours.round(2), "age": random.normal(size=rows).round(2), "y": y}), random


def banded(y: pd.Series, cuts: Sequence[float], random: np.random.Generator) -> np.ndarray:
    """Numbers of the ranges of a target, in any order."""
    codes = np.searchsorted(np.unique(np.quantile(y, cuts)), y, side="left")
    return np.asarray(random.permutation(codes.max() + 1)[codes])


@pytest.mark.parametrize("cuts", CUTS)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_class_made_from_the_target_is_a_leak_however_it_is_written(
    shape: str, cuts: tuple[float, ...]
) -> None:
    frame, random = exam(3, 800, shape)
    codes = banded(frame["y"], cuts, random)
    written = {"text": pd.Series(list("QWERTY"))[codes].to_numpy(), "numbers": codes * 2.0 + 1}
    if len(cuts) == 1:
        written["yes and no"] = np.where(codes == 1, "yes", "no")
        written["filled in"] = np.where(codes == 1, random.uniform(5, 90, len(codes)).round(2), np.nan)
        written["something spent"] = np.where(codes == 1, random.uniform(5, 90, len(codes)).round(2), 0.0)
    for how, values in written.items():
        named = leaks(frame.assign(band=values))
        assert [one.column for one in named] == ["band"], how
        assert named[0].fix is not None and named[0].fix.label == "Leave it out"
        if how in ("text", "numbers") and shape != "few numbers":
            assert named[0].severity == "error"


@pytest.mark.parametrize("share", [0.005, 0.02])
@pytest.mark.parametrize("how", ["slips", "gaps", "other words"])
def test_a_few_cells_that_are_wrong_do_not_hide_it(how: str, share: float) -> None:
    frame, random = exam(5, 800, "normal")
    band = pd.Series(np.where(frame["y"] >= 60, "pass", "fail"))
    some = random.random(len(band)) < share
    changed = {"slips": band.map({"pass": "fail", "fail": "pass"}), "gaps": None, "other words": "unknown"}
    named = leaks(frame.assign(result=band.mask(some, changed[how])))
    assert [one.column for one in named] == ["result"]
    assert "ranges of y that do not overlap" in named[0].reason


def test_two_kinds_of_range_under_one_word_are_found() -> None:
    frame, _ = exam(6, 800, "normal")
    within = np.where((frame["y"] > 45) & (frame["y"] < 78), "in tolerance", "out of tolerance")
    assert [one.column for one in leaks(frame.assign(state=within))] == ["state"]


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 9_999), levels=st.integers(2, 6), told=st.sampled_from([0.3, 0.6, 0.8, 0.9]))
def test_an_honest_column_is_no_problem(seed: int, levels: int, told: float) -> None:
    random = np.random.default_rng(seed)
    level = random.integers(0, levels, 400)
    unit = (level - level.mean()) / level.std()
    y = np.sqrt(told) * unit + np.sqrt(1 - told) * random.normal(size=400)
    frame = pd.DataFrame({"x": random.normal(size=400), "grade": level.astype("float64"), "y": y})
    named = leaks(frame)
    assert not [one for one in named if one.severity == "error" or "ranges" in one.reason]


@pytest.mark.parametrize("rows", [50, 70, 90])
def test_few_rows_are_no_problem(rows: int) -> None:
    for seed in range(20):
        frame, random = exam(seed, rows, "normal")
        frame["shift"] = random.choice(["day", "night"], rows)
        frame["rare"] = np.where(np.arange(rows) < 2, "odd", "usual")
        frame.loc[:1, "y"] = 200.0
        assert not [one for one in leaks(frame) if "ranges" in one.reason]


@pytest.mark.parametrize("make", [datasets.load_diabetes, datasets.load_iris, datasets.load_wine])
def test_no_number_of_a_clean_table_is_divided(make: Callable[..., object]) -> None:
    frame = make(as_frame=True).frame.astype("float64")  # type: ignore[attr-defined]
    if frame["target"].nunique() < 5:
        frame["target"] = frame["target"].map("kind {:g}".format)
    for name in [c for c in frame.columns if frame[c].nunique() > 20]:
        named = leaks(frame.rename(columns={name: "y"}))
        assert not [one for one in named if one.severity == "error" and "ranges" in one.reason], name


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_a_class_that_repeats_the_classes_is_found_by_its_strength(task: Task) -> None:
    frame, random = exam(7, 600, "normal")
    cuts = (0.5,) if task == "binary" else (0.3, 0.7)
    codes = banded(frame["y"], cuts, random)
    words = pd.Series(["low", "mid", "high"])[codes].to_numpy()
    named = leaks(frame.assign(band=pd.Series(list("QWE"))[codes].to_numpy(), y=words), task)
    assert [(one.column, one.severity) for one in named] == [("band", "error")]
