"""Long names in little room stay different, and show what tells them apart."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.run_here import run_here
from core.recipe.document import ColumnChoice
from core.store.workspace import Workspace
from ui import charts
from ui.data.column_grid import rows
from ui.frame.theme import LIGHT
from ui.widgets.short_names import distinct_names, numbered

PREFIX = "Customer questionnaire 2025, section finances and household: "
WORDS = st.text(st.sampled_from("abcé 語_-.,:(0"), min_size=1, max_size=90).filter(str.strip)


@given(
    st.lists(WORDS, min_size=1, max_size=30, unique=True),
    st.text(st.sampled_from("ab _:"), max_size=80),
    st.text(st.sampled_from("ab _:"), max_size=80),
    st.integers(12, 60),
)
def test_names_that_differ_look_different(names: list[str], before: str, after: str, limit: int) -> None:
    full = [f"{before}{name}{after}" for name in names]
    shown = distinct_names(full, limit)
    assert len(set(shown)) == len(set(full))
    assert max(map(len, shown)) <= limit + 1
    assert [short for name, short in zip(full, shown, strict=True) if len(name) <= limit] == [
        name for name in full if len(name) <= limit
    ]


@given(st.lists(WORDS, min_size=1, max_size=9), st.integers(12, 60))
def test_equal_names_look_equal_and_short_ones_stay(names: list[str], limit: int) -> None:
    twice = distinct_names(names * 2, limit)
    assert twice[: len(names)] == twice[len(names) :]


@pytest.mark.parametrize("limit", [14, 24, 40, 60])
def test_a_common_beginning_gives_way_to_what_differs(limit: int) -> None:
    ends = ["duration", "age", "housing", "credit_amount", "job"]
    shown = distinct_names([*(PREFIX + end for end in ends), "class"], limit)
    assert shown == [
        *(f"…{end}" if len(end) < limit else f"…{end}"[: limit - 1] + "…" for end in ends),
        "class",
    ]


def test_a_common_beginning_and_end_leave_what_differs() -> None:
    full = [
        f"{PREFIX}{end} (in percent of the monthly income before tax)" for end in ("rent", "food", "fuel")
    ]
    for name, shown in zip(("rent", "food", "fuel"), distinct_names(full, 26), strict=True):
        assert shown.startswith(f"…{name}")


def test_a_single_long_name_loses_its_end() -> None:
    assert distinct_names(["x" * 50, "y"], 12) == ["x" * 11 + "…", "y"]


def test_hidden_characters_stay_visible() -> None:
    assert distinct_names(["a\u202eb"], 20) == ["a‹202E›b"]


def test_the_grid_of_columns_and_charts_show_what_differs(tmp_path: Path) -> None:
    ends = ("age", "housing", "job")
    path = tmp_path / "t.csv"
    pd.DataFrame({f"{PREFIX}{end}": ["a", "b", "a"] for end in ends}).to_csv(path, index=False)
    ws = Workspace(tmp_path / "home")
    project = ws.create_project(ws.new_space(), "Mine")
    table = ws.table(project, run_here(ws, project, "read", {"path": str(path), "name": "t.csv"})["table"])
    choices = [ColumnChoice(name=column.name, kind=column.kind) for column in table.columns]
    grid = rows(choices, table, None)
    assert grid["name"].tolist() == [f"…{end}" for end in ends]
    assert grid["full"].tolist() == [f"{PREFIX}{end}" for end in ends]
    missing = pd.DataFrame({"column": [f"{PREFIX}{end}" for end in ends], "share": [0.3, 0.2, 0.1]})
    bars = charts.missingness(missing, LIGHT).data[0]
    assert list(bars.y) == grid["name"].tolist()
    assert list(bars.customdata) == grid["full"].tolist(), "the whole name stands under the mouse"


@given(st.lists(st.sampled_from(["a", "a (1)", "a (2)", "b", "sales.csv · 1,000 rows"]), max_size=8))
def test_things_of_one_name_are_offered_by_different_words(names: list[str]) -> None:
    offered = {str(place): name for place, name in enumerate(names)}
    shown = [numbered(offered)(each) for each in offered]
    assert len(set(shown)) == len(shown)
    assert all(now == name or names.count(name) > 1 for now, name in zip(shown, names, strict=True))
