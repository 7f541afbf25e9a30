"""How much each original column matters to a fitted model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.catalog.metrics import require
from core.errors import FoldlineError
from core.evaluate.intervals.rates import Z
from core.evaluate.resample import draws
from core.scoring.pairing import pair
from core.scoring.pairs import Codes, Floats, Pairs, Predicted, Sample
from core.spec import Metric

BATCH_ROWS = 50_000
RESAMPLES = 200


def importance(
    predict: Callable[[pd.DataFrame], Predicted],
    frame: pd.DataFrame,
    y_true: Any,
    columns: Sequence[str],
    metric: Metric,
    repeats: int = 5,
    max_rows: int = 5000,
    seed: int = 0,
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    grouped: bool = False,
) -> pd.DataFrame:
    """Permutation importance (Breiman 2001, section 10): how much worse the score is with a column shuffled.

    Several shuffled copies of the rows go through the model in one call, at most 50,000 rows at a time.
    Columns that say the same stand in for each other: shuffling one costs little although both matter.

    Args:
        predict: the whole pipeline, original columns in.
        frame: rows that the model was not fitted on.
        y_true: (n,) truth of those rows.
        columns: the original columns to judge.
        metric: the score.
        repeats: shuffles of each column.
        max_rows: a random sample of so many rows is used when there are more.
        seed: of the sample and the shuffles.
        on_progress: told (columns done, all columns) after each batch.
        should_stop: asked before each batch; True ends early with the columns done so far.
        grouped: whether rows come in groups.

    Returns:
        One row a column, most important first: ``column``, ``mean`` loss of score (positive means the column
        helps, whichever way the score is better), ``std`` over the shuffles, and ``low``, ``high``, a 95 %
        interval over rows (200 bootstrap resamples) and shuffles together. Of rows in groups no interval that
        was tried held (docs/decisions/0020): there is none (NaN).

    Raises:
        FoldlineError: ``COLUMN`` for a column that the frame lacks; ``METRIC`` as
            ``core.catalog.metrics.score``, or when the score is not defined on these rows.
    """
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise FoldlineError(
            "COLUMN", f"The table has no column {missing[0]!r}.", "Choose another.", missing[0]
        )
    rng = np.random.default_rng(seed)
    truth = np.asarray(y_true)
    rows = _sample(len(frame), max_rows, rng)
    judge = _Judge(predict, frame.iloc[rows], truth[rows], metric, seed, 0 if grouped else RESAMPLES)
    importances: list[dict[str, Any]] = []
    step = max(1, BATCH_ROWS // (len(rows) * repeats))
    for start in range(0, len(columns), step):
        if should_stop is not None and should_stop():
            break
        importances.extend(judge.columns(columns[start : start + step], repeats, rng))
        if on_progress is not None:
            on_progress(len(importances), len(columns))
    table = pd.DataFrame(importances, columns=["column", "mean", "std", "low", "high"])
    return table.sort_values("mean", ascending=False, kind="stable", ignore_index=True)


class _Judge:
    """Scores shuffled copies of one set of rows against the rows as they are."""

    def __init__(
        self,
        predict: Callable[[pd.DataFrame], Predicted],
        frame: pd.DataFrame,
        truth: Any,
        metric: Metric,
        seed: int,
        resamples: int,
    ) -> None:
        self.predict, self.frame, self.truth, self.metric = predict, frame, truth, metric
        base = predict(frame)
        require(metric, base.task)
        n = len(frame)
        self.weights = np.vstack([np.ones((1, n)), *draws(n, None, resamples, seed)])
        self.base = self._scores(pair(truth, base))
        if np.isnan(self.base[0]):
            raise FoldlineError(
                "METRIC", f"{metric.label} is not defined on these rows.", "Give rows of every class."
            )

    def columns(
        self, names: Sequence[str], repeats: int, rng: np.random.Generator
    ) -> Iterator[dict[str, Any]]:
        """The table rows of some columns."""
        n = len(self.frame)
        shuffled = [[rng.permutation(n) for _ in range(repeats)] for _ in names]
        pairs = pair(np.tile(self.truth, len(names) * repeats), self.predict(self._copies(names, shuffled)))
        for place, name in enumerate(names):
            starts = [(place * repeats + repeat) * n for repeat in range(repeats)]
            yield self._row(name, np.stack([self._loss(pairs.take(np.arange(s, s + n))) for s in starts]))

    def _copies(self, names: Sequence[str], shuffled: list[list[Codes]]) -> pd.DataFrame:
        """One copy of the rows for each shuffle, below each other, with only that column shuffled."""
        repeats, n = len(shuffled[0]), len(self.frame)
        copies = self.frame.take(np.tile(np.arange(n), len(names) * repeats))
        for place, name in enumerate(names):
            order = np.tile(np.arange(n), (len(names), repeats, 1))
            order[place] = shuffled[place]
            copies[name] = self.frame[name].array.take(order.ravel())
        return copies.reset_index(drop=True)

    def _scores(self, pairs: Pairs) -> Floats:
        return self.metric.for_ranking(self.metric.make(Sample(pairs, self.weights)))

    def _loss(self, pairs: Pairs) -> Floats:
        worse = self.base - self._scores(pairs)
        return worse if self.metric.better == "higher" else -worse

    def _row(self, name: str, losses: Floats) -> dict[str, Any]:
        """From (repeats, 1 + resamples) losses; the first of each is of the rows as they are."""
        once = losses[:, 0]
        spread = float(once.std(ddof=1)) if len(once) > 1 else 0.0
        half = np.nan
        if losses.shape[1] > 1:
            half = Z * float(np.sqrt(np.nanvar(losses[:, 1:].mean(axis=0)) + spread**2 / len(once)))
        mean = float(once.mean())
        return {"column": name, "mean": mean, "std": spread, "low": mean - half, "high": mean + half}


def _sample(rows: int, most: int, rng: np.random.Generator) -> Codes:
    if rows <= most:
        return np.arange(rows)
    return np.sort(rng.choice(rows, most, replace=False))
