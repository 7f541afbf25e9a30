"""Fingerprints of parts of a recipe: equal prints mean that a stored result still holds."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from core.recipe.document import Recipe

Part = Literal["data", "split", "prepare", "compare", "tune", "fit"]

_DATA = ("related", "task", "target", "positive", "columns")
_SPLIT = (*_DATA, "split", "drop_duplicates", "apart", "seed")
_PREPARE = (*_SPLIT, "prepare", "features", "selection")
FIELDS: dict[Part, tuple[str, ...]] = {
    "data": (*_DATA, "drop_duplicates", "apart", "metric", "checks"),
    "split": _SPLIT,
    "prepare": _PREPARE,
    "compare": (*_PREPARE, "candidates", "metric"),
    "tune": (*_PREPARE, "chosen", "metric", "tuning"),
    "fit": (*_PREPARE, "chosen", "threshold"),
}


def digest(value: Any) -> str:
    """SHA-256 (hex) of the canonical JSON of a JSON-ready value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def fingerprint(recipe: Recipe, part: Part) -> str:
    """The print of the recipe's part, its table and how cells of text are understood included.

    What a recipe does not store because it is at its default (``core.recipe.usage.later``) is not in it.
    """
    document = recipe.model_dump(mode="json", exclude={"tuning": {"laid_aside"}})
    read = recipe.source.read
    source = {"table": recipe.source.table, "missing": read.missing, "decimal": read.decimal}
    # 0.1.0 split rows with a time and groups otherwise: its results of such recipes no longer hold.
    both = {"time_first": True} if recipe.with_role("time") and recipe.with_role("group") else {}
    return digest({**source, **both, **{name: document[name] for name in FIELDS[part] if name in document}})


def validation_key(recipe: Recipe) -> str:
    """What the judgement of the chosen model on validation rows depends on."""
    return digest([fingerprint(recipe, "fit"), fingerprint(recipe, "compare")])
