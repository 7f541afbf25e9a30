"""How much better one model is than another on the same labelled rows, looked at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import bdtr, ndtr, stdtr, stdtrit

from core.catalog.metrics import require
from core.evaluate.intervals.enough import lacking
from core.evaluate.intervals.jackknife import Spread, spread_of, without_each
from core.evaluate.intervals.units import Units, units_of
from core.scoring.pairing import pair
from core.scoring.pairs import Pairs, Predicted, whole
from core.spec import Metric

TWO_SIDED = 0.975
TOO_FEW_APART = "the models differ on too few rows ({rows}, {needed} are needed)"
FEWEST_APART = 6
"""Rows that only one of two models gets right; with fewer not even all of one kind are more than chance."""
SAME = "the models say the same of all rows"
UNDEFINED = "the score is not defined on these rows"
REMEMBERED = "rows near in time are alike, and these are too few to tell how much"


@dataclass(frozen=True)
class Gap:
    """By how much the second of two models scores better than the first; below 0 when it scores worse.

    Attributes:
        value: the difference of the scores, so that more is better whatever the score; NaN when undefined.
        low, high: ends of its 95 % interval; NaN when there is none.
        error: standard error of the difference, NaN when not known.
        p_better, p_worse: one-sided p of "not better" and "not worse"; NaN when not known.
        why: words that follow "no interval: "; empty when there is one.
    """

    value: float
    low: float = np.nan
    high: float = np.nan
    error: float = np.nan
    p_better: float = np.nan
    p_worse: float = np.nan
    why: str = ""

    @property
    def is_judged(self) -> bool:
        """Whether there is an interval."""
        return not self.why


def gap(
    metric: Metric,
    y_true: Any,
    models: Sequence[Predicted],
    groups: Any = None,
    times: Any = None,
) -> Gap:
    """The difference of two models' scores on the same rows, with an interval that knows they are paired.

    Accuracy of independent rows: Bonett and Price 2012 for the interval, McNemar's mid-p for the test
    (Fagerland, Lydersen and Laake 2013). All else: the jackknife of the difference over rows, groups or
    stretches of time, which for ROC AUC is the test of DeLong and others (1988) but for terms of 1/n.

    Args:
        metric: the score.
        y_true: (n,) labels or numbers.
        models: what the current and the new model say of the rows.
        groups: (n,) group ids, or None.
        times: (n,) what orders the rows in time, or None; what groups and times add is added up.

    Raises:
        FoldlineError: ``METRIC`` as ``core.catalog.metrics.score``.
    """
    sign = 1.0 if metric.better == "higher" else -1.0
    sides = []
    for one in models:
        require(metric, one.task)
        sides.append(pair(y_true, one))
    first, second = (float(metric.make(whole(side))[0]) for side in sides)
    value = sign * (second - first)
    if not np.isfinite(value):
        return Gap(np.nan, why=UNDEFINED)
    given = [(groups, times)]
    if groups is not None and times is not None:
        given = [(groups, None), (None, times)]
    units = [units_of(len(sides[0]), len(sides[0].classes), *alike) for alike in given]
    if metric.interval == "share" and metric.stands_on == "all rows" and units[0].alike == "rows":
        return _of_shares(value, *sides)
    if why := next((w for side in sides for u in units if (w := lacking(metric, side, u))), ""):
        return Gap(value, why=why)
    return _left_out(metric, sign, value, sides, units)


def _of_shares(value: float, first: Pairs, second: Pairs) -> Gap:
    """From the rows that only one of the two gets right."""
    one, other = first.truth == first.predicted, second.truth == second.predicted
    gained, lost, rows = int((other & ~one).sum()), int((one & ~other).sum()), len(one)
    if gained + lost < FEWEST_APART:
        words = TOO_FEW_APART.format(rows=gained + lost, needed=FEWEST_APART)
        return Gap(value, why=words if gained + lost else SAME)
    up, down = (gained + 1) / (rows + 2), (lost + 1) / (rows + 2)
    error = float(np.sqrt((up + down - (up - down) ** 2) / (rows + 2)))
    centre, half = up - down, error * 1.959963984540054
    p = mid_p(gained, lost)
    return Gap(value, max(-1.0, centre - half), min(1.0, centre + half), error, p, 1 - p)


def mid_p(gained: int, lost: int) -> float:
    """McNemar's one-sided mid-p: the chance of as many or more gains, half of as many, were both alike."""
    together = gained + lost
    if not together:
        return 0.5
    more = 1 - float(bdtr(gained, together, 0.5))
    as_many = float(bdtr(gained, together, 0.5)) - (float(bdtr(gained - 1, together, 0.5)) if gained else 0.0)
    return more + as_many / 2


def _left_out(
    metric: Metric, sign: float, value: float, sides: Sequence[Pairs], units: Sequence[Units]
) -> Gap:
    """From the difference without one unit at a time."""
    parts = [_spread(metric, sign, sides, one) for one in units]
    error = float(np.sqrt(sum(part.error**2 for part in parts)))
    if np.isnan(error):
        return Gap(value, why=REMEMBERED)
    if error <= 1e-12 * max(1.0, abs(value)):
        return Gap(value, why=SAME if value == 0 else UNDEFINED)
    freedom = min(part.freedom for part in parts)
    half = error * float(stdtrit(freedom, TWO_SIDED))
    p = float(stdtr(freedom, -value / error)) if np.isfinite(freedom) else float(ndtr(-value / error))
    return Gap(value, value - half, value + half, error, p, 1 - p)


def _spread(metric: Metric, sign: float, sides: Sequence[Pairs], units: Units) -> Spread:
    first, second = (without_each(metric, side, units) for side in sides)
    differences = sign * (second - first)
    if not np.isfinite(differences).all():
        return Spread(np.nan, 0.0)
    return spread_of(differences, units, skew=0.0)
