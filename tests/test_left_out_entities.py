"""A column that names what rows belong to is told when it is left out, too: that does not part its rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.checks.finding import Finding
from core.command.main import main
from core.data.kinds import classify
from core.findings import findings
from core.recipe import edits, usage_edits
from core.recipe.document import Recipe
from tests.page_support import loaded, module_home, opened, texts

home = module_home
SAYS = "leaving it out does not part its rows"


def visits(seed: int, owners: int, each: int, *, alike: bool, task: str = "binary") -> pd.DataFrame:
    """Rows of patients with measurements of their own, who share the target where they are alike."""
    random = np.random.default_rng([seed, owners, each])
    who = random.permutation(np.repeat(np.arange(owners), each))
    own, effect = random.normal(size=(owners, 2)), random.normal(size=owners)
    rows = len(who)
    x = random.normal(size=(rows, 3)).round(3)
    risk = x[:, 0] + 0.5 * random.normal(size=rows) + 2 * effect[who] * alike
    y = risk.round(3) if task == "regression" else np.where(risk > np.median(risk), "yes", "no")
    frame = pd.DataFrame(x, columns=list("abc")).assign(
        height=own[who, 0].round(2), weight=own[who, 1].round(2)
    )
    frame["y"] = pd.Series(y, dtype="float64" if task == "regression" else "str")
    return frame.assign(who=who)


def named(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The table with the owner under another name: texts, codes or numbers."""
    who = frame["who"]
    values = who * 1.0 + 1000 if name == "customer_id" else pd.Series([f"K{i:03d}" for i in who], dtype="str")
    return frame.drop(columns="who").assign(**{name: values})


def of_left_out(frame: pd.DataFrame, names: tuple[str, ...], task: str, kind: str = "") -> list[Finding]:
    changed = {"role": "ignore"} | ({"kind": kind} if kind else {})
    columns = [c.model_copy(update=changed) if c.name in names else c for c in classify(frame, {})]
    return [one for one in findings(frame, columns, "y", task) if one.code == "GROUPED"]  # type: ignore[arg-type]


@pytest.mark.parametrize("task", ["binary", "regression"])
@pytest.mark.parametrize("kind", ["", "id"])
@pytest.mark.parametrize("name", ["patient", "customer_id", "ort"])
def test_an_entity_that_is_left_out_is_told_and_is_a_problem_where_the_score_is_flattered(
    name: str, kind: str, task: str
) -> None:
    """By its name, or by codes whose rows are alike."""
    (one,) = of_left_out(named(visits(1, 20, 30, alike=True, task=task), name), (name,), task, kind)
    assert (one.severity, one.column) == ("error", name) and SAYS in one.reason and "flattered" in one.reason
    assert one.fix is not None and one.fix.args == {"column": name, "role": "group"}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("owners", "each"), [(5, 30), (40, 15)])
def test_it_is_no_problem_where_rows_of_one_are_not_alike_in_the_target(
    owners: int, each: int, seed: int
) -> None:
    frame = named(visits(seed, owners, each, alike=False), "patient")
    assert [one.severity for one in of_left_out(frame, ("patient",), "binary")] in (["warn"], ["info"])


def test_columns_that_name_entities_without_being_called_so_are_looked_through_too() -> None:
    frame = visits(2, 60, 15, alike=True, task="regression")
    born = np.random.default_rng(3).integers(0, 15_000, 60)[frame["who"]]
    day = (pd.Timestamp("1950-01-01") + pd.to_timedelta(born, "D")).astype("datetime64[us]")
    frame = frame.drop(columns="who").assign(since=day)
    assert [one.column for one in of_left_out(frame, ("since",), "regression")] == ["since"]
    dealt = frame.assign(since=np.random.default_rng(4).permutation(frame["since"]))
    assert of_left_out(dealt, ("since",), "regression") == []


@pytest.mark.parametrize("role", ["group", "time"])
def test_nothing_is_told_once_rows_are_divided(role: str) -> None:
    frame = named(visits(1, 20, 30, alike=True), "patient").assign(other=np.arange(600) // 3 * 1.0)
    roles = {"patient": "ignore", "other": role}
    columns = [c.model_copy(update={"role": roles.get(c.name, c.role)}) for c in classify(frame, {})]
    listed = findings(frame, columns, "y", "binary")
    assert not any(SAYS in one.reason for one in listed)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("visits") / "visits.csv"
    named(visits(1, 20, 30, alike=True), "patient").to_csv(path, index=False)
    return path


def test_it_is_told_on_prepare_and_models_and_a_click_keeps_rows_together(home: Path, file: Path) -> None:
    project = loaded(home, file)
    take = edits.set_target(project.now(), "y", "binary", "yes")
    take = edits.set_role(take, "patient", "ignore")
    project.workspace.edit(project.project, lambda _: take, "left out")
    project.look()
    models = opened("models", project.project)
    assert not models.exception and SAYS in texts(models) and "These scores may mislead" in texts(models)
    accepted = usage_edits.accept(take, "GROUPED", "patient", "new rows are of the same patients")
    project.workspace.edit(project.project, lambda _: accepted, "let stand")
    assert SAYS not in texts(opened("prepare", project.project))
    project.workspace.undo(project.project)
    prepare = opened("prepare", project.project)
    assert not prepare.exception and SAYS in texts(prepare)
    next(one for one in prepare.button if one.label == "Keep its rows together").click().run()
    assert not prepare.exception
    assert project.now().column("patient").role == "group"


def test_suggest_and_run_tell_it(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe, out = tmp_path / "r.json", tmp_path / "out"
    assert main(["suggest", str(file), "--target", "y", "-o", str(recipe)]) == 0
    assert "GROUPED patient" in capsys.readouterr().out
    suggested = Recipe.model_validate_json(recipe.read_text())
    left = edits.set_candidates(edits.set_role(suggested, "patient", "ignore"), ["logistic_regression"])
    recipe.write_text(left.to_json())
    assert main(["run", str(recipe), "--data", str(file), "--out", str(out)]) == 0
    assert f"PROBLEM, not mended: GROUPED patient: patient is left out, but {SAYS}" in capsys.readouterr().out
