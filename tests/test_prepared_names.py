"""The preparation keeps the names of the columns that values come from, for every step and pair of steps."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest

from core.build import preparation
from core.catalog.idle import IDLE
from core.catalog.steps import STEPS, group_of
from core.plan import plan
from core.recipe import edits
from core.recipe.document import Recipe
from core.spec import Step
from core.train.preview import origin
from tests.tables import TARGETS, everything, load

MODELS = ("logistic_regression", "lightgbm_classifier", "knn_classifier")
REAL = [step for step in STEPS if step.id not in IDLE.values()]
PAIRS = [(a, b) for a, b in combinations(REAL, 2) if a.stage != b.stage and set(a.kinds) & set(b.kinds)]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, Recipe]:
    path = tmp_path_factory.mktemp("names") / "everything.csv"
    everything(220).to_csv(path, index=False)
    return load(path, TARGETS["binary"], "binary")


def nameless(frame: pd.DataFrame, recipe: Recipe) -> list[str]:
    """The prepared columns that belong to no column of the table."""
    resolved = plan(recipe, recipe.chosen)
    names = {column.name for column in recipe.columns}
    whole = preparation(resolved).fit(frame.drop(columns=recipe.target), frame[recipe.target])
    prepared = [str(name) for name in whole.named_steps["prepare"].get_feature_names_out()]
    assert prepared
    return [name for name in prepared if origin(name, resolved, {}).source not in names]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("step", REAL, ids=lambda step: step.id)
def test_each_step_keeps_names(step: Step, model: str, table: tuple[pd.DataFrame, Recipe]) -> None:
    frame, recipe = table
    chosen = edits.choose(recipe, model)
    for kind in step.kinds:
        chosen = edits.set_step(chosen, group_of(kind), step.stage, step.id)
    assert nameless(frame, chosen) == []


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=lambda step: step.id)
def test_two_steps_keep_names(first: Step, second: Step, table: tuple[pd.DataFrame, Recipe]) -> None:
    frame, recipe = table
    kind = next(kind for kind in first.kinds if kind in second.kinds)
    chosen = edits.choose(recipe, MODELS[0])
    for step in (first, second):
        chosen = edits.set_step(chosen, group_of(kind), step.stage, step.id)
    assert nameless(frame, chosen) == []
