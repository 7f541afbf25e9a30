"""What a run reports of its model, and recipes that move to another table."""

from __future__ import annotations

from core.data.table import Column, Table
from core.recipe.document import Candidate
from core.recipe.rebase import rebased
from core.results.compare import BoardRow, CandidateScores, CompareResult
from core.train.judging.validation_score import of_chosen
from tests.small_recipes import column, regression


def test_a_validation_score_is_that_of_the_model_as_it_is_set() -> None:
    tree = Candidate(id="tree_regressor", model="tree_regressor")
    row = BoardRow.model_construct(id=tree.id, rank=1, mean=1.0, std=0.1, low=0.9, high=1.1)
    ended = {"label": "Decision tree", "seconds": 1.0, "status": "done", "error": None}
    made = CandidateScores.model_construct(id=tree.id, model=tree.model, params=tree.params, **ended)
    compared = CompareResult.model_construct(board=(row,), candidates=(made,), words="")
    recipe = regression(column("x"), candidates=(tree,), chosen=tree)
    score = of_chosen(recipe, compared, None)
    assert score is not None and score.mean == 1.0
    other = recipe.model_copy(update={"chosen": tree.model_copy(update={"params": {"max_depth": 1}})})
    assert of_chosen(other, compared, None) is None


def test_a_recipe_that_moves_reads_times_as_the_new_file_writes_them() -> None:
    recipe = regression(column("d", "datetime", format="%d.%m.%Y"))
    columns = (
        Column(name="d", physical="datetime", kind="datetime", format="%Y-%m-%d"),
        Column(name="y", physical="number", kind="numeric"),
    )
    moved = rebased(recipe, Table(id="u", name="new.csv", rows=9, columns=columns))
    assert moved is not None
    assert moved.column("d").format == "%Y-%m-%d"
