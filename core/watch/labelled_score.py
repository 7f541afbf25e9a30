"""Scores of labelled rows: those of now, and those that a model had on the locked test rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.data.table import Frozen
from core.recipe.usage import later
from core.spec import Metric

LOST_BY = 1.25
"""How many times as large as that of the baseline an error must be for a model to be of no use for sure."""


@dataclass(frozen=True)
class Score:
    """A score with its 95 % interval, and the rows (and groups, if any) it stands on.

    Attributes:
        low, high: None where there is no interval, and ``why`` in words.
        method: how 0.1.0 made the interval; by ``core.evaluate.intervals`` since.
        foreign: rows that were left out because their label is a class that the model does not know.
    """

    metric: str
    value: float
    low: float | None
    high: float | None
    n: int
    method: Literal["wilson", "delong", "bootstrap", "formula"] = "formula"
    groups: int | None = None
    foreign: int = 0
    why: str = ""


class Holdout(Frozen):
    """A score on the locked test rows.

    Attributes:
        name: id of the metric.
        low, high: its 95 % interval; None where there is none, and ``why`` in words.
        baseline: of the model that does not look at the columns, where that is known.
        stretch, worst: rows of a stretch in time, and the score of the worst; None where not known.
        untimed_low, untimed_high: the interval that does not allow for time, beside these.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    why: str = later("")
    baseline: float | None = later(None)
    stretch: float | None = later(None)
    worst: float | None = later(None)
    untimed_low: float | None = later(None)
    untimed_high: float | None = later(None)


def holdouts_of(*scores: Mapping[str, Any] | None) -> tuple[Holdout, ...]:
    """The scores that a reference remembers, without those that it does not, or that were not defined."""
    there = (one for one in scores if one and one.get("value") is not None)
    return tuple(Holdout.model_validate(dict(one)) for one in there)


def is_lost(spec: Metric, now: Score, holdout: Holdout) -> bool:
    """Whether the model does worse for sure than the baseline did on the test rows, which it beat there.

    An ordering of rows by chance has a score that is known; errors also go by how much the target varies, so
    that they must be larger by a quarter.
    """
    end = now.low if spec.better == "lower" else now.high
    if end is None or holdout.baseline is None:
        return False
    if spec.better == "higher":
        return spec.interval == "ranking" and end < holdout.baseline < holdout.value
    return holdout.value < holdout.baseline and end > LOST_BY * holdout.baseline
