"""What a search has gained: the tuned model against the untuned one, paired, on folds it never used."""

from __future__ import annotations

import math

import numpy as np

from core.catalog.metrics import METRICS
from core.recipe.document import Candidate
from core.results.base import Failure
from core.results.tune import Gain, NoGain
from core.train.board import sizes
from core.train.folds.runner import Runner
from core.train.folds.unit import run_unit, unit_of
from core.train.ranking.interval import Interval
from core.train.ranking.statistics import corrected_interval, paired_bootstrap
from core.train.tried import Tried
from core.train.work import Work


def gain(work: Work, untuned: Candidate, tuned: Candidate, run: Runner) -> Gain | NoGain:
    """How much better the tuned model scores than the untuned one, paired on folds, with a 95 % interval.

    Above 0 is better for every metric.

    Folds are new ones unless rows are ordered in time; several folds use the corrected resampled t interval,
    a single holdout a paired bootstrap of its rows.
    """
    recipe = work.recipe
    fresh = not recipe.with_role("time")
    if fresh:
        work = work.with_folds(recipe.seed + 1)
    folds = len(work.split.folds)
    tried = {"untuned": Tried(untuned, folds), "tuned": Tried(tuned, folds)}
    units = [unit_of(work, key, one.candidate, fold) for key, one in tried.items() for fold in range(folds)]
    for outcome in run.run(run_unit, units):
        if outcome.value is None:
            return NoGain(error=Failure.model_validate(outcome.error), fresh_folds=fresh)
        tried[outcome.unit.key].take(outcome.unit.fold, outcome.value)
    if any(one.status != "done" for one in tried.values()):
        stopped = Failure(code="STOPPED", problem="The search was stopped before it was measured.")
        return NoGain(error=stopped, fresh_folds=fresh)
    difference = _difference(work, tried["tuned"], tried["untuned"])
    sign = 1.0 if METRICS[recipe.metric].better == "higher" else -1.0
    ends = sorted((sign * difference.low, sign * difference.high))
    return Gain(
        mean=sign * difference.mean,
        low=ends[0],
        high=ends[1],
        tuned=tried["tuned"].of_folds(recipe.metric),
        untuned=tried["untuned"].of_folds(recipe.metric),
        fresh_folds=fresh,
    )


def _difference(work: Work, tuned: Tried, untuned: Tried) -> Interval:
    metric = METRICS[work.recipe.metric]
    if len(work.split.folds) > 1:
        n_fit, n_valid = np.mean(sizes(work), axis=0)
        return corrected_interval(tuned.ranked(metric) - untuned.ranked(metric), n_fit, n_valid)
    first, second = tuned.predictions[0], untuned.predictions[0]
    if first is None or second is None:
        return Interval(math.nan)
    rows = work.split.folds[0][1]
    groups = work.groups(rows)
    return paired_bootstrap(
        work.labels(rows), first, second, metric, groups=groups, count=500, seed=work.recipe.seed
    )
