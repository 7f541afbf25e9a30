"""What became of predictions and target, and what is to be known of the labels that have come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from core.drift.profile.conversion import TypedColumn, typed
from core.drift.profile.design import Lots
from core.drift.profile.document import ReferenceProfile
from core.watch.judge.columns import ColumnDrift
from core.watch.judge.late_labels import (
    are_classes,
    arrived,
    as_classes,
    is_fair_draw,
    label_issues,
    relation_untested,
)
from core.watch.judge.limits import Limits
from core.watch.judge.outputs import prediction_drift, said_of, target_drift
from core.watch.judge.same_rows import SAME_ROWS, are_same, uncompared
from core.watch.judge.schema_gate import DataIssue, type_issues


def outcomes(
    reference: ReferenceProfile,
    frame: pd.DataFrame,
    new: Mapping[str, TypedColumn],
    predictions: Mapping[str, Any],
    limits: Limits,
    lots: Lots | None,
    seed: int,
) -> tuple[list[ColumnDrift], ColumnDrift | None, list[DataIssue]]:
    """The verdicts on predictions and target, and what is to be known about them and the rows."""
    outputs, issues = prediction_drift(reference, predictions, limits, lots, seed)
    given = labels_in(reference, frame)
    labels = given.values if given is not None and given.given else None
    verdicts, about = _target(reference, given, frame, predictions, limits, lots, seed)
    issues += about
    rows = [new[column.name].values for column in reference.inputs if column.name in new]
    if are_same(reference, rows, labels):
        issues.append(SAME_ROWS)
        outputs = uncompared(outputs)
    return outputs, verdicts[0] if verdicts else None, issues


def _target(
    reference: ReferenceProfile,
    given: TypedColumn | None,
    frame: pd.DataFrame,
    predictions: Mapping[str, Any],
    limits: Limits,
    lots: Lots | None,
    seed: int,
) -> tuple[list[ColumnDrift], list[DataIssue]]:
    """The verdict on the labels that have come, if any have, and what is to be known of them."""
    old = reference.target
    if old is None or frame.empty:
        return [], []
    labels = pd.Series([None] * len(frame), dtype=object) if given is None else given.values
    issues: list[DataIssue] = []
    if given is not None and are_classes(old, reference.task):
        old, labels = as_classes(old, labels, arrived(frame[old.name], old.levels))
    elif given is not None:
        issues += type_issues(old, given, "warn")
    issues += label_issues(old, labels, reference.task)
    if not labels.notna().any():
        return [], issues
    if not reference.task:
        issues.append(relation_untested(old))
    fair = is_fair_draw(labels.notna().to_numpy(), said_of(predictions), old.missing_rate)
    return [target_drift(old, labels, fair, limits, lots, seed)], issues


def labels_in(reference: ReferenceProfile, frame: pd.DataFrame) -> TypedColumn | None:
    """The target of the new rows in the physical type of the reference; None when they lack it."""
    target = reference.target
    if target is None or target.name not in frame.columns:
        return None
    values = arrived(frame[target.name], target.levels)
    return typed(values, target.physical, target.format, reference.decimal)
