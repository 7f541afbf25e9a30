"""All differences of a board judged together, so that few boards say anything that is not so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from core.evaluate.intervals.jackknife import Spread, spread_of
from core.evaluate.intervals.units import Units
from core.scoring.pairs import Floats
from core.train.ranking.interval import Interval

FALSE_BOARDS = 0.05
"""At most this share of boards says of any two candidates that they differ where they do not."""
DRAWS = 10_000
UNMOVED = 4
"""Folds without a sign of refitting that what all pairs show of it is mixed with."""
SHARED = 8
"""Folds with as much refitting as all pairs show that what one pair shows is mixed with."""
UNITS_OF_ONE = 10
"""Units for each candidate from which on it can be told how alike the candidates are."""
Pair = tuple[str, str]
UNKNOWN = Spread(np.nan, np.nan)


@dataclass(frozen=True, eq=False)
class Joint:
    """Candidates whose scores vary together.

    Attributes:
        means: candidate id -> score.
        without: candidate id -> (units,) score without each unit.
        units: what was left out.
        inflation: of the variance, for what neither units nor folds show.
        folds: candidate id -> (J,) fold scores: that they spread more than the units explain is refitting;
            empty where the units are the folds.
        rounds: how often each row was judged.
        baseline: the candidate that has learned nothing; None where there is none.
    """

    means: Mapping[str, float]
    without: Mapping[str, Floats]
    units: Units
    inflation: float
    folds: Mapping[str, Floats] = field(default_factory=dict)
    rounds: float = 1.0
    baseline: str | None = None

    def z(self, pair: Pair) -> float:
        """How far a difference is from 0, in standard errors of a normal distribution; NaN when not known."""
        error, freedom = self._spreads[pair]
        gap = abs(self.means[pair[0]] - self.means[pair[1]])
        if gap == 0 or not error > 0:
            return np.nan if np.isnan(error + gap) else np.inf if gap else 0.0
        return -float(ndtri(stdtr(freedom, -gap / error)))

    def interval(self, pair: Pair, reach: float) -> Interval:
        """The interval of the first minus the second that excludes 0 just where ``z`` is beyond ``reach``."""
        error, freedom = self._spreads[pair]
        gap = self.means[pair[0]] - self.means[pair[1]]
        half = error * float(stdtrit(freedom, ndtr(reach))) if error > 0 else error
        return Interval(gap, gap - half, gap + half)

    @cached_property
    def _spreads(self) -> dict[Pair, tuple[float, float]]:
        """(first, second) -> standard error and degrees of freedom of their difference."""
        out = {}
        for pair, spread in self._by_units.items():
            error = spread.error * float(np.sqrt(self.inflation - 1 + self._refitting(pair)))
            out[pair] = out[pair[::-1]] = error, spread.freedom
        return out

    @cached_property
    def _by_units(self) -> dict[Pair, Spread]:
        """Each pair once -> how uncertain the units make its difference."""
        names, out = list(self.without), {}
        for place, first in enumerate(names):
            for second in names[:place]:
                differences = self.without[first] - self.without[second]
                defined = len(differences) > 1 and np.isfinite(differences).all()
                out[first, second] = spread_of(differences, self.units, skew=0.0) if defined else UNKNOWN
        return out

    def _refitting(self, pair: Pair) -> float:
        """How much more than the units explain a difference varies over the folds; 1 or more.

        What few folds say of a pair is mixed with what they say of all pairs: that models change with every
        fit is seen in many pairs where one shows little.
        """
        seen, freedom = self._seen.get(pair, (1.0, 0.0))
        return max(1.0, (SHARED * self._usual + freedom * seen) / (SHARED + freedom))

    @cached_property
    def _usual(self) -> float:
        """The refitting that all pairs of models show together; 1 or more."""
        models = [one for pair, one in self._seen.items() if self.baseline not in pair]
        if not models:
            return 1.0
        seen, freedom = np.mean(models, axis=0)
        freedom *= (np.sqrt(8 * len(models) + 1) - 1) / 2  # models less one
        return max(1.0, float((UNMOVED + freedom * seen) / (UNMOVED + freedom)))

    @cached_property
    def _seen(self) -> dict[Pair, tuple[float, float]]:
        """Pair -> variance of its difference over the folds by that of the units, and degrees of freedom."""
        out = {}
        for pair, spread in self._by_units.items() if self.folds else ():
            differences = self.folds[pair[0]] - self.folds[pair[1]]
            there = differences[np.isfinite(differences)]
            freedom = len(there) - self.rounds
            if freedom >= 1 and spread.error > 0:
                by_folds = float(there.var(ddof=1)) / len(there) * self.rounds
                out[pair] = by_folds / spread.error**2, freedom
        return out

    @cached_property
    def _drawn(self) -> dict[str, Floats]:
        """Candidate id -> (draws,) what its score could be by chance alone.

        Too few units make candidates look alike; then they are taken to be independent.
        """
        table = np.column_stack([one - one.mean() for one in self.without.values()])
        covariance = np.nan_to_num(table.T @ table)
        if len(table) < UNITS_OF_ONE * len(covariance):
            covariance = np.diag(np.diag(covariance))
        values, vectors = np.linalg.eigh(covariance)
        roots = vectors * np.sqrt(np.maximum(values, 0))
        normal = np.random.default_rng(0).normal(size=(DRAWS, len(roots)))
        return dict(zip(self.without, (normal @ roots.T).T, strict=True))

    def reach(self, pairs: Iterable[Pair]) -> float:
        """How far the farthest of these differences gets by chance in all but 5 % of boards, as ``z``."""
        farthest: NDArray[np.float64] = np.zeros(DRAWS)
        for first, second in pairs:
            gap = self._drawn[first] - self._drawn[second]
            error = float(np.sqrt(np.mean(np.square(gap))))
            if error > 0:
                np.maximum(farthest, np.abs(gap) / error, out=farthest)
        return float(np.quantile(farthest, 1 - FALSE_BOARDS))


def judge(joint: Joint, ranked: Sequence[str]) -> dict[Pair, Interval]:
    """(candidate, best) and (candidate, baseline) -> interval of the difference, all of them together.

    An interval excludes 0 where a board may say that the two differ. Steps down (Romano and Wolf 2005): what
    is told apart leaves room for the rest. The best is a maximum of several, which any of them may be by
    chance: so it is every pair of those that may still be the best that must stay within reach.

    Args:
        ranked: candidate ids, the best first; all have a score.
    """
    best, baseline = ranked[0], joint.baseline
    rivals = [key for key in ranked if key != baseline]
    asked = [(key, best) for key in rivals if key != best]
    if baseline is not None and baseline in ranked:
        asked += [(key, baseline) for key in rivals if baseline != best]
    level: dict[Pair, float] = {}
    while len(level) < len(asked):
        equals = [key for key in rivals if key == best or ((key, best) in asked and (key, best) not in level)]
        pairs = [(a, b) for place, a in enumerate(equals) for b in equals[:place]]
        pairs += [pair for pair in asked if pair[1] == baseline and pair not in level]
        reach = joint.reach(pairs)
        told = [pair for pair in asked if pair not in level and joint.z(pair) > reach]
        level |= dict.fromkeys(told or [pair for pair in asked if pair not in level], reach)
    return {pair: joint.interval(pair, reach) for pair, reach in level.items()}
