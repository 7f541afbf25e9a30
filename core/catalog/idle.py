"""The steps that change nothing, by stage; a file of its own, so that asking needs no scikit-learn."""

from __future__ import annotations

IDLE = {
    "missing": "keep_missing",
    "outliers": "keep_outliers",
    "transform": "keep_values",
    "scale": "keep_scale",
}
"""Stage -> id of the step that leaves numbers as they are."""


def leave() -> str:
    """The step that changes nothing."""
    return "passthrough"
