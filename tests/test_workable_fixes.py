"""A fix is offered only where the next step takes it; what is not offered says why."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from benchmarks.decided.leak_tables import base
from core.checks.finding import Finding
from core.data.kinds import classify
from core.engine.work.data import findings_of
from core.recipe import edits
from core.recipe.columns import as_chosen
from core.recipe.document import ColumnChoice, Recipe, Source
from core.recipe.fixes import all_applied, apply_fix, go_together
from core.train.rows.split import split_rows
from core.train.rows.target import target_of
from core.train.work import TableReader
from core.train.workable import workable

ROWS = 400
Rows = np.ndarray
Change = Callable[[Recipe], Recipe]


def reader(frame: pd.DataFrame) -> TableReader:
    """Gives the table whatever its id."""

    def read(table: str, columns: Sequence[str] | None = None, rows: Rows | None = None) -> pd.DataFrame:
        some = frame if columns is None else frame[list(columns)]
        return some if rows is None else some.iloc[rows]

    return read


def recipe_of(frame: pd.DataFrame) -> Recipe:
    columns = tuple(ColumnChoice(name=c.name, kind=c.kind, role=c.role) for c in classify(frame, {}))
    return edits.set_target(Recipe(source=Source(table="t"), columns=columns), "y", "binary", "yes")


def found(recipe: Recipe, frame: pd.DataFrame) -> list[Finding]:
    """What the checks find, with the fixes that can be had."""
    roles = {choice.name: choice for choice in recipe.columns}
    columns = tuple(
        c.model_copy(update={"role": roles[c.name].role, "kind": roles[c.name].kind})
        for c in classify(frame, {})
    )
    columns, chosen = as_chosen(recipe, columns, frame)
    return workable(recipe, findings_of(recipe, chosen, columns, {}), reader(frame))


def table(**columns: object) -> pd.DataFrame:
    random = np.random.default_rng(3)
    frame = base(random, ROWS, False)[0].astype({"plan": "str", "region": "str", "y": "str"})
    made = pd.DataFrame(columns)
    texts = [name for name in made if made[name].dtype == object]
    return frame.assign(**{name: made[name].astype("str") if name in texts else made[name] for name in made})


PLACES = np.arange(ROWS)
CASES = {
    "a patient with nearly all rows": table(patient=[f"P{max(0, place - 390):03d}" for place in PLACES]),
    "even patients": table(patient=[f"P{place % 40:03d}" for place in PLACES]),
    "a date with one day of nearly all": table(
        day=pd.Series(pd.Timestamp("2024-01-01") + pd.to_timedelta(np.maximum(PLACES - 380, 0), "D"))
    ),
    "a leak, gaps and a date": table(
        fee=np.where(table()["y"] == "yes", 9.5, 0.0),
        day=pd.Series(pd.date_range("2024-01-01", periods=ROWS)),
        note=np.where(PLACES % 3 > 0, np.nan, 1.5 * PLACES),
    ),
}


def of_code(listed: Sequence[Finding], code: str) -> Finding:
    (one,) = (one for one in listed if one.code == code)
    return one


@pytest.mark.parametrize("case", CASES)
def test_every_fix_that_is_offered_can_be_had_and_mends_what_was_found(case: str) -> None:
    frame = CASES[case]
    recipe = recipe_of(frame)
    listed = found(recipe, frame)
    offered = [(one, fix) for one in listed for fix in (one.fix, one.other_fix) if fix is not None]
    for one, fix in offered:
        after = apply_fix(recipe, fix)
        assert split_rows(after, frame, target_of(after, frame)).folds
        again = [(two.code, two.column, two.fix) for two in found(after, frame)]
        assert (one.code, one.column, fix) not in again


@pytest.mark.parametrize(
    ("case", "code", "label", "why"),
    [
        ("a patient with nearly all rows", "GROUPED", "Keep its rows together", "cannot be locked away"),
        ("a date with one day of nearly all", "TIME_SHUFFLED", "Test on the latest rows", "the same time"),
    ],
)
def test_a_fix_that_would_be_refused_is_not_offered(case: str, code: str, label: str, why: str) -> None:
    one = of_code(found(recipe_of(CASES[case]), CASES[case]), code)
    assert one.fix is None and f"“{label}” is not offered: " in one.reason and why in one.reason


def test_one_that_can_be_had_is_offered_without_a_word() -> None:
    frame = CASES["even patients"]
    one = of_code(found(recipe_of(frame), frame), "GROUPED")
    assert one.fix is not None and one.fix.label == "Keep its rows together"
    assert "not offered" not in one.reason


def test_the_last_column_cannot_be_left_out() -> None:
    frame = CASES["a leak, gaps and a date"][["fee", "y"]]
    one = of_code(found(recipe_of(frame), frame), "LEAKAGE")
    assert one.fix is None and "no column would be left to learn from" in one.reason


def test_fixes_of_one_button_must_go_together() -> None:
    frame = CASES["a leak, gaps and a date"][["fee", "note", "y"]].assign(twin=lambda t: t["fee"] * 2)
    recipe = edits.set_role(recipe_of(frame), "note", "ignore")
    fixes = [one.fix for one in found(recipe, frame) if one.code == "LEAKAGE" and one.fix]
    assert len(fixes) == 2 and not go_together(recipe, fixes)
    assert all(go_together(recipe, [fix]) for fix in fixes)
    assert [c.name for c in all_applied(recipe, fixes[:1]).inputs] != [c.name for c in recipe.inputs]
