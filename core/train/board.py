"""The leaderboard of a comparison: what of its rows is independent, and what ranks each candidate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.catalog.metrics import METRICS
from core.catalog.models import MODELS, baseline_for
from core.evaluate.intervals.score_interval import intervals
from core.results.compare import RowScores
from core.scoring.pairing import pair
from core.scoring.pairs import Pairs
from core.spec import Metric
from core.train.ranking.contributions import Judged, judged_rows, mean_without_each
from core.train.ranking.interval import Interval
from core.train.ranking.leaderboard import Entrant, Row, leaderboard
from core.train.ranking.statistics import corrected_interval
from core.train.tried import Tried
from core.train.work import Work

MOST_STORED = 1_000
"""Units whose scores are stored with a run; a table of more groups is not stored."""


def sizes(work: Work) -> list[tuple[int, int]]:
    """(rows to fit, rows to validate) of each fold."""
    return [(len(fit), len(valid)) for fit, valid in work.split.folds]


def judged(work: Work) -> Judged:
    """The validation rows of all folds, and what of them is independent."""
    return judged_rows(work.split.folds, len(work.target.classes), work.groups, work.times, work.split.train)


def entrant(work: Work, rows: Judged, one: Tried) -> Entrant:
    """What ranks a candidate that finished all folds."""
    metric = METRICS[work.recipe.metric]
    if one.without is None:
        one.without = mean_without_each(metric, _pairs(work, one), rows)
    return Entrant(
        folds=one.ranked(metric),
        without=one.without,
        own=_own(work, one, metric),
        simplicity=MODELS[one.candidate.model].simplicity,
    )


def _pairs(work: Work, one: Tried) -> list[Pairs]:
    folds = zip(work.split.folds, one.predictions, strict=True)
    return [pair(work.labels(valid), made) for (_, valid), made in folds if made is not None]


def _own(work: Work, one: Tried, metric: Metric) -> Interval:
    """The 95 % interval of a candidate's score: over folds, or by the rows of a hold-out."""
    if len(work.split.folds) > 1:
        return corrected_interval(one.ranked(metric), *np.mean(sizes(work), axis=0)).with_spread()
    (_, rows), made = work.split.folds[0], one.predictions[0]
    if made is None:
        return Interval(np.nan)
    got = intervals([metric], work.labels(rows), made, work.groups(rows), work.times(rows))[metric.id]
    return Interval(got.value, got.low, got.high)


def row_scores(rows: Judged, one: Tried) -> RowScores | None:
    """The score of a candidate without each unit; None where not all define it or there are too many."""
    units, scores = rows.units, one.without
    if scores is None or units.count > MOST_STORED or not np.isfinite(scores).all():
        return None
    return RowScores(
        scores=tuple(map(float, scores)),
        alike=units.alike,
        sizes=tuple(map(int, units.sizes)),
        inflation=rows.inflation,
        rounds=rows.rounds,
    )


def board(work: Work, rows: Judged, tried: Sequence[Tried]) -> list[Row]:
    """The leaderboard of the candidates that finished all folds."""
    metric = METRICS[work.recipe.metric]
    entrants = {one.candidate.id: entrant(work, rows, one) for one in tried if one.status == "done"}
    return leaderboard(entrants, rows, metric, work.recipe.margin, baseline_for(work.recipe.task))
