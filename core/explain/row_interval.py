"""The interval of a predicted number, as the bundle remembers it."""

from __future__ import annotations

from typing import Any

from core.drift.profile.document import ReferenceProfile
from core.spec import Task

NO_INTERVAL = "There is no interval of the prediction: {why}."
NO_ERRORS = "it takes the errors on rows that the model did not learn from, and this bundle remembers none"


def interval_around(profile: ReferenceProfile | None, prediction: float) -> dict[str, Any]:
    """``low``, ``high`` and ``interval`` of an answer; nothing where the bundle has no interval."""
    known = profile.interval if profile else ""
    if isinstance(known, str):
        return {}
    low, high = known.around(prediction)
    return {"low": low, "high": high, "interval": known.words}


def no_interval(profile: ReferenceProfile | None, task: Task) -> str:
    """Why a predicted number comes without an interval; empty where it has one, and of classes."""
    known = profile.interval if profile else ""
    if task != "regression" or not isinstance(known, str):
        return ""
    return NO_INTERVAL.format(why=known or NO_ERRORS)
