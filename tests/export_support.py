"""What the export tests share: a table with every kind of column, read and fitted as the app does."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from benchmarks.tables import work_on
from core.catalog.models import MODELS
from core.data.read import read
from core.data.table import Table
from core.evaluate.prediction import Prediction
from core.export.bundle.schema import Schema, describe
from core.export.bundle.write import write_bundle
from core.export.card import card
from core.recipe.document import Candidate, Recipe
from core.recipe.suggestion.suggest import suggest
from core.results.bundle import BundleScores, ModelReport
from core.train.fit import fit, predict_rows
from core.train.work import Work
from tests.fresh import script

SMALL = {
    "n_estimators": 50,
    "max_iter": 20,
    "learning_rate": 0.1,
    "width": 8,
}


def raw_table(rows: int = 240, seed: int = 0) -> pd.DataFrame:
    """All-text cells with missing values, odd levels, dates, sentences and three targets."""
    rng = np.random.default_rng(seed)
    age, income = rng.normal(40, 12, rows).round(1), rng.lognormal(10, 1, rows).round(2)
    city = rng.choice(["Ulm", "Rome, Italy", "Łódź", '"Bonn"', "7", "8.0"], rows)
    score = (age - 40) / 12 + np.log(income) - 10 + (city == "Ulm") + rng.normal(0, 0.5, rows)
    words = rng.choice(
        ["late delivery again", "great service", "never again late", "service was great"], rows
    )
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 700, rows), unit="D")
    frame = pd.DataFrame(
        {
            "age": [str(v) for v in age],
            "income": [str(v) for v in income],
            "city": city,
            "club": [str(v) for v in rng.choice([1, 2, 3], rows)],
            "note": [f"{w} {int(i)}" for w, i in zip(words, rng.integers(0, 400, rows), strict=True)],
            "day": days.strftime("%Y-%m-%d"),
            "who": [f"u{v}" for v in rng.integers(0, 60, rows)],
            "flag": np.where(score > 0, "yes", "no"),
            "band": np.select([score < -0.7, score < 0.7], ["low", "mid"], "high"),
            "amount": [str(v) for v in (score * 10).round(3)],
        }
    )
    for place, name in enumerate(["age", "income", "city", "note", "day"]):
        frame.loc[place :: 17 + place, name] = ["", "NA", "?", "", "NA"][place]
    frame.loc[::50, ["flag", "band", "amount"]] = ""
    return frame


TARGETS = {"binary": "flag", "multiclass": "band", "regression": "amount"}


@dataclass(frozen=True)
class Case:
    """A fitted run as the app makes it."""

    path: Path
    table: Table
    frame: pd.DataFrame
    recipe: Recipe
    work: Work
    pipeline: Any

    @property
    def schema(self) -> Schema:
        return describe(self.recipe, self.table.columns, self.frame.iloc[self.work.split.train])

    def predict(self, rows: Any) -> Prediction:
        return predict_rows(self.work, self.pipeline, rows)

    def bundle(self, path: Path, **more: Any) -> Path:
        rows = self.frame.iloc[self.work.split.train]
        recipe, scores = self.recipe, BundleScores()
        sizes = {"rows": self.table.rows, "columns": len(self.table.columns)}
        text = card(recipe, ModelReport(task=recipe.task, metric=recipe.metric, **sizes))
        write_bundle(path, self.pipeline, recipe, self.schema, rows, text, scores, table=self.table, **more)
        return path


def stored(folder: Path, rows: int = 240, separator: str = ",") -> tuple[Path, Table, pd.DataFrame]:
    """A csv of ``raw_table``, read."""
    path = folder / "data.csv"
    raw_table(rows).to_csv(path, index=False, sep=separator)
    reading = read(path, "data.csv")
    return path, reading.table("data.csv"), reading.frame


def recipe_for(table: Table, task: str, model: str, **changes: Any) -> Recipe:
    """A suggested recipe with one model, cheap enough for tests."""
    recipe = suggest(table, TARGETS[task], task=task)  # type: ignore[arg-type]
    others = [name for name in TARGETS.values() if name != TARGETS[task]]
    columns = tuple(
        column.model_copy(update={"role": "ignore"}) if column.name in others else column
        for column in recipe.columns
    )
    params = {param.name: SMALL[param.name] for param in MODELS[model].params if param.name in SMALL}
    chosen = Candidate(id="chosen", model=model, params=params)
    return recipe.model_copy(update={"columns": columns, "chosen": chosen, **changes})


def fitted(path: Path, table: Table, frame: pd.DataFrame, recipe: Recipe) -> Case:
    """The recipe fitted on its training rows."""
    work = work_on(recipe, frame, path.parent)
    with threadpool_limits(1):
        return Case(path, table, frame, recipe, work, fit(work, "train"))


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A script in a process of its own in which Foldline cannot be imported."""
    return script(*arguments, cwd=cwd)
