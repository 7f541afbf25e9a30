"""Noticing that the new rows are the reference itself: the same rows, in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from core.drift.profile.document import ReferenceProfile
from core.drift.profile.row_digest import column_keys, digest, mixed, row_keys
from core.drift.profile.summary import FEW_VALUES
from core.watch.judge.columns import ColumnDrift
from core.watch.judge.schema_gate import DataIssue

WHY_NOT = "A model is surer of rows that it has learned from, so what it says of them is not compared."
SAME_ROWS = DataIssue(
    "info", "SAME_ROWS", "", "The new rows are those of the reference, so nothing can have changed."
)


def are_same(reference: ReferenceProfile, new: Sequence[pd.Series], labels: pd.Series | None) -> bool:
    """Whether the new rows are those of the reference; with labels these must be the same too.

    Rows of few values may agree by chance, so at least one column must have more. A reference that does not
    tell the digest of its rows is never the same.

    Args:
        new: the inputs that the new rows have, typed, in the order of the reference.
        labels: the target of the new rows, typed, or None when they have none.
    """
    varied = any(column.distinct > FEW_VALUES for column in reference.inputs)
    if not reference.rows or not varied or len(new) != len(reference.inputs):
        return False
    if len(new[0]) != reference.n:
        return False
    keys = row_keys(new, reference.n)
    same = digest(keys) == reference.rows
    return same and (labels is None or digest(mixed(keys, column_keys(labels))) == reference.labelled)


def uncompared(outputs: Sequence[ColumnDrift]) -> list[ColumnDrift]:
    """The outputs of a model on its own training rows, which say nothing of drift."""
    return [
        replace(
            output, state="not_computed", test="", p=None, q=None, effect=None, impact=0.0, reason=WHY_NOT
        )
        for output in outputs
    ]
