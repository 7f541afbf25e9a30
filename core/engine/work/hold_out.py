"""What is remembered of how a model did on the locked test rows, once they were opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.catalog.metrics import METRICS
from core.evaluate.prediction import Prediction
from core.train.work import Work
from core.watch.decision.baseline import baseline_of
from core.watch.stretches import in_stretches


def remembered(
    work: Work, metric: str, said: Prediction, score: Mapping[str, Any], baseline: float | None
) -> dict[str, Any]:
    """A score on the test rows as ``core.watch.labelled_score.Holdout`` has it.

    Args:
        metric: its id.
        said: of the test rows.
        score: value, low, high and why; ``baseline`` that of the model that does not look at the columns.
    """
    rows, facts = work.split.test, {"name": metric, **score}
    if baseline is not None:
        facts["baseline"] = baseline
    labels, groups, times = work.labels(rows), work.groups(rows), work.times(rows)
    return facts | in_stretches(METRICS[metric], labels, said, groups, times)


def hold_out_of(work: Work, said: Prediction) -> dict[str, Any]:
    """What the losses on the test rows were, which those of later rows are held to; no row can be told."""
    rows = work.split.test
    groups, times = work.groups(rows), work.times(rows)
    baseline = baseline_of(work.recipe.metric, work.labels(rows), said, groups, times)
    return baseline.model_dump(mode="json")
