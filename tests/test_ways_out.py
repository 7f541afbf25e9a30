"""A split that cannot be made names only what can be had, and what it names can be had."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.errors import FoldlineError
from core.recipe import edits
from core.recipe.document import ColumnChoice, Recipe, Source
from core.train.rows.split import split_as_asked, split_rows
from core.train.rows.target import Target, target_of
from core.train.rows.ways_out import ways_out

ROWS = 300
PLACES = np.arange(ROWS)
DAYS = pd.Series(pd.date_range("2024-01-01", periods=ROWS)).astype("datetime64[us]")


def _recipe(group: bool, time: bool, share: float = 0.2) -> Recipe:
    columns = (
        ColumnChoice(name="x", kind="numeric"),
        ColumnChoice(name="g", kind="categorical", role="group" if group else "feature"),
        ColumnChoice(name="t", kind="datetime", role="time" if time else "feature"),
        ColumnChoice(name="y", kind="categorical", role="target"),
    )
    recipe = Recipe(source=Source(table="t"), columns=columns, target="y", task="binary", positive="a")
    return edits.set_split(recipe, test_size=share)


def _frame(groups: np.ndarray, days: pd.Series, late: int = 0) -> pd.DataFrame:
    """Two classes by chance, or one of them in so many last rows only."""
    random = np.random.default_rng(0)
    is_first = ROWS - late <= PLACES if late else random.random(ROWS) < 0.5
    texts = pd.DataFrame({"g": groups.astype(str), "y": np.where(is_first, "a", "b")}, dtype="str")
    return texts.assign(x=random.normal(size=ROWS), t=days)


CASES = {
    "one group of nearly all rows": (_recipe(True, False), _frame(np.maximum(PLACES - 295, 0), DAYS)),
    "three even groups, a tenth": (_recipe(True, False, 0.1), _frame(PLACES % 3, DAYS)),
    "one class in one group": (_recipe(True, False), _frame(PLACES // 10, DAYS, late=5)),
    "one time": (_recipe(False, True), _frame(PLACES % 30, DAYS.where(PLACES < 0, DAYS[0]))),
    "half of the rows at the last time": (
        _recipe(False, True),
        _frame(PLACES % 30, DAYS.where(PLACES < ROWS // 2, DAYS[ROWS - 1])),
    ),
    "a class that came late": (_recipe(False, True), _frame(PLACES % 30, DAYS, late=40)),
    "groups that last": (_recipe(True, True), _frame(PLACES % 30, DAYS)),
}


def _of(case: str) -> tuple[Recipe, pd.DataFrame, Target]:
    recipe, frame = CASES[case]
    return recipe, frame, target_of(recipe, frame)


@pytest.mark.parametrize("case", CASES)
def test_what_is_named_can_be_had(case: str) -> None:
    recipe, frame, target = _of(case)
    with pytest.raises(FoldlineError) as refused:
        split_rows(recipe, frame, target)
    ways = ways_out(recipe, lambda other: split_as_asked(other, frame, target))
    assert ways and all(words in refused.value.hint for words, _ in ways)
    for _, other in ways:
        split = split_rows(other, frame, target)
        assert len(split.test) and len(split.train) and split.folds


def test_a_share_is_named_only_where_one_helps() -> None:
    hints = {}
    for case in CASES:
        with pytest.raises(FoldlineError) as refused:
            split_rows(*_of(case))
        hints[case] = refused.value.hint
    assert "test set of" in hints["three even groups, a tenth"]
    assert "test set of" not in hints["one group of nearly all rows"]
    assert "no role group for 'g'" in hints["one group of nearly all rows"]
