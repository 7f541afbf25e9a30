"""The chosen model on the locked test rows: its scores, what each column is worth, where it is weak."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from core.catalog.metrics import METRICS
from core.catalog.models import baseline_for
from core.evaluate.importance import importance
from core.evaluate.payload import to_dict
from core.evaluate.prediction import Prediction
from core.evaluate.report import evaluate
from core.evaluate.segments import slices
from core.recipe.columns import model_columns
from core.recipe.difference import model_words
from core.recipe.document import Candidate
from core.recipe.fingerprint import fingerprint
from core.results.parts import Parts
from core.train.fit import fit, predict_rows
from core.train.folds.runner import Progress
from core.train.folds.unit import all_scores, predict
from core.train.rows.split import Rows
from core.train.work import Work

WIDE = 100
"""Columns from which each is shuffled twice only."""
IMPORTANCE_CELLS = 100_000
"""Rows times columns that the importance looks at; more columns look at fewer rows."""
MOST_SLICES = 30


def judge(work: Work, job: Progress, thresholds: Callable[[], dict[str, Any] | None]) -> dict[str, Any]:
    """The chosen model fitted on the training rows and judged on the locked test rows.

    A part beside the scores that cannot be made is left out and named.

    Args:
        thresholds: gives what each threshold gave in validation, as ``validation_thresholds``.
    """
    recipe, rows = work.recipe, work.split.test
    job.progress(0, 4, "Fitting on the training rows")
    pipeline = fit(work, "train")
    baseline = baseline_for(recipe.task)
    dummy = fit(work, "train", Candidate(id=baseline, model=baseline))
    job.progress(1, 4, "Scoring the test rows")
    y, frame = work.labels(rows), work.frame.iloc[rows]
    groups, times = work.groups(rows), work.times(rows)
    prediction = predict_rows(work, pipeline, rows)
    plain = predict(dummy, frame, recipe.task, work.target, recipe.threshold)
    out = evaluate(
        y, prediction, plain, groups=groups, times=times, seed=recipe.seed, threshold=recipe.threshold
    )
    seen, parts = work.split.train, Parts()

    def on_training() -> dict[str, Any]:
        return all_scores(recipe.task, work.labels(seen), predict_rows(work, pipeline, seen))

    nothing: dict[str, Any] = {}
    out["train_scores"] = parts.of("training scores", on_training, nothing)
    job.progress(2, 4, "Measuring what each column is worth")
    out["importance"] = parts.of(
        "importance", lambda: to_dict(column_importance(work, job, pipeline, rows)), nothing
    )
    out["curves"]["validation_thresholds"] = parts.of("validation thresholds", thresholds, None)
    job.progress(3, 4, "Looking for weak segments")
    out["slices"] = parts.of("segments", lambda: segments(work, prediction, rows), nothing)
    out |= {
        "left_out": parts.failed,
        "fingerprint": fingerprint(recipe, "fit"),
        "metric": recipe.metric,
        "model": model_words(recipe.chosen),
        "words": work.split.words,
        "train_rows": len(seen),
        "test_rows": len(rows),
    }
    job.progress(4, 4, "Done")
    return out


def column_importance(work: Work, job: Progress, pipeline: Any, rows: Rows, parts: int = 1) -> pd.DataFrame:
    """What each input column is worth to a fitted pipeline on rows that it was not fitted on.

    Args:
        parts: how many pipelines are asked; each looks at so much fewer rows.
    """
    recipe = work.recipe
    names = [column.name for column in model_columns(recipe)]

    def say(part: pd.DataFrame) -> Prediction:
        return predict(pipeline, part, recipe.task, work.target, recipe.threshold)

    metric = METRICS[recipe.metric]
    most = max(200, min(2_000, IMPORTANCE_CELLS // len(names)) // parts)
    times = 5 if len(names) <= WIDE else 2
    y, frame, stop = work.labels(rows), work.frame.iloc[rows], job.should_stop
    grouped = work.groups(rows) is not None
    return importance(
        say, frame, y, names, metric, times, most, recipe.seed, should_stop=stop, grouped=grouped
    )


def segments(work: Work, prediction: Prediction, rows: Rows) -> dict[str, Any]:
    """Where a prediction of these rows is weak."""
    recipe = work.recipe
    names, metric = [column.name for column in model_columns(recipe)], METRICS[recipe.metric]
    y, frame, groups, times = work.labels(rows), work.frame.iloc[rows], work.groups(rows), work.times(rows)
    weak = slices(frame, y, prediction, metric, names, groups=groups, times=times, seed=recipe.seed)
    return to_dict(weak.head(MOST_SLICES))
