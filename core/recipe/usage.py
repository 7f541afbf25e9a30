"""What a recipe says beside its pipeline: limits of checks, costs of mistakes, export, and drift."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from core.data.table import Frozen
from core.spec import Sensitivity, Value

LearnedFrom = Literal["all", "train"]
"""The rows that an exported model learns from."""
Settings = dict[str, dict[str, Value]]
"""Id of a catalog entry -> its settings that differ from their defaults."""


def later(default: Any) -> Any:
    """A field that earlier documents lack: stored only where it is not at its default.

    So stored documents, and the fingerprints of what was found with them, stay as they are.
    """
    return Field(default, exclude_if=lambda value: value == default)


class Costs(Frozen):
    """What a mistake of a binary classification costs, in any unit."""

    false_alarm: float = Field(1.0, ge=0, allow_inf_nan=False)
    miss: float = Field(5.0, ge=0, allow_inf_nan=False)


class Export(Frozen):
    """How a model is fitted for keeps.

    Attributes:
        part: the rows it learns from: all, or the training part only.
        joblib: whether model.joblib is added to the bundle.
    """

    part: LearnedFrom = "all"
    joblib: bool = False


class Drift(Frozen):
    """How large a change of the data must be to count.

    Attributes:
        sensitivity: for all drift tests.
        tests: settings of single tests in place of that.
    """

    sensitivity: Sensitivity = "normal"
    tests: Settings = {}


USUAL_DRIFT = Drift()
