"""The families of models, for classes and for numbers."""

from __future__ import annotations

from core.catalog.baselines import BASELINES
from core.catalog.models.classifiers import CLASSIFIERS
from core.catalog.models.regressors import REGRESSORS
from core.spec import Catalog, Model, Task

MODELS: Catalog[Model] = Catalog("model", [*CLASSIFIERS, *REGRESSORS])


def models_for(task: str) -> tuple[Model, ...]:
    """The models that can do a task, in order of display."""
    return tuple(model for model in MODELS if task in model.tasks)


def baseline_for(task: Task) -> str:
    """Id of the baseline of a task."""
    return BASELINES[task]
