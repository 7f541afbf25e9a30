"""Checks of single columns and of pairs of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.checks.finding import Finding, Subject, leave_out
from core.checks.placing import unplaced_rows
from core.checks.spelling.numbers import is_measured
from core.data.kinds import LEAST_ID_ROWS, SAMPLE, named_like_id
from core.data.profile import correlated, some_rows
from core.data.table import Column
from core.spec import WITH_LEVELS
from core.standalone.counts import counted_of

TWIN_ROWS = 20_000


def constant(subject: Subject) -> list[Finding]:
    """Columns with one value or none; no model sees them."""
    return [
        Finding(code="CONSTANT", severity="info", column=c.name, reason=f"{c.reason} It is left out.".strip())
        for c in subject.columns
        if c.kind == "constant" and c.name != subject.target
    ]


def id_like(subject: Subject, share: float) -> list[Finding]:
    """Columns that name the row instead of describing it."""
    findings = []
    used = {c.name for c in subject.features("numeric", "categorical")}
    for column in subject.columns:
        if column.name == subject.target:
            continue
        if column.kind == "id" and column.role != "group":
            reason = f"{column.reason or 'Its values name the row.'} It is left out."
            findings.append(Finding(code="ID_LIKE", severity="info", column=column.name, reason=reason))
        elif column.name in used and _names_rows(subject, column, share):
            reason = (
                f"{counted_of(column.unique, len(subject.frame) - column.missing, 'value', 'is')} "
                "different: a model "
            )
            reason += "would learn the rows by heart."
            fix = leave_out(column.name)
            findings.append(
                Finding(code="ID_LIKE", severity="warn", column=column.name, reason=reason, fix=fix)
            )
    return findings


def _names_rows(subject: Subject, column: Column, share: float) -> bool:
    present = len(subject.frame) - column.missing
    if present < LEAST_ID_ROWS or column.unique < share * present:
        return False
    if column.physical == "text":
        return not is_measured(subject.frame[column.name].dropna().head(SAMPLE), subject.decimal)
    values = subject.frame[column.name].dropna().to_numpy()
    if column.unique < present or np.any(values % 1):
        return False
    steps = np.diff(values)
    return named_like_id(column.name) or bool(np.all(steps > 0) or np.all(steps < 0))


def high_missing(subject: Subject, share: float) -> list[Finding]:
    """Features with few values, and columns of the role group or time that many rows lack."""
    rows = max(1, len(subject.frame))
    return unplaced_rows(subject) + [
        Finding(
            code="HIGH_MISSING",
            severity="warn",
            column=c.name,
            reason=f"{c.missing / rows:.0%} of the rows have no value.",
            fix=leave_out(c.name),
        )
        for c in subject.features()
        if c.missing > share * rows
    ]


def repeated_columns(subject: Subject) -> list[Finding]:
    """Features that say what an earlier one says: ranks that go together, or levels that match one to one."""
    pairs = [
        (pair.a, pair.b, f"Its ranks follow those of {pair.a} (Spearman {pair.spearman:.2f}).")
        for pair in correlated(subject.frame, subject.features("numeric"), subject.target, subject.seed)
    ]
    pairs += _twins(subject)
    reasons: dict[str, str] = {}
    for _, second, reason in pairs:
        reasons.setdefault(second, reason)
    return [
        Finding(code="CORRELATED", severity="info", column=name, reason=reason, fix=leave_out(name))
        for name, reason in reasons.items()
    ]


def _twins(subject: Subject) -> list[tuple[str, str, str]]:
    rows = some_rows(subject.frame, TWIN_ROWS, subject.seed)
    seen: dict[bytes, str] = {}
    twins = []
    for column in subject.features(*WITH_LEVELS):
        codes = pd.factorize(rows[column.name])[0].astype("int32").tobytes()
        if codes in seen:
            twins.append((seen[codes], column.name, f"Its levels match those of {seen[codes]} one to one."))
        else:
            seen[codes] = column.name
    return twins
