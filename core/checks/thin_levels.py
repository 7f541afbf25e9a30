"""Columns with few rows a level, whose levels tell the target by their other rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.checks.finding import FEWEST_ENTITIES, Finding, Severity
from core.checks.strength import Evidence, explained, gini, targets_of
from core.data.table import Column
from core.standalone.counts import counted

MOST_MATES = 25
"""Mean rows a level; with more the ordinary strength tells."""
MOST_LEVELS = 4_000
LEAST_SHARE = 0.2
"""Of the rows that share their level with another."""
MOST_SHARE = 0.5
"""From so many such rows on a column of numbers is surely a leak; fewer may agree by rounding."""
LEAST_ROWS = 40
LEAST_OF_A_CLASS = 10
WEAK = 0.2
"""Below this nothing further is looked at."""


def pure_levels(evidence: Evidence, error: float, warn: float) -> list[Finding]:
    """Columns in which the other rows of its level tell the target of a row."""
    subject = evidence.subject
    present = len(subject.frame)
    findings = []
    for column in subject.features("categorical", "numeric"):
        if not FEWEST_ENTITIES < column.unique <= present / 1.1 or present / column.unique > MOST_MATES:
            continue
        strength, share = _mates(evidence, column)
        if share < LEAST_SHARE or strength < min(error, warn):
            continue
        certain = column.kind != "numeric" or share >= MOST_SHARE
        severity: Severity = "error" if strength >= error and certain else "warn"
        alike = "a similar" if evidence.numbers else "mostly the same"
        reason = (
            f"Rows with the same {column.name} have {alike} {subject.target} "
            f"({counted(column.unique, 'value')}; {share:.0%} of the rows have theirs in common with "
            f"others; {evidence.measure} {strength:.3f}): either it is known only after the fact, or it "
            "names what rows belong to."
        )
        fix, other = subject.cures(column)
        findings.append(
            Finding(
                code="LEAKAGE",
                severity=severity,
                column=column.name,
                reason=reason,
                fix=fix,
                other_fix=other,
            )
        )
    return findings


def _mates(evidence: Evidence, column: Column) -> tuple[float, float]:
    """Strength of the mean of the other rows of a level, and the share of rows that have such others."""
    rows = whole_levels(evidence, column.name)
    strength, share = _by_others(evidence, rows, column.name)
    if strength < WEAK or share < LEAST_SHARE:
        return strength, share
    names = [c.name for c in evidence.subject.columns if c.kind != "id"]
    return _by_others(evidence, rows[~rows[names].duplicated()], column.name)


def _by_others(evidence: Evidence, rows: pd.DataFrame, name: str) -> tuple[float, float]:
    codes = pd.factorize(rows[name])[0]
    targets = targets_of(rows[evidence.subject.target], evidence.numbers)
    counts = np.bincount(codes)
    shared = counts[codes] > 1
    if shared.sum() < LEAST_ROWS or (not evidence.numbers and _is_rare(targets[shared])):
        return 0.0, 0.0
    others = np.column_stack([np.bincount(codes, weights=column)[codes] - column for column in targets.T])
    guesses = others[shared] / (counts[codes][shared] - 1)[:, None]
    truth, share = targets[shared], float(shared.mean())
    if evidence.numbers:
        return explained(truth[:, 0], guesses[:, 0]), share
    together = ((guesses - guesses.mean(axis=0)) * (truth - truth.mean(axis=0))).mean(axis=0)
    if together.max() < WEAK * (guesses.std(axis=0) * truth.std(axis=0)).max():
        return 0.0, share
    return gini(truth, guesses), share


def _is_rare(targets: np.ndarray) -> bool:
    return bool(np.minimum(targets.sum(axis=0), (1 - targets).sum(axis=0)).max() < LEAST_OF_A_CLASS)


def whole_levels(evidence: Evidence, name: str) -> pd.DataFrame:
    """The rows, with a target, of at most 4,000 values of a column: every row that has one of them."""
    subject = evidence.subject
    if len(evidence.rows) == subject.frame[subject.target].notna().sum():
        return evidence.rows[evidence.rows[name].notna()]
    values = evidence.rows[name].dropna().drop_duplicates().head(MOST_LEVELS)
    rows = subject.frame[subject.frame[name].isin(values)]
    return rows[rows[subject.target].notna()]
