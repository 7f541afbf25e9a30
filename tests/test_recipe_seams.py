"""Members and further tables in a recipe: kept, refused in words, and no trace where there are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.decided.gain import Silent
from benchmarks.tables import work_on
from core.build import build
from core.engine.job_kinds import JOB_KINDS
from core.engine.processes.units import ForkRunner
from core.errors import FoldlineError
from core.plan import plan
from core.recipe import edits
from core.recipe.document import MOST_LEVELS, Candidate, Recipe, Source, parse
from core.recipe.fingerprint import fingerprint
from core.train.compare import compare
from tests.golden_support import golden_workspace
from tests.small_recipes import column, numbers, regression

RIDGE = Candidate(id="ridge", model="ridge")
ENSEMBLE = Candidate(id="both", model="ridge", members=(RIDGE, RIDGE.model_copy(update={"id": "other"})))
RECIPE = regression(column("x"))
JOINED = RECIPE.model_copy(update={"related": (Source(table="lots", name="lots.csv"),)})


def code_of(act: Any, *args: Any) -> str:
    with pytest.raises(FoldlineError) as refused:
        act(*args)
    assert refused.value.hint
    return refused.value.code


def test_documents_without_them_are_as_they_were() -> None:
    text = edits.choose(RECIPE, "ridge").to_json()
    assert "members" not in text and "related" not in text
    assert set(RIDGE.model_dump()) == {"id", "model", "params"}


def test_what_0_1_0_stored_is_found_under_its_keys(tmp_path: Path) -> None:
    ws, project = golden_workspace(tmp_path)
    (version,) = ws.versions(project)
    assert fingerprint(version.recipe, "fit") == version.fingerprint
    for run in ws.runs(project):
        part = JOB_KINDS[run.kind].part
        assert part is not None and fingerprint(run.recipe, part) == run.fingerprint


@pytest.mark.parametrize(
    "recipe", [JOINED, RECIPE.model_copy(update={"candidates": (ENSEMBLE,), "chosen": ENSEMBLE})]
)
def test_documents_with_them_are_kept_whole(recipe: Recipe) -> None:
    assert parse(json.loads(recipe.to_json())) == recipe
    assert recipe.to_json() != RECIPE.to_json()
    assert fingerprint(recipe, "fit") != fingerprint(RECIPE, "fit")


def test_an_ensemble_is_refused_and_the_others_are_compared(tmp_path: Path) -> None:
    assert code_of(plan, RECIPE, ENSEMBLE) == "ENSEMBLE"
    assert code_of(build, RECIPE, ENSEMBLE) == "ENSEMBLE"
    work = work_on(RECIPE.model_copy(update={"candidates": (ENSEMBLE, RIDGE)}), numbers(), tmp_path)
    result, tried = compare(work, Silent(), ForkRunner(work.resources, 1))
    assert [row.id for row in result.board] == ["ridge"]
    assert tried["both"].error is not None and tried["both"].error["code"] == "ENSEMBLE"


def test_further_tables_are_refused_wherever_rows_are_read_or_a_pipeline_is_built(tmp_path: Path) -> None:
    assert code_of(plan, JOINED, RIDGE) == "RELATED"
    assert code_of(build, edits.choose(JOINED, "ridge")) == "RELATED"
    assert code_of(work_on, JOINED, numbers(), tmp_path) == "RELATED"


def test_members_end_somewhere() -> None:
    document: dict[str, Any] = RIDGE.model_dump()
    for _ in range(MOST_LEVELS):
        document = {**RIDGE.model_dump(), "members": [document]}
    assert parse({"version": 2, "candidates": [document]}).candidates[0].levels == MOST_LEVELS
    for deeper in (1, 245, 400):
        for _ in range(deeper):
            document = {**RIDGE.model_dump(), "members": [document]}
        assert code_of(parse, {"version": 2, "candidates": [document]}) == "RECIPE"
