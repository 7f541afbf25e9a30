"""The simplest model that scores within a margin of the best: simpler ones are easier to trust and to run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.catalog.metrics import METRICS
from core.digits import WHOLE_FROM
from core.results.compare import CompareResult
from core.spec import Metric

MARGIN = 0.005
"""Of a score that ends at 1: how much worse the simplest may be until a person says otherwise."""
SHARE = 0.01
"""The same for a loss, as a share of the best one."""


@dataclass(frozen=True)
class Contender:
    """What decides who is the simplest.

    Attributes:
        score: mean over the folds; None or NaN when there is none.
        tied: cannot be told from the best, or is it.
        beats_baseline: None where that is not known.
        simplicity: rank among models, 0 the simplest.
    """

    id: str
    score: float | None
    tied: bool
    beats_baseline: bool | None
    simplicity: int


def margin_of(metric: Metric, best: float | None, asked: float | None) -> float:
    """How much worse than the best the simplest may score, in units of the score.

    Args:
        best: the score of the best.
        asked: what a person set; None for the margin that suits the metric.
    """
    if asked is not None:
        return asked
    return MARGIN if metric.better == "higher" else SHARE * abs(best or 0.0)


def simplest(ranked: Iterable[Contender], margin: float, baseline: str | None) -> str | None:
    """Id of the simplest that cannot be told from the best and scores within the margin of it.

    One that beats the baseline comes before any that may have learned nothing; never the baseline beside
    another; None when there are none.

    Args:
        ranked: the best first.
    """
    everyone = list(ranked)
    if not everyone:
        return None
    best = everyone[0].score
    near = [one for one in everyone if one.tied and _within(one.score, best, margin)] or everyone[:1]
    real = [one for one in near if one.id != baseline] or near
    return min([one for one in real if one.beats_baseline] or real, key=lambda one: one.simplicity).id


def _within(score: float | None, best: float | None, margin: float) -> bool:
    if score is None or best is None:
        return False
    return abs(score - best) <= margin or bool(np.isclose(abs(score - best), margin, rtol=1e-9, atol=0))


def with_margin(compared: CompareResult, asked: float | None) -> CompareResult:
    """A comparison whose badge goes to the simplest within the margin that a recipe asks for now."""
    simplicity = {one.id: one.simplicity for one in compared.candidates}
    ranked = [
        Contender(row.id, row.mean, row.tied_with_best, row.beats_baseline, simplicity[row.id])
        for row in compared.board
    ]
    badge = simplest(ranked, margin(compared, asked), compared.baseline)
    rows = (row.model_copy(update={"simplest_tie": row.id == badge}) for row in compared.board)
    return compared.model_copy(update={"board": tuple(rows), "margin": asked})


def margin(compared: CompareResult, asked: float | None) -> float:
    """How much worse than the best of a comparison the simplest may score."""
    best = compared.board[0].mean if compared.board else None
    return margin_of(METRICS[compared.metric], best, asked)


def margin_words(compared: CompareResult) -> str:
    """What the badge says, such as ``within 0.005 of the best``."""
    size = margin(compared, compared.margin)
    return f"within {size:.3g} of the best" if size < WHOLE_FROM else f"within {size:,.0f} of the best"
