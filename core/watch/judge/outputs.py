"""Drift of what a model says and of what it should have said: predictions and the target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from core.drift.profile.design import Lots, shared_designs, with_designs
from core.drift.profile.document import ColumnProfile, ReferenceProfile
from core.drift.profile.summary import FEW_VALUES, SCORE, in_bins_of, prediction_series, summarise
from core.drift.tests.aspects import Side
from core.standalone.counts import counted, counted_of
from core.watch.judge.columns import OUTPUT_ALARMS, ColumnDrift, judge
from core.watch.judge.examine import examine
from core.watch.judge.limits import Limits
from core.watch.judge.schema_gate import DataIssue

NOT_JUDGED = (
    "The rows that have a label may differ from those that have none yet, so this is not judged before "
    "more labels have come."
)


def prediction_drift(
    reference: ReferenceProfile,
    predictions: Mapping[str, Any],
    limits: Limits,
    lots: Lots | None,
    seed: int,
) -> tuple[list[ColumnDrift], list[DataIssue]]:
    """The verdicts on score and class, as far as both sides have them, and what is wrong with the scores.

    Judged on their own, at half the usual limits; at the whole ones where the scores of the reference are
    those of a twin of the model, whose answers are carried over to it.
    """
    try:
        series = prediction_series(predictions)
    except (ValueError, TypeError) as error:
        return [], [DataIssue("error", "PREDICTIONS", "", f"The predictions cannot be read: {error}.")]
    issues = score_issues(series[SCORE][1], reference.task) if SCORE in series else []
    pairs = [(old, series[old.name][1]) for old in reference.predictions if old.name in series]
    of_twin = reference.refitted is not False
    return output_drift(pairs, limits if of_twin else limits.half(), lots, seed, of_twin), issues


def said_of(predictions: Mapping[str, Any]) -> list[pd.Series]:
    """What a model says of n rows: scores and classes, as far as they are given and can be read."""
    try:
        return [values for _, values in prediction_series(predictions).values()]
    except (ValueError, TypeError):  # prediction_drift makes an issue of it
        return []


def target_drift(
    old: ColumnProfile, labels: pd.Series, is_fair: bool, limits: Limits, lots: Lots | None, seed: int
) -> ColumnDrift:
    """The verdict on the labels that have come; those that have not are no change.

    Args:
        labels: (n,) typed, missing where none has come.
        is_fair: whether these rows are like the others; if not, a change of the mix is told and not judged.
    """
    present = replace(old, n=old.present, missing=0)
    arrived = labels.notna().to_numpy()
    of_labels = None if lots is None else lots.of(arrived)
    column = output_drift([(present, labels[arrived])], limits.half(), of_labels, seed)[0]
    if is_fair or column.state not in ("drift", "minor"):
        return column
    reason = f"{column.reason} {NOT_JUDGED}"
    return replace(column, state="not_computed", strength=0.0, impact=0.0, reason=reason)


def score_issues(scores: pd.Series, task: str) -> list[DataIssue]:
    """Scores that are missing, and probabilities that are none."""
    issues = []
    if scores.isna().any():
        text = f"{counted_of(int(scores.isna().sum()), len(scores), 'score', 'is')} missing."
        issues.append(DataIssue("warn", "SCORE_MISSING", SCORE, text))
    outside = int(((scores < 0) | (scores > 1)).sum())
    if outside and task in ("binary", "multiclass"):
        text = f"{counted(outside, 'score', 'lies')} outside 0 to 1, so they are not probabilities."
        issues.append(DataIssue("error", "SCORE_RANGE", SCORE, text))
    return issues


def output_drift(
    pairs: Sequence[tuple[ColumnProfile, pd.Series]],
    limits: Limits,
    lots: Lots | None,
    seed: int,
    of_twin: bool = False,
) -> list[ColumnDrift]:
    """The verdicts on outputs, each a profile and its new typed values.

    Args:
        of_twin: the profiles are of another model's answers, carried over to this one.
    """
    tested = []
    for old, values in pairs:
        few = old.distinct <= FEW_VALUES
        new = summarise(old.name, old.kind, old.physical, values, old.format, as_levels=few)
        pair = shared_designs(old, with_designs(in_bins_of(new, old), values, lots), lots)
        tested.append(examine(Side(pair[0]), Side(pair[1]), limits, seed, of_twin))
    return judge(tested, limits.material, None, OUTPUT_ALARMS)
