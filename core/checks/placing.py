"""Checks of the columns that divide the rows: those with the role group or time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.checks.entity_names import names_entity
from core.checks.finding import FEWEST_ENTITIES, Finding, Fix, Subject, keep_together, leave_out
from core.data.table import Column
from core.standalone.counts import counted_of
from core.standalone.split import as_groups

WITHOUT = {
    "time": "they count as the earliest, so that none of them is in the test set",
    "group": "they count as one group, though they may have nothing in common",
}
UNPLACED = 0.05
"""Share of rows without a value above which it is a warning."""
ALONE = 0.9
"""Share of rows that are the only one of their group from which it is a warning."""


def unplaced_rows(subject: Subject) -> list[Finding]:
    """Columns of the role group or time that many rows have no value of."""
    rows = max(1, len(subject.frame))
    return [
        _finding(
            "HIGH_MISSING",
            c,
            f"{counted_of(c.missing, rows, 'row', 'has')} no {c.name}: {WITHOUT[c.role]}.",
        )
        for c in subject.placing("group", "time")
        if c.missing > UNPLACED * rows
    ]


def odd_groups(subject: Subject) -> list[Finding]:
    """Group columns that keep hardly any rows together, or not all that belong together."""
    return [
        finding
        for column in subject.placing("group")
        for finding in _alone(subject, column) or _wider(subject, column)
    ]


def _finding(code: str, column: Column, reason: str, fix: Fix | None = None) -> Finding:
    return Finding(code=code, severity="warn", column=column.name, reason=reason, fix=fix)


def _alone(subject: Subject, column: Column) -> list[Finding]:
    """A group column that keeps hardly any rows together."""
    groups = pd.Series(as_groups(subject.frame[column.name], (), {}))
    single = int((~groups.duplicated(keep=False)).sum())
    if single < ALONE * len(groups):
        return []
    reason = (
        f"{counted_of(single, len(groups), 'row', 'is')} the only one of their group: {column.name} keeps "
        "hardly any rows together, and they are split nearly as if drawn at random."
    )
    return [_finding("GROUPED", column, reason, leave_out(column.name))]


def _wider(subject: Subject, column: Column) -> list[Finding]:
    """A column that names what several whole groups belong to, which may stand on both sides of the split."""
    groups = pd.factorize(as_groups(subject.frame[column.name], (), {}))[0]
    for other in subject.columns:
        if other.role not in ("feature", "ignore") or other.name == subject.target:
            continue
        if not names_entity(other.name) or not FEWEST_ENTITIES <= other.unique < len(np.unique(groups)):
            continue
        pairs = pd.DataFrame({"group": groups, "other": pd.factorize(subject.frame[other.name])[0]})
        owners = pairs[pairs["other"] >= 0].groupby("group")["other"].nunique()
        if len(owners) and (owners == 1).all():
            reason = (
                f"Each value of {column.name} belongs to one {other.name} ({other.unique:,} of them): rows "
                f"of one {other.name} may be in training and in the test, which flatters the score."
            )
            return [_finding("GROUPED", column, reason, keep_together(other.name))]
    return []
