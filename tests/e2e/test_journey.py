"""The whole walk on real data: from a file to predictions outside, and nothing lost on the way.

The tests of this file are stations of one walk, in order, by one person.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import pytest

from core.engine import jobs
from tests.conftest import shared
from tests.e2e.conftest import Visit
from tests.e2e.server import ROOT, Server, wait_until
from tests.e2e.visitor import Visitor

KEPT = ("Logistic regression", "Decision tree", "LightGBM")
NEW_ROWS = 400


@pytest.fixture(scope="module")
def walk(visit: Visit) -> Iterator[Visitor]:
    """The person who walks."""
    visitor = visit()
    visitor.open()
    yield visitor
    visitor.healthy()


def features(server: Server, visitor: Visitor) -> list[tuple[str, tuple[str, ...]]]:
    return [(step.spec, step.columns) for step in server.recipe(visitor.project).features]


def test_upload(walk: Visitor, server: Server) -> None:
    walk.sees("Start with a table")
    walk.upload(shared("data/telco_churn.csv")).wait_job("read").wait_job("inspect")
    recipe = server.recipe(walk.project)
    assert (recipe.source.rows, recipe.target, recipe.task, recipe.positive) == (
        7043,
        "Churn",
        "binary",
        "Yes",
    )
    walk.sees("telco_churn.csv").sees("Binary classification").healthy()


def test_a_choice_is_made_undone_and_done_again(walk: Visitor, server: Server) -> None:
    walk.go("prepare").main.get_by_text("Folds, seed and duplicates").first.click()
    walk.settle().keyed("prepare.once").get_by_text("Drop duplicates").first.click()
    walk.settle()
    assert server.recipe(walk.project).drop_duplicates
    walk.click("", key="shell.undo")
    assert not server.recipe(walk.project).drop_duplicates
    walk.click("", key="shell.redo")
    assert server.recipe(walk.project).drop_duplicates
    walk.wait_job("inspect").healthy()


def test_a_feature_is_added(walk: Visitor, server: Server) -> None:
    walk.go("features")
    walk.choose("What", "Ratio", key="features.what")
    walk.choose("Divide", "MonthlyCharges", key="features.column.ratio.0")
    walk.choose("By", "tenure", key="features.column.ratio.1")
    walk.click("Add", key="features.add.go")
    assert features(server, walk) == [("ratio", ("MonthlyCharges", "tenure"))]
    walk.sees("MonthlyCharges ÷ tenure")
    server.wait_idle(walk.project)
    walk.settle().sees("What the model gets").sees(re.compile("columns go to the model")).healthy()


def test_an_app_killed_during_a_comparison_loses_nothing(walk: Visitor, server: Server) -> None:
    walk.go("models")
    walk.click("Compare", key="models.start")
    under_way(server, walk.project)
    before = server.recipe(walk.project)
    server.kill()
    server.start()
    walk.reload().is_at("models")
    job = server.latest(walk.project, "compare")
    assert job is not None and job.state in ("running", "done"), "the job outlives the app"
    assert server.recipe(walk.project) == before
    walk.sees("telco_churn.csv")
    if job.is_active:
        walk.sees("Comparing models")


def test_an_interrupted_comparison_says_so(walk: Visitor, server: Server) -> None:
    walk.go("models")
    job = server.latest(walk.project, "compare")
    if job is None or not job.is_active:
        walk.click("Compare", key="models.start")
    under_way(server, walk.project)
    server.kill()
    server.kill_engine()
    server.start()
    walk.reload().is_at("models")
    walk.sees("was interrupted")
    assert server.wait_job(walk.project, "compare").state == "interrupted"
    assert features(server, walk) == [("ratio", ("MonthlyCharges", "tenure"))]
    walk.problems.clear()  # the browser has noticed that the server was away, as it should
    walk.healthy()


def under_way(server: Server, project: str) -> None:
    """Wait until a comparison has finished some units and has others to do."""

    def some() -> bool:
        job = server.latest(project, "compare")
        return job is not None and job.state == "running" and job.done >= 1

    wait_until(some, "the comparison is under way", 60)


def test_a_comparison_of_a_few_models(walk: Visitor, server: Server) -> None:
    walk.go("models")
    for pill in walk.keyed("models.families").get_by_role("button", pressed=True).all_inner_texts():
        if not any(name in pill for name in KEPT):
            walk.click(pill.split("\n")[-1])
    compared = {candidate.model for candidate in server.recipe(walk.project).candidates}
    assert compared == {
        "dummy_classifier",
        "logistic_regression",
        "tree_classifier",
        "lightgbm_classifier",
    }
    before = server.latest(walk.project, "compare")
    walk.click("Compare", key="models.start")
    walk.wait_job("compare", after=before.id if before else "")
    walk.drawn().sees(re.compile("Comparing models took")).healthy()
    board = jobs.result(server.workspace, walk.project, newest(server, walk, "compare"))["board"]
    assert {row["id"] for row in board} == compared
    assert board[-1]["id"] == "dummy_classifier"


def newest(server: Server, visitor: Visitor, kind: str) -> str:
    job = server.latest(visitor.project, kind)
    assert job is not None
    return job.id


def test_the_winner_is_picked(walk: Visitor, server: Server) -> None:
    walk.click(re.compile("Take "), key="models.take")
    chosen = server.recipe(walk.project).chosen
    assert chosen is not None and chosen.model != "dummy_classifier"
    walk.sees("is the chosen model").healthy()


def test_tuning_and_taking_the_best(walk: Visitor, server: Server) -> None:
    walk.go("tune")
    trials = walk.main.get_by_role("spinbutton", name="Trials")
    trials.fill("4")
    trials.press("Enter")
    wait_until(lambda: server.recipe(walk.project).tuning.trials == 4, "the number of trials is kept")
    walk.settle().click("Search", key="tune.start").wait_job("tune")
    found = jobs.result(server.workspace, walk.project, newest(server, walk, "tune"))
    assert 1 <= len(found["trials"]) <= 5
    walk.click("Take the best")
    chosen = server.recipe(walk.project).chosen
    assert chosen is not None and chosen.id == "tuned" and chosen.params == found["best"]["all_params"]
    walk.sees("Taken").healthy()


def test_the_test_set_is_opened_on_purpose_and_counted(walk: Visitor, server: Server) -> None:
    walk.go("evaluate").sees("The test set is locked").sees("Not opened yet.")
    walk.click("Open the test set").wait_job("evaluate")
    walk.drawn().sees(re.compile("First look")).healthy()
    found = jobs.result(server.workspace, walk.project, newest(server, walk, "evaluate"))
    score = found["scores"]["roc_auc"]
    assert score["low"] < score["value"] < score["high"] and score["value"] > 0.8
    assert found["opened"] == 1 and found["test_rows"] == pytest.approx(7021 * 0.2, abs=2)


def test_refresh_back_and_a_second_tab_lose_nothing(walk: Visitor, server: Server) -> None:
    recipe = server.recipe(walk.project)
    walk.go("evaluate").reload().is_at("evaluate").sees(re.compile("First look"))
    walk.go("models").sees("Comparing models took")
    walk.page.go_back(wait_until="commit")
    walk.is_at("evaluate").sees(re.compile("First look"))
    first, project = walk.page, walk.project
    walk.page = second = walk.second_tab()
    walk.open("features", project).is_at("features").sees("MonthlyCharges ÷ tenure")
    walk.open("tune").is_at("tune").sees("Taken")  # without the project: the cookie knows
    second.close()
    walk.page = first
    assert server.recipe(walk.project) == recipe
    walk.healthy()


def test_a_restart_finds_everything_again(walk: Visitor, server: Server) -> None:
    recipe = server.recipe(walk.project)
    server.kill()
    server.kill_engine()
    server.start()
    walk.reload().is_at("evaluate").sees(re.compile("First look"))
    walk.go("tune").sees("Taken")
    walk.go("features").sees("MonthlyCharges ÷ tenure")
    walk.go("data").sees("telco_churn.csv").sees("Binary classification")
    assert server.recipe(walk.project) == recipe
    walk.problems.clear()
    walk.healthy()


# The model leaves


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where nothing of Foldline is."""
    return tmp_path_factory.mktemp("outside")


@pytest.fixture(scope="module")
def new_rows(outside: Path) -> Path:
    """Rows as a colleague has them: the raw file without its target."""
    rows = pd.read_csv(shared("data/telco_churn.csv"), dtype="str", keep_default_na=False)
    path = outside / "new_rows.csv"
    rows.drop(columns="Churn").tail(NEW_ROWS).to_csv(path, index=False)
    return path


def test_export_and_download(walk: Visitor, server: Server, outside: Path) -> None:
    walk.go("export")
    walk.click("Pack the model", key="export.start").wait_job("export")
    walk.sees("Self-test").sees("Passed")
    bundle = walk.downloads(lambda: walk.keyed("export.bundle").get_by_role("button").click(), outside)
    assert bundle.name == "bundle.zip"
    with zipfile.ZipFile(bundle) as archive:
        names = set(archive.namelist())
        assert {"model.skops", "predict.py", "train.py", "requirements.txt", "schema.json"} <= names
        assert not [name for name in names if name.startswith((".", "/")) or ".." in name]
        archive.extractall(outside)
    script = walk.downloads(lambda: walk.keyed("export.script").get_by_role("button").click(), outside / "x")
    assert script.read_text(encoding="utf-8") == (outside / "train.py").read_text(encoding="utf-8")
    assert json.loads((outside / "recipe.json").read_text())["target"] == "Churn"
    walk.healthy()


@pytest.fixture(scope="module")
def in_app(walk: Visitor, server: Server, new_rows: Path, outside: Path) -> pd.DataFrame:
    """What the Predict page says of the new rows."""
    walk.go("predict").upload(new_rows, key="predict.rows.choice").wait_job("predict")
    return pd.read_csv(
        walk.downloads(lambda: walk.keyed("predict.csv").get_by_role("button").click(), outside)
    )


def test_predictions_in_the_app(in_app: pd.DataFrame) -> None:
    assert len(in_app) == NEW_ROWS
    assert set(in_app["prediction"]) == {"Yes", "No"}


def test_the_command_line_says_the_same(in_app: pd.DataFrame, outside: Path, new_rows: Path) -> None:
    out = outside / "cli.csv"
    run([sys.executable, "-m", "core", "predict", outside / "bundle.zip", new_rows, "-o", out], ROOT)
    same(pd.read_csv(out), in_app)


@pytest.fixture(scope="module")
def python(outside: Path) -> Path:
    """The interpreter of a fresh environment that has the bundle's requirements and nothing else."""
    venv.create(outside / "fresh", with_pip=True)
    path = outside / "fresh" / "bin" / "python"
    run([path, "-m", "pip", "install", "--quiet", "-r", "requirements.txt"], outside)
    return path


def test_predict_py_in_a_fresh_environment(
    in_app: pd.DataFrame, python: Path, outside: Path, new_rows: Path
) -> None:
    run([python, "predict.py", "--check"], outside)
    run([python, "predict.py", new_rows, "-o", "by_predict.csv"], outside)
    same(pd.read_csv(outside / "by_predict.csv"), in_app)


def test_train_py_in_a_fresh_environment(
    in_app: pd.DataFrame, python: Path, outside: Path, new_rows: Path
) -> None:
    raw = shared("data/telco_churn.csv")
    command = [python, "train.py", raw, "--rows", "all", "--predict", new_rows, "-o", "by_train.csv"]
    run(command, outside)
    same(pd.read_csv(outside / "by_train.csv"), in_app)


def run(command: Sequence[object], where: Path) -> None:
    """Run a command that must succeed."""
    said = subprocess.run(
        [str(part) for part in command], cwd=where, capture_output=True, text=True, timeout=300, check=False
    )
    assert said.returncode == 0, said.stderr[-3000:]


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """The same predictions to the last bit, by the columns that both have."""
    columns = [name for name in expected.columns if name in found.columns]
    assert "prediction" in columns and len(columns) >= 2
    pd.testing.assert_frame_equal(found[columns], expected[columns], check_exact=True)
