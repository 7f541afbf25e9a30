"""The bet on the better of two models, looked at after every row, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.challenge.betting import ALPHA, bet, confidence_sequence
from core.challenge.stream import stream
from core.challenge.verdict import Bars, Decision
from core.errors import FoldlineError
from core.evaluate.prediction import Prediction
from core.results.challenge import Peeking
from core.spec import Metric


def peeking(metric: Metric, y_true: Any, models: Sequence[Prediction], bars: Bars) -> Peeking:
    """The bet that the new model is better, row by row in the order of the file.

    Args:
        y_true: (n,) labels as str, or float64 numbers.

    Raises:
        FoldlineError: ``METRIC`` where a gain is asked of a score that cannot be bet on row by row.
    """
    seen = stream(metric, y_true, models)
    if bars.least and not seen.own:
        problem = (
            f"A least gain of {metric.label} cannot be judged row by row; the bet is on the {seen.score}."
        )
        raise FoldlineError("METRIC", problem, "Leave --least out, leave --peek out, or name another score.")
    if not len(seen.differences):
        return Peeking(
            score=seen.score, pairs=0, evidence=1.0, best_evidence=1.0, proven=None, curve={}, own=seen.own
        )
    gone, sequence = bet(seen.differences, bars.least), confidence_sequence(seen.differences)
    places = sequence.rows.astype(np.int64) - 1
    curve = {
        "rows": seen.rows[places],
        "mean": sequence.mean * seen.unit,
        "low": sequence.low * seen.unit,
        "high": sequence.high * seen.unit,
        "evidence": np.minimum(gone.evidence[places], 1e12),
    }
    proven = None if gone.proven is None else int(seen.rows[gone.proven - 1])
    return Peeking(
        score=seen.score,
        pairs=len(seen.differences),
        evidence=float(min(gone.evidence[-1], 1e12)),
        best_evidence=float(min(gone.evidence.max(), 1e12)),
        proven=proven,
        curve={name: tuple(map(float, values)) for name, values in curve.items()},
        own=seen.own,
    )


def has_moved(seen: Peeking) -> bool:
    """Whether the mean of all rows lies where earlier rows ruled it out: there is no one difference."""
    if not seen.curve:
        return False
    mean, low, high = (seen.curve[name] for name in ("mean", "low", "high"))
    return not max(low) <= mean[-1] <= min(high)


def decided_by_bet(seen: Peeking, bars: Bars, broken: Sequence[str]) -> Decision:
    """The decision that a bet supports; none where the difference has moved.

    Args:
        broken: guardrails that the new model broke.
    """
    if has_moved(seen):
        return "continue"
    if seen.best_evidence >= 1 / ALPHA:
        return "keep" if broken else "promote"
    if not seen.curve:
        return "continue"
    low, high = max(seen.curve["low"]), min(seen.curve["high"])
    if seen.own and -bars.margin < low and high < bars.margin:
        return "equivalent"
    return "keep" if high < bars.least else "continue"
