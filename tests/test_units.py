"""Units name what they need, so that they run anywhere; runners differ in where, and in nothing else."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from benchmarks.decided.gain import Silent
from core.engine.processes.units import ForkRunner
from core.engine.resources import resources_of
from core.errors import FoldlineError
from core.recipe import edits
from core.recipe.document import Candidate, Recipe
from core.store.files.cleanup import remove
from core.store.workspace import Workspace
from core.train.compare import compare
from core.train.folds.fold_cache import FolderCache
from core.train.folds.runner import LATER, Outcome
from core.train.folds.unit import Unit, prepare_unit, run_unit, unit_of
from core.train.work import MOST_LOADED, Resources, Work
from tests.golden_support import golden_workspace
from tests.run_one_unit import exact

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class InProcess:
    """A runner that does one unit after the other, here."""

    resources: Resources

    def run(
        self, work: Callable[[Unit, Resources], Any], units: Iterable[Unit], over: Any = None
    ) -> Iterator[Outcome]:
        for unit in units:
            if unit is LATER:  # every outcome is told before the next unit is taken
                raise AssertionError("there is nothing to wait for")
            value, error = None, None
            try:
                value = work(unit, self.resources)
            except FoldlineError as failed:
                error = failed.as_dict()
            yield Outcome(unit, value, error, 0.0, 0.0, 0.0)


@pytest.fixture(scope="module", name="home")
def workspace_of_0_1_0(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str]:
    return golden_workspace(tmp_path_factory.mktemp("units"))


def recipe_in(home: tuple[Workspace, str]) -> Recipe:
    ws, project = home
    recipe = ws.recipe(project)
    assert recipe is not None
    # More neighbours than either fold has rows to learn from, which are as many in both.
    bad = Candidate(id="bad", model="knn_classifier", params={"n_neighbors": 200})
    recipe = edits.set_split(recipe, scheme="kfold", folds=2, test_size=0.5)
    return recipe.model_copy(update={"candidates": (*recipe.candidates, bad)})


def with_empty_cache(home: tuple[Workspace, str], recipe: Recipe) -> Work:
    ws, project = home
    for entry in ws.paths.listing("cache"):
        remove(entry)
    return resources_of(ws, project).work(recipe)


def lightgbm(work: Work, fold: int = 0) -> Unit:
    return unit_of(work, "boosted", Candidate(id="boosted", model="lightgbm_classifier"), fold)


def test_a_unit_in_a_fresh_process_gives_the_same_bits(home: tuple[Workspace, str]) -> None:
    ws, project = home
    work = with_empty_cache(home, recipe_in(home)).with_folds(seed=7)
    unit = lightgbm(work, fold=1)
    here = exact(run_unit(unit, work.resources))
    with_empty_cache(home, recipe_in(home))
    command = [sys.executable, "-m", "tests.run_one_unit", str(ws.root), project]
    text = unit.model_dump_json()
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == here
    assert len(ws.paths.listing("cache")) == 1, "the fold that it prepared can be used here"


def test_a_damaged_fold_gives_the_score_of_an_intact_one(home: tuple[Workspace, str]) -> None:
    ws, _ = home
    work = with_empty_cache(home, recipe_in(home)).with_folds(seed=7)
    unit = lightgbm(work)
    intact = exact(run_unit(unit, work.resources))
    (entry,) = ws.paths.listing("cache")
    for path in sorted(entry.iterdir()):
        data = bytearray(path.read_bytes())
        data[-9] ^= 64  # the exponent of the last number of an array
        path.chmod(0o600)
        path.write_bytes(data)
        assert exact(run_unit(unit, work.resources)) == intact


def test_a_unit_is_the_same_as_json_and_pickled(home: tuple[Workspace, str]) -> None:
    unit = lightgbm(with_empty_cache(home, recipe_in(home)).with_folds(seed=3), fold=2)
    assert Unit.model_validate_json(unit.model_dump_json()) == unit
    assert pickle.loads(pickle.dumps(unit)) == unit
    assert (unit.fold, unit.fold_seed) == (2, 3)


def test_a_unit_is_scored_on_the_rows_of_its_own_fold(home: tuple[Workspace, str]) -> None:
    work = with_empty_cache(home, recipe_in(home))
    units = [lightgbm(work), lightgbm(work, 1), lightgbm(work.with_folds(seed=7))]
    scores = [exact(run_unit(unit, work.resources))["scores"]["roc_auc"] for unit in units]
    assert len(set(scores)) == 3


def plainly(result: Any) -> dict[str, Any]:
    """A result without what it took."""
    document: dict[str, Any] = result.model_dump(mode="json")
    for part in (document, *document["candidates"]):
        for name in ("seconds", "cpu_seconds", "fit_seconds", "predict_seconds", "peak_mb"):
            part.pop(name, None)
    return document


def test_a_comparison_is_the_same_on_any_runner(home: tuple[Workspace, str]) -> None:
    found = []
    for start in (lambda resources: ForkRunner(resources, 2), InProcess):
        work = with_empty_cache(home, recipe_in(home))
        result, tried = compare(work, Silent(), start(work.resources))
        assert [one.status for one in tried.values()].count("failed") == 1
        found.append(plainly(result))
    assert found[0] == found[1]
    assert len(found[0]["board"]) > 1


def test_a_fold_is_prepared_once_for_all_who_need_it(home: tuple[Workspace, str]) -> None:
    work = with_empty_cache(home, recipe_in(home))
    kept: dict[str, Any] = {}

    class InMemory:
        """A cache that is no folder."""

        def has(self, key: str) -> bool:
            return key in kept

        def get(self, key: str) -> Any:
            return kept.get(key)

        def put(self, key: str, matrices: Any) -> None:
            assert key not in kept
            kept[key] = matrices

    own = Resources(work.resources.read, InMemory())
    for unit in (lightgbm(work), lightgbm(work), lightgbm(work, 1)):
        prepare_unit(unit, own)
    assert len(kept) == 2 and not home[0].paths.listing("cache")
    assert exact(run_unit(lightgbm(work), own)) == exact(run_unit(lightgbm(work), work.resources))


def test_a_folder_cache_gives_what_was_put_and_keeps_the_first(tmp_path: Path) -> None:
    cache = FolderCache(tmp_path.joinpath)
    assert not cache.has("a") and cache.get("a") is None
    dense, thin = np.arange(6.0).reshape(2, 3), sparse.eye_array(3, format="csr")
    cache.put("a", {"fit": dense, "valid": thin})
    cache.put("a", {"fit": dense + 1, "valid": thin})
    entry = cache.get("a")
    assert cache.has("a") and entry is not None
    assert np.array_equal(entry["fit"], dense) and (entry["valid"] != thin).nnz == 0
    assert not entry["fit"].flags.writeable
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_what_was_loaded_is_shared_and_the_oldest_is_let_go(home: tuple[Workspace, str]) -> None:
    ws, project = home
    recipe = recipe_in(home)
    resources = resources_of(ws, project)
    first = resources.work(recipe)
    assert resources.work(recipe) is first and resources.load(first.document) is first
    again = first.with_folds(seed=5)
    assert again.frame is first.frame and np.array_equal(again.split.test, first.split.test)
    assert not np.array_equal(again.split.folds[0][1], first.split.folds[0][1])
    resources.work(recipe.model_copy(update={"seed": 9}))
    assert len(resources.loaded) == MOST_LOADED and resources.work(recipe) is not first
