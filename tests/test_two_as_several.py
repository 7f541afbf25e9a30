"""Two classes read as several, or left of several in a fold: every encoder and classifier trains on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks.tables import work_on
from core.catalog.models import MODELS
from core.catalog.steps import STEPS
from core.recipe import edits
from core.recipe.document import Candidate, Recipe
from core.train.folds.unit import score_fold
from core.train.work import Work
from tests.small_recipes import SOURCE, column

ENCODERS = [step.id for step in STEPS if step.stage == "encode"]
CLASSIFIERS = [spec.id for spec in MODELS if "multiclass" in spec.tasks]
TASKS = ("binary", "multiclass", "regression")


def table(classes: int, seed: int = 0) -> pd.DataFrame:
    """A number, thirty levels, and a target of so many classes, or of numbers for 0."""
    rng = np.random.default_rng(seed)
    x, c = rng.normal(size=240), rng.integers(0, 30, 240)
    score = x + c / 15 + rng.normal(size=240)
    levels = pd.Series([f"K{level:02d}" for level in c], dtype="str")
    cuts = np.quantile(score, np.arange(1, classes) / classes) if classes else []
    names = np.array(["ja", "nein", "offen"])[np.digitize(score, cuts)] if classes else score
    return pd.DataFrame({"x": x, "c": levels, "y": pd.Series(names, dtype="str" if classes else None)})


def work_of(task: Any, classes: int, folder: Path, encoder: str = "target") -> Work:
    kind: Any = "categorical" if classes else "numeric"
    columns = (column("x"), column("c", "categorical", levels=30), column("y", kind, "target"))
    metric = "rmse" if task == "regression" else "log_loss"
    recipe = Recipe(columns=columns, target="y", task=task, metric=metric, source=SOURCE)
    recipe = edits.set_step(recipe, "categorical", "encode", encoder)
    return work_on(recipe, table(classes), folder)


def scores(work: Work, model: str, without: str = "") -> dict[str, float]:
    """Scores of a model on the first fold, learned from its rows that are not of a class."""
    fit, valid = work.split.folds[0]
    kept = fit[work.labels(fit) != without] if without else fit
    return dict(score_fold(work, Candidate(id="m", model=model), (kept, valid))["scores"])


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("task", TASKS)
def test_every_encoder_trains_for_every_task(task: str, encoder: str, tmp_path: Path) -> None:
    model = "ridge" if task == "regression" else "logistic_regression"
    for classes in {"binary": (2,), "multiclass": (2, 3), "regression": (0,)}[task]:
        assert all(np.isfinite(list(scores(work_of(task, classes, tmp_path, encoder), model).values())))


@pytest.mark.parametrize("model", CLASSIFIERS)
def test_two_classes_as_several_score_as_two(model: str, tmp_path: Path) -> None:
    several, two = (scores(work_of(task, 2, tmp_path), model) for task in ("multiclass", "binary"))
    assert several["log_loss"] == pytest.approx(two["log_loss"], rel=0.05)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_a_fold_may_lack_one_of_three_classes(encoder: str, tmp_path: Path) -> None:
    work = work_of("multiclass", 3, tmp_path, encoder)
    assert np.isfinite(scores(work, "logistic_regression", without="offen")["accuracy"])
