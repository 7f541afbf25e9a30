"""Importance on validation rows is that of all folds, and the baseline obeys the threshold everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from benchmarks.tables import work_on
from core.data.read import read
from core.engine.resources import resources_of
from core.recipe import edits
from core.recipe.document import Candidate
from core.recipe.suggestion.suggest import suggest
from core.results.base import parsed
from core.results.evaluate import EvaluateResult
from core.train.fit import fit, fit_rows
from core.train.judging.test_set import column_importance
from tests.page_support import module_home
from tests.test_validation import edit, project, rows, run, validated

home = module_home


def shuffled_loss(model: Any, frame: pd.DataFrame, y: np.ndarray, name: str) -> float:
    """What the area under the curve loses when a column is shuffled, a mean of 40 shuffles."""
    rng = np.random.default_rng(1)

    def area(rows: pd.DataFrame) -> float:
        return float(roc_auc_score(y, model.predict_proba(rows)[:, 1]))

    shuffles = [area(frame.assign(**{name: rng.permutation(frame[name])})) for _ in range(40)]
    return area(frame) - float(np.mean(shuffles))


def test_importance_in_validation_is_the_mean_of_the_folds(home: Path) -> None:
    made = project(home, rows(0.4, 260, seed=8), "folds")
    worth = pd.DataFrame(validated(made).importance).set_index("column")
    work = resources_of(made.workspace, made.project).work(made.now())
    for name in worth.index:
        losses = [
            shuffled_loss(fit_rows(work, fit), work.frame.iloc[valid], work.labels(valid), name)
            for fit, valid in work.split.folds[:5]
        ]
        seen = worth.loc[name]
        assert seen["mean"] == pytest.approx(np.mean(losses), abs=0.03)
        assert (seen["low"], seen["high"]) == pytest.approx((min(losses), max(losses)), abs=0.06)


def test_the_baseline_obeys_the_threshold_on_test_rows_as_in_validation(home: Path) -> None:
    made = project(home, rows(0.2, 300), "threshold")
    edit(made, lambda old: edits.set_threshold(old, 0.1))
    tested = parsed(EvaluateResult, run(made, "evaluate"))
    assert validated(made).scores["recall"].baseline == 1.0
    assert tested.scores["recall"].baseline == 1.0, "it gives 0.2 to every row, which is above 0.1"


def test_importance_of_a_single_hold_out_has_its_interval(home: Path) -> None:
    made = project(home, rows(0.4, 400), "hold-out")
    edit(made, lambda old: edits.set_split(old, scheme="holdout"))
    result = validated(made)
    worth = pd.DataFrame(result.importance)
    assert result.folds == 1
    assert (worth["low"] < worth["mean"]).all() and (worth["mean"] < worth["high"]).all()


class Quiet:
    """A job that nobody watches or stops."""

    def event(self, kind: str, **facts: Any) -> None:
        pass

    def progress(self, done: int, total: int, message: str = "") -> None:
        pass

    def should_stop(self) -> bool:
        return False


def test_a_time_that_features_read_has_its_importance(tmp_path: Path) -> None:
    """The model reads the day through its parts, though the day itself orders the rows and is no input."""
    draw = np.random.default_rng(2)
    day = pd.date_range("2024-01-01", periods=600, freq="D")
    y = 10.0 * day.month + draw.normal(size=600)
    pd.DataFrame({"day": day, "x": draw.normal(size=600), "y": y}).to_csv(tmp_path / "t.csv", index=False)
    reading = read(tmp_path / "t.csv", "t.csv")
    recipe = edits.set_role(suggest(reading.table("t.csv"), "y"), "day", "time")
    recipe = edits.add_feature(recipe, "date_features", ("day",))
    recipe = recipe.model_copy(update={"chosen": Candidate(id="c", model="tree_regressor")})
    work = work_on(recipe, reading.frame, tmp_path)
    worth = column_importance(work, Quiet(), fit(work, "train"), work.split.test)
    assert dict(zip(worth["column"], worth["mean"], strict=True))["day"] > 5
