"""The hyperparameters of a model in the words of the screen, for the places that name the model only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.catalog.models import MODELS
from core.recipe.document import Candidate
from ui.widgets.params import name_of, option_words
from ui.widgets.text import label


def shown(value: Any) -> str:
    """The value of a hyperparameter, numbers to four digits."""
    return f"{value:.4g}" if isinstance(value, float) else option_words(value)


def hyperparameter_words(model: str, params: Mapping[str, Any]) -> list[str]:
    """One phrase a hyperparameter, such as ``Leaves of a tree 31``."""
    return [f"{name_of(MODELS[model].param(name))} {shown(value)}" for name, value in params.items()]


def hyperparameters_help(candidate: Candidate) -> str | None:
    """The hyperparameters that were changed as a help text; None when the model is as it starts."""
    lines = [f"- {label(each, 80)}" for each in hyperparameter_words(candidate.model, candidate.params)]
    return "\n".join(lines) or None
