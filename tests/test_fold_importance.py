"""Importance on validation rows is that of all folds, and the baseline obeys the threshold everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from core.engine.resources import resources_of
from core.recipe import edits
from core.results.base import parsed
from core.results.evaluate import EvaluateResult
from core.train.fit import fit_rows
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
