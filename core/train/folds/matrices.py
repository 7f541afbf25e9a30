"""The matrices of a fold: computed once for each distinct preparation, then taken from the fold cache."""

from __future__ import annotations

import importlib.metadata
import warnings
from typing import Any

from core import __version__
from core.build import preparation
from core.errors import FoldlineError
from core.plan import Plan
from core.recipe.fingerprint import digest
from core.train.rows.split import Rows
from core.train.work import Work

LIBRARIES = ("numpy", "scipy", "pandas", "scikit-learn")
FIT, VALID = "fit", "valid"


def cache_key(resolved: Plan, table: str, fit: Rows, valid: Rows) -> str:
    """Fingerprint of a fold's matrices: plan, table, rows, and the versions that compute them."""
    document = resolved.model_dump(mode="json", exclude={"coded", "dense"})
    document["dense"] = resolved.dense
    rows = [digest(part.tolist()) for part in (fit, valid)]
    versions = [__version__, *(importlib.metadata.version(name) for name in LIBRARIES)]
    return digest({"plan": document, "table": table, "rows": rows, "versions": versions})


def matrices(work: Work, resolved: Plan, fit: Rows, valid: Rows) -> tuple[Any, Any]:
    """The prepared training and validation matrices of a fold: memory-mapped float64, or CSR.

    The preparation is fitted on the ``fit`` rows only.

    Raises:
        FoldlineError: ``PREPARE`` when a preparation step refuses the rows, ``DISK`` when there is no room.
    """
    cache = work.resources.cache
    key = cache_key(resolved, work.recipe.source.table, fit, valid)
    stored = cache.get(key)
    if stored is None:
        prepared = _prepared(work, resolved, fit, valid)
        cache.put(key, prepared)
        stored = cache.get(key) or prepared
    return stored[FIT], stored[VALID]


def _prepared(work: Work, resolved: Plan, fit: Rows, valid: Rows) -> dict[str, Any]:
    pipeline = preparation(resolved)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = pipeline.fit_transform(work.frame.iloc[fit], work.labels(fit))
            return {FIT: fitted, VALID: pipeline.transform(work.frame.iloc[valid])}
    except ValueError as error:
        raise FoldlineError(
            "PREPARE", f"The preparation failed: {error}", "Change the step it names."
        ) from error
