"""A newer file given to a project is read as its table was, and what could not be read so is said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.data.formats.parquet import read_table
from core.data.newer import ABOUT_BEFORE
from core.data.table import ReadOptions, Table
from core.engine.run_here import run_here
from core.recipe.document import Recipe
from core.store.workspace import Workspace
from tests.page_support import Loaded, module_home, opened, texts

home = module_home
ROWS = 60
EARLY = pd.Series(pd.to_datetime([f"2024-{3 + at % 9:02d}-{1 + at % 12:02d}" for at in range(ROWS)]))
LATE = pd.Series(pd.to_datetime([f"2023-{1 + at % 12:02d}-{1 + at % 28:02d}" for at in range(ROWS)]))
NUMBERS = pd.Series((np.arange(ROWS) * 37 % 101 + 1) / 4)


@dataclass
class Project:
    """A project whose tables are read one after the other."""

    workspace: Workspace
    id: str
    folder: Path

    def read(self, text: str | bytes, name: str, **spec: Any) -> tuple[Table, pd.DataFrame]:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        done = run_here(
            self.workspace, self.id, "read", {"path": str(path), "name": name, "keep": True, **spec}
        )
        table = self.workspace.table(self.id, str(done["table"]))
        return table, read_table(self.workspace.table_path(self.id, table.id))

    @property
    def recipe(self) -> Recipe:
        recipe = self.workspace.recipe(self.id)
        assert recipe is not None
        return recipe


@pytest.fixture
def project(tmp_path: Path) -> Project:
    workspace = Workspace(tmp_path / "home")
    return Project(workspace, workspace.create_project(workspace.new_space(), "Mine"), tmp_path)


def csv(
    days: pd.Series,
    sep: str = ",",
    decimal: str = ".",
    format: str = "%d/%m/%Y",
    word: str = "",
    head: str = "",
    digits: int = 2,
) -> str:
    """Rows with a date, a number, a code and a target; every tenth number is the word."""
    numbers = NUMBERS.map(lambda value: f"{value:.{digits}f}".replace(".", decimal))
    frame = pd.DataFrame(
        {
            "day": days.dt.strftime(format),
            "size": numbers.where(np.arange(ROWS) % 10 > 0, word),
            "shop": np.where(np.arange(ROWS) % 3 > 0, "north", "south"),
            "target": np.where(np.arange(ROWS) % 2 > 0, "yes", "no"),
        }
    )
    return head + frame.to_csv(index=False, sep=sep)


def codes(table: Table) -> list[str]:
    return [note.code for note in table.notes if note.code in ABOUT_BEFORE]


def words_of(table: Table) -> str:
    return " ".join(note.text for note in table.notes if note.code in ABOUT_BEFORE)


@pytest.mark.parametrize(
    "format", ["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d/%m/%Y %H:%M", "%Y-%m-%d", "%m/%d/%Y"]
)
def test_dates_keep_the_order_of_the_first_table(project: Project, format: str) -> None:
    project.read(csv(LATE, format=format), "first.csv")
    table, frame = project.read(csv(EARLY, format=format), "newer.csv")
    assert frame["day"].tolist() == EARLY.tolist()
    assert codes(table) == ["AS_BEFORE"] and project.recipe.source.table == table.id
    if format.startswith("%d/%m/%Y"):
        _, own = project.read(csv(EARLY, format=format), "alone.csv", own=True)
        assert own["day"].tolist() != EARLY.tolist(), "read on its own it is month first"


@pytest.mark.parametrize(("format", "written"), [("%d/%m/%Y", "%d-%m-%Y"), ("%d/%m/%Y", "%d/%m/%Y %H:%M")])
def test_dates_in_another_format_keep_the_order_and_it_is_said(
    project: Project, format: str, written: str
) -> None:
    project.read(csv(LATE, format=format), "first.csv")
    table, frame = project.read(csv(EARLY, format=written), "newer.csv")
    assert frame["day"].tolist() == EARLY.tolist()
    assert codes(table)[0] == "NOT_AS_BEFORE" and f"they were read by {written}" in words_of(table)
    assert project.recipe.column("day").format == written


def test_one_cell_that_is_no_date_is_said(project: Project) -> None:
    project.read(csv(LATE), "first.csv")
    table, _ = project.read(csv(EARLY).replace("01/03/2024", "30/02/2024", 1), "newer.csv")
    assert "1 of 60 cells, such as '30/02/2024', are no dates" in words_of(table)


def test_a_decimal_comma_that_was_chosen_and_words_are_taken_over(project: Project) -> None:
    """Fractions of three digits look like thousands, so that only a person can say what they are."""
    first = csv(LATE, sep=";", decimal=",", word="k.A.", digits=3)
    table, _ = project.read(first, "first.csv")
    chosen = table.read.model_copy(update={"decimal": ",", "missing": (*table.read.missing, "k.A.")})
    project.read(first, "first.csv", options=chosen)
    table, frame = project.read(csv(EARLY, sep=";", decimal=",", word="k.A.", digits=3), "newer.csv")
    assert frame["size"].dropna().max() < 30 and frame["size"].isna().sum() == 6
    assert "decimal mark ','" in words_of(table) and "k.A." in words_of(table)


@pytest.mark.parametrize("decimal", [".", ","])
def test_another_decimal_mark_loses_no_cell_and_is_said(project: Project, decimal: str) -> None:
    other = "," if decimal == "." else "."
    project.read(csv(LATE, sep=";", decimal=decimal), "first.csv")
    before = project.recipe.source.read.decimal
    table, frame = project.read(csv(EARLY, sep=";", decimal=other), "newer.csv")
    assert np.allclose(frame["size"].dropna(), NUMBERS[np.arange(ROWS) % 10 > 0])
    assert before == decimal
    if before == ".":
        assert codes(table)[0] == "OTHER_DECIMAL" and "decimal comma" in words_of(table)


def test_marks_that_may_be_of_thousands_are_asked_about(project: Project) -> None:
    project.read(csv(LATE, sep=";", digits=3), "first.csv")
    newer = csv(EARLY, sep=";", decimal=",", digits=3)
    table, _ = project.read(newer, "newer.csv")
    assert codes(table)[0] == "OTHER_DECIMAL" and "if the marks are of thousands" in words_of(table)
    _, frame = project.read(newer, "newer.csv", options=table.read.model_copy(update={"decimal": ","}))
    assert np.allclose(frame["size"].dropna(), NUMBERS[np.arange(ROWS) % 10 > 0])


def test_another_separator_is_said_and_formats_and_words_stay(project: Project) -> None:
    first = csv(LATE, word="tbd")
    table, _ = project.read(first, "first.csv")
    missing = (*table.read.missing, "tbd")
    project.read(first, "first.csv", options=table.read.model_copy(update={"missing": missing}))
    table, frame = project.read(csv(EARLY, sep=";", word="tbd"), "newer.csv")
    assert frame["day"].tolist() == EARLY.tolist() and frame["size"].isna().sum() == 6
    assert codes(table) == ["NOT_AS_BEFORE", "AS_BEFORE"] and "delimiter ';'" in words_of(table)


@pytest.mark.parametrize("head", ["", "Report of May\n\n", "a\nb\nc\n"])
def test_the_header_is_where_the_names_are(project: Project, head: str) -> None:
    project.read(csv(LATE, head="Report of April\n\n"), "first.csv")
    _, frame = project.read(csv(EARLY, head=head), "newer.csv")
    assert list(frame.columns) == ["day", "size", "shop", "target"] and len(frame) == ROWS
    assert frame["day"].tolist() == EARLY.tolist()


def test_another_table_is_read_in_its_own_way(project: Project) -> None:
    project.read(csv(LATE), "first.csv")
    table, _ = project.read("a;b\n1,5;x\n2,5;y\n", "other.csv")
    assert codes(table) == [] and table.read.decimal == ","


def test_times_with_a_zone_are_said_where_there_was_none(project: Project) -> None:
    project.read(csv(LATE, format="%Y-%m-%d %H:%M:%S"), "first.csv")
    table, _ = project.read(csv(EARLY, format="%Y-%m-%d %H:%M:%S+02:00"), "newer.csv")
    assert "its times carry a zone, those of first.csv none" in words_of(table)


def test_read_differently_keeps_the_formats(project: Project) -> None:
    project.read(csv(LATE), "first.csv")
    newer = csv(EARLY, word="tbd")
    table, _ = project.read(newer, "newer.csv")
    options = ReadOptions.model_validate({**table.read.model_dump(), "missing": ("", "tbd")})
    _, frame = project.read(newer, "newer.csv", options=options)
    assert frame["day"].tolist() == EARLY.tolist() and frame["size"].isna().sum() == 6


def test_data_says_it_and_offers_the_other_way(home: Path, tmp_path: Path) -> None:
    workspace = Workspace(home)
    mine = Project(workspace, workspace.create_project(workspace.new_space(), "Mine"), tmp_path)
    mine.read(csv(LATE), "first.csv")
    table, _ = mine.read(csv(EARLY), "newer.csv")
    workspace.put_result(mine.id, "source", table.source_sha, {}, {"source.bin": tmp_path / "newer.csv"})
    Loaded(workspace, mine.id, mine.recipe).look()
    app = opened("data", mine.id)
    assert "Read like first" in texts(app) and not app.exception
    assert [b for b in app.button if b.label == "Read it in its own way"]
