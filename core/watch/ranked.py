"""The verdicts on columns in the order in which a person should read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.drift.profile.document import ColumnProfile, ReferenceProfile
from core.watch.judge.columns import ColumnDrift


def ranked(reference: ReferenceProfile, judged: Sequence[ColumnDrift], rows: int) -> list[ColumnDrift]:
    """The verdicts with the columns that are missing among them, by impact."""
    names = {column.name for column in judged}
    absent = [_absent(column, rows) for column in reference.columns if column.name not in names]
    judged = [_aside(column, reference.aside) for column in judged]
    return sorted([*judged, *absent], key=lambda c: (-c.impact, -c.strength, -_ratio(c), c.name))


def _absent(column: ColumnProfile, rows: int) -> ColumnDrift:
    reason = "It is missing from the new data."
    return ColumnDrift(
        column.name, column.kind, "not_computed", reason=reason, n_reference=column.n, n_current=rows
    )


def _ratio(column: ColumnDrift) -> float:
    return (column.effect or 0.0) / (column.threshold or 1.0)


def _aside(column: ColumnDrift, aside: Sequence[str]) -> ColumnDrift:
    """The verdict on a column that the model does not read: nobody knows what a change of it means for it."""
    if column.name not in aside or column.importance is None:
        return column
    return replace(column, importance=None, impact=0.0)
