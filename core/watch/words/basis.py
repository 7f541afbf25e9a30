"""Which predictions those of new rows are compared with, in words."""

from __future__ import annotations

from core.drift.profile.document import ReferenceProfile
from core.standalone.counts import counted

CROSSED = (
    "Predictions are compared with those on {rows} of the reference, each by a model that had not learned "
    "from it."
)
HELD_OUT = (
    "Predictions are compared with those on {rows} that were held out: the model had not learned from them."
)
HALF = "Half the size that counts for a column counts here: they depend on all of them."


def predictions_basis(reference: ReferenceProfile) -> str:
    """What stands beside the verdicts on predictions; empty where the reference has none."""
    if not reference.predictions:
        return ""
    basis = CROSSED if reference.crossed else HELD_OUT
    told = basis.format(rows=counted(reference.predictions[0].n, "row"))
    return f"{told} {HALF}" if reference.refitted is False else told
