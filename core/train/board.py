"""The rows of a leaderboard: who leads, who cannot be told from the leader, who beats the baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

Better = Literal["higher", "lower"]


@dataclass(frozen=True)
class Interval:
    """A mean, the range that is likely to hold its true value, and how surprising the mean is if that is 0.

    Attributes:
        mean: the mean of the numbers.
        low, high: ends of the interval, NaN when it is not available.
        p: two-sided p value of "the true mean is 0", NaN when it is not available.
    """

    mean: float
    low: float = np.nan
    high: float = np.nan
    p: float = np.nan

    @property
    def available(self) -> bool:
        """Whether there was enough to tell (at least two folds, or rows to resample)."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high))

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval is available and lies on one side of 0."""
        return self.available and not self.low <= 0 <= self.high


def possible(low: float, high: float, better: Better) -> tuple[float, float]:
    """The ends of an interval of a score, cut where the score itself ends.

    Every score that is better when higher is at most 1, every other one is at least 0. NaN stays NaN.
    """
    return (low, min(high, 1.0)) if better == "higher" else (max(low, 0.0), high)


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
        diff_low, diff_high: 95 % interval of that, NaN when it is not available.
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
        own: gives the interval of a candidate's score.
        versus: gives the interval of one candidate's score minus another's.
    """

    means: Mapping[str, float]
    spreads: Mapping[str, float]
    counts: Mapping[str, int]
    own: Callable[[str], Interval]
    versus: Callable[[str, str], Interval]


def rank(board: Board, better: Better, simplicity: Mapping[str, int], baseline: str | None) -> list[Row]:
    """One Row a candidate from best to worst; candidates without a score come last."""
    sign = 1.0 if better == "higher" else -1.0
    ranked = sorted(board.means, key=lambda key: _last_if_unknown(-sign * board.means[key]))
    if not ranked:
        return []
    best = ranked[0]
    gaps = {key: Interval(0.0, 0.0, 0.0, 1.0) if key == best else board.versus(key, best) for key in ranked}
    tied = [key for key in ranked if key == best or (gaps[key].available and not gaps[key].excludes_zero)]
    real = [key for key in tied if key != baseline] or tied
    beats = {key: _beats(board, key, baseline, sign) for key in ranked}
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


def _beats(board: Board, key: str, baseline: str | None, sign: float) -> bool | None:
    if baseline is None or key == baseline or baseline not in board.means:
        return None
    gap = board.versus(key, baseline)
    return bool(gap.excludes_zero and sign * gap.mean > 0) if gap.available else None


def _last_if_unknown(value: float) -> tuple[bool, float]:
    return (bool(np.isnan(value)), 0.0 if np.isnan(value) else value)
