"""A recipe of an earlier version opens and means the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.catalog.steps import STEPS
from core.errors import FoldlineError
from core.recipe.document import Recipe, load, parse
from core.recipe.migrations import RENAMED_STEPS, VERSION

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("case", ["churn", "houses", "products"])
def test_a_recipe_of_0_1_0_opens_with_every_choice(case: str) -> None:
    path = GOLDEN / case / "recipe.json"
    old = json.loads(path.read_text(encoding="utf-8"))
    assert old["version"] == 1
    now = load(path).model_dump(mode="json")
    assert now["version"] == VERSION
    assert {**now, "version": 1} == old


@pytest.mark.parametrize(("before", "after"), RENAMED_STEPS.items())
@pytest.mark.parametrize("place", ["defaults", "columns"])
def test_a_renamed_step_is_found_by_its_old_name(before: str, after: str, place: str) -> None:
    stage = STEPS[after].stage
    old = {"version": 1, "prepare": {place: {"numeric": {stage: {"spec": before, "params": {}}}}}}
    assert getattr(parse(old).prepare, place)["numeric"][stage].spec == after


def test_a_new_recipe_is_of_the_newest_version() -> None:
    recipe = Recipe(target="y")
    assert recipe.version == VERSION
    assert parse(json.loads(recipe.to_json())) == recipe


@pytest.mark.parametrize("prepare", [None, [], 3, {"defaults": 1}, {"defaults": {"numeric": {"scale": []}}}])
def test_a_malformed_old_recipe_is_refused_in_words(prepare: Any) -> None:
    with pytest.raises(FoldlineError) as refused:
        parse({"version": 1, "prepare": prepare})
    assert refused.value.code == "RECIPE"
