"""Test rows that repeat, or nearly repeat, a row that is learned from are counted after the split."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.decided.real_tables import real
from benchmarks.tables import work_on
from core.checks.chance_repeats import repeats_by_chance
from core.checks.finding import Finding
from core.checks.near_copies import copies_in
from core.data.kinds import classify
from core.engine.run_here import run_here
from core.export.card import card
from core.findings import findings
from core.recipe import edits
from core.recipe.document import ColumnChoice, Recipe
from core.recipe.fixes import apply_fix
from core.recipe.split import copies_key
from core.results.bundle import ModelReport
from core.train.rows.copies import CopiesAcross, beyond_chance, copies_across, copies_note, exact_repeats
from core.train.work import Work
from tests.page_support import loaded, module_home, opened, texts

home = module_home
KINDS = ("exact", "noise", "category", "number")


def copied(kind: str, seed: int = 1) -> pd.DataFrame:
    """German credit with copies of 300 of its rows; ``origin`` says what a row comes from."""
    random = np.random.default_rng(seed)
    frame, _, _ = real("german_credit")
    frame["origin"] = [f"o{i}" for i in range(len(frame))]
    again = frame.sample(300, random_state=seed)
    if kind == "noise":
        for name in ("duration", "credit_amount", "age"):
            again[name] += 0.003 * frame[name].std() * random.normal(size=300)
    changed = {"category": "purpose", "number": "credit_amount"}.get(kind)
    if changed:
        again[changed] = frame[changed].sample(300, random_state=seed + 1).to_numpy()
    whole = pd.concat([frame, again], ignore_index=True)
    return whole.sample(frac=1, random_state=seed).reset_index(drop=True).astype({"origin": "str"})


def choices(frame: pd.DataFrame) -> tuple[ColumnChoice, ...]:
    return tuple(ColumnChoice(name=c.name, kind=c.kind, role=c.role) for c in classify(frame, {}))


def split_of(frame: pd.DataFrame, tmp_path: Path, group: bool = False, once: bool = False) -> Work:
    columns = tuple(
        ColumnChoice(name=c.name, kind=c.kind, role="ignore" if c.name == "origin" else c.role)
        for c in classify(frame, {})
    )
    recipe = edits.set_target(Recipe(columns=columns), "class", "binary", "bad")
    recipe = edits.set_role(recipe, "origin", "group") if group else recipe
    return work_on(edits.drop_duplicates(recipe, once), frame, tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_they_are_as_many_as_there_are(kind: str, tmp_path: Path) -> None:
    frame = copied(kind)
    work = split_of(frame, tmp_path)
    train, test = (frame["origin"].iloc[rows] for rows in (work.split.train, work.split.test))
    truth = int(test.isin(train).sum())
    across = copies_across(work, classify(frame, {}))
    assert across.test == len(test) and abs(across.exact + across.near - truth) <= 0.1 * truth
    assert f"{across.test:,} test rows" in across.words and copies_note(across.words)[0].text


@pytest.mark.parametrize("kind", KINDS)
def test_kept_together_there_are_none(kind: str, tmp_path: Path) -> None:
    frame = copied(kind)
    work = split_of(frame, tmp_path, group=True)
    columns = tuple(
        c.model_copy(update={"role": work.recipe.column(c.name).role}) for c in classify(frame, {})
    )
    assert copies_across(work, columns).words == ""


def test_one_of_each_kept_there_are_none(tmp_path: Path) -> None:
    frame = copied("exact")
    assert copies_across(split_of(frame, tmp_path / "all"), classify(frame, {})).words
    work = split_of(frame.drop(columns="origin"), tmp_path / "once", once=True)
    assert copies_across(work, classify(frame, {})).words == ""


def few_levels(kind: str, rows: int, seed: int) -> pd.DataFrame:
    """Rows drawn on their own from few levels, which repeat each other by chance."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({f"c{i}": random.integers(0, k, rows) for i, k in enumerate((2, 3, 4, 4))})
    if kind == "alike":
        factor = random.normal(size=rows)
        noise = 0.7 * random.normal(size=(rows, 6))
        frame = pd.DataFrame(np.digitize(factor[:, None] + noise, [-0.5, 0.5])).add_prefix("c")
    if kind == "indicators":
        frame = pd.get_dummies(frame.astype("str")).astype(int)
    score = frame.iloc[:, 0] + frame.iloc[:, 1] + (0 if kind == "certain" else random.normal(size=rows))
    return frame.astype("float64").assign(y=pd.Series(np.where(score > 1.5, "yes", "no"), dtype="str"))


@pytest.mark.parametrize("kind", ["noisy", "certain", "alike", "indicators"])
@pytest.mark.parametrize("rows", [300, 1_000])
@pytest.mark.parametrize("seed", [0, 1])
def test_rows_that_repeat_by_chance_are_no_copies(kind: str, rows: int, seed: int, tmp_path: Path) -> None:
    frame = few_levels(kind, rows, seed)
    recipe = edits.set_target(Recipe(columns=choices(frame)), "y", "binary", "yes")
    work = work_on(recipe, frame, tmp_path)
    assert copies_across(work, classify(frame, {})).words == ""


@pytest.mark.parametrize("share", [0.03, 0.1, 0.5, 1.0])
def test_copies_among_rows_that_repeat_by_chance_are_told(share: float) -> None:
    random = np.random.default_rng(3)
    frame = pd.DataFrame(random.poisson(1, (4_000, 8))).add_prefix("c")
    frame["y"] = random.normal(size=4_000).round(1)
    frame = pd.concat([frame, frame.sample(frac=share, random_state=0)], ignore_index=True)
    is_test = random.random(len(frame)) < 0.2
    exact = exact_repeats(frame, is_test)
    copies = is_test & (np.arange(len(frame)) >= 4_000)
    assert repeats_by_chance(frame, is_test) < 0.6 * exact.sum()
    assert beyond_chance(exact, frame, is_test) == exact.sum() >= 0.5 * copies.sum()


def test_one_row_of_many_that_repeats_is_not_told() -> None:
    random = np.random.default_rng(4)
    frame = pd.DataFrame(random.normal(size=(900, 3))).add_prefix("c")
    frame.iloc[899] = frame.iloc[0]
    is_test = np.arange(900) >= 720
    exact = exact_repeats(frame, is_test)
    assert exact.sum() == 1 and beyond_chance(exact, frame, is_test) == 0
    assert "1 nearly repeats a row" in CopiesAcross(near=1, test=9).words


def test_near_ones_are_gone_after_the_fix(tmp_path: Path) -> None:
    frame = copied("noise").drop(columns="origin")
    every = findings(frame, classify(frame, {}), "class", "binary")
    fix = next(one.fix for one in every if one.code == "NEAR_DUPLICATES")
    assert fix is not None
    work = split_of(frame, tmp_path / "all")
    mended = work_on(apply_fix(work.recipe, fix), frame, tmp_path / "once")
    assert (
        copies_across(work, classify(frame, {})).near and not copies_across(mended, classify(frame, {})).near
    )


@pytest.mark.parametrize("kind", ["category", "number"])
def test_copies_with_one_cell_changed_are_a_problem_with_a_remedy(kind: str) -> None:
    frame = copied(kind).drop(columns="origin")
    found: list[Finding] = findings(frame, classify(frame, {}), "class", "binary")
    one = next(one for one in found if one.code == "NEAR_DUPLICATES")
    assert one.severity == "error" and "but for one column" in one.reason and "Group" in one.reason


def test_real_rows_are_no_copies() -> None:
    from core.checks.finding import Subject

    for name in ("german_credit", "breast_cancer", "wine", "diabetes"):
        frame, target, task = real(name)
        assert copies_in(Subject(frame, classify(frame, {}), target, task)) is None, name


def test_prepare_and_the_card_tell_them(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "copied.csv"
    copied("exact").drop(columns="origin").to_csv(path, index=False)
    project = loaded(home, path)
    take = edits.set_target(project.now(), "class", "binary", "bad")
    project.workspace.edit(project.project, lambda _: take, "target")
    project.look()
    spec = {"recipe": project.now().model_dump(mode="json"), "key": copies_key(project.now())}
    run_here(project.workspace, project.project, "copies", spec)
    app = opened("prepare", project.project)
    assert not app.exception and "repeat a row that is learned from" in texts(app)
    next(b for b in app.button if b.label == "Keep one of each duplicate").click().run()
    assert not app.exception and project.now().drop_duplicates
    report = ModelReport(
        task="binary", metric="roc_auc", rows=1, columns=1, copies="Of 9 test rows 3 repeat."
    )
    assert "**Copies.** Of 9 test rows 3 repeat" in card(take, report)
