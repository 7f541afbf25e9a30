"""Leaderboards of given fold scores, for tests of what is said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.catalog.metrics import METRICS
from core.evaluate.intervals.units import Units
from core.results.compare import BoardRow, CandidateScores, CompareResult
from core.train.ranking.contributions import Judged
from core.train.ranking.leaderboard import Entrant, Row, leaderboard
from core.train.ranking.statistics import corrected_interval

UNKNOWN = np.array([np.nan])


def by_folds(
    scores: Mapping[str, Any],
    simplicity: Mapping[str, int] | None = None,
    baseline: str | None = None,
    metric: str = "roc_auc",
    margin: float | None = None,
) -> list[Row]:
    """The leaderboard where nothing but the scores of five times as many fitted as judged rows is known."""
    ranks = simplicity or dict.fromkeys(scores, 0)
    entrants = {
        key: Entrant(np.asarray(folds, dtype=float), UNKNOWN, corrected_interval(folds, 4, 1), ranks[key])
        for key, folds in scores.items()
    }
    count = max((len(one.folds) for one in entrants.values()), default=1)
    rows = np.arange(100 * count)
    judged = Judged(Units("rows", rows, len(rows)), tuple(np.split(rows, count)), 80.0 * count)
    return leaderboard(entrants, judged, METRICS[metric], margin, baseline)


def comparison(
    rows: Sequence[Row], labels: Mapping[str, str], simplicity: Mapping[str, int], baseline: str
) -> CompareResult:
    """The result of a comparison with this leaderboard."""
    board = tuple(BoardRow.model_validate(_known(vars(row))) for row in rows)
    return CompareResult.model_construct(
        metric="roc_auc",
        baseline=baseline,
        board=board,
        candidates=tuple(
            CandidateScores.model_construct(
                id=key, label=label, simplicity=simplicity[key], status="done", scores={}
            )
            for key, label in labels.items()
        ),
        sizes=((80, 20),) * max((row.folds for row in rows), default=0),
        judged_by="rows",
        doubt="",
        cut_by="",
        margin=None,
    )


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: None if isinstance(value, float) and not np.isfinite(value) else value
        for name, value in facts.items()
    }
