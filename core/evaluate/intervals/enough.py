"""Whether rows are enough for an interval of a score, and the words where they are not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.digits import count, counted
from core.evaluate.intervals.tails import favours_heavy, tail_index
from core.evaluate.intervals.units import Units
from core.scoring.pairs import Floats, Pairs
from core.spec import Metric

FEWEST_ROWS = 20
FEWEST_FOR_SQUARES = 100
FEWEST_GROUPS, FEWEST_GROUPS_FOR_SQUARES = 10, 30
FEWEST_IN_TIME = 240
SQUARES = ("root of mean", "explained")
"""Intervals of scores of squared errors, in which few errors weigh most."""
FEWEST_UNSURE = 2.5
SURELY_LIGHT = -2.0
FEWEST_EVEN_GROUPS, FEWEST_UNEVEN_GROUPS, EVEN = 7.5, 15.0, 0.7
"""Groups of equal size that give as sure a mean; more are needed where sizes differ much."""
LEAST_FREEDOM = 100.0
"""From so many degrees of freedom on, the spread of squared errors is known well although tails are heavy."""
HEAVY = 0.0
LIGHTEST_INDEX = 1.0
FAR_FROM_ZERO = 6.0
"""Standard deviations between true values and 0 from which on shares of them have a mean."""
Mask = NDArray[np.bool_]


def lacking(metric: Metric, pairs: Pairs, units: Units) -> str:
    """Why there can be no interval, in words that follow "no interval: "; empty where there can be one."""
    if metric.stands_on == "smaller classes" and (words := _few_expected(pairs)):
        return words
    if units.alike == "times" and len(pairs) < FEWEST_IN_TIME:
        return f"not enough rows in time ({count(len(pairs))}, {FEWEST_IN_TIME} are needed)"
    for name, mask in _needed(metric, pairs):
        least = _least(metric)
        rows = int(mask.sum())
        if rows < least:
            return f"not enough rows ({count(rows)} {name}, {least} are needed)"
        if units.alike == "groups" and (words := _few_groups(metric, units, mask, name)):
            return words
    return _heavy(metric, pairs) if pairs.task == "regression" else ""


def _least(metric: Metric) -> int:
    if metric.interval in SQUARES or metric.relative:
        return FEWEST_FOR_SQUARES
    return FEWEST_ROWS // 2 if metric.stands_on == "smaller classes" else FEWEST_ROWS


def _few_expected(pairs: Pairs) -> str:
    """Words where the model expects too few rows outside the largest class.

    The number of such rows moves a mean loss itself: were it asked alone, intervals would be shown where
    chance made the loss large, and would hold the truth less often than they say.
    """
    largest = np.bincount(pairs.truth).argmax()
    expected = float((1 - pairs.probabilities[:, largest]).sum())
    unsure = float((1 - pairs.probabilities.max(axis=1)).sum())
    if unsure < FEWEST_UNSURE:
        return f"the model is so sure that it expects {unsure:.1f} mistakes on these rows"
    if expected >= FEWEST_ROWS:
        return ""
    return f"not enough rows ({expected:.0f} outside the largest class expected, {FEWEST_ROWS} needed)"


def _needed(metric: Metric, pairs: Pairs) -> list[tuple[str, Mask]]:
    """The rows that a score stands on, in words and as masks; each must be enough."""
    everything = np.ones(len(pairs), dtype=bool)
    if pairs.task == "regression" or metric.stands_on == "all rows":
        return [("rows", everything)]
    last = len(pairs.classes) - 1
    true, called = pairs.truth == last, pairs.predicted == last
    if metric.stands_on == "positive rows":
        return [("positive", true)]
    if metric.stands_on == "called rows":
        return [("called positive", called)]
    if metric.stands_on == "either":
        return [("positive or called so", true | called)]
    if metric.stands_on == "rows of each class":
        return [(f"of class {name}", pairs.truth == code) for code, name in enumerate(pairs.classes)]
    both = [("outside the largest class", _outside(pairs.truth))]
    if metric.stands_on == "both sides":
        both.append(("called other than the class that is called most", _outside(pairs.predicted)))
    return both


def _outside(codes: NDArray[np.int64]) -> Mask:
    return codes != np.bincount(codes).argmax()


def _few_groups(metric: Metric, units: Units, mask: Mask, name: str) -> str:
    """Words where the rows lie in too few groups, or nearly all of them in few."""
    sizes = np.bincount(units.codes[mask], minlength=units.count).astype(np.float64)
    there = int((sizes > 0).sum())
    kind = "" if name == "rows" else f" with rows {name}"
    least = FEWEST_GROUPS_FOR_SQUARES if metric.interval in SQUARES else FEWEST_GROUPS
    if there < least:
        return f"not enough groups ({counted(there, 'group')}{kind}, {least} are needed)"
    even = float(sizes.sum() ** 2 / (sizes**2).sum())
    if even < (FEWEST_EVEN_GROUPS if even > EVEN * there else FEWEST_UNEVEN_GROUPS):
        return f"not enough groups ({count(there)} as uneven as these{kind} count as {even:.0f})"
    return ""


def _heavy(metric: Metric, pairs: Pairs) -> str:
    """Words where errors have tails in which rare rows that are not here decide the score."""
    errors = np.asarray(pairs.truth - pairs.predicted, dtype=np.float64)
    if metric.interval == "root of mean":
        heavy = _heavy_squares(errors)
    elif metric.interval == "explained":
        heavy = _heavy_squares(errors) or _heavy_squares(pairs.truth - pairs.truth.mean())
    elif metric.interval == "mean":
        heavy = _heavy_shares(errors, pairs.truth) if metric.relative else _endless(np.abs(errors))
    else:
        heavy = False
    return "the largest errors are so large that a few rows decide (heavy tails)" if heavy else ""


def _endless(losses: Floats) -> bool:
    return tail_index(losses) < LIGHTEST_INDEX


def _heavy_shares(errors: Floats, truth: Floats) -> bool:
    """Shares of the true value have no mean where that may be next to 0, however seldom."""
    sizes = np.abs(truth)
    if not (truth.min() > 0 or truth.max() < 0):
        return True
    far = np.median(sizes) > FAR_FROM_ZERO * sizes.std()
    return (not far and favours_heavy(np.log(sizes)) > SURELY_LIGHT) or _endless(np.abs(errors) / sizes)


def _heavy_squares(errors: Floats) -> bool:
    moved = errors**2 - np.mean(errors**2)
    square = float(np.mean(moved**2))
    if square == 0:
        return False
    freedom = 2 * len(errors) / max(float(np.mean(moved**4)) / square**2 - 1, 1e-9)
    return freedom < LEAST_FREEDOM and favours_heavy(errors) > HEAVY
