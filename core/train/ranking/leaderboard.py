"""The rows of a leaderboard: who leads, who cannot be told from the leader, who beats the baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.special import stdtr, stdtrit

from core.spec import Metric

Better = Literal["higher", "lower"]
LEVEL = 0.95
FALSE_DISCOVERIES = 0.05


@dataclass(frozen=True)
class Interval:
    """A mean, the range that is likely to hold its true value, and how surprising the mean is if that is 0.

    Attributes:
        mean: the mean of the numbers.
        low, high: ends of the 95 % interval, which holds the mean; NaN when it is not available.
        freedom: degrees of freedom of the t distribution behind it; infinite for the normal one.
    """

    mean: float
    low: float = np.nan
    high: float = np.nan
    freedom: float = np.inf

    @property
    def available(self) -> bool:
        """Whether there was enough to tell (at least two folds, or rows to resample)."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high))

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval is available and lies on one side of 0."""
        return self.available and not self.low <= 0 <= self.high

    @property
    def p(self) -> float:
        """Two-sided p value of "the true mean is 0": the interval of level 1 - p just reaches 0."""
        if not self.available:
            return np.nan
        half = self.mean - self.low if self.mean > 0 else self.high - self.mean
        if half <= 0 or self.mean == 0:
            return float(self.mean == 0)
        reach = abs(self.mean) / half * stdtrit(self.freedom, (1 + LEVEL) / 2)
        return 2 * float(stdtr(self.freedom, -reach))

    def turned(self) -> Interval:
        """The interval of the opposite difference."""
        return replace(self, mean=-self.mean, low=-self.high, high=-self.low)

    def at(self, level: float) -> Interval:
        """The interval at another level: both sides grow or shrink as its distribution's quantiles do."""
        stretch = float(stdtrit(self.freedom, (1 + level) / 2) / stdtrit(self.freedom, (1 + LEVEL) / 2))
        low, high = (
            self.mean - stretch * (self.mean - self.low),
            self.mean + stretch * (self.high - self.mean),
        )
        return replace(self, low=low, high=high)


def possible(low: float, high: float, metric: Metric) -> tuple[float, float]:
    """The ends of an interval of a score, cut where the score itself ends; NaN stays NaN."""
    return max(low, metric.low), min(high, metric.high)


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
        diff_low, diff_high: interval of that, NaN when it is not available; widened for the number of
            candidates that are compared with the best.
        tied_with_best: it is the best, or the interval of the difference is available and holds 0.
        simplest_tie: the simplest of the tied candidates that beat the baseline, or of all tied ones when
            none does; never the baseline beside another; at most one row has it.
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


@dataclass(frozen=True)
class Board:
    """The scores of all candidates and how to compare them.

    Attributes:
        means, spreads, counts: candidate id -> mean, spread and number of its scores.
        own: gives the 95 % interval of a candidate's score.
        versus: gives the 95 % interval of one candidate's score minus another's.
    """

    means: Mapping[str, float]
    spreads: Mapping[str, float]
    counts: Mapping[str, int]
    own: Callable[[str], Interval]
    versus: Callable[[str, str], Interval]


def jointly(gaps: Mapping[str, Interval], counted: Iterable[str]) -> dict[str, Interval]:
    """Intervals of many differences, widened so that few of those that exclude 0 do so by chance.

    The level is ``1 - R q / m`` where the procedure of Benjamini and Hochberg (1995) at q = 0.05 finds R of m
    differences real, and ``1 - q / m`` where it finds none (Benjamini and Yekutieli 2005, section 3): an
    interval excludes 0 exactly when its difference is among the R.

    Args:
        gaps: candidate id -> 95 % interval of its difference.
        counted: the ids whose differences are in question; the others get the same level.
    """
    ps = np.sort([gaps[key].p for key in counted if gaps[key].available])
    if not len(ps):
        return dict(gaps)
    passing = np.flatnonzero(ps <= FALSE_DISCOVERIES * np.arange(1, len(ps) + 1) / len(ps))
    share = (passing[-1] + 1 if len(passing) else 1) / len(ps)
    return {key: gap.at(1 - FALSE_DISCOVERIES * share) for key, gap in gaps.items()}


def rank(board: Board, better: Better, simplicity: Mapping[str, int], baseline: str | None) -> list[Row]:
    """One Row a candidate from best to worst; candidates without a score come last."""
    sign = 1.0 if better == "higher" else -1.0
    ranked = sorted(board.means, key=lambda key: _last_if_unknown(-sign * board.means[key]))
    if not ranked:
        return []
    best = ranked[0]
    rivals = [key for key in ranked if key not in (best, baseline)]
    gaps = {best: Interval(0.0, 0.0, 0.0)}
    gaps |= jointly({key: board.versus(key, best) for key in ranked[1:]}, rivals)
    above = _above(board, ranked, baseline)
    if baseline in ranked[1:]:
        gaps[baseline] = above[best].turned()
    beats = {key: _beats(above.get(key), sign) for key in ranked}
    tied = [key for key in ranked if key == best or (gaps[key].available and not gaps[key].excludes_zero)]
    real = [key for key in tied if key != baseline] or tied
    # A simple model that may have learned nothing is no advice while another of the ties has.
    simplest = min([key for key in real if beats[key]] or real, key=lambda key: simplicity[key])
    return [
        Row(
            id=key,
            rank=place,
            mean=board.means[key],
            std=board.spreads[key],
            low=board.own(key).low,
            high=board.own(key).high,
            difference=gaps[key].mean,
            diff_low=gaps[key].low,
            diff_high=gaps[key].high,
            tied_with_best=key in tied,
            simplest_tie=key == simplest,
            beats_baseline=beats[key],
            folds=board.counts[key],
        )
        for place, key in enumerate(ranked, start=1)
    ]


def _above(board: Board, ranked: Sequence[str], baseline: str | None) -> dict[str, Interval]:
    """Candidate id -> interval of its score minus the baseline's, judged together; empty without one."""
    if baseline is None or baseline not in board.means:
        return {}
    rivals = [key for key in ranked if key != baseline]
    return jointly({key: board.versus(key, baseline) for key in rivals}, rivals)


def _beats(gap: Interval | None, sign: float) -> bool | None:
    if gap is None or not gap.available:
        return None
    return bool(gap.excludes_zero and sign * gap.mean > 0)


def _last_if_unknown(value: float) -> tuple[bool, float]:
    return (bool(np.isnan(value)), 0.0 if np.isnan(value) else value)
