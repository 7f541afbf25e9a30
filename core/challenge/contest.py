"""Two models on the same labelled rows: scores, difference, guardrails, and the verdict in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.challenge.betting import ALPHA
from core.challenge.guardrails import Rows, guardrails
from core.challenge.one_look import Gap, gap
from core.challenge.peeking import decided_by_bet, has_moved, peeking
from core.challenge.stream import PAIRS
from core.challenge.verdict import Bars, Decision, decide, rows_for_gain, rows_needed
from core.digits import difference, number
from core.evaluate.intervals.score_interval import intervals
from core.evaluate.prediction import Prediction
from core.results.challenge import Difference, Guardrail, Peeking
from core.results.evaluate import ScoreInterval
from core.spec import Metric
from core.standalone.counts import counted

GAINS = (0.005, 0.01, 0.02, 0.05)
"""Gains of a plan, in units of a score that ends at 1; else in parts of the current score."""
MARGIN = 0.01
MANY_LOOKS = "an interval holds for one look only; the bet holds for all"
ACTIONS: dict[Decision, str] = {
    "promote": "Promote the new model.",
    "keep": "Keep the current model.",
    "equivalent": "The two are as good as each other: take the one that is simpler, quicker or newer.",
    "continue": "Go on collecting labels.",
}


@dataclass(frozen=True, eq=False)
class Contest:
    """What two models' answers to the same rows tell.

    Attributes:
        scores: of the current and the new model.
        gap: by how much the new one is better.
    """

    metric: Metric
    bars: Bars
    rows: int
    scores: tuple[ScoreInterval, ScoreInterval]
    gap: Gap
    guardrails: tuple[Guardrail, ...]
    decision: Decision
    peeking: Peeking | None

    @property
    def shown(self) -> Difference:
        """The difference as it is stored."""
        one = self.gap
        if self.peeking is not None or not one.is_judged:
            return Difference(value=_there(one.value), why=one.why or MANY_LOOKS)
        return Difference(value=_there(one.value), low=one.low, high=one.high, p=_there(one.p_better))

    @property
    def needed(self) -> int | None:
        """Rows in all that would end it; None when it has ended or nobody knows."""
        if self.peeking is not None or self.decision != "continue":
            return None
        return rows_needed(self.gap, self.bars, self.rows)

    @property
    def plan(self) -> dict[str, int]:
        """True gain -> rows that show it in four of five looks."""
        scale = 1.0 if np.isfinite(self.metric.high) else abs(self.scores[0].value or 0.0)
        planned = {gain: rows_for_gain(self.gap, gain * scale, self.rows) for gain in GAINS}
        return {number(gain * scale): rows for gain, rows in planned.items() if rows is not None}

    @property
    def text(self) -> str:
        """The verdict in a sentence or two."""
        name, one = self.metric.label, self.gap
        champion, challenger = self.scores
        sides = f"current model {_shown(champion)}, new model {_shown(challenger)}"
        scores = f"{name} on {counted(self.rows, 'labelled row')}: {sides}."
        if self.peeking is not None and np.isfinite(one.value):
            gain = f"The new model is better by {number(one.value)} (below 0: worse)."
            return f"{scores} {gain} {self._by_evidence(self.peeking)}"
        if not one.is_judged:
            return f"{scores} Whether they differ cannot be told: {one.why}."
        gain = difference(one.value, one.low, one.high)
        return f"{scores} The new model is better by {gain} (below 0: worse). {self._because()}"

    def _by_evidence(self, seen: Peeking) -> str:
        """Why, where every row was looked at: an interval of one look would be too narrow for that."""
        by = "" if seen.own and seen.score != PAIRS else f", judged by the {seen.score}"
        if has_moved(seen):
            return f"Nothing is claimed{by}: rows that came early tell something else than all rows together."
        if self.decision == "promote":
            return f"That it is better is proven, whenever it is looked at{by}."
        if seen.best_evidence >= 1 / ALPHA:
            return f"That it is better is proven{by}, but it is worse in {', '.join(self._broken)}."
        if self.decision == "keep":
            return f"That it is not better is proven{by}."
        if self.decision == "equivalent":
            return f"The difference is proven to be within {number(self.bars.margin)} either way."
        return f"Nothing is proven yet{by}; look again when there are more rows."

    @property
    def _broken(self) -> list[str]:
        return [rail.name for rail in self.guardrails if rail.state == "broken"]

    def _because(self) -> str:
        least, margin = number(self.bars.least), number(self.bars.margin)
        if self.decision == "promote":
            return "That is more than chance." if not self.bars.least else f"That is more than {least}."
        if self.decision == "keep" and self.gap.low > self.bars.least:
            return f"That is more than chance, but it is worse in {', '.join(self._broken)}."
        if self.decision == "keep":
            return "It is not better." if not self.bars.least else f"It is not better by {least}."
        if self.decision == "equivalent":
            return f"The difference is within {margin} either way."
        more = self.needed
        if more is None:
            return "Chance could have made this difference."
        wanted = max(0, more - self.rows)
        return f"Chance could have made this difference; about {counted(wanted, 'more row')} would tell."


def _there(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _shown(score: ScoreInterval) -> str:
    return number(score.value, score.low, score.high)


def usual_margin(metric: Metric, score: float) -> float:
    """Within what differences do not matter, unless a person says: 0.01, or a hundredth of the score."""
    return MARGIN if np.isfinite(metric.high) else MARGIN * abs(score) or MARGIN


def contest(
    metric: Metric,
    rows: Rows,
    models: Sequence[Prediction],
    least: float = 0.0,
    margin: float | None = None,
    peek: bool = False,
) -> Contest:
    """The new model against the current one.

    Args:
        models: what the current and the new model say of the rows.
        least: a gain that must be surpassed, in units of the score.
        margin: within which differences do not matter; ``usual_margin`` when None.
        peek: judge by a bet that may be looked at after every row, and not by one look at all of them.

    Raises:
        FoldlineError: ``METRIC`` as ``core.catalog.metrics.score``.
    """
    scores = tuple(_score(metric, rows, one) for one in models)
    found = gap(metric, rows.truth, models, rows.groups, rows.times)
    bars = Bars(least, usual_margin(metric, scores[0].value or 0.0) if margin is None else margin)
    rails = guardrails(metric, rows, models)
    broken = [rail.name for rail in rails if rail.state == "broken"]
    seen = peeking(metric, rows.truth, models, bars) if peek else None
    decision = decide(found, bars, broken) if seen is None else decided_by_bet(seen, bars, broken)
    return Contest(metric, bars, len(models[0]), (scores[0], scores[1]), found, rails, decision, seen)


def _score(metric: Metric, rows: Rows, prediction: Prediction) -> ScoreInterval:
    one = intervals([metric], rows.truth, prediction, rows.groups, rows.times)[metric.id]
    ends = (None, None) if one.why else (one.low, one.high)
    return ScoreInterval(value=_there(one.value), low=ends[0], high=ends[1], why=one.why)
