"""The 95 % interval of scores of one prediction, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.catalog.metrics import METRICS, require, stand_ins
from core.evaluate.intervals import jackknife
from core.evaluate.intervals.enough import HEAVY, is_size_of_errors, lacking
from core.evaluate.intervals.jackknife import Scale, spread_of, without_each
from core.evaluate.intervals.median import median_ends
from core.evaluate.intervals.ranking import area_interval
from core.evaluate.intervals.rates import mean_of_f1, mean_of_shares, share_interval
from core.evaluate.intervals.units import Units, units_of
from core.scoring.pairing import pair
from core.scoring.pairs import Pairs, Predicted, whole
from core.spec import Metric

UNDEFINED = "the score is not defined on these rows"
REMEMBERED = "rows near in time are alike, and these are too few to tell how much"
LIMIT = "the score is the same whatever is left out, so that its spread is not known"
TINY = 1e-9


@dataclass(frozen=True)
class ScoreInterval:
    """A score and the range that holds its value on all rows of this kind in 95 of 100 tables.

    Attributes:
        value: the score; NaN when the rows do not define it.
        low, high: ends of the interval; NaN when there is none.
        why: words that follow "no interval: "; empty when there is one.
    """

    value: float
    low: float
    high: float
    why: str = ""


def intervals(
    metrics: Sequence[Metric],
    y_true: Any,
    prediction: Predicted,
    groups: Any = None,
    times: Any = None,
) -> dict[str, ScoreInterval]:
    """Intervals of several scores by the formula that suits each.

    Independent rows: modified Wilson of shares (also F1, a function of one) and of their mean (balanced
    accuracy), DeLong on log odds (AUC), order statistics (a median), means with Hall's correction of
    skewness, and the jackknife on a scale of its own for all else. Groups are left out whole; in time,
    neighbours may be alike.

    Args:
        metrics: the scores.
        y_true: (n,) labels or numbers.
        prediction: of the same rows.
        groups: (n,) group ids or None.
        times: (n,) what orders the rows in time, or None; with groups, what either adds is added up.

    Raises:
        FoldlineError: ``METRIC`` as ``core.catalog.metrics.score``.
    """
    for metric in metrics:
        require(metric, prediction.task)
    pairs = pair(y_true, prediction)
    once = whole(pairs)
    given = [(groups, times)]
    if groups is not None and times is not None:
        given = [(None, None), (groups, None), (None, times)]
    kinds = [units_of(len(pairs), len(pairs.classes), *alike) for alike in given]

    def one(metric: Metric) -> ScoreInterval:
        value = float(metric.make(once)[0])
        return _together(metric, [_interval(metric, value, pairs, units) for units in kinds])

    found = {metric.id: one(metric) for metric in metrics}
    for name in [name for name, each in found.items() if each.why == HEAVY]:
        others = [METRICS[other] for other in stand_ins(name, prediction.task)]
        able = next((each for each in others if not (found.get(each.id) or one(each)).why), None)
        if able is not None:
            found[name] = replace(found[name], why=f"{HEAVY}; the {able.label.lower()} has one")
    return found


def _together(metric: Metric, parts: Sequence[ScoreInterval]) -> ScoreInterval:
    """One interval of those of rows, groups and times: the squares of what the two add to rows, added.

    Source: Cameron, Gelbach and Miller 2011, each end by itself. None where groups or times allow none.
    """
    alone, *alike = parts
    if not alike:
        return alone
    if refused := next((one for one in alike if one.why), None):
        return refused
    ends = []
    for name in ("low", "high"):
        lengths = [abs(getattr(one, name) - one.value) for one in alike]
        usual = 0.0 if alone.why else abs(getattr(alone, name) - alone.value)
        ends.append(max(*lengths, float(np.sqrt(max(0.0, sum(each**2 for each in lengths) - usual**2)))))
    return ScoreInterval(alone.value, *_possible(metric, alone.value - ends[0], alone.value + ends[1]))


def _interval(metric: Metric, value: float, pairs: Pairs, units: Units) -> ScoreInterval:
    why = lacking(metric, pairs, units) if np.isfinite(value) else UNDEFINED
    if why:
        return ScoreInterval(value, np.nan, np.nan, why)
    ends = _exact(metric, pairs) if units.alike == "rows" else None
    if ends is None and metric.interval == "median":
        ends = median_ends(pairs.errors, units)
    if ends is None:
        return _left_out(metric, value, pairs, units)
    if np.isnan(ends[0]):
        return ScoreInterval(value, np.nan, np.nan, REMEMBERED)
    return ScoreInterval(value, *_possible(metric, *ends))


def _exact(metric: Metric, pairs: Pairs) -> tuple[float, float] | None:
    """The ends where a formula of independent rows gives them."""
    last = len(pairs.classes) - 1
    right = pairs.truth == pairs.predicted
    if metric.interval == "share":
        rows = {
            "all rows": np.ones(len(pairs), dtype=bool),
            "positive rows": pairs.truth == last,
            "called rows": pairs.predicted == last,
        }[metric.stands_on]
        return share_interval(int(right[rows].sum()), int(rows.sum()))
    if metric.interval == "share of either":
        either = (pairs.truth == last) | (pairs.predicted == last)
        low, high = share_interval(int(right[either].sum()), int(either.sum()))
        return 2 * low / (1 + low), 2 * high / (1 + high)
    if metric.interval == "mean of shares":
        rows_of = np.bincount(pairs.truth, minlength=last + 1).astype(np.float64)
        hits = np.bincount(pairs.truth[right], minlength=last + 1).astype(np.float64)
        return mean_of_shares(hits, rows_of)
    if metric.interval == "mean of F1":
        return mean_of_f1(pairs.truth, pairs.predicted, last + 1)
    if metric.interval == "ranking" and pairs.task == "binary":
        chance = pairs.probabilities[:, last]
        return area_interval(chance[pairs.truth == last], chance[pairs.truth != last])
    return None


def _left_out(metric: Metric, value: float, pairs: Pairs, units: Units) -> ScoreInterval:
    """From the score without one unit at a time."""
    scale = _scale(metric, units)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled, centre = scale.to(without_each(metric, pairs, units)), float(scale.to(np.array([value]))[0])
    if not (np.isfinite(scaled).all() and np.isfinite(centre)):
        return ScoreInterval(value, np.nan, np.nan, LIMIT)
    spread = spread_of(scaled, units, _skew(metric, pairs))
    if np.isnan(spread.error):
        return ScoreInterval(value, np.nan, np.nan, REMEMBERED)
    if metric.stands_on == "both shares":
        rarer = np.bincount(pairs.truth, minlength=len(pairs.classes)).min()
        spread = replace(spread, freedom=min(spread.freedom, rarer - 1.0))
    if spread.error <= TINY * max(1.0, abs(centre)):
        return ScoreInterval(value, np.nan, np.nan, LIMIT)
    ends = scale.back(np.array(spread.ends(centre)))
    return ScoreInterval(value, *_possible(metric, float(ends[0]), float(ends[1])))


def _skew(metric: Metric, pairs: Pairs) -> float:
    if metric.interval not in ("mean", "root of mean", "explained"):
        return 0.0
    return jackknife.UNSEEN_SKEW if pairs.task == "regression" else 1.0


def _scale(metric: Metric, units: Units) -> Scale:
    if metric.interval == "mean":
        of_groups = units.alike == "groups" and is_size_of_errors(metric)
        return jackknife.LOG if units.alike == "times" or of_groups else jackknife.PLAIN
    if metric.interval == "root of mean" and units.alike == "times":
        return jackknife.THIRD
    if metric.interval == "root of mean":
        return jackknife.SQUARE
    if metric.interval == "explained":
        return jackknife.REST
    if metric.interval in ("ranking", "precisions"):
        return jackknife.ODDS
    if metric.low == -1:
        return jackknife.SIGNED
    return jackknife.SHARE if (metric.low, metric.high) == (0, 1) else jackknife.PLAIN


def _possible(metric: Metric, low: float, high: float) -> tuple[float, float]:
    return max(low, metric.low), min(high, metric.high)
