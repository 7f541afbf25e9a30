"""How much the best of 40 trials flatters itself where there is nothing to learn.

Its gain on the folds of the search, on new ones, and how often the interval of the latter claims a gain.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.tables import work_on
from core.data.kinds import classify
from core.data.table import Table
from core.engine.processes.units import ForkRunner
from core.engine.settings import cap_threads
from core.recipe import edits
from core.recipe.document import Recipe
from core.recipe.suggestion.suggest import suggest
from core.train.tune import tune

TABLES, ROWS, COLUMNS, TRIALS = 12, 300, 10, 40


class Silent:
    """Progress that nobody listens to."""

    def event(self, kind: str, **facts: Any) -> None:
        """Nothing."""

    def progress(self, done: float, total: float, message: str = "") -> None:
        """Nothing."""

    def should_stop(self) -> bool:
        """Never."""
        return False


def chance(seed: int, rows: int, columns: int) -> tuple[Recipe, pd.DataFrame]:
    """A table whose target has nothing to do with its columns, and the recipe that is suggested for it."""
    draw = np.random.default_rng(seed)
    X = draw.normal(size=(rows, columns))
    y = np.where(draw.random(rows) < 0.5, "a", "b")
    frame = pd.DataFrame({f"x{i}": X[:, i] for i in range(columns)} | {"y": pd.Series(y, dtype="str")})
    table = Table(id="0" * 64, name="drawn", rows=rows, columns=classify(frame, {}))
    return edits.set_seed(suggest(table, "y", levels=["a", "b"], counts=[1, 1]), seed), frame


def gains(seed: int) -> tuple[float, float, bool]:
    """What tuning a tree gains on a table of pure chance.

    Returns:
        The gain on the folds of the search, that on new folds, and whether the latter's interval is above 0.
    """
    recipe, frame = chance(seed, ROWS, COLUMNS)
    recipe = edits.set_tuning(edits.choose(recipe, "tree_classifier"), trials=TRIALS)
    with tempfile.TemporaryDirectory() as folder:
        work = work_on(recipe, frame, Path(folder))
        found = tune(work, Silent(), ForkRunner(work.resources, 2))
    gain = found.gain
    return found.best.score - found.default.score, gain.mean, gain.low > 0


def main() -> None:
    """Print both means over the tables."""
    found = np.array([gains(seed) for seed in range(TABLES)])
    same, fresh, claimed = found.mean(axis=0)
    print(f"{TABLES} tables of chance, {ROWS} rows, {TRIALS} trials; ROC AUC gained:")
    print(f"on the folds of the search {same:.4f}, on new folds {fresh:.4f};")
    print(f"the interval of the latter claims a gain for {claimed * TABLES:.0f} tables")


if __name__ == "__main__":
    cap_threads()
    main()
