"""Drift of what a model says and of what it should have said: predictions and the target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from core.drift.profile.document import ColumnProfile
from core.drift.profile.summary import FEW_VALUES, SCORE, in_bins_of, prediction_series, summarise
from core.drift.tests import level_distances as levels
from core.drift.tests.aspects import Side
from core.watch.judge.columns import ColumnDrift, examine, judge
from core.watch.judge.limits import Limits
from core.watch.judge.schema_gate import DataIssue

RARE = 0.10
RARE_RATIO = 1.5
RARE_P = 0.01
NOT_JUDGED = (
    "The rows that have a label may differ from those that have none yet, so this is not judged before "
    "more labels have come."
)


def prediction_drift(
    reference: Sequence[ColumnProfile], predictions: Mapping[str, Any], task: str, limits: Limits, seed: int
) -> tuple[list[ColumnDrift], list[DataIssue]]:
    """The verdicts on score and class, as far as both sides have them, and what is wrong with the scores.

    Judged on their own, at half the usual limits.
    """
    try:
        series = prediction_series(predictions)
    except (ValueError, TypeError) as error:
        return [], [DataIssue("error", "PREDICTIONS", "", f"The predictions cannot be read: {error}.")]
    issues = score_issues(series[SCORE][1], task) if SCORE in series else []
    pairs = [(old, series[old.name][1]) for old in reference if old.name in series]
    return output_drift(pairs, limits, seed), issues


def said_of(predictions: Mapping[str, Any]) -> list[pd.Series]:
    """What a model says of n rows: scores and classes, as far as they are given and can be read."""
    try:
        return [values for _, values in prediction_series(predictions).values()]
    except (ValueError, TypeError):  # prediction_drift makes an issue of it
        return []


def target_drift(
    old: ColumnProfile, labels: pd.Series, is_fair: bool, limits: Limits, seed: int
) -> ColumnDrift:
    """The verdict on the labels that have come; those that have not are no change.

    Args:
        labels: typed, of the rows that have one.
        is_fair: whether these rows are like the others; if not, a change of the mix is told and not judged.
    """
    present = replace(old, n=old.present, missing=0)
    column = output_drift([(present, labels)], limits, seed)[0]
    if is_fair or column.state not in ("drift", "minor"):
        return column
    reason = f"{column.reason} {NOT_JUDGED}"
    return replace(column, state="not_computed", strength=0.0, impact=0.0, reason=reason)


def score_issues(scores: pd.Series, task: str) -> list[DataIssue]:
    """Scores that are missing, and probabilities that are none."""
    issues = []
    if scores.isna().any():
        text = f"{int(scores.isna().sum()):,} of {len(scores):,} scores are missing."
        issues.append(DataIssue("warn", "SCORE_MISSING", SCORE, text))
    outside = int(((scores < 0) | (scores > 1)).sum())
    if outside and task in ("binary", "multiclass"):
        text = f"{outside:,} scores lie outside 0 to 1, so they are not probabilities."
        issues.append(DataIssue("error", "SCORE_RANGE", SCORE, text))
    return issues


def output_drift(
    pairs: Sequence[tuple[ColumnProfile, pd.Series]], limits: Limits, seed: int
) -> list[ColumnDrift]:
    """The verdicts on outputs, each a profile and its new typed values, at half of the limits."""
    half = limits.half()
    tested = []
    for old, values in pairs:
        few = old.distinct <= FEW_VALUES
        new = summarise(old.name, old.kind, old.physical, values, old.format, as_levels=few)
        tested.append(examine(Side(old), Side(in_bins_of(new, old)), half, seed))
    row = judge(tested, half.material, None)
    return [
        _with_rare(column, t.reference.profile, t.current.profile)
        for column, t in zip(row, tested, strict=True)
    ]


def _with_rare(column: ColumnDrift, old: ColumnProfile, new: ColumnProfile) -> ColumnDrift:
    """A rare class whose odds changed by half is drift, however small the change in all rows."""
    if column.state == "drift" or not old.levels or not old.present or not new.present:
        return column
    changed = rare_classes(old, new)
    if not changed:
        return column
    name, before, after, p = changed[0]
    reason = f"The rare class {name!r} went from {before:.2%} to {after:.2%} of the rows."
    return replace(
        column, state="drift", test="rare_class", p=p, q=None, effect=abs(after - before), reason=reason
    )


def rare_classes(old: ColumnProfile, new: ColumnProfile) -> list[tuple[str, float, float, float]]:
    """Classes under 10 % whose odds changed 1.5 times or more: name, share before, after, p <= .01."""
    rare = []
    for level in sorted({*old.levels, *new.levels}):
        counts = np.array(
            [[side.levels.get(level, 0), side.present] for side in (old, new)], dtype=np.float64
        )
        counts[:, 1] -= counts[:, 0]
        before, after = (counts[:, 0] / counts.sum(axis=1)).tolist()
        if before >= RARE:
            continue
        odds = (counts[:, 0] + 0.5) / (counts[:, 1] + 0.5)
        p = levels.homogeneity(counts)[1]
        if p <= RARE_P and max(odds) / min(odds) >= RARE_RATIO:
            rare.append((level, before, after, p))
    return sorted(rare, key=lambda row: row[3])
