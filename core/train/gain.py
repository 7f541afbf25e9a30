"""What a search has gained: the tuned model against the untuned one, paired, on folds it never used."""

from __future__ import annotations

from core.catalog.metrics import METRICS
from core.recipe.document import Candidate
from core.results.base import Failure
from core.results.tune import Gain, NoGain
from core.train.board import entrant, judged, row_scores
from core.train.folds.runner import Runner
from core.train.folds.unit import run_unit, unit_of
from core.train.ranking.leaderboard import difference
from core.train.tried import Tried
from core.train.work import Work


def gain(work: Work, untuned: Candidate, tuned: Candidate, run: Runner) -> Gain | NoGain:
    """How much better the tuned model scores than the untuned one, paired on rows, with a 95 % interval.

    Above 0 is better for every metric. Told by the validation rows, as the leaderboard tells models apart.
    Folds are new ones unless rows are ordered in time.
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
    return _measured(work, tried["untuned"], tried["tuned"], fresh)


def _measured(work: Work, untuned: Tried, tuned: Tried, fresh: bool) -> Gain:
    rows, metric = judged(work), METRICS[work.recipe.metric]
    gap = difference(entrant(work, rows, tuned), entrant(work, rows, untuned), rows)
    better = gap if metric.better == "higher" else gap.turned()
    return Gain(
        mean=better.mean,
        low=better.low,
        high=better.high,
        tuned=tuned.of_folds(metric.id),
        untuned=untuned.of_folds(metric.id),
        fresh_folds=fresh,
        tuned_rows=row_scores(rows, tuned),
        judged_by="rows",
    )
