"""The tables that are measured on, and the workspace that holds them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.engine.run_here import run_here
from core.recipe.document import Recipe
from core.store.workspace import Workspace
from core.train.folds.fold_cache import FolderCache
from core.train.work import Resources, Work

ROOT = Path(__file__).resolve().parents[1]
ADULT = ROOT.parent / "shared" / "data" / "adult.csv"
CHURN = ROOT / "sample_data" / "churn.csv"
NUMBERS = 13
REGIONS = ("north", "south", "east", "west", "centre")
TARGET = "failed"


def big(rows: int, seed: int = 0, moved: float = 0.0) -> pd.DataFrame:
    """A table of 20 columns: 13 numbers, 5 with levels, a date, and a target of two classes.

    Args:
        moved: how far, in standard deviations, the mean of the first number is moved.
    """
    draw = np.random.default_rng(seed)
    values = draw.normal(size=(rows, NUMBERS)).round(4)
    values[:, 0] += moved
    values[draw.random((rows, NUMBERS)) < 0.02] = np.nan
    out = {f"sensor_{i + 1}": values[:, i] for i in range(NUMBERS)}
    levels = {
        "region": np.array(REGIONS)[draw.integers(0, len(REGIONS), rows)],
        "tool": np.array([f"T{i:02d}" for i in range(20)])[draw.integers(0, 20, rows)],
        "product": np.array([f"product {i}" for i in range(200)])[draw.integers(0, 200, rows)],
        "shift": np.where(draw.random(rows) < 0.5, "day", "night"),
        "rework": np.where(draw.random(rows) < 0.1, "yes", "no"),
    }
    day = np.datetime64("2025-01-01", "us") + draw.integers(0, 365, rows) * np.timedelta64(1, "D")
    pull = np.nan_to_num(values[:, 0]) - 0.5 * np.nan_to_num(values[:, 1]) + (levels["shift"] == "night")
    failed = np.where(draw.random(rows) < 1 / (1 + np.exp(2 - pull)), "yes", "no")
    text = {name: pd.Series(cells, dtype="str") for name, cells in (levels | {TARGET: failed}).items()}
    return pd.DataFrame(out | {"day": day} | text)


@contextmanager
def workspace() -> Iterator[tuple[Workspace, str]]:
    """An empty workspace with one project, in a folder that goes away."""
    root = Path(tempfile.mkdtemp(prefix="foldline-bench-"))
    try:
        opened = Workspace(root)
        yield opened, opened.create_project(opened.new_space(), "benchmark")
    finally:
        shutil.rmtree(root, ignore_errors=True)


def load(ws: Workspace, project: str, path: Path) -> str:
    """Read a file into the project by the app's own job and give the table's id."""
    spec = {"path": str(path), "name": path.name, "keep": True}
    return str(run_here(ws, project, "read", spec)["table"])


def work_on(recipe: Recipe, frame: pd.DataFrame, folder: Path) -> Work:
    """The rows of a recipe whose table is this frame; folds are cached in the folder."""

    def read(table: str, columns: Sequence[str] | None = None, rows: Any = None) -> pd.DataFrame:
        part = frame if columns is None else frame[list(columns)]
        return part if rows is None else part.iloc[rows].reset_index(drop=True)

    return Resources(read, FolderCache(folder.joinpath)).work(recipe)
