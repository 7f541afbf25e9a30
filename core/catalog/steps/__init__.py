"""The preparation steps, by stage. ``auto`` is not an entry: each step says when it is the one meant."""

from __future__ import annotations

from core.catalog.steps.numeric import NUMERIC_STEPS
from core.catalog.steps.other import OTHER_STEPS
from core.spec import COLUMN_KINDS, Catalog, Kind, Step

STAGES: dict[str, tuple[str, ...]] = {
    "numeric": ("missing", "outliers", "transform", "scale"),
    "categorical": ("missing", "encode"),
    "datetime": ("dates",),
    "text": ("text",),
}
"""Group of kinds -> its stages, in the order in which they are applied."""


def group_of(kind: Kind) -> str:
    """The group of preparation stages of a column kind; its own name where no step prepares it."""
    return COLUMN_KINDS[kind].group or kind


STEPS: Catalog[Step] = Catalog("step", [*NUMERIC_STEPS, *OTHER_STEPS])


def steps_for(group: str, stage: str) -> tuple[Step, ...]:
    """The steps offered for a group of kinds at a stage, in order of display."""
    return tuple(s for s in STEPS if s.stage == stage and any(group_of(kind) == group for kind in s.kinds))
