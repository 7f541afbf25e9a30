"""The fold cache: the matrices of a fold are computed once for each distinct preparation and shared.

An entry is a folder named by the fingerprint of everything that shapes it. It is written beside its place
and renamed, so that a killed process leaves no half entry.
"""

from __future__ import annotations

import importlib.metadata
import os
import secrets
import shutil
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from core import __version__
from core.build import estimator, preparation
from core.errors import FoldlineError
from core.plan import Plan, plan
from core.recipe.document import Candidate, Recipe
from core.recipe.fingerprint import digest
from core.store.files.atomic import disk_errors, room
from core.train.split import Rows, RowSplit, groups_of
from core.train.target import Target

LIBRARIES = ("numpy", "scipy", "pandas", "scikit-learn")


@dataclass(frozen=True, eq=False)
class Work:
    """All that a unit needs, loaded once and shared by forked processes.

    Attributes:
        frame: the columns of the table that the recipe uses, every row.
        cache: gives the folder of a cache key (SHA-256 hex).
    """

    recipe: Recipe
    frame: pd.DataFrame
    target: Target
    split: RowSplit
    cache: Callable[[str], Path]

    def labels(self, rows: Rows) -> NDArray[Any]:
        """Target values of these rows."""
        return self.target.values[rows]

    def groups(self, rows: Rows) -> NDArray[Any] | None:
        """The group of each of these rows as text; None when no column has that role."""
        return groups_of(self.recipe, self.frame.iloc[rows])


def columns_used(recipe: Recipe) -> list[str]:
    """The columns of the table that a recipe reads: inputs, target, roles and inputs of feature steps."""
    fed = {name for step in recipe.features for name in step.columns}
    names = {column.name for column in recipe.inputs} | fed | {recipe.target}
    roles = {column.name for role in ("group", "time") for column in recipe.with_role(role)}
    every = {c.name for c in recipe.columns if c.kind != "id"} if recipe.drop_duplicates else set()
    return [column.name for column in recipe.columns if column.name in names | roles | every]


def cache_key(resolved: Plan, table: str, fit: Rows, valid: Rows) -> str:
    """Fingerprint of a fold's matrices: plan, table, rows, and the versions that compute them."""
    document = resolved.model_dump(mode="json", exclude={"coded", "dense"})
    document["dense"] = resolved.dense
    rows = [digest(part.tolist()) for part in (fit, valid)]
    versions = [__version__, *(importlib.metadata.version(name) for name in LIBRARIES)]
    return digest({"plan": document, "table": table, "rows": rows, "versions": versions})


def _save(path: Path, matrix: Any) -> None:
    if sparse.issparse(matrix):
        sparse.save_npz(path.with_suffix(".npz"), matrix.tocsr(), compressed=False)
    else:
        np.save(path.with_suffix(".npy"), np.asarray(matrix))


def _bytes(matrix: Any) -> int:
    if sparse.issparse(matrix):
        return int(matrix.nnz) * 12
    return int(np.asarray(matrix).nbytes)


def _load(path: Path) -> Any:
    if path.with_suffix(".npz").exists():
        return sparse.load_npz(path.with_suffix(".npz"))
    return np.load(path.with_suffix(".npy"), mmap_mode="r", allow_pickle=False)


def _write(place: Path, parts: dict[str, Any]) -> None:
    beside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        with disk_errors(place):
            beside.mkdir(parents=True)
            room(beside, sum(map(_bytes, parts.values())))
            for name, matrix in parts.items():
                _save(beside / name, matrix)
        with suppress(OSError):  # another process was first; its entry is the same
            os.rename(beside, place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def matrices(work: Work, resolved: Plan, fit: Rows, valid: Rows) -> tuple[Any, Any]:
    """The prepared training and validation matrices of a fold: memory-mapped float64, or CSR.

    The preparation is fitted on the ``fit`` rows only.

    Raises:
        FoldlineError: ``PREPARE`` when a preparation step refuses the rows.
    """
    place = work.cache(cache_key(resolved, work.recipe.source.table, fit, valid))
    if not place.exists():
        pipeline = preparation(resolved)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                fitted = pipeline.fit_transform(work.frame.iloc[fit], work.labels(fit))
                _write(place, {"fit": fitted, "valid": pipeline.transform(work.frame.iloc[valid])})
        except ValueError as error:
            raise FoldlineError(
                "PREPARE", f"The preparation failed: {error}", "Change the step it names."
            ) from error
    return _load(place / "fit"), _load(place / "valid")


def plans(recipe: Recipe, candidates: tuple[Candidate, ...]) -> dict[str, Plan]:
    """Candidate id -> its resolved plan, for those that can be resolved."""
    return {candidate.id: plan(recipe, candidate) for candidate in candidates}


def fresh(work: Work, candidate: Candidate, resolved: Plan) -> Any:
    """The unfitted model of a candidate."""
    return estimator(work.recipe, candidate, resolved.coded)
