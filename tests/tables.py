"""Tables that tests share: one with a column of every kind, and a zoo of nasty ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from core.data.kinds import classify
from core.data.read import read
from core.data.table import Table
from core.recipe.document import Recipe
from core.recipe.suggestion.first import target_levels
from core.recipe.suggestion.suggest import suggest

TARGETS = {"binary": "left", "multiclass": "plan", "regression": "spend"}


def everything(rows: int = 240, seed: int = 0) -> pd.DataFrame:
    """A frame of texts and numbers with every kind of column, missing values and three targets."""
    rng = np.random.default_rng(seed)
    age = rng.normal(45, 12, rows).round(1)
    income = np.exp(rng.normal(10, 0.7, rows)).round(2)
    region = rng.choice(["north", "south", "east", "west, far"], rows)
    shop = np.array([f"shop {i}" for i in rng.integers(0, 40, rows)])
    member = rng.choice(["yes", "no"], rows)
    start = pd.Timestamp("2022-01-03") + pd.to_timedelta(rng.integers(0, 700, rows), "D")
    end = start + pd.to_timedelta(rng.integers(1, 90, rows), "D")
    words = ["good", "slow", "broken", "kind staff", "late", "cheap", "never again", "great value"]
    note = np.array([" ".join(rng.choice(words, 5)) for _ in range(rows)])
    risk = 0.05 * (age - 45) + (region == "north") + (member == "no") + rng.normal(0, 1, rows)
    frame = pd.DataFrame(
        {
            "customer": [f"C{i:05d}" for i in rng.permutation(rows)],
            "age": age,
            "income": income,
            "region": region,
            "shop": shop,
            "member": member,
            "start": start.strftime("%Y-%m-%d"),
            "end": end.strftime("%Y-%m-%d"),
            "note": note,
            "fixed": "same",
            "left": np.where(risk > 0.8, "yes", "no"),
            "plan": np.array(["basic", "plus", "pro"])[np.clip(np.round(risk).astype(int) % 3, 0, 2)],
            "spend": (100 + 30 * risk + 0.001 * income).round(2),
        }
    )
    for name, share in (("age", 0.1), ("region", 0.08), ("note", 0.05), ("end", 0.05)):
        frame.loc[rng.random(rows) < share, name] = None
    return frame


def load(path: Path, target: str, task: str) -> tuple[pd.DataFrame, Recipe]:
    """A file read by Foldline's reader, and the recipe suggested for it; other targets are ignored."""
    reading = read(path, path.name)
    return reading.frame, recipe_for(reading.frame, reading.table(path.name), target, task)


def recipe_for(frame: pd.DataFrame, table: Table, target: str, task: str) -> Recipe:
    """The suggested recipe; the other targets of ``everything`` are ignored."""
    levels, counts = target_levels(frame, target)
    recipe = suggest(table, target, task=task, levels=levels, counts=counts)  # type: ignore[arg-type]
    others = set(TARGETS.values()) - {target}
    columns = tuple(
        c.model_copy(update={"role": "ignore"}) if c.name in others else c for c in recipe.columns
    )
    return recipe.model_copy(update={"columns": columns})


def typed(frame: pd.DataFrame) -> tuple[pd.DataFrame, Table]:
    """A frame that is typed already, as a table."""
    return frame, Table(id="1" * 64, name="nasty", rows=len(frame), columns=classify(frame, {}))


def nasty() -> dict[str, pd.DataFrame]:
    """Tables that break careless code, each with a numeric column ``y`` and a two-class column ``c``."""
    rng = np.random.default_rng(5)

    def base(rows: int = 60) -> dict[str, object]:
        return {
            "a": rng.normal(size=rows),
            "b": pd.Series(rng.choice(["x", "y", "z"], rows), dtype="str"),
            "y": rng.normal(size=rows),
            "c": pd.Series(np.where(np.arange(rows) % 3 == 0, "p", "q"), dtype="str"),
        }

    def with_(rows: int = 60, **more: object) -> pd.DataFrame:
        return pd.DataFrame({**base(rows), **more})

    gaps = with_()
    gaps.loc[rng.random(60) < 0.6, ["a", "b"]] = np.nan
    few = with_()
    few["c"] = pd.Series(["p"] * 3 + ["q"] * 57, dtype="str")
    wide = pd.DataFrame(rng.normal(size=(60, 80)), columns=[f"w{i}" for i in range(80)]).assign(
        y=rng.normal(size=60), c=base()["c"]
    )
    return {
        "all_missing_column": with_(nothing=np.full(60, np.nan)),
        "constant_column": with_(flat=np.ones(60)),
        "mostly_missing": gaps,
        "rare_class": few,
        "more_columns_than_rows": wide,
        "huge_numbers": with_(big=rng.normal(size=60) * 1e150),
        "only_categories": with_()[["b", "c", "y"]],
        "many_levels": with_(code=pd.Series([f"k{i % 29}" for i in range(60)], dtype="str")),
        "naughty_names": with_().rename(columns={"a": "![x](http://e)", "b": 'a"b,c\n<i>'}),
        "equal_rows": pd.concat([with_(20)] * 3, ignore_index=True),
    }
