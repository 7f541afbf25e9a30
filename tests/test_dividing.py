"""The columns that divide the rows, group and time, are looked through like targets and features."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.build import build
from core.checks.finding import Finding
from core.command.main import main
from core.data.read import read
from core.engine.work.data import findings_of
from core.export.code.script import script
from core.recipe import edits
from core.recipe.columns import as_chosen, columns_of
from core.recipe.consistency import consistent
from core.recipe.document import Recipe, parse
from core.recipe.fixes import apply_fix
from core.recipe.suggestion.first import suggested
from core.spec import Role
from core.train.rows.split import groups_of, split_rows
from core.train.rows.target import target_of
from core.watch.recipe_profile import lot_codes
from tests.page_support import Loaded, loaded, module_home, opened, texts

home = module_home
ROWS, PATIENTS = 240, 20
RANDOM = np.random.default_rng(4)
OWNER = RANDOM.integers(0, PATIENTS, ROWS)
WAYS = (
    str,
    str.lower,
    lambda name: f"{name}.",
    lambda name: f" {name}  ",
    lambda name: name.replace("P", "Ｐ"),
)
DAYS = pd.Series(pd.date_range("2021-01-01", periods=ROWS).strftime("%Y-%m-%d"))


def table(**columns: Any) -> pd.DataFrame:
    """Rows of patients, of whom each is written in one way."""
    made = {
        "x": RANDOM.normal(size=ROWS).round(4),
        "patient": [f"P{owner}" for owner in OWNER],
        "day": DAYS,
        "y": np.where(OWNER % 2 == 0, "yes", "no"),
    }
    return pd.DataFrame(made | columns)


def written(frame: pd.DataFrame, folder: Path) -> Path:
    path = folder / "rows.csv"
    frame.to_csv(path, index=False)
    return path


def looked_at(path: Path, column: str, role: Role) -> tuple[Recipe, pd.DataFrame, list[Finding]]:
    """The recipe with a column in a role, its stored rows, and what is found of that column."""
    taken = read(path, path.name)
    recipe = edits.set_role(suggested(taken.table(path.name), taken.frame, "y"), column, role)
    return recipe, taken.frame, found_of(recipe, taken.frame, path, column)


def found_of(recipe: Recipe, stored: pd.DataFrame, path: Path, column: str) -> list[Finding]:
    kinds, frame = as_chosen(recipe, columns_of(recipe, read(path, path.name).table(path.name)), stored)
    return [one for one in findings_of(recipe, frame, kinds, {}) if one.column == column]


def sides(recipe: Recipe, stored: pd.DataFrame, owners: np.ndarray) -> set[int]:
    """Owners with rows on both sides of the split."""
    done = split_rows(recipe, stored, target_of(recipe, stored))
    return set(owners[done.train]) & set(owners[done.test])


@settings(max_examples=12, deadline=None)
@given(ways=st.lists(st.sampled_from(range(len(WAYS))), min_size=ROWS, max_size=ROWS))
def test_spellings_of_a_group_are_named_and_a_click_keeps_them_together(
    tmp_path_factory: pytest.TempPathFactory, ways: list[int]
) -> None:
    names = [WAYS[way](f"P{owner}") for way, owner in zip(ways, OWNER, strict=True)]
    path = written(table(patient=names), tmp_path_factory.mktemp("rows"))
    recipe, stored, listed = looked_at(path, "patient", "group")
    alike = [one for one in listed if one.code == "LOOKALIKE"]
    if stored["patient"].nunique() == PATIENTS:
        assert not alike
        return
    assert f"joined they are {PATIENTS}" in alike[0].reason and alike[0].fix is not None
    mended = consistent(apply_fix(recipe, alike[0].fix))
    assert not sides(mended, stored, OWNER)
    assert not [one for one in found_of(mended, stored, path, "patient") if one.code == "LOOKALIKE"]
    assert parse(mended.model_dump(mode="json")) == mended
    codes = lot_codes(mended, stored)
    assert codes is not None and len(np.unique(codes)) == PATIENTS


def test_what_misleads_is_a_problem_and_one_cell_a_warning(tmp_path: Path) -> None:
    names = np.array([f"P{owner}" for owner in OWNER])
    half = np.where(np.arange(ROWS) % 2 == 0, names, np.char.lower(names))
    one = np.where(np.arange(ROWS) == 7, np.char.lower(names), names)
    for written_so, severity in ((half, "error"), (one, "warn")):
        recipe, stored, listed = looked_at(written(table(patient=written_so), tmp_path), "patient", "group")
        assert [f.severity for f in listed if f.code == "LOOKALIKE"] == [severity]
        if severity == "error":
            assert sides(recipe, stored, OWNER), "as they stand the split leaks"


def test_the_script_divides_the_rows_alike(tmp_path: Path) -> None:
    names = [name.lower() if at % 3 else name for at, name in enumerate(f"P{owner}" for owner in OWNER)]
    path = written(table(patient=names), tmp_path)
    recipe, stored, listed = looked_at(path, "patient", "group")
    fix = next(one.fix for one in listed if one.code == "LOOKALIKE")
    assert fix is not None
    recipe = apply_fix(recipe, fix)
    chosen = recipe.model_copy(update={"chosen": recipe.candidates[1]})
    code = script(chosen, build(chosen), read(path, path.name).table(path.name))
    (tmp_path / "train.py").write_text(code)
    space = runpy.run_path(str(tmp_path / "train.py"), run_name="script")
    training = space["TRAINING"]
    typed = space["typed_table"](
        space["read_training_file"](str(path), space["TRAINING_FILE"]),
        training.types, training.missing, ".", training.verbatim,
    )  # fmt: skip
    groups = space["groups_in"](typed, training.hold_out)
    expected = groups_of(recipe, stored)
    assert expected is not None and list(groups) == list(expected)
    assert len(set(groups)) == PATIENTS


@pytest.mark.parametrize("role", ["time", "feature"])
@pytest.mark.parametrize(
    "stand_in",
    [
        "9999-12-31",
        "1900-01-01",
        "2999-12-31",
        "0001-01-01",
        "1753-01-01",
        "9999-12-31 23:59:59",
        "1950-06-15",
    ],
)
def test_a_day_that_stands_for_none_is_named(tmp_path: Path, stand_in: str, role: Role) -> None:
    times = DAYS + (" 12:30:00" if " " in stand_in else "")
    odd = times.where(np.arange(ROWS) % 20 != 3, stand_in)
    path = written(table(day=odd), tmp_path)
    recipe, stored, listed = looked_at(path, "day", role)
    (one,) = [one for one in listed if one.code == "DISGUISED_MISSING"]
    assert one.severity == "warn" and "in 12 rows" in one.reason and one.fix is not None
    mended = apply_fix(recipe, one.fix)
    assert "DISGUISED_MISSING" not in {each.code for each in found_of(mended, stored, path, "day")}
    if role == "time":
        done = split_rows(mended, stored, target_of(mended, stored))
        assert "12 rows without day count as the earliest" in done.words
        assert not set(np.flatnonzero(np.arange(ROWS) % 20 == 3)) & set(done.test)


def test_times_of_an_ordinary_table_are_not_named(tmp_path: Path) -> None:
    several = [
        DAYS,
        DAYS.sample(frac=1, random_state=1).reset_index(drop=True),
        pd.Series(np.repeat(DAYS[:24], 10).to_numpy()),
        pd.Series(pd.to_datetime("1970-01-01") + pd.to_timedelta(np.arange(ROWS), "D")).astype("str"),
        pd.Series(pd.to_datetime(np.exp(RANDOM.normal(1, 0.5, ROWS)) * 4e16).floor("D")).astype("str"),
    ]
    for days in several:
        _, _, listed = looked_at(written(table(day=days), tmp_path), "day", "time")
        assert listed == []


@pytest.mark.parametrize("stand_in", ["-999", "9999", "0"])
def test_a_number_that_stands_for_no_group_or_time_is_named(tmp_path: Path, stand_in: str) -> None:
    numbers = pd.Series([str(2000 + owner) for owner in OWNER])
    many = numbers.where(np.arange(ROWS) % 5 != 1, stand_in)
    for role in ("group", "time"):
        _, _, listed = looked_at(written(table(patient=many), tmp_path), "patient", role)  # type: ignore[arg-type]
        assert f"{stand_in} stands in 48 rows" in listed[0].reason


@pytest.mark.parametrize("word", ["unknown", "n.a.", "-", "k.A.", "?"])
def test_a_word_that_stands_for_no_group_is_named(tmp_path: Path, word: str) -> None:
    names = [word if at % 10 == 0 else f"P{owner}" for at, owner in enumerate(OWNER)]
    path = written(table(patient=names), tmp_path)
    recipe, stored, listed = looked_at(path, "patient", "group")
    if word == "?":  # the reader takes it for none, so that the share without a group is told
        assert "24 of 240 rows have no patient: they count as one group" in listed[0].reason
        return
    (one,) = [one for one in listed if one.code == "DISGUISED_MISSING"]
    assert one.severity == "warn" and one.fix is not None
    mended = apply_fix(recipe, one.fix)
    assert (
        "24 rows without patient count as one group"
        in split_rows(mended, stored, target_of(mended, stored)).words
    )


def test_groups_of_one_row_and_groups_within_an_entity_are_told(tmp_path: Path) -> None:
    path = written(
        table(row=[f"r{at}" for at in range(ROWS)], visit=OWNER * 10 + np.arange(ROWS) % 3), tmp_path
    )
    _, _, listed = looked_at(path, "row", "group")
    assert [one.code for one in listed] == ["GROUPED"] and "240 of 240 rows are the only one" in listed[
        0
    ].reason
    recipe, stored, listed = looked_at(path, "visit", "group")
    assert "belongs to one patient (20 of them)" in listed[0].reason and listed[0].fix is not None
    assert sides(recipe, stored, OWNER)
    assert not sides(apply_fix(recipe, listed[0].fix), stored, OWNER)
    assert looked_at(path, "patient", "group")[2] == []


@pytest.mark.parametrize(
    ("role", "told"),
    [("group", "error LOOKALIKE patient"), ("time", "warn DISGUISED_MISSING day: 9999-12-31")],
)
def test_suggest_tells_it(tmp_path: Path, capsys: pytest.CaptureFixture[str], role: str, told: str) -> None:
    names = [name.lower() if at % 3 else name for at, name in enumerate(f"P{owner}" for owner in OWNER)]
    days = DAYS.where(np.arange(ROWS) % 20 != 3, "9999-12-31")
    path, column = written(table(patient=names, day=days), tmp_path), told.split()[2].strip(":")
    asked = ["--target", "y", f"--{role}", column, "-o", str(tmp_path / "r.json")]
    assert main(["suggest", str(path), *asked]) == 0
    assert told in capsys.readouterr().out


def test_prepare_tells_it_and_mends_it_by_a_click(home: Path, tmp_path: Path) -> None:
    names = [name.lower() if at % 3 else name for at, name in enumerate(f"P{owner}" for owner in OWNER)]
    mine = loaded(home, written(table(patient=names), tmp_path))
    mine.workspace.edit(
        mine.project, lambda old: edits.set_role(old or Recipe(), "patient", "group"), "group"
    )
    mine.look()
    app = opened("prepare", mine.project)
    assert "joined they are 20" in texts(app)
    next(button for button in app.button if button.label == "Join them").click().run()
    assert not app.exception and len(mine.now().column("patient").joined) == PATIENTS
    assert "joined they are" not in texts(_again(mine))


def _again(mine: Loaded) -> Any:
    mine.look()
    return opened("prepare", mine.project)
