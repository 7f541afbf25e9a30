"""Columns of few values that sort rows by the target: by the mean of a group, or by classes put together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.checks.finding import Finding, Severity, leave_out
from core.checks.strength import Evidence
from core.data.table import Column
from core.standalone.counts import counted

LEAST_ROWS, LEAST_GROUPS, LEAST_OF_A_CLASS = 60, 3, 5
ASTRAY, SURELY = 0.03, 0.01
"""Share of the rows that may be on the wrong side of their group's mean or median, and up to which the column
was surely made from the target."""
ASTRAY_CLASS = 0.015
"""Share of the rows that may have another value than most of their class."""
LEAST_OF_A_SIDE = 0.05
"""Share of the rows that each of two values must have."""


def sorted_by_target(evidence: Evidence) -> list[Finding]:
    """Columns of two values that say whether a number is high in its group, or that put classes together."""
    return _above_groups(evidence) if evidence.numbers else _classes_together(evidence)


def _above_groups(evidence: Evidence) -> list[Finding]:
    subject = evidence.subject
    frame = subject.frame[subject.frame[subject.target].notna().to_numpy()]
    target = frame[subject.target]
    groups = [c for c in subject.columns if _may_group(c, len(frame))]
    findings = []
    for column in subject.features("boolean", "categorical", "numeric"):
        side = pd.factorize(frame[column.name], sort=True)[0]
        if column.unique != 2 or len(frame) < LEAST_ROWS or _is_thin(side):
            continue
        astray = {group.name: _astray(target, frame[group.name], side) for group in groups if group != column}
        name = min(astray, key=lambda one: astray[one], default="")
        if name and astray[name] <= ASTRAY:
            findings.append(_above(column.name, name, astray[name], subject.target))
    return findings


def _above(name: str, group: str, astray: float, target: str) -> Finding:
    is_sure = astray <= SURELY
    but = f", but for {astray:.1%} of the rows" if astray > 0 else ""
    made = "it was made from the target." if is_sure else "make sure that it was not made from the target."
    reason = f"{name} says whether {target} lies above the middle of its {group}{but}: {made}"
    severity: Severity = "error" if is_sure else "warn"
    return Finding(code="LEAKAGE", severity=severity, column=name, reason=reason, fix=leave_out(name))


def _is_thin(side: np.ndarray) -> bool:
    return bool(min((side == 0).mean(), (side == 1).mean()) < LEAST_OF_A_SIDE)


def _may_group(column: Column, rows: int) -> bool:
    return column.role != "target" and LEAST_GROUPS <= column.unique <= rows / 4


def _astray(target: pd.Series, groups: pd.Series, side: np.ndarray) -> float:
    """Share of the rows whose side, 0 or 1, is not that of the mean or the median of their group."""
    used = groups.notna().to_numpy() & (side >= 0)
    if used.sum() < LEAST_ROWS:
        return 1.0
    wrong = []
    for middle in ("mean", "median"):
        borders = target[used].groupby(groups[used].to_numpy()).transform(middle)
        right = float(((target[used] > borders).to_numpy() == (side[used] == 1)).mean())
        wrong += [right, 1 - right]
    return min(wrong)


def _classes_together(evidence: Evidence) -> list[Finding]:
    subject = evidence.subject
    classes = pd.factorize(evidence.rows[subject.target])[0]
    counts = np.bincount(classes)
    if (counts >= LEAST_OF_A_CLASS).sum() < 3 or len(classes) < LEAST_ROWS:
        return []
    findings = []
    for column in subject.features("boolean", "categorical", "numeric"):
        if not 2 <= column.unique < len(counts):
            continue
        values = pd.factorize(evidence.rows[column.name])[0] + 1
        table = np.zeros((len(counts), values.max() + 1), dtype=np.int64)
        np.add.at(table, (classes, values), 1)
        common = table.argmax(axis=1)
        astray = 1 - table.max(axis=1).sum() / len(classes)
        if astray <= ASTRAY_CLASS and len(set(common[counts >= LEAST_OF_A_CLASS])) > 1:
            reason = (
                f"Nearly all rows of a class of {subject.target} have the same {column.name}, which puts "
                f"{counted(len(counts), 'class')} into {len(set(common))}: it may be made from the target. "
                "Make sure that it is known before."
            )
            fix = leave_out(column.name)
            findings.append(
                Finding(code="LEAKAGE", severity="warn", column=column.name, reason=reason, fix=fix)
            )
    return findings
