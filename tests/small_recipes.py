"""Small tables and recipes for one thing at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from core.recipe.document import ColumnChoice, Recipe, Source

ROWS = 400
SOURCE = Source(table="t", rows=ROWS)


def numbers(seed: int = 0) -> pd.DataFrame:
    """An input, levels, and a target."""
    rng = np.random.default_rng(seed)
    levels = pd.Series(rng.choice(list("abcdefgh"), ROWS), dtype="str")
    return pd.DataFrame({"x": rng.normal(size=ROWS), "c": levels, "y": rng.normal(size=ROWS)})


def column(name: str, kind: Any = "numeric", role: Any = "feature", **more: Any) -> ColumnChoice:
    return ColumnChoice(name=name, kind=kind, role=role, **more)


def regression(*columns: ColumnChoice, **more: Any) -> Recipe:
    """A recipe for the target y with these other columns."""
    known = {"target": "y", "task": "regression", "metric": "rmse", "source": SOURCE} | more
    own = () if any(c.name == "y" for c in columns) else (column("y", role="target"),)
    return Recipe(columns=(*columns, *own), **known)
