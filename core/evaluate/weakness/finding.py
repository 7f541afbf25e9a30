"""What is found of a segment of rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.evaluate.intervals.units import Units
from core.spec import Metric
from core.standalone.counts import counted


@dataclass(frozen=True)
class Finding:
    """A segment of rows against a model that is right about them.

    Attributes:
        expected: the score that such a model would have there; NaN when it is not known.
        p: chance of a score so much worse for a model that is right; NaN when it is not judged.
        why: words that follow "not judged: "; empty when it is.
    """

    expected: float
    p: float
    why: str = ""


def worse_by(metric: Metric, score: float, other: float) -> float:
    """How much worse a score is than another one; positive is worse whichever way the score is better."""
    return other - score if metric.better == "higher" else score - other


def too_few(units: Units, fewest_groups: int) -> str:
    """Why units allow no judgement, in words that follow "not judged: "."""
    if units.alike == "groups" and units.count < fewest_groups:
        return f"rows lie in {counted(units.count, 'group')}, {fewest_groups} are needed"
    return ""


ALIKE_WORDS = "rows are alike, and too few to tell how much"
UNDEFINED = Finding(np.nan, np.nan, "the score is not defined there")
