"""Whether one column carries a very good score: what the best model scores without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.catalog.baselines import is_baseline
from core.catalog.metrics import PERFECT_AT_ONE
from core.recipe import edits
from core.recipe.document import Candidate
from core.results.carrier import Carrier
from core.train.fit import fit_rows, predict_rows
from core.train.folds.runner import Progress
from core.train.folds.unit import all_scores
from core.train.judging.test_set import column_importance
from core.train.tried import Tried
from core.train.work import Work

PART = 4
"""The importance is measured on so much fewer rows than on Evaluate."""
GOOD = 0.1
"""Up to so much left open, a score is very good: 1 - ROC AUC, or 1 - R2."""
LEAST_WITHOUT = 0.02
"""So much must be open without the column; other columns tell the target as well where less is."""
TIMES, AHEAD = 4.0, 3.0
"""How many times more is left open without the column, and how many times more it is worth than the next."""
TIMES_OF_DATE, LEAST_WITHOUT_DATE = 2.0, 0.05
"""The same of a date among the first, which need not be worth more than the next: it may tell the target
beside another date, which is worth as much, and a small table holds only some of what it tells.
"""
FIRST = 3


def carrier_of(work: Work, tried: Mapping[str, Tried], best: str, job: Progress) -> Carrier | None:
    """The column without which a very good score of the best candidate is an ordinary one; None for none.

    Measured on the first fold by one fit with all columns and one without that one.

    Raises:
        FoldlineError: as ``fit_rows`` and ``column_importance``.
    """
    one, metric = tried.get(best), PERFECT_AT_ONE[work.recipe.task]
    if one is None or one.status != "done" or is_baseline(one.candidate.model) or job.should_stop():
        return None
    left = 1 - float(one.of(metric)[0])
    if not left <= GOOD or len(work.recipe.inputs) < 2:
        return None
    fit, valid = work.split.folds[0]
    worth = column_importance(work, job, fit_rows(work, fit, one.candidate), valid, PART)
    if len(worth) < 2:
        return None
    worths = {str(name): float(loss) for name, loss in zip(worth["column"], worth["mean"], strict=True)}
    names = list(worths)
    dates = [name for name in names[:FIRST] if work.recipe.column(name).kind == "datetime"]
    column = (dates or names)[0]
    most, following = worths[column], max(loss for name, loss in worths.items() if name != column)
    if most <= 0 or (not dates and most < AHEAD * following):
        return None
    scores = _without(work, column, one.candidate)
    bar = max(TIMES * left, LEAST_WITHOUT)
    if dates:
        bar = min(bar, max(TIMES_OF_DATE * left, LEAST_WITHOUT_DATE))
    if not 1 - scores[metric] >= bar:
        return None
    ranked = work.recipe.metric
    score, without = float(one.of(ranked)[0]), float(scores[ranked])
    return Carrier(
        column=column, metric=ranked, score=score, without=without, worth=most, following=max(following, 0.0)
    )


def _without(work: Work, column: str, candidate: Candidate) -> dict[str, float]:
    """The scores of a candidate on the first fold that does not read a column."""
    less = replace(work, recipe=edits.set_role(work.recipe, column, "ignore"))
    fit, valid = less.split.folds[0]
    prediction = predict_rows(less, fit_rows(less, fit, candidate), valid)
    return all_scores(less.recipe.task, less.labels(valid), prediction)
