"""The baseline of each task; apart from the models, so that telling a baseline needs no scikit-learn."""

from __future__ import annotations

from core.spec import Task

BASELINES: dict[Task, str] = {
    "binary": "dummy_classifier",
    "multiclass": "dummy_classifier",
    "regression": "dummy_regressor",
}
"""Task -> id of the model that every other must beat."""


def is_baseline(model: str) -> bool:
    """Whether a model is the baseline of some task."""
    return model in BASELINES.values()
