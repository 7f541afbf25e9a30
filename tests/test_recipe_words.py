"""What differs between two recipes is said in the words of the pages."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.catalog.searches import SEARCHES
from core.catalog.steps import STAGES as ORDER
from core.recipe import edits
from core.recipe import labels as terms
from core.recipe.difference import differences
from core.recipe.document import ColumnChoice, Recipe, Source
from ui.charts.regression import predicted_actual
from ui.frame.theme import LIGHT
from ui.runs import run_list

RECIPE = Recipe(source=Source(table="a", name="a.csv"), columns=(ColumnChoice(name="size", kind="numeric"),))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"task": "regression"}, "task: binary classification -> regression"),
        ({"metric": "average_precision"}, "metric: ROC AUC -> Average precision"),
        ({"drop_duplicates": True}, "drop duplicates: no -> yes"),
        (
            {"tuning": RECIPE.tuning.model_copy(update={"search": "random"})},
            "search: Bayesian (TPE) -> Random",
        ),
        ({"split": RECIPE.split.model_copy(update={"test_size": 0.3})}, "locked test set: 20% -> 30%"),
        ({"columns": (ColumnChoice(name="size", kind="categorical"),)}, "size: Number -> Category"),
    ],
)
def test_a_difference_is_said_in_the_words_of_the_pages(change: dict[str, Any], words: str) -> None:
    assert differences(RECIPE, RECIPE.model_copy(update=change)) == [words]


def test_a_step_is_named_by_its_group_and_stage() -> None:
    assert differences(RECIPE, edits.set_step(RECIPE, "numeric", "missing", "mean")) == [
        "Numbers, missing values: automatic -> Mean"
    ]


def test_every_choice_has_its_word() -> None:
    for search in SEARCHES:
        changed = edits.set_tuning(RECIPE, search=search.id)
        assert changed == RECIPE or differences(RECIPE, changed)[0].endswith(f"-> {search.label}")
    assert set(terms.GROUPS) == set(ORDER)
    assert set(terms.STAGES) == {stage for stages in ORDER.values() for stage in stages}


def test_runs_of_another_table_are_not_selected_at_first() -> None:
    def run(table: str, kind: str = "compare") -> Any:
        recipe = RECIPE.model_copy(update={"source": Source(table=table)})
        return SimpleNamespace(kind=kind, recipe=recipe)

    assert run_list.default_rows([run("b"), run("a"), run("a")], "a") == [1, 2]
    assert run_list.default_rows([run("b"), run("b"), run("a")], "a") == [2]
    assert run_list.default_rows([run("b"), run("b")], "a") == []


def test_no_cell_of_a_prediction_is_stretched_over_empty_ones() -> None:
    cells = pd.DataFrame({"predicted": [1.0, 2.0, 9.0], "actual": [2.0, 1.0, 7.0], "rows": [3, 4, 5]})
    drawn = predicted_actual(cells, LIGHT).data[0]
    assert list(drawn.x) == list(drawn.y) == [float(place) for place in range(1, 10)]
    assert np.isnan(np.array(drawn.z, dtype=float)).sum() == 9 * 9 - 3
