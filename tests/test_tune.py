"""The search: it learns as it goes, ends when it is told to, and measures its gain on fresh folds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier

from benchmarks.tables import work_on
from core.catalog.models import MODELS
from core.engine.processes.units import ForkRunner, run_units
from core.errors import FoldlineError
from core.export.model_report import of_validation
from core.recipe import edits
from core.recipe.document import Candidate, ColumnChoice, Range, Recipe, Source
from core.results.tune import Gain, TuneResult
from core.train.folds.unit import (
    Unit,
    all_scores,
    fit_model,
    in_its_words,
    predict,
    run_unit,
    score_fold,
    unit_of,
)
from core.train.judging.validation_score import FLATTERED, of_search
from core.train.search_space import GRID_LIMIT, fitting, planned
from core.train.tune import tune
from core.train.work import Resources, Work


@dataclass
class Told:
    """A job that writes down what it is told, and is stopped after so many trials."""

    stop_after: int = 10**6
    events: list[dict[str, Any]] = field(default_factory=list)
    steps: list[tuple[int, int]] = field(default_factory=list)

    def event(self, kind: str, **facts: Any) -> None:
        self.events.append({"kind": kind, **facts})

    def progress(self, done: int, total: int, message: str = "") -> None:
        self.steps.append((done, total))

    def should_stop(self) -> bool:
        return len(self.events) > self.stop_after


def searched(given: Work, told: Told | None = None, cores: int = 2) -> TuneResult:
    return tune(given, told or Told(), ForkRunner(given.resources, cores))


def work(folder: Path, **roles: Any) -> Work:
    rng = np.random.default_rng(0)
    rows = 240
    frame = pd.DataFrame(
        {
            "x": rng.normal(size=rows),
            "z": rng.normal(size=rows),
            "g": pd.Series(rng.integers(0, 30, rows)).astype("str"),
            "t": pd.date_range("2020-01-01", periods=rows).astype("datetime64[us]"),
        }
    )
    frame["y"] = np.where(frame["x"] + rng.normal(size=rows) > 0, "1", "0")
    frame = frame.astype({"g": "str", "y": "str"})
    kinds = {"x": "numeric", "z": "numeric", "g": "categorical", "t": "datetime", "y": "boolean"}
    held = {"g": "ignore", "t": "ignore", "y": "target"} | roles
    columns = tuple(ColumnChoice(name=n, kind=k, role=held.get(n, "feature")) for n, k in kinds.items())
    recipe = Recipe(source=Source(table="t", rows=rows), target="y", positive="1", columns=columns)
    recipe = edits.set_split(edits.choose(recipe, "tree_classifier"), scheme="kfold", folds=3)
    return with_recipe(edits.set_tuning(recipe, trials=4), frame, folder)


def with_recipe(recipe: Recipe, frame: pd.DataFrame, folder: Path) -> Work:
    return work_on(recipe, frame, folder)


def changed(old: Work, folder: Path, **tuning: Any) -> Work:
    plan = old.recipe.tuning.model_copy(update=tuning)
    return with_recipe(old.recipe.model_copy(update={"tuning": plan}), old.frame, folder)


def test_units_are_taken_one_by_one_so_that_a_search_can_learn() -> None:
    done: list[int] = []
    asked: list[int] = []

    def units() -> Iterator[int]:
        for number in range(5):
            asked.append(len(done))
            yield number

    for outcome in run_units(abs, units(), 1):
        done.append(outcome.value)
    assert done == [0, 1, 2, 3, 4]
    assert asked == [0, 1, 2, 3, 4]


def test_a_search_reports_trials_gain_and_what_it_searched(tmp_path: Path) -> None:
    told = Told()
    found = searched(work(tmp_path), told)
    assert [trial.status for trial in found.trials] == ["done"] * 4
    assert found.best.score == max(trial.score for trial in found.trials)
    assert found.gain.fresh_folds and found.gain.low <= found.gain.mean <= found.gain.high
    assert found.gain.untuned != found.default.folds, "measured on the folds of the search"
    assert (found.cut_by, found.planned) == ("", 4)
    assert len(told.events) == 5, "the untuned model and four trials"
    assert max(done for done, _ in told.steps) < told.steps[0][1], "the gain is part of the work"


@pytest.mark.parametrize("roles", [{}, {"g": "group"}, {"t": "time"}])
def test_the_validation_score_of_a_tuned_model_is_that_of_fresh_folds(
    tmp_path: Path, roles: dict[str, str]
) -> None:
    found = searched(work(tmp_path, **roles))
    score = of_search(found)
    if "t" in roles:
        assert (score.mean, score.low, score.why) == (found.best.score, None, FLATTERED)
        assert score.where == "on the folds of its search"
        return
    assert score.mean == pytest.approx(np.mean(found.gain.tuned))
    assert score.mean != found.best.score
    assert score.low <= score.mean <= score.high and score.why == ""
    assert score.where == "on fresh folds"
    assert of_validation(score).model_dump()["value"] == score.mean


@pytest.mark.parametrize("search", ["tpe", "random", "grid"])
def test_every_search_runs_to_its_end(tmp_path: Path, search: str) -> None:
    space = {"max_depth": Range(low=1, high=3), "min_samples_leaf": Range(low=5, high=20)}
    found = searched(changed(work(tmp_path), tmp_path, search=search, space=space, trials=12))
    tried = {tuple(trial.params.values()) for trial in found.trials}
    assert len(found.trials) == found.planned == 12
    assert all(1 <= depth <= 3 and 5 <= leaf <= 20 for depth, leaf in tried)
    assert search != "grid" or len(tried) == 12, "a cell was tried twice"


@pytest.mark.parametrize(("trials", "cells"), [(2, 2), (3, 3), (8, 8), (30, 10)])
def test_a_grid_of_one_setting_is_as_fine_as_the_trials_allow(
    tmp_path: Path, trials: int, cells: int
) -> None:
    space = {"max_depth": Range(low=1, high=30), "min_samples_leaf": None}
    recipe = changed(work(tmp_path), tmp_path, search="grid", space=space, trials=trials).recipe
    assert planned(recipe).trials == cells


def test_a_grid_is_never_made_finer_than_its_limit() -> None:
    param = MODELS["tree_classifier"].param("min_samples_leaf")
    three = {name: (param, Range(low=1, high=200)) for name in "abc"}
    cells = fitting(three, 3, 10, 2_000)
    assert [len(values) for values in cells.values()] == [7, 7, 7]
    assert 7**3 <= GRID_LIMIT < 8**3


def test_what_a_model_refuses_ends_with_one_full_stop() -> None:
    with pytest.raises(FoldlineError) as refused, in_its_words():
        raise ValueError("n must be positive.")
    assert refused.value.problem == "The model refused the data: n must be positive."


def test_a_setting_that_only_prediction_refuses_is_told_in_the_models_words(tmp_path: Path) -> None:
    made = work(tmp_path)
    many = Candidate(id="knn", model="knn_classifier", params={"n_neighbors": 100})
    fit, valid = made.split.folds[0]
    with pytest.raises(FoldlineError, match="n_neighbors") as refused:
        score_fold(made, many, (fit[:50], valid))
    assert refused.value.code == "FIT"


@pytest.mark.parametrize(
    "model", [HistGradientBoostingClassifier(early_stopping=True), CalibratedClassifierCV(cv=3)]
)
def test_a_class_of_one_row_is_told_in_our_words(model: Any) -> None:
    y = np.array(["a"] * 30 + ["b"] * 30 + ["c"])
    with pytest.raises(FoldlineError, match="too few training rows") as refused:
        fit_model(model, np.arange(61.0)[:, None], y)
    assert refused.value.code == "FEW_ROWS"


def test_a_search_is_the_same_again(tmp_path: Path) -> None:
    first, second = (searched(work(tmp_path), cores=1) for _ in range(2))
    assert [t.params for t in first.trials] == [t.params for t in second.trials]
    assert [t.folds for t in first.trials] == [t.folds for t in second.trials]


def test_the_time_cap_ends_it_after_a_trial_and_is_told(tmp_path: Path) -> None:
    found = searched(changed(work(tmp_path), tmp_path, seconds=0, trials=50))
    assert found.cut_by == "time"
    assert len(found.trials) == 1


def test_stopping_keeps_the_best_so_far_and_claims_no_gain(tmp_path: Path) -> None:
    told = Told(stop_after=3)
    given = changed(work(tmp_path), tmp_path, trials=200)
    found = tune(given, told, ForkRunner(given.resources, 2, told.should_stop))
    assert found.cut_by == "stop"
    assert 1 <= len(found.trials) < 20
    assert found.gain.error.code == "STOPPED"


def test_rows_in_time_are_not_shuffled_for_the_gain(tmp_path: Path) -> None:
    found = searched(changed(work(tmp_path, t="time"), tmp_path, trials=1))
    assert found.gain.fresh_folds is False
    assert found.gain.untuned == found.default.folds


def test_a_best_value_at_the_end_of_its_range_is_told(tmp_path: Path) -> None:
    space = {"max_depth": Range(low=1, high=1), "min_samples_leaf": Range(low=20, high=21)}
    found = searched(changed(work(tmp_path), tmp_path, space=space, trials=2))
    assert {edge.param for edge in found.edges} == {"min_samples_leaf"}


def test_groups_of_rows(tmp_path: Path) -> None:
    assert work(tmp_path).groups(np.arange(3)) is None
    grouped = work(tmp_path, g="group")
    assert grouped.groups(np.array([5, 7])).tolist() == grouped.frame["g"].iloc[[5, 7]].tolist()


def test_a_score_that_rows_do_not_define_is_nan_and_the_others_stay(tmp_path: Path) -> None:
    made = work(tmp_path)

    class Half:
        classes_ = np.array(["0", "1"])

        def predict_proba(self, X: Any) -> Any:
            return np.full((len(X), 2), 0.5)

    said = predict(Half(), made.frame.iloc[:4], "binary", made.target)
    scores = all_scores("binary", np.array(["1", "1", "1", "1"], dtype=object), said)
    assert np.isnan(scores["roc_auc"]) and np.isfinite(scores["accuracy"])
    with pytest.raises(FoldlineError, match="1 true value"):
        all_scores("binary", np.array(["1"], dtype=object), said)


def test_a_search_is_the_same_whichever_trial_ends_first(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Uneven:
        delays: dict[str, float]
        cores: int

        def run(
            self, work: Callable[[Unit, Resources], Any], units: Iterable[Unit], over: Any = None
        ) -> Iterator[Any]:
            def slow(unit: Unit) -> Any:
                time.sleep(self.delays.get(unit.key, 0))
                return work(unit, given.resources)

            return run_units(slow, units, self.cores)

    given = changed(work(tmp_path), tmp_path, trials=16)
    runs = (Uneven({}, 1), Uneven({"trial_11": 0.2, "trial_13": 0.2}, 3))
    first, second = (tune(given, Told(), one) for one in runs)
    assert [t.params for t in first.trials] == [t.params for t in second.trials]


def test_a_search_whose_time_is_over_gives_up_what_is_under_way(tmp_path: Path) -> None:
    """Trials of a minute each and a limit of 5 seconds: the first one that ended is the result."""

    @dataclass(frozen=True)
    class Slow:
        def run(
            self, work: Callable[[Unit, Resources], Any], units: Iterable[Unit], over: Any = lambda: False
        ) -> Iterator[Any]:
            def slow(unit: Unit) -> Any:
                number = unit.key.rpartition("_")[2]
                time.sleep(60 if number.isdigit() and int(number) > 1 else 0)
                return work(unit, given.resources)

            return run_units(slow, units, 2, should_stop=over)

    given = changed(work(tmp_path), tmp_path, trials=4, seconds=5)
    before = time.perf_counter()
    found = tune(given, Told(), Slow())
    assert time.perf_counter() - before < 30
    assert found.cut_by == "time"
    assert [trial.trial for trial in found.trials] == ["trial_1"]
    assert isinstance(found.gain, Gain)


def test_a_fold_that_does_not_define_the_score_does_not_end_a_search(tmp_path: Path) -> None:
    made = work(tmp_path)
    fit, valid = made.split.folds[0]
    ones = valid[made.labels(valid) == "1"]
    split = type(made.split)(made.split.train, made.split.test, ((fit, ones), *made.split.folds[1:]), "")
    given = replace(made, split=split)
    given.resources.loaded[given.document, None] = given
    assert made.recipe.chosen is not None
    alone = run_unit(unit_of(given, "one", made.recipe.chosen, 0), given.resources)
    assert np.isnan(alone["scores"]["roc_auc"])
    found = searched(given)
    best = found.best
    assert best.folds[0] is None
    assert best.score == pytest.approx(np.mean(best.folds[1:]))
