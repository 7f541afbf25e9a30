"""The pages Evaluate, Export, Predict and Monitor: empty, with results, after changes, with hostile names."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.engine import jobs
from core.engine.run_here import run_here
from core.recipe import edits
from core.recipe.document import Recipe
from core.recipe.fingerprint import validation_key
from core.recipe.rebase import carried
from core.recipe.suggestion.suggest import bare
from core.recipe.usage import Costs, Drift, Export
from core.recipe.usage_edits import set_drift_test, set_export, set_sensitivity
from core.results.base import parsed
from core.results.evaluate import EvaluateResult
from core.store.workspace import Workspace
from tests.conftest import SHARED
from tests.page_support import opened, texts, tied

PAGES = ("evaluate", "export", "predict", "monitor")
HOSTILE = (
    "![x](http://evil.example/p.png)",
    "<script>alert(1)</script>",
    ":red[b] $a$ `c`",
    "=1+1",
    "a\u202eb",
)
TABS = {
    "binary": ("Scores", "Ranking", "Calibration", "Threshold", "Confusion", "Columns", "Segments"),
    "multiclass": ("Scores", "Ranking", "Calibration", "Confusion", "Columns", "Segments"),
    "regression": ("Scores", "Errors", "Columns", "Segments"),
}
LEVELS = {"binary": ("no", "<b>yes</b>"), "multiclass": ("a", "![b](http://evil.example)", "c")}
MODEL = {"binary": "logistic_regression", "multiclass": "gaussian_nb", "regression": "ridge"}


def names() -> list[str]:
    """Column names that nobody should trust: ours, and some of the public list when it is there."""
    found = SHARED / "badinputs" / "blns" / "blns.json"
    public = json.loads(found.read_text(encoding="utf-8"))[40:400:40] if found.exists() else []
    return list(dict.fromkeys([*HOSTILE, *(text for text in public if text.strip())]))


def write(path: Path, task: str, rows: int = 300, shift: float = 0.0) -> Path:
    """A table of hostile names whose first column tells the target."""
    rng = np.random.default_rng(int(shift))
    columns: dict[str, Any] = {name: rng.normal(size=rows).round(4) for name in names()}
    columns["kind"] = rng.choice(["plain", "[x](http://evil.example)"], rows)
    score = columns[HOSTILE[0]] + 0.5 * rng.normal(size=rows)
    columns[HOSTILE[0]] = (columns[HOSTILE[0]] + shift).round(4)
    if task == "regression":
        columns["y"] = (1000 * score + 5000).round(2)
    else:
        levels = LEVELS[task]
        edges = np.quantile(score, np.linspace(0, 1, len(levels) + 1)[1:-1])
        columns["y"] = np.array(levels)[np.searchsorted(edges, score)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


@dataclass(frozen=True)
class Made:
    """A project on disk in which everything was done once."""

    home: Path
    project: str
    new: str

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.home)

    def recipe(self) -> Recipe:
        found = self.workspace.recipe(self.project)
        assert found is not None
        return found

    def spec(self) -> dict[str, Any]:
        return {"recipe": self.recipe().model_dump(mode="json")}

    def run(self, kind: str, **spec: Any) -> dict[str, Any]:
        return run_here(self.workspace, self.project, kind, spec)

    def show(self, page: str, **view: Any) -> AppTest:
        """The page; ``view`` says what was looked at last, dots written as double underscores."""
        for key, value in view.items():
            self.workspace.put(self.project, f"view.{key.replace('__', '.')}", value)
        app = opened(page, self.project)
        assert not app.exception
        return app


def make(home: Path, task: str) -> Made:
    """Read, compare, choose, judge, pack, predict and compare with newer rows."""
    ws = Workspace(home)
    project = ws.create_project(ws.new_space(), "Mine")
    made = Made(home, project, "")
    made.run("read", path=str(write(home / "old.csv", task)), name="<b>old</b>.csv", keep=True)
    ws.edit(project, lambda old: _plan(old, task), "plan")
    made.run("inspect", **made.spec())
    made.run("compare", **made.spec())
    ws.edit(project, lambda old: edits.choose(old, MODEL[task]), "choose")
    made.run("evaluate", **made.spec())
    packed = made.run("export", part="all", **made.spec())
    newer = write(home / "new.csv", task, rows=200, shift=2)
    read = made.run("read", path=str(newer), name="new.csv", keep=True, adopt=False)
    data = {"table": read["table"]}
    forms = ["csv", "xlsx", "parquet"]
    made.run("predict", result=packed["result"], data=data, formats=forms, with_input=True)
    made.run("drift", reference=made.spec(), current=data, sensitivity="normal")
    return Made(home, project, read["table"])


def _plan(recipe: Recipe | None, task: Any) -> Recipe:
    assert recipe is not None
    positive = LEVELS["binary"][1] if task == "binary" else ""
    recipe = edits.set_target(recipe, "y", task, positive)
    return edits.set_split(edits.set_candidates(recipe, [MODEL[task]]), scheme="kfold", folds=3)


@pytest.fixture(scope="module")
def of_task(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Made]:
    return cache(lambda task: make(tmp_path_factory.mktemp(task), task))


@pytest.fixture(params=list(TABS))
def every(request: pytest.FixtureRequest, of_task: Callable[[str], Made]) -> tuple[str, Made]:
    return request.param, of_task(request.param)


@pytest.fixture
def whole(of_task: Callable[[str], Made]) -> Made:
    return of_task("binary")


@pytest.fixture
def made(whole: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """A copy for one test to change."""
    home = tmp_path / "home"
    shutil.copytree(whole.home, home)
    monkeypatch.setenv("FOLDLINE_HOME", str(home))
    return Made(home, whole.project, whole.new)


def charts_of(app: AppTest) -> int:
    return len(app.get("plotly_chart"))


def test_every_tab_of_every_task_is_drawn(every: tuple[str, Made], monkeypatch: pytest.MonkeyPatch) -> None:
    task, made = every
    monkeypatch.setenv("FOLDLINE_HOME", str(made.home))
    for tab in TABS[task]:
        app = made.show("evaluate", evaluate__tab=tab)
        assert not app.error, (tab, [error.value for error in app.error])
        assert "First look" in texts(app)
        assert charts_of(app) == {"Scores": 0, "Segments": 0, "Errors": 2, "Threshold": 2}.get(
            tab, 2 if (task, tab) == ("binary", "Ranking") else 1
        )


@pytest.mark.parametrize("page", ["export", "predict", "monitor"])
def test_results_of_every_task_are_drawn(
    every: tuple[str, Made], page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, made = every
    monkeypatch.setenv("FOLDLINE_HOME", str(made.home))
    app = made.show(page, predict__mode="table", predict__table=made.new)
    assert not app.error
    assert "This is from before" not in texts(app)


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_project_says_what_to_do(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLDLINE_HOME", str(tmp_path))
    app = opened(page)
    assert not app.exception and not app.error
    assert app.header


@pytest.mark.parametrize("page", ["evaluate", "export"])
def test_without_a_model_the_best_of_the_comparison_is_offered(made: Made, page: str) -> None:
    made.workspace.edit(made.project, lambda old: old.model_copy(update={"chosen": None}), "none")
    app = made.show(page)
    app.button(key="evaluate.take").click().run()
    chosen = made.recipe().chosen
    assert chosen is not None and chosen.model == MODEL["binary"]


def test_text_of_data_is_never_markdown(made: Made) -> None:
    for page in PAGES:
        for tab in ("Columns", "Segments"):
            app = made.show(page, evaluate__tab=tab)
            assert not re.search(r"(?<!\\)\]\(http", texts(app)), page
            assert "<script>" not in texts(app) and "<b>" not in texts(app), page


def test_the_locked_test_set_says_how_often_it_was_opened(made: Made) -> None:
    made.workspace.edit(made.project, lambda old: edits.set_threshold(old, 0.3), "threshold")
    app = made.show("evaluate")
    assert "Opened **once** so far." in texts(app)
    assert "threshold: none" in texts(app).replace("\\", "")
    app.button(key="evaluate.open").click().run()
    assert "second look" in texts(app)
    assert not [job for job in jobs.active(made.workspace, made.project) if job.kind == "evaluate"]


def test_another_split_of_the_same_rows_is_no_first_look(made: Made) -> None:
    made.workspace.edit(made.project, lambda old: edits.set_seed(old, 7), "seed")
    app = made.show("evaluate")
    assert re.search(r"\*\*\d+ of these 60 rows\*\* were opened, \*\*once\*\* so far\.", texts(app))


def test_opening_the_test_set_runs_and_shows_scores(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLDLINE_PRELOAD", "json")
    monkeypatch.setenv("FOLDLINE_GRACE", "0")
    made.workspace.edit(made.project, lambda old: edits.set_seed(old, 7), "seed")
    app = made.show("evaluate")
    app.button(key="evaluate.open").click().run()
    app.button(key="evaluate.sure").click().run()
    job = jobs.latest(made.workspace, made.project, "evaluate")
    assert job is not None
    assert jobs.wait(made.workspace, made.project, job.id, 60).state == "done"
    app = made.show("evaluate")
    assert not app.error
    assert re.search(r"The second look at \d+ of these rows", texts(app))
    assert "evaluate.open" not in {button.key for button in app.button}


def test_a_threshold_is_chosen_on_validation_rows_and_kept(made: Made) -> None:
    app = made.show("evaluate", evaluate__tab="Threshold")
    app.select_slider(key="evaluate.threshold.value").set_value(0.3).run()
    assert "Chosen on validation rows" in texts(app)
    app.button(key="evaluate.threshold.use").click().run()
    assert made.recipe().threshold == 0.3
    made.run("validate", key=validation_key(made.recipe()), **made.spec())
    app = made.show("evaluate")
    assert "On the test set, with an earlier recipe" in texts(app)
    assert app.select_slider(key="evaluate.threshold.value").value == 0.3
    app.button(key="evaluate.threshold.half").click().run()
    assert made.recipe().threshold is None


def test_choosing_a_threshold_on_test_rows_is_warned_about(made: Made) -> None:
    app = made.show("evaluate", evaluate__tab="Threshold", evaluate__threshold__rows="thresholds")
    assert "fits the threshold to the test rows" in texts(app)


def test_the_threshold_numbers_are_those_of_the_stored_table(made: Made) -> None:
    app = made.show("evaluate", evaluate__tab="Threshold", evaluate__threshold__value=0.42)
    found = made.workspace.result(made.project, "evaluate", made.workspace.get(made.project, "evaluated"))
    assert found is not None
    table = found["curves"]["validation_thresholds"]
    recall = table["recall"][42]
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Recall"] == f"{recall:.1%}"
    assert sum(table[name][42] for name in ("tp", "fp", "fn", "tn")) == found["train_rows"]


def test_a_table_that_counts_rows_twice_says_so(made: Made) -> None:
    """Results that earlier versions stored stay as they are: the test set is not opened again for them."""
    key = made.workspace.get(made.project, "evaluated")
    kept = parsed(EvaluateResult, made.workspace.result(made.project, "evaluate", key) or {})
    table = dict(kept.curves.validation_thresholds or {})
    table |= {name: tuple(2 * rows for rows in table[name]) for name in ("tp", "fp", "fn", "tn")}
    curves = kept.curves.model_copy(update={"validation_thresholds": table})
    twice = kept.model_copy(update={"curves": curves})
    assert (kept.validation_rounds, twice.validation_rounds) == (1, 2)
    for result, is_said in ((twice, True), (kept, False)):
        made.workspace.put_result(made.project, "evaluate", key, result)
        app = made.show("evaluate", evaluate__tab="Threshold")
        assert ("counts each row twice" in texts(app)) == is_said


def test_the_threshold_in_use_has_numbers_of_its_own(made: Made) -> None:
    made.workspace.edit(made.project, lambda old: edits.set_threshold(old, 0.131), "threshold")
    made.run("validate", key=validation_key(made.recipe()), **made.spec())
    app = made.show("evaluate", evaluate__tab="Threshold")
    assert app.select_slider(key="evaluate.threshold.value").value == 0.131
    assert "validation rows taken together" in texts(app) and "was not counted" not in texts(app)
    assert app.button(key="evaluate.threshold.use").disabled
    judged = made.workspace.result(made.project, "validate", validation_key(made.recipe()))
    assert judged is not None
    (_, (missed, hit)) = judged["curves"]["confusion"]["counts"]
    assert f"{hit / (hit + missed):.1%}" in [one.value for one in app.metric if one.label == "Recall"]


def test_a_threshold_that_was_measured_on_the_test_set_is_said_to_be(made: Made) -> None:
    app = made.show("evaluate", evaluate__tab="Threshold")
    assert "The scores on the test set are those of this threshold" in texts(app)
    app.select_slider(key="evaluate.threshold.value").set_value(0.3).run()
    assert "is shown when you open it next" in texts(app)


def test_a_model_set_by_hand_has_a_threshold_table_of_validation_rows_too(made: Made) -> None:
    made.workspace.edit(made.project, lambda old: edits.choose(old, MODEL["binary"], "tuned", C=0.5), "tuned")
    table = made.run("evaluate", **made.spec())["curves"]["validation_thresholds"]
    assert len(table["threshold"]) == 101


def test_what_mistakes_cost_is_in_the_recipe_and_can_be_undone(made: Made) -> None:
    made.workspace.put(made.project, "view.evaluate.tab", "Threshold")
    app = opened("evaluate", made.project, **{"evaluate.costs": True})
    app.number_input(key="evaluate.cost.miss").set_value(20.0).run()
    assert made.recipe().costs == Costs(miss=20.0)
    made.workspace.undo(made.project)
    assert made.recipe().costs == Costs()
    assert tied(app.run().number_input, "evaluate.cost.miss").value == 5.0


def test_export_offers_files_and_the_card(made: Made) -> None:
    app = made.show("export")
    assert {button.label for button in app.get("download_button")} == {
        "bundle.zip", "train.py", "recipe.json", "Model card",
    }  # fmt: skip
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics["Self-test"] == "Passed"


def test_what_was_taken_away_stands_in_runs(made: Made) -> None:
    app = made.show("runs")
    listed = next(table.value for table in app.dataframe if "What" in table.value)
    assert {"Packed model", "Predictions", "Drift report"} == set(listed["Kind"])
    rows = listed[listed["Kind"] != "Packed model"]["What"].str.extract(
        r"^[\d,]+ rows? (of \S+|typed in)(?: by|:)"
    )
    assert rows[0].notna().all(), "each names where its rows came from"
    for job in jobs.jobs(made.workspace, made.project, "drift"):
        result = jobs.result(made.workspace, made.project, job.id)["result"]
        assert made.workspace.result_files(made.project, result) == ["drift.html"], (
            "no report replaces another"
        )


def test_the_card_has_the_scores_of_validation_and_test(made: Made) -> None:
    packed = jobs.latest(made.workspace, made.project, "export")
    assert packed is not None
    card = jobs.result(made.workspace, made.project, packed.id)["card"]
    assert "In validation: ROC AUC" in card
    assert "metric on the locked test set" in card
    assert not re.search(r"(?<!\\)\]\(http", card)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"part": "train"}, "rows it learns from: all rows -> training part only"),
        ({"joblib": True}, "joblib"),
        ({"made_up": True}, "made-up sample rows"),
        ({"told": ("kind",)}, "columns that name nobody: none -> kind"),
    ],
)
def test_another_choice_makes_the_packed_model_one_from_before(
    made: Made, change: dict[str, Any], words: str
) -> None:
    ((name, value),) = change.items()
    app = made.show("export")
    widget = {"part": app.segmented_control, "told": app.multiselect}.get(name, app.toggle)
    widget(key=f"export.{name}").set_value(value).run()
    assert words in texts(app).replace("\\", "")
    assert "This is from before" in texts(app)
    assert made.recipe().export == Export(**change)
    made.workspace.undo(made.project)
    assert "This is from before" not in texts(made.show("export"))


def test_predict_keeps_what_was_chosen(made: Made) -> None:
    app = made.show("predict", predict__mode="case")
    assert not app.error
    app = app.switch_page("pages/export.py").run().switch_page("pages/predict.py").run()
    assert made.workspace.get(made.project, "view.predict.mode") == "case"
    assert "Predicted classes" not in texts(app)
    assert "Predicted classes" in texts(made.show("predict", predict__mode="table", predict__table=made.new))
    other = made.recipe().source.table
    assert "other rows" in texts(made.show("predict", predict__table=other))


def test_one_case_is_predicted(made: Made) -> None:
    packed = jobs.latest(made.workspace, made.project, "export")
    assert packed is not None
    model = jobs.result(made.workspace, made.project, packed.id)
    rows = {one["name"]: [model["example"][one["name"]]] for one in model["inputs"]}
    said = made.run("predict", result=model["result"], data={"rows": rows}, formats=["csv"])
    assert said["rows"] == 1 and not said["findings"]
    app = made.show("predict", predict__mode="case")
    assert any("is predicted to be" in metric.label for metric in app.metric)
    app = made.show("predict", predict__mode="table", predict__table=made.new)
    assert not app.metric and "Predicted classes" in texts(app)


def test_what_was_typed_in_is_read_as_numbers_times_and_texts() -> None:
    from core.data.typed_rows import typed_in

    frame = typed_in({"n": [1.5], "t": ["2024-02-03"], "w": ["2024-02-03 x"], "gap": [None]})
    assert [str(kind) for kind in frame.dtypes] == ["float64", "datetime64[us]", "str", "float64"]


def test_a_missing_column_is_told_with_the_nearest_name(made: Made) -> None:
    packed = jobs.latest(made.workspace, made.project, "export")
    assert packed is not None
    text = made.home / "renamed.csv"
    text.write_text((made.home / "new.csv").read_text(encoding="utf-8").replace(",kind,", ",Kinds,"))
    result = jobs.result(made.workspace, made.project, packed.id)["result"]
    with pytest.raises(Exception, match="SCHEMA"):
        made.run("predict", result=result, data={"path": str(text), "name": "renamed.csv"})
    app = made.show("predict", predict__mode="file")
    assert "Kinds" in app.error[0].value and "SCHEMA" in app.error[0].value
    assert not made.show("predict", predict__mode="case").error


def test_predicting_beside_a_column_of_the_same_name(made: Made) -> None:
    from core.export.prediction_views import joined

    out = joined(pd.DataFrame({"prediction": ["a"]}), pd.DataFrame({"prediction": [1.0], "x": [2.0]}))
    assert list(out.columns) == ["prediction (given)", "x", "prediction"]


def test_a_file_that_is_no_bundle_is_refused_calmly(made: Made) -> None:
    path = made.workspace.new_upload(made.project)
    path.write_bytes(b"PK not a zip")
    with pytest.raises(Exception, match="MODEL"):
        made.run("open", path=str(path), name="evil <b>.zip")
    assert not path.exists()
    app = made.show("predict")
    assert "MODEL" in app.error[0].value and "upload" not in app.error[0].value


def test_an_opened_bundle_can_predict_and_be_watched(made: Made) -> None:
    packed = jobs.latest(made.workspace, made.project, "export")
    assert packed is not None
    result = jobs.result(made.workspace, made.project, packed.id)["result"]
    copy = made.workspace.new_upload(made.project)
    shutil.copyfile(made.workspace.result_file(made.project, result, "bundle.zip"), copy)
    made.run("open", path=str(copy), name="theirs.zip")
    app = made.show("predict", predict__model="opened")
    assert "theirs" in texts(app)
    app = made.show("monitor", monitor__reference="opened")
    assert not app.error and "another reference" in texts(app)


def _later_table(old: Recipe, made: Made) -> Recipe:
    """The recipe taken over to the table with newer rows, which lacks a column and has one more."""
    table = made.workspace.table(made.project, made.new)
    last = table.columns[0].model_copy(update={"name": "brand new"})
    columns = tuple(column for column in table.columns if column.name != "kind")
    table = table.model_copy(update={"columns": (*columns, last)})
    return carried(old, table, bare(table))


EARLIER = {
    "table": (
        _later_table,
        ("with 300 rows; new.csv with 200 rows is open", "(kind) that it reads", "brand new"),
    ),
    "target": (
        lambda old, _: edits.set_target(old, HOSTILE[3], "regression"),
        ("it predicts", "the target is now"),
    ),
    "model": (lambda old, _: edits.choose(old, "tree_classifier"), ("model: Logistic regression",)),
    "left out": (lambda old, _: edits.set_role(old, "kind", "ignore"), ("kind",)),
}


@pytest.mark.parametrize("change", list(EARLIER))
@pytest.mark.parametrize("reference", ["exported", "opened"])
@pytest.mark.parametrize("page", ["predict", "monitor"])
def test_a_model_of_another_recipe_says_what_differs(
    made: Made, page: str, reference: str, change: str
) -> None:
    view = {"predict": "predict__model", "monitor": "monitor__reference"}[page]
    packed = made.workspace.champion(made.project)
    assert packed is not None
    copy = made.workspace.new_upload(made.project)
    shutil.copyfile(made.workspace.result_file(made.project, packed.result, "bundle.zip"), copy)
    made.run("open", path=str(copy), name="theirs.zip")
    assert not made.show(page, **{view: reference}).warning
    edit, words = EARLIER[change]
    made.workspace.edit(made.project, lambda old: edit(old or Recipe(), made), "change")
    app = made.show(page, **{view: reference})
    if reference == "opened" and change in ("model", "left out"):
        return  # a bundle from elsewhere tells no recipe to compare with
    (warning,) = app.warning
    assert "than the one that is open" in str(warning.proto)
    lines = warning.value.replace("\\", "")
    expected = words[1:] if reference == "opened" and change == "table" else words
    assert all(part.lower() in lines.lower() for part in expected), lines


def test_a_bundle_is_judged_by_its_own_limits_until_a_person_says_otherwise(made: Made) -> None:
    made.workspace.edit(made.project, lambda old: set_sensitivity(old, "high"), "sensitivity")
    packed = jobs.latest(made.workspace, made.project, "export")
    assert packed is not None
    bundle = {"result": jobs.result(made.workspace, made.project, packed.id)["result"]}
    found = made.run("drift", reference=bundle, current={"table": made.new})
    assert found["sensitivity"] == "normal"
    app = made.show("monitor", monitor__reference="exported", monitor__new=made.new)
    assert "monitor.sensitivity" not in {each.key for each in app.segmented_control}
    assert "This is from before" not in texts(app)
    app.toggle(key="monitor.own_limits").set_value(True).run()
    assert "sensitivity: normal -> high" in texts(app).replace("\\", "")


def test_a_model_that_got_worse_is_the_first_thing_on_screen(made: Made) -> None:
    rows = pd.read_csv(made.home / "old.csv", keep_default_na=False)
    rows["y"] = rows["y"].sample(frac=1, random_state=0).to_numpy()
    rows[HOSTILE[1]] = rows[HOSTILE[1]].sample(frac=1, random_state=1).to_numpy()
    path = made.home / "shuffled.csv"
    rows.to_csv(path, index=False)
    read = made.run("read", path=str(path), name="shuffled.csv", keep=True, adopt=False)
    made.run("drift", reference=made.spec(), current={"table": read["table"]})
    app = made.show("monitor", monitor__new=read["table"], monitor__reference="recipe")
    assert app.subheader[0].value.startswith("The model got worse")
    assert next(metric.label for metric in app.metric).endswith(" now")


def test_the_drift_verdict_and_the_column_that_moved(made: Made) -> None:
    app = made.show("monitor")
    assert "columns drifted" in texts(app)
    found = jobs.latest(made.workspace, made.project, "drift")
    assert found is not None
    report = jobs.result(made.workspace, made.project, found.id)
    first = report["columns"][0]
    assert (first["name"], first["state"]) == (HOSTILE[0], "drift")
    assert first["importance"] is not None
    shown = next(table.value for table in app.dataframe if "Importance" in table.value)
    assert shown["Importance"][0] == pytest.approx(100 * first["importance"])
    assert report["performance"]["holdout"] is not None
    assert charts_of(app) == 1


@pytest.mark.parametrize("tab", ["Predictions", "Rows as a whole", "Performance"])
def test_the_other_tabs_of_a_comparison(made: Made, tab: str) -> None:
    app = made.show("monitor", monitor__tab=tab)
    assert not app.error


def test_picking_a_column_shows_it_and_is_kept(made: Made) -> None:
    app = made.show("monitor", monitor__column=HOSTILE[1])
    assert "\\<script\\>" in texts(app)
    app = app.switch_page("pages/export.py").run().switch_page("pages/monitor.py").run()
    assert "\\<script\\>" in texts(app)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda old: edits.set_seed(old, 3), "seed"),
        (lambda old: edits.choose(old, "tree_classifier"), "model:"),
    ],
)
def test_a_changed_recipe_makes_a_comparison_one_from_before(made: Made, change: Any, words: str) -> None:
    made.workspace.edit(made.project, change, "change")
    app = made.show("monitor")
    assert "This is from before" in texts(app) and words in texts(app).replace("\\", "")


def test_how_large_a_change_must_be_is_in_the_recipe(made: Made) -> None:
    app = made.show("monitor")
    app.segmented_control(key="monitor.sensitivity").set_value("high").run()
    assert made.recipe().drift == Drift(sensitivity="high")
    assert tied(app.slider, "monitor.limit.missing_rate.delta").value == 0.025
    tied(app.slider, "monitor.limit.ks.delta").set_value(0.3).run()
    assert made.recipe().drift.tests == {"ks": {"delta": 0.3}}
    said = texts(app).replace("\\", "")
    assert "sensitivity: normal -> high" in said
    assert "Kolmogorov-Smirnov, a change counts from: 0.1 -> 0.3" in said
    app.button(key="monitor.limits.reset").click().run()
    assert made.recipe().drift == Drift(sensitivity="high")


def test_a_bundle_watches_as_its_recipe_says(made: Made) -> None:
    made.workspace.edit(
        made.project, lambda old: set_drift_test(set_export(old, part="train"), "ks", delta=0.5), ""
    )
    packed = made.run("export", **made.spec())
    assert packed["part"] == "train"
    data = {"table": made.new}
    found = made.run("drift", reference={"result": packed["result"]}, current=data)
    assert (found["sensitivity"], found["tests"]) == ("normal", {"ks": {"delta": 0.5}})
    asked = made.run(
        "drift", reference={"result": packed["result"]}, current=data, sensitivity="low", tests={}
    )
    assert (asked["sensitivity"], asked["tests"]) == ("low", {})


def test_too_few_rows_are_an_answer_of_their_own(made: Made) -> None:
    few = write(made.home / "few.csv", "binary", rows=12)
    read = made.run("read", path=str(few), name="few.csv", keep=True, adopt=False)
    made.run("drift", reference=made.spec(), current={"table": read["table"]}, sensitivity="normal")
    app = made.show("monitor", monitor__new=read["table"])
    assert "too few to tell" in texts(app)
    assert not app.error


def test_a_grouping_column_is_not_compared_and_its_groups_are_resampled(made: Made) -> None:
    rows = pd.read_csv(made.home / "old.csv", keep_default_na=False)
    rows["lot"] = [f"L{row // 10}" for row in range(len(rows))]
    groups, later = made.home / "grouped.csv", made.home / "later.csv"
    rows.to_csv(groups, index=False)
    rows[100:].to_csv(later, index=False)
    ws = made.workspace
    made = Made(made.home, ws.create_project(ws.new_space(), "Lots"), "")
    made.run("read", path=str(groups), name="grouped.csv", keep=True)
    ws.edit(made.project, lambda old: edits.set_role(_plan(old, "binary"), "lot", "group"), "plan")
    ws.edit(made.project, lambda old: edits.choose(old, MODEL["binary"]), "choose")
    read = made.run("read", path=str(later), name="later.csv", keep=True, adopt=False)
    data = {"table": read["table"]}
    for reference in (made.spec(), {"table": made.recipe().source.table}):
        found = made.run("drift", reference=reference, current=data, sensitivity="normal")
        assert "lot" not in {column["name"] for column in found["columns"]}
        assert found["target"]["name"] == "y"
        assert "EXTRA_COLUMN" not in {finding["code"] for finding in found["findings"]}
        if "recipe" in reference:
            assert found["performance"]["now"]["groups"] > 1
            assert found["performance"]["now"]["groups"] == 20
    rows[100:].drop(columns="lot").to_csv(later, index=False)
    read = made.run("read", path=str(later), name="later.csv", keep=True, adopt=False)
    found = made.run("drift", reference=made.spec(), current={"table": read["table"]}, sensitivity="normal")
    assert "lack the group column 'lot'" in found["performance"]["text"]


def test_a_bundle_of_all_rows_finds_no_drift_in_its_own_training_data(made: Made) -> None:
    packed = jobs.latest(made.workspace, made.project, "export")
    assert packed is not None
    reference = {"result": jobs.result(made.workspace, made.project, packed.id)["result"]}
    current = {"table": made.recipe().source.table}
    found = made.run("drift", reference=reference, current=current, sensitivity="low")
    assert found["verdict"]["state"] == "stable"
    assert {one["state"] for one in found["predictions"]} == {"not_computed"}
    assert found["performance"]["state"] == "not_computed"


def test_a_file_of_something_else_is_told_in_a_few_lines(made: Made) -> None:
    other = made.home / "other.csv"
    other.write_text("\n".join(f"{n},{n % 7},{n % 3}" for n in range(-1, 40)).replace("-1,6,2", "a1,b1,c1"))
    read = made.run("read", path=str(other), name="other.csv", keep=True, adopt=False)
    made.run("drift", reference=made.spec(), current={"table": read["table"]}, sensitivity="normal")
    app = made.show("monitor", monitor__new=read["table"])
    assert "right file" in texts(app) and not app.dataframe
    lines = [line for line in texts(app).splitlines() if "missing from the new data" in line]
    assert sum("columns are missing" in line for line in lines) <= 2
    assert sum(line.startswith("- ") for line in lines) <= len(names()) + 1


def test_the_later_quarter_of_the_sample_is_one_click_beside_other_tables(made: Made) -> None:
    def renamed(old: Recipe | None) -> Recipe:
        assert old is not None
        return old.model_copy(update={"source": old.source.model_copy(update={"name": "wafer_yield.csv"})})

    assert "monitor.sample" not in {button.key for button in made.show("monitor").button}
    made.workspace.edit(made.project, renamed, "the sample")
    assert "monitor.sample" in {button.key for button in made.show("monitor").button}


def test_without_an_evaluation_the_test_set_stays_closed(made: Made) -> None:
    made.workspace.edit(made.project, lambda old: edits.set_seed(old, 5), "seed")
    data = {"table": made.new}
    found = made.run("drift", reference=made.spec(), current=data, sensitivity="normal")
    assert found["performance"]["state"] == "no_reference"
    assert len(made.workspace.openings(made.project)) == 1, "that of the first recipe"


def test_the_training_data_itself_is_no_new_data(made: Made) -> None:
    old = made.home / "old.csv"
    made.run("read", path=str(old), name="again.csv", keep=True, adopt=False)
    job = jobs.latest(made.workspace, made.project, "read")
    assert job is not None
    app = made.show("monitor", monitor__reading=job.id)
    assert "Load rows that came later" in app.error[0].value
    assert made.workspace.get(made.project, "view.monitor.reading") == ""
