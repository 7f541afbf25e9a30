"""The pages Models, Tune and Runs: empty, running, with results, after changes, and with hostile names."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

from core.digits import number
from core.engine import jobs
from core.engine.run_here import run_here
from core.recipe import edits
from core.recipe.document import Recipe
from core.store.workspace import Workspace
from tests.conftest import SHARED
from tests.page_support import tied
from ui.widgets.text import visible

ROOT = Path(__file__).resolve().parents[1]
MODELS = ["logistic_regression", "tree_classifier", "gaussian_nb"]
PAGES = ("models", "tune", "runs")
NEWEST = (("compare", "compared"), ("tune", "tuned"))
HOSTILE = ("![x](http://evil.example/p.png)", "<script>alert(1)</script>", ":red[b] $a$ `c`", "{{7*7}}")


def names() -> list[str]:
    """Column names that nobody should trust: ours, and some of the public list when it is there."""
    found = SHARED / "badinputs" / "blns" / "blns.json"
    public = json.loads(found.read_text(encoding="utf-8"))[40:400:30] if found.exists() else []
    return list(dict.fromkeys([*HOSTILE, *(text for text in public if text.strip())]))


def write(path: Path) -> None:
    rng = np.random.default_rng(0)
    target = rng.integers(0, 2, 240)
    columns = {name: rng.normal(size=240).round(4) for name in names()}
    columns[HOSTILE[0]] += 2 * target
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*columns, "churn"])
        writer.writerows(zip(*columns.values(), target, strict=True))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A workspace with a table of hostile names, a comparison of four models and a search of three trials."""
    home = tmp_path_factory.mktemp("home")
    ws = Workspace(home)
    project = ws.create_project(ws.new_space(), "Mine")
    upload = ws.new_upload(project, 10_000)
    write(upload)
    run_here(ws, project, "read", {"path": str(upload), "name": "hostile.csv", "options": None})
    ws.edit(project, plan, "plan")
    spec = {"recipe": ws.recipe(project).model_dump(mode="json")}
    run_here(ws, project, "compare", spec)
    ws.edit(project, lambda old: edits.choose(old, "tree_classifier"), "choose")
    spec = {"recipe": ws.recipe(project).model_dump(mode="json")}
    run_here(ws, project, "tune", spec)
    return home, project


def plan(recipe: Recipe | None) -> Recipe:
    assert recipe is not None
    recipe = edits.set_candidates(edits.set_target(recipe, "churn", "binary", "1"), MODELS)
    return edits.set_tuning(edits.set_split(recipe, scheme="kfold", folds=3), trials=3)


@pytest.fixture
def copy(done: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The workspace as it was made, for one test to change, and its project."""
    home = tmp_path / "home"
    shutil.copytree(done[0], home)
    monkeypatch.setenv("FOLDLINE_HOME", str(home))
    return Workspace(home), done[1]


def show(page: str, project: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["project"] = project
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(each.value for each in [*app.markdown, *app.caption, *app.subheader])


def test_the_names_are_hostile_and_kept(copy: Any) -> None:
    ws, project = copy
    assert {column.name for column in ws.recipe(project).columns} >= set(HOSTILE)


@pytest.mark.parametrize("page", PAGES)
def test_pages_show_results_with_hostile_names(copy: Any, page: str) -> None:
    app = show(page, copy[1])
    assert not app.error


def test_the_board_says_what_is_real(copy: Any) -> None:
    app = show("models", copy[1])
    board = next(each.value for each in app.dataframe if "standing" in each.value)
    assert board["model"].tolist()[-1] == "Baseline"
    assert board["standing"].tolist()[0] == "best" and set(board["standing"]) <= {
        "best",
        "tie",
        "behind",
        "–",
    }
    assert board["badge"].str.contains("simplest").sum() == 1
    assert app.pills(key="models.Trees").value == ["tree_classifier"]
    text = said(app)
    assert "beat the baseline" in text and "test rows were not looked at" in text
    assert "took" in text, "what it cost is not told"


def test_a_model_is_chosen_with_one_click(copy: Any) -> None:
    ws, project = copy
    ws.edit(project, lambda old: old.model_copy(update={"chosen": None}), "choose none")
    app = show("models", project)
    app.button(key="models.take").click().run()
    assert ws.recipe(project).chosen is not None
    assert not [each for each in app.button if each.key == "models.take"]
    ws.undo(project)
    assert show("tune", project).button(key="tune.take.best").label.startswith("Take the best")


def test_leaving_and_coming_back_keeps_what_was_chosen(copy: Any) -> None:
    ws, project = copy
    app = show("models", project)
    app.pills(key="models.Boosting").set_value(["lightgbm_classifier"]).run()
    app.selectbox(key="models.metric").select("f1").run()
    app.switch_page("pages/runs.py").run()
    app.switch_page("pages/models.py").run()
    assert app.pills(key="models.Boosting").value == ["lightgbm_classifier"]
    assert app.selectbox(key="models.metric").value == "f1"
    assert ws.recipe(project).candidates[0].id == "dummy_classifier"
    assert ws.recipe(project).metric == "f1"


def test_a_result_from_before_says_what_changed(copy: Any) -> None:
    ws, project = copy
    ws.edit(project, lambda old: edits.set_role(old, HOSTILE[1], "ignore"), "ignore")
    for page in ("models", "tune"):
        text = said(show(page, project))
        assert "This is from before" in text and "script" in text
        assert "<script>" not in text.replace(r"\<script\>", "")
    ws.undo(project)
    assert "This is from before" not in said(show("models", project))


def test_settings_that_do_not_matter_leave_the_board_fresh(copy: Any) -> None:
    ws, project = copy
    ws.edit(project, lambda old: edits.set_tuning(old, trials=9), "trials")
    assert "This is from before" not in said(show("models", project))


def test_the_gain_is_told_with_its_interval(copy: Any) -> None:
    app = show("tune", copy[1])
    assert "on fresh folds" in said(app)
    assert {each.label for each in app.metric} == {"Best of 3 trials", "Untuned", "Gain on fresh folds"}


def test_the_best_settings_are_taken_and_the_search_stays_fresh(copy: Any) -> None:
    ws, project = copy
    before = ws.recipe(project)
    app = show("tune", project)
    app.button(key="tune.take").click().run()
    chosen = ws.recipe(project).chosen
    assert chosen.id == "tuned" and set(chosen.params) >= {"max_depth", "min_samples_leaf"}
    assert "This is from before" not in said(app)
    assert not [each for each in app.button if each.key == "tune.take"]
    assert "Decision tree, tuned" in said(show("models", project)).replace("\\", "")
    ws.undo(project)
    assert ws.recipe(project) == before


def _score(app: AppTest) -> str:
    return next(line for line in app.sidebar.markdown[0].value.split("\n") if "emoji_events" in line)


def test_the_score_beside_the_menu_is_that_of_the_chosen_settings(copy: Any) -> None:
    ws, project = copy
    compared, tuned = (ws.result(project, kind, ws.get(project, key)) for kind, key in NEWEST)
    row = next(row for row in compared["board"] if row["id"] == "tree_classifier")
    app = show("tune", project)
    assert f"**{number(row['mean'], row['low'], row['high'])}** on the folds" in _score(app)
    app.button(key="tune.take").click().run()
    fresh = float(np.mean(tuned["gain"]["tuned"]))
    assert fresh != tuned["best"]["score"], "the folds that chose it flatter it"
    assert f"**{number(fresh)}** on fresh folds" in _score(app)
    assert "before" not in _score(app)
    ws.edit(project, lambda old: edits.set_candidates(old, MODELS[:1]), "fewer models")
    assert "before" not in _score(app.run()), "which others are compared does not matter to it"
    ws.edit(project, lambda old: edits.choose(old, "tree_classifier", "tuned", max_depth=2), "other settings")
    assert "before" in _score(app.run())
    ws.undo(project)
    ws.edit(project, lambda old: old.model_copy(update={"seed": 5}), "seed")
    assert "before" in _score(app.run())
    ws.edit(project, lambda old: edits.choose(old, "gaussian_nb"), "choose")
    ws.edit(project, lambda old: edits.set_metric(old, "accuracy"), "metric")
    assert not any("emoji_events" in each.value for each in app.run().sidebar.markdown)


def test_a_picture_of_a_result_is_made_once(copy: Any) -> None:
    app = show("tune", copy[1])
    assert app.get("plotly_chart")
    first = [chart.proto.spec for chart in app.get("plotly_chart")]
    app.selectbox(key="tune.hyperparameter").select("min_samples_leaf").run()
    second = [chart.proto.spec for chart in app.get("plotly_chart")]
    assert first[0] == second[0] and first[1] != second[1]
    app.selectbox(key="tune.hyperparameter").select("max_depth").run()
    assert [chart.proto.spec for chart in app.get("plotly_chart")] == first


def test_the_space_is_edited_and_what_cannot_be_is_refused(copy: Any) -> None:
    ws, project = copy
    app = show("tune", project)
    key = "tune.tree_classifier.max_depth"
    app.number_input(key=f"{key}.high").set_value(8).run()
    assert ws.recipe(project).tuning.space["max_depth"].high == 8
    app.number_input(key=f"{key}.low").set_value(20).run()
    assert "SPACE" in app.error[0].value
    assert tied(app.number_input, f"{key}.low").value == 1
    app.toggle(key=f"{key}.on").set_value(False).run()
    assert ws.recipe(project).tuning.space["max_depth"] is None
    app.button(key="tune.space.reset").click().run()
    assert ws.recipe(project).tuning.space == {}
    app.segmented_control(key="tune.search").set_value("grid").run()
    assert ws.recipe(project).tuning.search == "grid"
    app.slider(key="tune.search.grid.points").set_value(5).run()
    assert ws.recipe(project).tuning.params == {"points": 5}
    app.segmented_control(key="tune.search").set_value("random").run()
    assert not [one for one in app.slider if (one.key or "").startswith("tune.search.")]
    app.segmented_control(key="tune.search").set_value("grid").run()
    assert tied(app.slider, "tune.search.grid.points").value == 5, "its settings come back with it"


def test_a_search_has_one_time_limit(copy: Any) -> None:
    app = show("tune", copy[1])
    assert app.select_slider(key="tune.cap").value == 300
    assert not [one for one in app.number_input if one.label == "Minutes at most"]


def test_nothing_to_search_is_said_and_cannot_be_started(copy: Any) -> None:
    ws, project = copy
    for name in ("max_depth", "min_samples_leaf"):
        ws.edit(project, lambda old, name=name: edits.set_range(old, name, None), "fix")
    app = show("tune", project)
    assert "no setting to search" in app.error[0].value or "SPACE" in app.error[0].value
    assert app.button(key="tune.start").disabled


def test_a_started_comparison_waits_in_the_queue(copy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ws, project = copy
    app = show("models", project)
    jobs.submit(ws, project, "compare", {"recipe": ws.recipe(project).model_dump(mode="json")})
    app.run()
    assert app.button(key="models.start").disabled
    assert [each for each in app.button if each.key == "job.cancel.compare"]
    app.button(key="job.cancel.compare").click().run()
    assert not app.button(key="models.start").disabled


def test_runs_are_renamed_restored_and_deleted(copy: Any) -> None:
    ws, project = copy
    older = ws.runs(project)[1]
    app = pick(show("runs", project), 1)
    app.text_input(key=f"runs.label.{older.id}").input(HOSTILE[0]).run()
    assert ws.runs(project)[1].label == HOSTILE[0]
    table = app.dataframe[0].value
    assert table["label"].tolist()[1] == visible(HOSTILE[0])
    assert table["standing"].tolist() == ["current", "current"]
    pick(app, 1).button(key="runs.restore").click().run()
    assert ws.recipe(project) == older.recipe and older.recipe.chosen is None
    app.button(key="runs.undo").click().run()
    assert ws.recipe(project).chosen is not None
    pick(app, 1).button(key="runs.restore").click().run()
    pick(app, 1).button(key="runs.delete").click().run()
    app.button(key="runs.delete.sure").click().run()
    assert [run.kind for run in ws.runs(project)] == ["tune"]


def test_the_newest_two_that_can_be_compared_are_shown_at_once(copy: Any) -> None:
    ws, project = copy
    app = show("runs", project)
    assert "From the first to the second" in said(app)
    found = ws.result(project, "tune", ws.get(project, "tuned"))
    best = found["best"]["all_params"]
    ws.edit(project, lambda old: edits.choose(old, found["model"], "tuned", **best), "take")
    assert show("runs", project).dataframe[0].value["standing"].tolist() == ["taken", "current"]
    ws.delete_run(project, ws.runs(project)[1].id)
    assert show("runs", project).text_input(key=f"runs.label.{ws.runs(project)[0].id}")


def pick(app: AppTest, *rows: int) -> AppTest:
    app.session_state["runs.table"] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return app.run()


def test_two_runs_are_compared_and_show_the_scores_of_the_list(copy: Any) -> None:
    app = pick(show("runs", copy[1]), 0, 1)
    assert not app.exception and not app.error
    text = said(app)
    assert "differs by" in text or "is the same" in text
    assert "of fresh folds: the same rows, divided anew" in text
    ws, project = copy
    search = next(run for run in ws.runs(project) if run.kind == "tune")
    assert [one.value for one in app.metric].count(
        number(search.summary["score"], search.summary["low"])
    ) >= 1
    assert "From the first to the second" in text


def test_without_a_table_and_without_a_target_pages_say_so(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("FOLDLINE_HOME", str(tmp_path))
    ws = Workspace(tmp_path)
    project = ws.create_project(ws.new_space(), "Empty")
    for page in PAGES:
        assert not show(page, project).error
    assert "Nothing was run yet" in [each.value for each in show("runs", project).header]


def _board(app: AppTest) -> Any:
    return next(each for each in app.dataframe if "standing" in each.value)


def _decimals(texts: list[str]) -> set[int]:
    numbers = [part for text in texts for part in re.findall(r"\d[\d,]*\.?\d*", text)]
    return {len(part.partition(".")[2]) for part in numbers}


def test_more_scores_stand_in_the_board_when_they_are_asked_for(copy: Any) -> None:
    ws, project = copy
    app = show("models", project)
    assert "log_loss" not in _board(app).value.columns
    app.multiselect(key="models.more").set_value(["log_loss", "mcc"]).run()
    app.switch_page("pages/runs.py").run()
    app.switch_page("pages/models.py").run()
    board, found = _board(app).value, ws.result(project, "compare", ws.get(project, "compared"))
    scores = {one["label"]: one["scores"] for one in found["candidates"]}
    for metric in ("log_loss", "mcc"):
        for model, shown in zip(board["model"], board[metric], strict=True):
            assert float(shown) == pytest.approx(np.mean(scores[model][metric]), abs=0.0006)
    for column in ("score", "difference", "log_loss", "mcc"):
        assert len(_decimals(board[column].tolist())) == 1, f"the digits of {column} do not agree"


def test_the_folds_of_all_models_are_drawn_on_one_scale_and_not_smoothed(copy: Any) -> None:
    board = _board(show("models", copy[1]))
    drawn = json.loads(board.proto.columns)["folds"]["type_config"]
    every = [value for folds in board.value["folds"] for value in folds]
    assert drawn["type"] == "bar_chart"
    assert drawn["y_min"] < min(every) and drawn["y_max"] == max(every)


def test_widgets_that_the_browser_has_not_shown_yet_get_their_value_again(copy: Any) -> None:
    """Two runs may reach it as one, so that what only the first of them sends is lost."""
    app = show("models", copy[1])
    trees = app.pills(key="models.Trees")
    assert trees.proto.set_value
    nothing_shown = WidgetStates()
    app._run(nothing_shown)
    assert app.pills(key="models.Trees").proto.set_value
    app.run()
    assert not app.pills(key="models.Trees").proto.set_value, "a quick click would be overwritten"
