"""The metric that ranks is the one quoted: on every page, in the card and on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.catalog.metrics import METRICS, metrics_for, ranking_first
from core.engine.run_here import run_here
from core.recipe import edits
from core.recipe.document import Recipe
from core.store.workspace import Workspace
from tests.test_command import foldline
from ui.widgets.catalog_names import short_metric

ROOT = Path(__file__).resolve().parents[1]
CASES = {"binary": "balanced_accuracy", "multiclass": "f1_macro", "regression": "median_ae"}


def write(path: Path, task: str) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(240, 3))
    size = x[:, 0] + rng.normal(size=240)
    classes = {"binary": ["no", "yes"], "multiclass": ["low", "mid", "high"]}.get(task)
    target = size.round(3) if classes is None else pd.qcut(size, len(classes), labels=classes)
    pd.DataFrame(x.round(4), columns=["a", "b", "c"]).assign(goal=target).to_csv(path, index=False)


@pytest.fixture(scope="module", params=list(CASES))
def walked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A project of each task that was ranked by a metric that is not the usual one, from table to bundle."""
    home, metric = tmp_path_factory.mktemp("home"), CASES[request.param]
    ws = Workspace(home)
    project = ws.create_project(ws.new_space(), "Mine")
    upload = ws.new_upload(project, 10_000)
    write(upload, request.param)
    run_here(ws, project, "read", {"path": str(upload), "name": "t.csv", "options": None})
    model = "tree_regressor" if request.param == "regression" else "tree_classifier"

    def plan(old: Recipe | None) -> Recipe:
        assert old is not None and old.task == request.param
        planned = edits.set_candidates(edits.set_metric(old, metric), [model])
        planned = edits.set_tuning(edits.set_split(planned, scheme="kfold", folds=3), trials=2)
        return edits.choose(planned, model)

    ws.edit(project, plan, "plan")
    for kind in ("compare", "tune", "evaluate", "export"):
        recipe = ws.recipe(project)
        assert recipe is not None
        run_here(ws, project, kind, {"recipe": recipe.model_dump(mode="json")})
    return home, project, metric


def show(walked: tuple[Path, str, str], page: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("FOLDLINE_HOME", str(walked[0]))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["project"] = walked[1]
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, app.exception
    return app


def texts(app: AppTest) -> list[str]:
    return [each.value.replace("\\", "") for each in [*app.markdown, *app.caption, *app.subheader]]


def test_every_page_quotes_the_metric_that_ranks(
    walked: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    metric = walked[2]
    name = METRICS[metric].label
    for page, what in {
        "tune": f"by {name}",
        "evaluate": name,
        "predict": f"{name} ",
        "models": METRICS[metric].help,
    }.items():
        app = show(walked, page, monkeypatch)
        lines = texts(app)
        assert any(what in line for line in lines), page
        assert any(short_metric(metric) in each.value.replace("\\", "") for each in app.sidebar.markdown)
        others = [one.label for one in metrics_for(METRICS[metric].tasks[0]) if one.id != metric]
        if page == "predict":
            assert not any(f"{other} " in line for other in others for line in lines if "test rows" in line)
        if page == "evaluate":
            assert app.metric[0].label in (name, short_metric(metric))
            assert app.table[0].value["Score"].iloc[0].startswith(name)
    runs = show(walked, "runs", monkeypatch).dataframe[0].value
    assert set(runs["metric"]) == {short_metric(metric)}


def test_a_metric_that_is_chosen_later_is_quoted_from_then_on(
    walked: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = Workspace(walked[0])
    recipe = ws.recipe(walked[1])
    assert recipe is not None
    later = metrics_for(recipe.task)[-1].id
    ws.edit(walked[1], lambda old: edits.set_metric(old or Recipe(), later), "metric")
    app = show(walked, "evaluate", monkeypatch)
    assert app.metric[0].label in (METRICS[later].label, short_metric(later))
    assert app.table[0].value["Score"].iloc[0].startswith(METRICS[later].label)
    ws.undo(walked[1])


def test_the_card_begins_its_scores_with_it(walked: tuple[Path, str, str]) -> None:
    ws, (_, project, metric) = Workspace(walked[0]), walked
    recipe = ws.recipe(project)
    assert recipe is not None
    card = run_here(ws, project, "export", {"recipe": recipe.model_dump(mode="json")})["card"]
    table = card[card.index("| metric on the locked test set") :].splitlines()
    assert table[2].startswith(f"| {METRICS[metric].label} |")
    assert f"In validation: {METRICS[metric].label} " in card


def test_the_command_line_begins_its_scores_with_it(tmp_path: Path) -> None:
    write(tmp_path / "t.csv", "binary")
    assert (
        foldline(
            "suggest", str(tmp_path / "t.csv"), "--target", "goal", "-o", str(tmp_path / "r.json")
        ).returncode
        == 0
    )
    document = json.loads((tmp_path / "r.json").read_text())
    document |= {
        "metric": "mcc",
        "candidates": [c for c in document["candidates"] if c["model"] == "tree_classifier"],
    }
    (tmp_path / "r.json").write_text(json.dumps(document))
    asked = ["run", str(tmp_path / "r.json"), "--data", str(tmp_path / "t.csv"), "--out", str(tmp_path / "o")]
    assert foldline(*asked).returncode == 0
    report = json.loads((tmp_path / "o" / "report.json").read_text())
    assert next(iter(report["test"])) == next(iter(report["baseline"])) == report["metric"] == "mcc"


@pytest.mark.parametrize("task", list(CASES))
def test_the_others_keep_their_order(task: str) -> None:
    names = [one.id for one in METRICS if task in one.tasks]
    scores = {name: float(place) for place, name in enumerate(names)}
    for name in names:
        ordered = ranking_first(scores, name)
        assert list(ordered) == [name, *(other for other in names if other != name)]
        assert ordered == scores
    assert ranking_first(scores, "unknown") == scores
