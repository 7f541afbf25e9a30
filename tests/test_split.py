"""How rows are divided: times, groups, and both."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import FoldlineError
from core.recipe.document import ColumnChoice
from core.standalone.counts import counted
from core.train.rows.split import split_rows
from core.train.rows.target import target_of
from core.train.rows.unplaced import check_order
from tests.small_recipes import ROWS, column, numbers, regression


def when(frame: pd.DataFrame) -> tuple[pd.DataFrame, ColumnChoice]:
    """Days in order, as text whose alphabet has another order, with one that is no day."""
    days = pd.Series(pd.date_range("2020-01-01", periods=len(frame)).strftime("%d.%m.%Y"), dtype="str")
    days[7] = "soon"
    return frame.assign(when=days), column("when", "datetime", "time", format="%d.%m.%Y")


def test_times_that_are_stored_as_text_are_ordered_as_times() -> None:
    frame, role = when(numbers())
    recipe = regression(column("x"), role)
    split = split_rows(recipe, frame, target_of(recipe, frame))
    assert split.train.max() < split.test.min()
    assert split.train[0] == 7, "a row without a time comes first"
    assert all(fit.max() < valid.min() for fit, valid in split.folds)


def test_a_time_column_that_cannot_be_read_is_refused() -> None:
    frame, role = when(numbers())
    recipe = regression(column("x"), role.model_copy(update={"format": "%Y/%m/%d"}))
    with pytest.raises(FoldlineError, match="'when' can be read as a time"):
        split_rows(recipe, frame, target_of(recipe, frame))


@pytest.mark.parametrize("physical", ["float64", "str"])
def test_rows_without_a_group_form_one(physical: str) -> None:
    ids = pd.Series(np.arange(ROWS) % 9, dtype="float64")
    frame = numbers().assign(g=ids.astype(physical).mask(ids == 4))
    recipe = regression(column("x"), column("g", "categorical", "group"))
    split = split_rows(recipe, frame, target_of(recipe, frame))
    parts = [(split.train, split.test), *split.folds]
    gaps = frame["g"].isna().to_numpy()
    assert all(not gaps[a].any() or not gaps[b].any() for a, b in parts)


def test_steps_in_time_do_not_divide_a_group() -> None:
    frame = numbers()
    frame["g"] = pd.Series(np.repeat([f"g{i}" for i in range(10)], ROWS // 10), dtype="str")
    frame["t"] = pd.date_range("2020-01-01", periods=ROWS).astype("datetime64[us]")
    frame.loc[:39, "t"] = pd.NaT
    recipe = regression(column("x"), column("g", "categorical", "group"), column("t", "datetime", "time"))
    split = split_rows(recipe, frame, target_of(recipe, frame))
    parts = [(split.train, split.test), *split.folds]
    assert all(not set(frame["g"].iloc[a]) & set(frame["g"].iloc[b]) for a, b in parts)
    assert all(fit.max() < valid.min() for fit, valid in parts)
    assert frame["t"].iloc[split.test].notna().all(), "unknown times are not the latest"


def in_time(times: Any, **more: Any) -> tuple[Any, pd.DataFrame]:
    """The split of rows with these times, and their frame."""
    frame = numbers().assign(t=pd.Series(times).astype("datetime64[us]"), **more)
    roles = [column("t", "datetime", "time"), *(column(name, "categorical", "group") for name in more)]
    recipe = regression(column("x"), *roles)
    return split_rows(recipe, frame, target_of(recipe, frame)), frame


def parts_of(split: Any) -> list[Any]:
    return [(split.train, split.test), *split.folds]


@pytest.mark.parametrize("apart", [1, 7, 30, 60])
def test_rows_of_one_time_are_never_divided(apart: int) -> None:
    days = pd.date_range("2020-01-01", periods=ROWS)[np.arange(ROWS) // apart]
    split, frame = in_time(np.random.default_rng(0).permutation(days))
    for before, after in parts_of(split):
        assert len(before) and frame["t"].iloc[before].max() < frame["t"].iloc[after].min()
    assert abs(len(split.test) - ROWS / 5) <= apart / 2 + 1
    assert f"({len(split.test):,} rows)" in split.words


def test_steps_in_time_have_as_many_rows_each_however_the_times_crowd() -> None:
    days = np.r_[np.arange(ROWS // 2), ROWS // 2 + np.arange(ROWS // 2) // 8]
    split, _ = in_time(pd.Timestamp("2020-01-01") + pd.to_timedelta(days, unit="D"))
    sizes = [len(valid) for _, valid in split.folds]
    assert len(sizes) == 5 and max(sizes) - min(sizes) <= 8, sizes


def layout(rng: np.random.Generator, groups: int, length: float) -> tuple[np.ndarray, np.ndarray]:
    """Groups whose rows lie within a stretch of time of some length, in days, from a start of their own."""
    group = rng.integers(0, groups, ROWS)
    start = rng.uniform(0, 1_000, groups)
    days = (start[group] + length * rng.random(ROWS)).astype(int)
    return np.array([f"g{one}" for one in group], dtype=object), days


@given(
    seed=st.integers(0, 10_000),
    groups=st.integers(2, ROWS),
    length=st.sampled_from([0.0, 5.0, 50.0, 300.0, 3_000.0]),
)
@settings(max_examples=60, deadline=None)
def test_with_a_time_and_groups_every_part_is_forward_and_no_group_on_both_sides(
    seed: int, groups: int, length: float
) -> None:
    group, days = layout(np.random.default_rng(seed), groups, length)
    try:
        split, frame = in_time(pd.Timestamp("2020-01-01") + pd.to_timedelta(days, unit="D"), g=group)
    except FoldlineError as fault:
        assert fault.code == "SPLIT" and fault.hint
        return
    for before, after in parts_of(split):
        assert frame["t"].iloc[before].max() < frame["t"].iloc[after].min()
        assert not set(frame["g"].iloc[before]) & set(frame["g"].iloc[after])
    left_out = ROWS - len(split.train) - len(split.test)
    assert (f"Left out: {counted(left_out, 'earlier row')} of groups in g" in split.words) == (left_out > 0)
    later = frame["t"] >= frame["t"].iloc[split.test].min()
    assert set(np.flatnonzero(later)) == set(split.test), "the test set is the last rows, whole"


def test_groups_that_last_all_the_time_are_refused_with_a_remedy() -> None:
    days = pd.date_range("2020-01-01", periods=ROWS)
    with pytest.raises(FoldlineError, match="come again in it") as caught:
        in_time(days, g=np.array([f"g{row % 10}" for row in range(ROWS)], dtype=object))
    assert "no role group for 'g'" in caught.value.hint and "no role time for 't'" in caught.value.hint


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


@pytest.mark.parametrize(
    "texts",
    [
        [f"Week {i}" for i in range(20)],
        [f"Q{1 + i % 4} {2020 + i // 4}" for i in range(20)],
        ["unknown", *(f"{1 + i:02d}/03/2024" for i in range(19))],
        [f"2024-{1 + i}" for i in range(12)],
    ],
)
def test_texts_without_an_order_in_time_are_refused(texts: list[str]) -> None:
    with pytest.raises(FoldlineError, match="no order in time"):
        check_order(pd.Series(texts * 5, name="d", dtype="str"))


def test_texts_whose_letters_are_in_the_order_of_time_are_taken() -> None:
    check_order(pd.Series([f"{2020 + i // 12}-{1 + i % 12:02d}" for i in range(40)], dtype="str"))
