"""A job or run that fails after models were fitted keeps what there is and names what failed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks.decided.gain import Silent
from core.command.main import main
from core.command.run_steps import TIME_OVER, conclusion
from core.engine import jobs
from core.engine.job_kinds import limits
from core.engine.resources import resources_of
from core.engine.run_here import run_here
from core.errors import FoldlineError
from core.export.model_report import importance_of
from core.recipe import edits
from core.recipe.difference import differences
from core.recipe.document import Candidate, Recipe
from core.recipe.usage_edits import set_clocks
from core.results.base import parsed
from core.results.compare import CompareResult
from core.results.evaluate import EvaluateResult
from core.results.parts import Parts
from core.store.workspace import Workspace
from core.train.judging.test_set import judge
from core.train.ranking.wording import lead_words
from core.train.work import Work
from tests.conftest import shared
from tests.golden_support import golden_workspace

MODELS = ("dummy_classifier", "gaussian_nb")


@pytest.fixture(scope="module", name="home")
def workspace_of_0_1_0(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str]:
    return golden_workspace(tmp_path_factory.mktemp("lost"))


def recipe_of(home: tuple[Workspace, str], **chosen: Any) -> Recipe:
    recipe = home[0].recipe(home[1])
    assert recipe is not None
    return edits.choose(recipe, "knn_classifier", **chosen)


def noise(path: Path) -> Path:
    """120 rows whose target has nothing to do with the other columns."""
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(rng.normal(size=(120, 3)), columns=["a", "b", "c"])
    frame.assign(y=np.where(rng.random(120) < 0.4, "yes", "no")).to_csv(path, index=False)
    return path


def one_class_test(work: Work) -> Work:
    """The same rows, but every test row has the first class."""
    test = work.split.test
    rows = test[work.labels(test) == work.target.classes[0]]
    return replace(work, split=replace(work.split, test=rows))


@pytest.mark.parametrize("metric", ["roc_auc", "log_loss", "average_precision", "accuracy"])
def test_a_test_set_without_a_class_still_has_its_scores(home: tuple[Workspace, str], metric: str) -> None:
    ranking = ("roc_auc", "average_precision")
    recipe = edits.set_metric(recipe_of(home), metric)
    work = one_class_test(resources_of(*home).work(recipe))
    facts = judge(work, Silent(), lambda: None)
    result = EvaluateResult.model_validate(facts | {"opened": 1})
    assert result.scores["roc_auc"].value is None
    assert result.scores["accuracy"].value is not None
    assert [one.part for one in result.left_out] == (["importance"] if metric in ranking else [])
    if result.left_out:
        assert "not defined" in result.left_out[0].problem
        assert importance_of(result) is None, "unknown, which is not the same as worth nothing"


def test_only_a_look_that_showed_something_is_counted(tmp_path: Path) -> None:
    ws = Workspace(tmp_path / "w")
    project = ws.create_project(ws.new_space(), "Few rows")
    file = noise(tmp_path / "n.csv")
    run_here(ws, project, "read", {"path": str(file), "name": file.name, "keep": True})
    recipe = ws.recipe(project)
    assert recipe is not None
    recipe = edits.set_split(edits.set_target(recipe, "y", "binary", "yes"), test_size=0.4)
    for neighbours, opened in ((90, 0), (5, 1), (90, 1), (7, 2)):
        asked = {
            "recipe": edits.choose(recipe, "knn_classifier", n_neighbors=neighbours).model_dump(mode="json")
        }
        if neighbours == 90:
            with pytest.raises(FoldlineError, match="FIT"):
                run_here(ws, project, "evaluate", asked)
        else:
            assert run_here(ws, project, "evaluate", asked)["opened"] == opened
        assert len(ws.openings(project)) == opened


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FoldlineError("METRIC", "Not defined."), "METRIC"),
        (MemoryError(), "MEMORY"),
        (ZeroDivisionError("no luck"), "BUG"),
    ],
)
def test_a_part_that_fails_is_named_and_the_others_go_on(error: Exception, code: str) -> None:
    def fail() -> int:
        raise error

    parts = Parts()
    assert (parts.of("first", fail, 0), parts.of("second", lambda: 2, 0)) == (0, 2)
    assert [(one.part, one.code) for one in parts.failed] == [("first", code)]


def run(folder: Path, data: Path, change: Callable[[dict[str, Any]], None]) -> tuple[int, dict[str, Any]]:
    recipe, out = folder / "recipe.json", folder / "out"
    if not recipe.exists():
        assert main(["suggest", str(data), "--target", "y", "-o", str(recipe)]) == 0
    document = json.loads(recipe.read_text())
    change(document)
    recipe.write_text(json.dumps(document))
    code = main(["run", str(recipe), "--data", str(data), "--out", str(out)])
    return code, json.loads((out / "report.json").read_text())


def few_models(document: dict[str, Any], *models: str) -> None:
    document["candidates"] = [{"id": name, "model": name} for name in models]
    document["split"] |= {"scheme": "kfold", "folds": 3}


def test_a_run_whose_model_fails_late_still_writes_its_board(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(document: dict[str, Any]) -> None:
        few_models(document, *MODELS)
        document["chosen"] = {"id": "own", "model": "knn_classifier", "params": {"n_neighbors": 90}}
        document["split"]["test_size"] = 0.4

    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "bundle.zip").write_bytes(b"of an earlier run")
    code, report = run(tmp_path, noise(tmp_path / "n.csv"), change)
    assert code == 1
    assert {row["id"] for row in report["leaderboard"] if row["rank"]} == set(MODELS)
    assert [one["part"] for one in report["failed"]] == ["test", "export"]
    assert report["test"] == {} and report["test_opened"] == 0
    said = capsys.readouterr().out.splitlines()
    assert said[3].startswith("FAILED test: FIT: "), "after the words of suggest the worst news stands first"
    assert any("of an earlier run" in line for line in said)


@pytest.mark.parametrize("others", [(), MODELS])
def test_a_run_says_why_models_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], others: tuple[str, ...]
) -> None:
    def change(document: dict[str, Any]) -> None:
        few_models(document, "knn_classifier", *others)
        document["candidates"][0]["params"] = {"n_neighbors": 100}

    code, report = run(tmp_path, noise(tmp_path / "n.csv"), change)
    assert code == (0 if others else 1)
    error = report["leaderboard"][-1]["error"]
    assert error["code"] == "FIT"
    assert [one["code"] for one in report["failed"]] == ([] if others else ["CANDIDATES"])
    label = report["leaderboard"][-1]["label"]
    assert f"FAILED {label}: FIT: {error['problem']}" in capsys.readouterr().out


def test_nothing_is_searched_where_the_baseline_leads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(document: dict[str, Any]) -> None:
        few_models(document, "dummy_classifier", "tree_classifier")
        document["metric"] = "log_loss"
        document["tuning"] = {"planned": True, "trials": 2}

    code, report = run(tmp_path, noise(tmp_path / "n.csv"), change)
    assert (code, report["failed"], report["chosen"]) == (0, [], "dummy_classifier")
    assert report["tuning"] is None
    assert report["conclusion"].startswith("No model scores better than the baseline.")
    assert report["conclusion"].endswith("The search was skipped.")
    assert report["conclusion"] in capsys.readouterr().out


@pytest.mark.parametrize("name", ["thr_unchosen", "thr_tuned"])
def test_a_run_keeps_the_threshold_of_its_recipe(tmp_path: Path, name: str) -> None:
    recipe, data = (shared(f"failing/models/{file}") for file in (f"{name}.recipe.json", "bool_train.csv"))
    document = json.loads(recipe.read_text())
    document["tuning"]["trials"] = 2
    few_models(document, *MODELS)
    (tmp_path / "r.json").write_text(json.dumps(document))
    arguments = ["run", str(tmp_path / "r.json"), "--data", str(data), "--out", str(tmp_path / "o")]
    assert main(arguments) == 0
    threshold = document["threshold"]
    assert threshold == 0.2
    assert json.loads((tmp_path / "o" / "recipe.json").read_text())["threshold"] == threshold
    bundle = str(tmp_path / "o" / "bundle.zip")
    assert main(["predict", bundle, str(data), "-o", str(tmp_path / "p.csv")]) == 0
    said = pd.read_csv(tmp_path / "p.csv")
    shares = next(name for name in said.columns if name not in ("prediction",) and said[name].dtype == float)
    assert set(said.loc[said[shares].between(0.2, 0.5), said.columns[0]]) <= {document["positive"]}


@pytest.mark.parametrize("kind", ["compare", "export"])
def test_a_person_sets_how_long_a_job_may_take(kind: str) -> None:
    recipe = set_clocks(Recipe(), **{kind: 5})
    document = recipe.model_dump(mode="json")
    assert limits(kind, {"recipe": document}).seconds == 300
    assert limits("evaluate", {"recipe": document}).seconds is None
    assert limits(kind, {"recipe": document, "limits": {"seconds": 2}}).seconds == 2
    assert (limits(kind, {"recipe": document}).grace > 0) == (kind != "export")
    assert differences(Recipe(), recipe)
    assert set_clocks(recipe, **{kind: None}) == Recipe(), "and its bytes are those of a recipe without"
    assert "clocks" not in Recipe().to_json()


def test_a_comparison_whose_time_is_over_ranks_what_has_finished(home: tuple[Workspace, str]) -> None:
    ws, project = home
    slow = [
        Candidate(id=f"slow_{i}", model="random_forest_classifier", params={"n_estimators": 1000})
        for i in range(20)
    ]
    recipe = edits.set_split(recipe_of(home), scheme="kfold", folds=3)
    plain = next(one for one in recipe.candidates if one.model == "dummy_classifier")
    recipe = recipe.model_copy(update={"candidates": (plain, *slow)})
    spec = {"recipe": recipe.model_dump(mode="json"), "limits": {"seconds": 5.0}}
    found = parsed(CompareResult, run_here(ws, project, "compare", spec))
    assert found.cut_by == "time"
    assert found.candidate(plain.id).status == "done"
    assert found.candidate(slow[-1].id).status == "stopped"
    assert "time was over" in lead_words(found)
    assert TIME_OVER in conclusion(found)


@pytest.mark.parametrize("kind", ["compare", "tune", "evaluate", "export"])
def test_two_tabs_that_ask_for_the_same_get_one_job(tmp_path: Path, kind: str) -> None:
    ws = Workspace(tmp_path / "w")
    p = ws.create_project(ws.new_space(), "Mine")
    other = ws.create_project(ws.new_space(), "Other")
    same, else_ = ({"recipe": Recipe(seed=seed).model_dump(mode="json")} for seed in (1, 2))
    ids: list[str] = []

    def press() -> None:
        ids.append(jobs.submit(ws, p, kind, same))

    tabs = [threading.Thread(target=press) for _ in range(6)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len(set(ids)) == 1
    assert len(jobs.jobs(ws, p)) == 1
    assert jobs.submit(ws, p, kind, else_) != ids[0]
    assert jobs.submit(ws, other, kind, same) != ids[0]
    jobs.cancel(ws, p, ids[0])
    assert jobs.submit(ws, p, kind, same) != ids[0], "what was cancelled is asked for anew"
