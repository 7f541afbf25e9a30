"""Bringing stored recipes to the current version, one ordered step at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.errors import FoldlineError

VERSION = 1
STEPS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""Version -> function that turns a document of that version into the next one."""


def migrate(document: Any) -> dict[str, Any]:
    """The document at the current version.

    Raises:
        FoldlineError: ``RECIPE`` when it is not a recipe or was written by a newer Foldline.
    """
    if not isinstance(document, dict) or type(document.get("version")) is not int:
        raise FoldlineError("RECIPE", "This is not a recipe: it has no version.", "Give a recipe.json file.")
    found = document["version"]
    if found < VERSION and found not in STEPS:
        raise FoldlineError(
            "RECIPE", f"No Foldline wrote version {found} of a recipe.", "Correct the version."
        )
    if found > VERSION:
        raise FoldlineError(
            "RECIPE",
            f"The recipe has version {found}; this Foldline knows up to {VERSION}.",
            "Update Foldline.",
        )
    while document["version"] < VERSION:
        document = STEPS[document["version"]](document)
    return document
