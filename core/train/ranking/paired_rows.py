"""Two stored scores of the same rows told apart as the leaderboard tells models apart."""

from __future__ import annotations

import numpy as np

from core.evaluate.intervals.units import Units
from core.results.compare import RowScores
from core.train.ranking.contributions import REFITTED
from core.train.ranking.interval import Interval
from core.train.ranking.joint import Joint, judge
from core.train.ranking.run_side import Side


def paired_by_rows(first: Side, second: Side, metric: str) -> Interval | None:
    """The second score minus the first with its 95 % interval; None where the rows of both are not kept.

    A search that stands there with fresh folds chose its settings by these rows, divided otherwise: then as
    much is allowed for it as for its gain; folds that divide the rows in two ways show nothing together.
    """
    one, other = first.rows, second.rows
    if one is None or other is None or {first.metric, second.metric} != {metric}:
        return None
    if (one.alike, one.sizes) != (other.alike, other.sizes):
        return None
    scores = {"first": first.folds(metric), "second": second.folds(metric)}
    means = {name: float(np.nanmean(folds)) for name, folds in scores.items()}
    without = {"first": np.array(one.scores), "second": np.array(other.scores)}
    wary = first.fresh or second.fresh
    inflation = 1 + (one.inflation - 1) / REFITTED if wary else one.inflation
    folds = scores if first.fresh == second.fresh else {}
    joint = Joint(means, without, _units(one), inflation, folds, one.rounds)
    return judge(joint, ["first", "second"])["second", "first"]


def _units(rows: RowScores) -> Units:
    codes = np.repeat(np.arange(len(rows.sizes)), rows.sizes)
    return Units(rows.alike, codes, len(rows.sizes))
