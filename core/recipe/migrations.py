"""Bringing stored recipes to the current version, one ordered step at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.errors import FoldlineError

VERSION = 2
RENAMED_STEPS = {"keep_gaps": "keep_missing", "keep_shape": "keep_values"}
"""Preparation step of version 1 -> the same step since version 2."""


def _renamed(places: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The steps by group or column and stage, under their names of today."""
    return {
        place: {
            stage: {**choice, "spec": RENAMED_STEPS.get(choice.get("spec"), choice.get("spec", "auto"))}
            for stage, choice in stages.items()
        }
        for place, stages in places.items()
    }


def _steps_renamed(document: dict[str, Any]) -> dict[str, Any]:
    """Version 1 -> 2: steps have the names of the field. What is malformed is left to the validation."""
    try:
        prepare = {name: _renamed(places) for name, places in document.get("prepare", {}).items()}
    except (AttributeError, TypeError):
        return {**document, "version": 2}
    return {**document, "version": 2, **({"prepare": prepare} if prepare else {})}


STEPS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _steps_renamed}
"""Version -> function that turns a document of that version into the next one."""


def migrate(document: Any) -> dict[str, Any]:
    """The document at the current version.

    Raises:
        FoldlineError: ``RECIPE`` when it is not a recipe or was written by a newer Foldline.
    """
    if not isinstance(document, dict) or type(document.get("version")) is not int:
        raise FoldlineError("RECIPE", "This is not a recipe: it has no version.", "Give a recipe.json file.")
    version = document["version"]
    if version < VERSION and version not in STEPS:
        raise FoldlineError(
            "RECIPE", f"No Foldline wrote version {version} of a recipe.", "Correct the version."
        )
    if version > VERSION:
        raise FoldlineError(
            "RECIPE",
            f"The recipe has version {version}; this Foldline knows up to {VERSION}.",
            "Update Foldline.",
        )
    while document["version"] < VERSION:
        document = STEPS[document["version"]](document)
    return document
