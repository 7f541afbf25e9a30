"""Whether rows are enough for an interval of a score, and the words where they are not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.digits import count
from core.evaluate.intervals.tails import favours_heavy
from core.evaluate.intervals.units import Units, counts_as
from core.scoring.pairs import Floats, Pairs
from core.spec import Metric
from core.standalone.counts import counted

FEWEST_ROWS = 20
FEWEST_FOR_SQUARES = 200
FEWEST_GROUPS, FEWEST_GROUPS_FOR_SQUARES = 10, 30
FEWEST_IN_TIME, FEWEST_IN_TIME_FOR_SQUARES = 300, 480
SQUARES = ("root of mean", "explained")
"""Intervals of scores of squared errors, in which few errors weigh most."""
EXPECTED = ("smaller classes", "both sides", "both shares")
"""Rows whose number moves the score: so many as the model expects are asked, and half as many drawn."""
FEWEST_UNSURE = 2.5
FEWEST_EVEN_GROUPS, FEWEST_UNEVEN_GROUPS, EVEN = 7.5, 20.0, 0.8
"""Groups of equal size that give as sure a mean; more are needed where sizes differ much."""
FEWEST_LARGE_GROUPS = 5.0
"""Groups that make up most of the spread; with fewer the spread is that of a handful of groups."""
MANY_GROUPS, LEAST_EVEN, FEWEST_LARGE_OF_MANY = 40, 0.25, 3.0
"""Groups from which on a mean or a median of errors has an interval unless sizes differ extremely: a rule
that cuts through how uneven sizes come out sorts tables by their score where sizes go with it."""
HEAVY = "errors may have heavy tails, so that a few rows decide the score"
FREE = 300.0
"""From so many degrees of freedom on, the spread of squared errors is known well although tails are heavy."""
LIGHT = -1.0
"""Log-likelihood by which errors must speak for a normal distribution: more than heavy tails do by chance."""
FAR_FROM_ZERO = 6.0
"""Standard deviations between true values and 0 from which on shares of them have a mean."""
Mask = NDArray[np.bool_]


def lacking(metric: Metric, pairs: Pairs, units: Units) -> str:
    """Why there can be no interval, in words that follow "no interval: "; empty where there can be one."""
    if words := _few_expected(metric, pairs):
        return words
    in_time = FEWEST_IN_TIME_FOR_SQUARES if metric.interval in SQUARES else FEWEST_IN_TIME
    if units.alike == "times" and len(pairs) < in_time:
        return f"not enough rows in time ({count(len(pairs))}, {in_time} are needed)"
    for place, (name, mask) in enumerate(_needed(metric, pairs)):
        least = _least(metric, pairs)
        rows = int(mask.sum())
        if rows < least:
            return f"not enough rows ({count(rows)} {name}, {least} are needed)"
        asked = place == 0 or metric.stands_on != "both sides"  # in how many groups rows are called is chance
        if (
            metric.stands_on == "smaller classes"
        ):  # every row has a loss, and where the rare ones lie is chance
            mask, name = np.ones(len(pairs), dtype=bool), "rows"
        if units.alike == "groups" and asked and (words := _few_groups(metric, units, mask, name)):
            return words
    return _heavy(metric, pairs) if pairs.task == "regression" else ""


def _least(metric: Metric, pairs: Pairs) -> int:
    if metric.interval in SQUARES or metric.relative:
        return FEWEST_FOR_SQUARES
    return FEWEST_ROWS // 2 if metric.stands_on in EXPECTED and pairs.proba is not None else FEWEST_ROWS


def _few_expected(metric: Metric, pairs: Pairs) -> str:
    """Words where the model expects too few rows of the rarer kind, for scores that go with their share.

    The number of such rows that came moves the score itself: were it asked alone, intervals would be shown
    where chance made the score large, and would hold the truth less often than they say.
    """
    if metric.stands_on not in EXPECTED or pairs.proba is None:
        return ""
    if metric.stands_on == "smaller classes":
        unsure = float((1 - pairs.proba.max(axis=1)).sum())
        if unsure < FEWEST_UNSURE:
            return f"the model is so sure that it expects {unsure:.1f} mistakes on these rows"
    if metric.stands_on == "both shares":
        name, expected = "of the rarer class", float(pairs.proba.sum(axis=0).min())
    else:
        largest = np.bincount(pairs.truth).argmax()
        name, expected = "outside the largest class", float((1 - pairs.proba[:, largest]).sum())
    if expected >= FEWEST_ROWS:
        return ""
    return f"not enough rows ({expected:.0f} {name} expected, {FEWEST_ROWS} needed)"


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
    if metric.stands_on in ("rows of each class", "both shares"):
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
    even, large = counts_as(sizes), counts_as(sizes**2)
    if there >= MANY_GROUPS and is_size_of_errors(metric):
        if even >= LEAST_EVEN * there and large >= FEWEST_LARGE_OF_MANY:
            return ""
        return f"not enough groups ({count(there)} as uneven as these{kind} count as {min(even, large):.0f})"
    uneven = max(least, FEWEST_UNEVEN_GROUPS)
    if even < (FEWEST_EVEN_GROUPS if even > EVEN * there else uneven) or large < FEWEST_LARGE_GROUPS:
        return f"not enough groups ({count(there)} as uneven as these{kind} count as {min(even, large):.0f})"
    return ""


def is_size_of_errors(metric: Metric) -> bool:
    """Whether a score is the mean or the median size of errors of numbers."""
    of_numbers = "regression" in metric.tasks and not metric.relative
    return of_numbers and metric.interval in ("mean", "median")


def _heavy(metric: Metric, pairs: Pairs) -> str:
    """Words where errors have tails in which rare rows that are not here decide the score.

    What is asked are all errors, not the largest: an interval that is shown where the largest happened to be
    small would hold the truth less often than it says.
    """
    errors = np.asarray(pairs.truth - pairs.predicted, dtype=np.float64)
    about = np.asarray(pairs.truth - pairs.truth.mean(), dtype=np.float64)
    if metric.relative:
        if np.median(np.abs(pairs.truth)) <= FAR_FROM_ZERO * about.std() or _may_be_heavy(about):
            return "true values may come near to 0, where shares of them have no end"
        return HEAVY if _may_be_heavy(errors) else ""
    if metric.interval == "root of mean":
        return HEAVY if _may_be_heavy(errors) else ""
    if metric.interval == "explained":
        return HEAVY if _may_be_heavy(errors) or _may_be_heavy(about) else ""
    return ""


def _may_be_heavy(errors: Floats) -> bool:
    moved = errors**2 - np.mean(errors**2)
    square = float(np.mean(moved**2))
    if square == 0:
        return False
    freedom = 2 * len(errors) / max(float(np.mean(moved**4)) / square**2 - 1, 1e-9)
    return freedom < FREE and favours_heavy(errors) > LIGHT
