"""The rule on retraining as one deployment would meet it, with its labels so far and its model's hold-out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.deployment.deployment import Deployment
from core.deployment.standard import Standard
from core.watch.decision.foreseen import USUAL_LABELS, Foreseen, foresee
from core.watch.decision.window import Policy

UNKNOWN = "How often the rule is wrong cannot be simulated for this model: {why}."
UNTESTED = "it was packed without a score on locked test rows"


@dataclass(frozen=True)
class Arrivals:
    """What comes with a batch.

    Attributes:
        labels: labelled rows, the median of the batches that have some.
        units: losses that a labelled row gives on average.
        seen: batches with labels; 0 where ``labels`` is only assumed.
    """

    labels: int
    units: float
    seen: int


def arrivals_of(now: Deployment) -> Arrivals:
    """What came with the batches of the model at work so far."""
    own = [one.window for one in now.batches.values() if one.scored.model == now.champion and one.window]
    there = [one for one in own if one.labelled]
    if not there:
        return Arrivals(USUAL_LABELS, 1.0, 0)
    labelled = sum(one.labelled for one in there if one.losses)
    losses = sum(one.losses.units for one in there if one.losses)
    many = int(np.median([one.labelled for one in there]))
    return Arrivals(many, losses / labelled if labelled else 1.0, len(there))


def foreseen_for(
    standard: Standard,
    now: Deployment,
    policy: Policy,
    labels: int | None = None,
    change: float | None = None,
) -> Foreseen | None:
    """The rule for the model at work, simulated; None where ``not_foreseen`` says why that cannot be.

    Args:
        labels, change: as ``foresee`` has them; the labels as they came so far when None.
    """
    came = arrivals_of(now)
    many = came.labels if labels is None else labels
    if standard.baseline is None:
        return None
    return foresee(standard.baseline, policy, many, change, came.units)


def not_foreseen(standard: Standard) -> str:
    """Why nothing can be simulated, in a sentence."""
    return UNKNOWN.format(why=UNTESTED if standard.baseline is None else standard.baseline.why)
