"""What a recipe says beside its pipeline: limits of checks, what is accepted, costs, export, and drift."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from core.data.table import Frozen
from core.spec import Sensitivity, Value

LearnedFrom = Literal["all", "train"]
"""The rows that an exported model learns from."""
MOST_REASON = 300
"""Characters of a reason why a problem is let stand."""
Settings = dict[str, dict[str, Value]]
"""Id of a catalog entry -> its settings that differ from their defaults."""

MOST_MINUTES = 10_080
"""A week."""


def later(default: Any, **limits: Any) -> Any:
    """A field that earlier documents lack: stored only where it is not at its default.

    So stored documents, and the fingerprints of what was found with them, stay as they are.

    Args:
        limits: of its value, as pydantic's ``Field`` takes them.
    """
    return Field(default, exclude_if=lambda value: value == default, **limits)


class Costs(Frozen):
    """What a mistake of a binary classification costs, in any unit."""

    false_alarm: float = Field(1.0, ge=0, allow_inf_nan=False)
    miss: float = Field(5.0, ge=0, allow_inf_nan=False)


class Export(Frozen):
    """How a model is fitted for keeps.

    Attributes:
        part: the rows it learns from: all, or the training part only.
        joblib: whether model.joblib is added to the bundle.
        made_up: whether the sample rows of the bundle are made up instead of rows of the training data.
        told: columns whose levels leave although they look like names of people.
    """

    part: LearnedFrom = "all"
    joblib: bool = False
    made_up: bool = later(False)
    told: tuple[str, ...] = later(())


class Drift(Frozen):
    """How large a change of the data must be to count.

    Attributes:
        sensitivity: for all drift tests.
        tests: settings of single tests in place of that.
    """

    sensitivity: Sensitivity = "normal"
    tests: Settings = {}


USUAL_DRIFT = Drift()


class Clocks(Frozen):
    """Minutes that a job of the recipe may take; None for as long as it needs.

    Attributes:
        compare: what has finished by then is kept. A search has its time in its plan.
        export: it is given up then.
    """

    compare: int | None = Field(None, ge=1, le=MOST_MINUTES)
    export: int | None = Field(None, ge=1, le=MOST_MINUTES)

    @model_validator(mode="before")
    @classmethod
    def _without_the_clock_of_searches(cls, facts: Any) -> Any:
        """Searches had a clock beside the time of their plan for a while; recipes of then still open."""
        return {k: v for k, v in facts.items() if k != "tune"} if isinstance(facts, dict) else facts


class Accepted(Frozen):
    """A problem that the checks found and a person lets stand, with the reason.

    Attributes:
        code, column: of the finding.
        reason: in the person's words.
    """

    code: str
    column: str = ""
    reason: str = Field(min_length=1, max_length=MOST_REASON)

    @property
    def key(self) -> tuple[str, str]:
        """What it has in common with the finding."""
        return self.code, self.column


def accepted_words(old: tuple[Accepted, ...], new: tuple[Accepted, ...]) -> list[str]:
    """What changed in the problems that are let stand."""
    gone = [f"no longer accepted: {' '.join(one.key).strip()}" for one in old if one not in new]
    return gone + [f"accepted: {' '.join(one.key).strip()} ({one.reason})" for one in new if one not in old]
