"""A run reads its file as the recipe says, counts what it cannot read so, and refuses what it hardly can."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.command.main import main
from core.command.run import fitted
from core.command.session import session
from core.data.table import ReadOptions
from core.data.types.dtypes import to_physical
from core.errors import FoldlineError
from core.recipe.columns import check_kinds
from core.recipe.consistency import OWN, consistent, with_chosen_named
from core.recipe.difference import TUNED
from core.recipe.document import Candidate, Recipe, Source
from core.recipe.suggestion.suggest import suggest
from core.train.rows.unread import idle_notes, unread_notes
from tests.small_recipes import column, regression
from tests.test_nothing_lost import few_models

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


LOST = {
    "amounts with marks": ("1583.44", "1,583.44", {"kind": "numeric"}, "plain number"),
    "words": ("12", "pending", {"kind": "numeric"}, "number"),
    "days that there are not": ("2024-03-01", "2024-02-30", {"kind": "datetime"}, "date"),
    "a zone by its name": (
        "2023-09-01 16:49",
        "2023-09-01 16:49 CET",
        {"kind": "datetime"},
        "date of the form 2024-12-31",
    ),
}


@pytest.mark.parametrize("role", ["feature", "ignore"])
@pytest.mark.parametrize("name", LOST)
def test_cells_that_cannot_be_read_are_counted_where_they_are_used(name: str, role: str) -> None:
    good, bad, choice, what = LOST[name]
    frame = pd.DataFrame({"d": pd.Series([good] * 20 + [bad] * 3, dtype="str"), "y": np.arange(23.0)})
    notes = unread_notes(regression(column("d", role=role, **choice)), frame)
    text = f"3 cells of 'd' are no {what}, such as {bad!r}: taken as missing."
    assert [note.text for note in notes] == ([text] if role == "feature" else [])
    told = regression(column("d", role=role, missing=(bad,), **choice))
    assert not unread_notes(told, frame), "a person said that these mean no value"


def test_run_and_profile_count_the_cells_that_become_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, recipe, out = tmp_path / "n.csv", tmp_path / "r.json", tmp_path / "o"
    rng = np.random.default_rng(1)
    cells = [f"{value:,.2f}" for value in rng.gamma(2.0, 350.0, ROWS)]
    marked = [cell for cell in cells if "," in cell]
    table(cells).to_csv(data, index=False)
    assert main(["suggest", str(data), "--target", "y", "-o", str(recipe)]) == 0
    document = json.loads(recipe.read_text())
    few_models(document, "dummy_classifier", "gaussian_nb")
    for one in document["columns"]:
        if one["name"] == "d":
            one.update(kind="numeric", role="feature")
    recipe.write_text(json.dumps(document))
    capsys.readouterr()
    what = f"{len(marked)} cells of 'd' are no plain number, such as {marked[0]!r}"
    note = f"note TYPE: {what}: taken as missing."
    assert main(["run", str(recipe), "--data", str(data), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert note in printed and "'d' looks like numbers" not in printed and "kept as text" not in printed
    assert note[11:] in [one["text"] for one in json.loads((out / "report.json").read_text())["notes"]]
    assert main(["profile", str(data), "--recipe", str(recipe)]) == 0
    assert note in capsys.readouterr().out


NAIVE = Candidate(id="gaussian_nb", model="gaussian_nb")
MISNAMED = {
    "another candidate": (NAIVE, "logistic_regression", "gaussian_nb"),
    "another model of the catalog": (NAIVE, "knn_classifier", "gaussian_nb"),
    "a candidate of another model": (
        Candidate(id="a", model="gaussian_nb"),
        "a",
        "tree_classifier",
    ),
    "nothing": (NAIVE, "foo", "gaussian_nb"),
}
NAMED = (
    ("gaussian_nb", "gaussian_nb"),
    ("a", "knn_classifier"),
    (TUNED, "knn_classifier"),
    (OWN, "tree_classifier"),
    ("tree_classifier", "tree_classifier"),
)


def with_chosen(other: Candidate, name: str, model: str) -> Recipe:
    candidates = (Candidate(id="logistic_regression", model="logistic_regression"), other)
    return Recipe(candidates=candidates, chosen=Candidate(id=name, model=model))


@pytest.mark.parametrize("name", MISNAMED)
def test_a_chosen_model_under_the_name_of_another_is_refused(name: str) -> None:
    with pytest.raises(FoldlineError) as caught:
        with_chosen_named(consistent(with_chosen(*MISNAMED[name])))
    assert (caught.value.code, caught.value.where) == ("RECIPE", MISNAMED[name][1])


@pytest.mark.parametrize(("name", "model"), NAMED)
def test_a_chosen_model_under_its_own_name_is_none(name: str, model: str) -> None:
    other = Candidate(id="a", model="knn_classifier") if name == "a" else NAIVE
    recipe = with_chosen(other, name, model)
    assert with_chosen_named(consistent(recipe)) == recipe


def test_a_candidate_under_the_name_of_another_model_is_refused() -> None:
    with pytest.raises(FoldlineError) as caught:
        consistent(Recipe(candidates=(Candidate(id="knn_classifier", model="gaussian_nb"),)))
    assert caught.value.code == "RECIPE"


@pytest.mark.parametrize(
    ("cells", "what"),
    [([5.0] * 20, "the same value"), ([np.nan] * 20, "no value"), ([5.0] * 19 + [np.nan], "")],
)
@pytest.mark.parametrize("role", ["feature", "ignore"])
def test_inputs_that_say_nothing_in_a_newer_table_are_told(cells: list[float], what: str, role: str) -> None:
    frame = pd.DataFrame({"d": cells, "y": np.arange(20.0)})
    notes = idle_notes(regression(column("d", role=role, kind="numeric")), frame)
    assert [f"'d' has {what} in every row" in note.text for note in notes] == [True] * bool(
        what and role == "feature"
    )
