"""The rows of a leaderboard: who leads, who cannot be told from the leader, who beats the baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.evaluate.intervals.units import Units
from core.scoring.pairs import Floats
from core.spec import Metric
from core.train.ranking.contributions import Judged, mean_without_each_fold
from core.train.ranking.interval import Interval
from core.train.ranking.joint import Joint, judge
from core.train.ranking.simplest import Contender, margin_of, simplest

UNKNOWN = Interval(np.nan)


@dataclass(frozen=True, eq=False)
class Entrant:
    """What is known of a candidate that finished all folds.

    Attributes:
        folds: (J,) scores, NaN where a fold does not define one.
        without: (units,) its mean score without each unit of the judged rows.
        own: the 95 % interval of its score.
        simplicity: rank among models, 0 the simplest.
    """

    folds: Floats
    without: Floats
    own: Interval
    simplicity: int

    @property
    def score(self) -> float:
        """The mean over the folds that define one; NaN where none does."""
        return float(self._defined.mean()) if len(self._defined) else np.nan

    @property
    def spread(self) -> float:
        """Standard deviation over the folds (n - 1), NaN for one fold."""
        return float(self._defined.std(ddof=1)) if len(self._defined) > 1 else np.nan

    @property
    def _defined(self) -> Floats:
        return self.folds[np.isfinite(self.folds)]


@dataclass(frozen=True)
class Row:
    """One candidate on the leaderboard.

    Attributes:
        id: of the candidate.
        rank: 1 is best.
        mean: of its fold scores.
        std: spread over the folds (n - 1), NaN for one fold.
        low, high: 95 % interval of the score, NaN when it is not available.
        difference: its score minus the best one's, in units of the score.
        diff_low, diff_high: interval of that, NaN when it is not available; wide enough for all that the
            board compares.
        tied_with_best: it is the best, or the interval of the difference is available and holds 0.
        simplest_tie: the simplest of the tied candidates within the margin, as ``simplest``; at most one row
            has it.
        beats_baseline: whether it is better than the baseline beyond doubt; None for the baseline itself and
            when there is no baseline or no interval.
        folds: how many folds its mean is made of.
    """

    id: str
    rank: int
    mean: float
    std: float
    low: float
    high: float
    difference: float
    diff_low: float
    diff_high: float
    tied_with_best: bool
    simplest_tie: bool
    beats_baseline: bool | None
    folds: int


def leaderboard(
    entrants: Mapping[str, Entrant],
    judged: Judged,
    metric: Metric,
    margin: float | None = None,
    baseline: str | None = None,
) -> list[Row]:
    """Candidates from best to worst, with what can and what cannot be told apart.

    Args:
        entrants: candidate id -> what is known of it; the same folds in the same order for all.
        judged: their validation rows.
        metric: the score.
        margin: how much worse than the best the simplest may score; None for what suits the metric.
        baseline: id of the dummy candidate, or None.

    Returns:
        One Row a candidate; candidates without a score come last.
    """
    if not entrants:
        return []
    sign = 1.0 if metric.better == "higher" else -1.0
    ranked = sorted(entrants, key=lambda key: _last_if_unknown(-sign * entrants[key].score))
    best = ranked[0]
    differences = _differences(entrants, judged, ranked, baseline, judged.inflation)
    beats = {key: _beats(differences.get((key, baseline or ""), UNKNOWN), sign) for key in ranked}
    gaps = {key: differences.get((key, best), UNKNOWN) for key in ranked} | {best: Interval(0.0, 0.0, 0.0)}
    if baseline is not None and baseline in entrants and baseline != best:
        gaps[baseline] = differences.get((best, baseline), UNKNOWN).turned()
    tied = {key: key == best or (gap.available and not gap.excludes_zero) for key, gap in gaps.items()}
    contenders = [
        Contender(key, entrants[key].score, tied[key], beats[key], entrants[key].simplicity) for key in ranked
    ]
    badge = simplest(contenders, margin_of(metric, entrants[best].score, margin), baseline)
    return [
        _row(one, place, entrants[one.id], gaps[one.id], badge)
        for place, one in enumerate(contenders, start=1)
    ]


def _row(one: Contender, place: int, entrant: Entrant, gap: Interval, badge: str | None) -> Row:
    return Row(
        id=one.id,
        rank=place,
        mean=entrant.score,
        std=entrant.spread,
        low=entrant.own.low,
        high=entrant.own.high,
        difference=gap.mean,
        diff_low=gap.low,
        diff_high=gap.high,
        tied_with_best=one.tied,
        simplest_tie=one.id == badge,
        beats_baseline=one.beats_baseline,
        folds=int(np.isfinite(entrant.folds).sum()),
    )


def difference(first: Entrant, second: Entrant, judged: Judged) -> Interval:
    """The score of the first minus that of the second, with its 95 % interval by the validation rows.

    Wide enough for a first that was chosen by other folds of the same rows (docs/decisions/0024).
    """
    both, inflation = {"first": first, "second": second}, judged.most_inflation
    gaps = _differences(both, judged, ["second", "first"], None, inflation)
    return gaps.get(("first", "second"), UNKNOWN)


def _differences(
    entrants: Mapping[str, Entrant], judged: Judged, ranked: list[str], baseline: str | None, inflation: float
) -> dict[tuple[str, str], Interval]:
    """(candidate, best) and (candidate, baseline) -> interval of the difference, judged together."""
    scored = [key for key in ranked if np.isfinite(entrants[key].score)]
    if len(scored) < 2:
        return {}
    means = {key: entrants[key].score for key in scored}
    without = {key: entrants[key].without for key in scored}
    if all(np.isfinite(one).all() for one in without.values()):
        folds = {key: entrants[key].folds for key in scored}
        joint = Joint(means, without, judged.units, inflation, folds, judged.rounds, baseline)
        return judge(joint, scored)
    # Some row or group is all that a fold has of its kind: then whole folds are left out.
    defined = np.all([np.isfinite(entrants[key].folds) for key in scored], axis=0)
    if not defined.any():
        return {}
    by_fold = {key: mean_without_each_fold(entrants[key].folds[defined]) for key in scored}
    units = Units("rows", np.arange(defined.sum()), int(defined.sum()))
    return judge(Joint(means, by_fold, units, judged.most_inflation, baseline=baseline), scored)


def _beats(gap: Interval, sign: float) -> bool | None:
    if not gap.available:
        return None
    return bool(gap.excludes_zero and sign * gap.mean > 0)


def _last_if_unknown(value: float) -> tuple[bool, float]:
    return (bool(np.isnan(value)), 0.0 if np.isnan(value) else value)
