"""A run reads its file as the recipe says, counts what it cannot read so, and refuses what it hardly can."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.command.run import fitted
from core.command.session import session
from core.data.table import ReadOptions
from core.data.types.dtypes import to_physical
from core.errors import FoldlineError
from core.recipe.columns import check_kinds
from core.recipe.document import Recipe, Source
from core.recipe.suggestion.suggest import suggest
from tests.small_recipes import column, regression

ROWS = 120


def table(cells: list[str]) -> pd.DataFrame:
    """A column of texts beside a number and a target of two classes."""
    rng = np.random.default_rng(3)
    y = np.where(rng.random(len(cells)) < 0.4, "yes", "no")
    return pd.DataFrame({"d": cells, "x": rng.normal(size=len(cells)), "y": y})


def dates(format: str, last_day: int) -> list[str]:
    return [pd.Timestamp(2024, 1 + i % 12, 1 + i % last_day).strftime(format) for i in range(ROWS)]


def with_column(recipe: Recipe, name: str, **changes: Any) -> Recipe:
    columns = tuple(c.model_copy(update=changes) if c.name == name else c for c in recipe.columns)
    return recipe.model_copy(update={"columns": columns})


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
@pytest.mark.parametrize("format", ["%d/%m/%Y", "%d-%m-%Y %H:%M", "%d.%m.%y", "%m/%d/%Y"])
@pytest.mark.parametrize("has_options", [True, False])
def test_new_dates_are_read_by_the_format_of_the_recipe(
    tmp_path: Path, form: str, format: str, has_options: bool
) -> None:
    old, new = tmp_path / "old.csv", tmp_path / f"new.{form}"
    table(dates(format, 28)).to_csv(old, index=False)
    cells = dates(format, 11)
    if form == "csv":
        table(cells).to_csv(new, index=False)
    elif form == "xlsx":
        table(cells).to_excel(new, index=False)
    else:
        table(cells).to_json(new, orient="records", lines=True)
    with session() as s:
        made = s.load(old)
        recipe = suggest(made, "y")
        assert recipe.column("d").format == format
        if not has_options:
            bare = Source(table=made.id, name=made.name, rows=made.rows)
            recipe = recipe.model_copy(update={"source": bare})
        moved, read = fitted(recipe, s, new)
        frame = pd.read_parquet(s.workspace.table_path(s.project, read.id))
    assert moved.column("d").format == format
    assert frame["d"].tolist() == pd.to_datetime(pd.Series(cells), format=format).tolist()
    doubts = [note.text for note in read.notes if note.code == "AMBIGUOUS_DATE"]
    assert len(doubts) == 1 and "as the recipe says" in doubts[0]


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(st.dates(pd.Timestamp(1971, 1, 1).date(), pd.Timestamp(2060, 1, 1).date()), min_size=1),
    format=st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d %b %Y", "%Y-%d-%m"]),
)
def test_a_format_that_is_given_decides(days: list[Any], format: str) -> None:
    raw = pd.DataFrame({"d": pd.Series([day.strftime(format) for day in days], dtype="str")})
    frame, _ = to_physical(raw, ReadOptions(), formats={"d": format})
    assert frame["d"].dt.date.tolist() == days


def test_a_format_corrected_by_hand_is_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    cells = dates("%d/%m/%Y", 11)
    table(cells).to_csv(path, index=False)
    with session() as s:
        recipe = suggest(s.load(path), "y")
        assert recipe.column("d").format == "%m/%d/%Y"
        moved, _ = fitted(with_column(recipe, "d", format="%d/%m/%Y"), s, path)
        frame = pd.read_parquet(s.workspace.table_path(s.project, moved.source.table))
        assert frame["d"].tolist() == pd.to_datetime(pd.Series(cells), format="%d/%m/%Y").tolist()
        with pytest.raises(FoldlineError) as caught:
            fitted(with_column(recipe, "d", format="%Q"), s, path)
    assert caught.value.code == "RECIPE" and "'%Q'" in caught.value.problem


UNREADABLE: dict[str, tuple[list[str], dict[str, Any], str]] = {
    "codes as years": (["A1", "B2"], {"kind": "datetime", "format": "%Y"}, "2024-12-31"),
    "dates of another format": (["03.04.2024"], {"kind": "datetime", "format": "%d/%m/%Y"}, "format"),
    "a zone by its name": (["2023-09-01 16:49 CET"], {"kind": "datetime"}, "format"),
    "marks of thousands": (["1,583.44", "2,000.10", "12"], {"kind": "numeric"}, "marks of thousands"),
    "another decimal mark": (["1,5", "2,25", "7"], {"kind": "numeric"}, "decimal mark"),
    "words as numbers": (["low", "high"], {"kind": "numeric"}, "another kind"),
}


@pytest.mark.parametrize("role", ["feature", "time", "ignore"])
@pytest.mark.parametrize("name", UNREADABLE)
def test_texts_that_mostly_cannot_be_read_are_refused_where_they_are_used(name: str, role: str) -> None:
    cells, choice, remedy = UNREADABLE[name]
    frame = pd.DataFrame({"d": pd.Series(cells * 10, dtype="str"), "y": np.arange(len(cells) * 10.0)})
    recipe = regression(column("d", role=role, **choice))
    if role == "ignore":
        check_kinds(recipe, frame)
        return
    with pytest.raises(FoldlineError) as caught:
        check_kinds(recipe, frame)
    assert (caught.value.code, caught.value.where) == ("KIND", "d")
    assert repr(cells[0]) in caught.value.problem and remedy in caught.value.hint
