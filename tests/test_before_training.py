"""What can be known before training is refused before training, whoever wrote the recipe."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.command.main import main
from tests.conftest import shared
from tests.test_nothing_lost import few_models, noise

Change = Callable[[dict[str, Any]], None]


def chosen(model: str, **params: Any) -> Change:
    return lambda recipe: recipe.update(chosen={"id": model, "model": model, "params": params})


def candidate(model: str) -> Change:
    return lambda recipe: recipe["candidates"].append({"id": model, "model": model})


def planned(**changes: Any) -> Change:
    def change(recipe: dict[str, Any]) -> None:
        chosen("gaussian_nb")(recipe)
        recipe["tuning"] = {"planned": True, "trials": 2, **changes}

    return change


WRONG: dict[str, tuple[Change, str]] = {
    "a model that there is not": (candidate("no_such_model"), "CATALOG"),
    "a model of another task": (candidate("ridge"), "RECIPE"),
    "a chosen model that there is not": (chosen("no_such_model"), "CATALOG"),
    "a chosen model of another task": (chosen("ridge"), "RECIPE"),
    "a chosen model under the name of another": (
        lambda recipe: recipe.update(chosen={"id": "dummy_classifier", "model": "gaussian_nb"}),
        "RECIPE",
    ),
    "a chosen model that is no candidate": (
        lambda recipe: recipe.update(chosen={"id": "foo", "model": "gaussian_nb"}),
        "RECIPE",
    ),
    "a hyperparameter that there is not": (chosen("gaussian_nb", depth=3), "PARAM"),
    "a hyperparameter out of bounds": (chosen("knn_classifier", n_neighbors=0), "PARAM"),
    "a metric of another task": (lambda recipe: recipe.update(metric="rmse"), "RECIPE"),
    "a metric that there is not": (lambda recipe: recipe.update(metric="luck"), "CATALOG"),
    "a search that there is not": (planned(search="luck"), "CATALOG"),
    "an empty range of a search": (planned(space={"var_smoothing": {"low": 1.0, "high": 0.1}}), "SPACE"),
    "a step that there is not": (
        lambda recipe: recipe["prepare"].update(defaults={"numeric": {"scale": {"spec": "luck"}}}),
        "CATALOG",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_a_recipe_gets_wrong_is_refused_before_anything_is_trained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    change, code = WRONG[name]
    data, recipe, out = noise(tmp_path / "n.csv"), tmp_path / "r.json", tmp_path / "o"
    assert main(["suggest", str(data), "--target", "y", "-o", str(recipe)]) == 0
    document = json.loads(recipe.read_text())
    few_models(document, "dummy_classifier", "gaussian_nb")
    chosen("gaussian_nb")(document)
    change(document)
    recipe.write_text(json.dumps(document))
    assert main(["run", str(recipe), "--data", str(data), "--out", str(out)]) == 1
    said = capsys.readouterr().err
    assert f"\n{code}: " in said, said
    assert "Baseline" not in said, "no model was fitted"
    assert not (out / "report.json").exists()


def test_a_date_kind_on_numbers_is_read_by_its_format_and_refused_without_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(shared("failing/models/yyyymmdd_as_date.recipe.json").read_text())
    data, recipe, out = shared("failing/models/bigint_dates.csv"), tmp_path / "r.json", tmp_path / "o"
    recipe.write_text(json.dumps(document))
    assert main(["run", str(recipe), "--data", str(data), "--out", str(out)]) == 0, "its format reads them"
    assert json.loads((out / "report.json").read_text())["test"]["rmse"]["value"] < 4
    for column in document["columns"]:
        column["format"] = ""
    recipe.write_text(json.dumps(document))
    assert main(["run", str(recipe), "--data", str(data), "--out", str(out)]) == 1
    assert "KIND" in capsys.readouterr().err
