"""Columns that were left out and name what rows belong to: leaving one out does not part its rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.checks.entities import Key, likeliest_keys, loss_together
from core.checks.finding import Finding, Severity, Subject, keep_together
from core.checks.owners import most_between
from core.checks.strength import Evidence, evidence_of
from core.data.table import Column
from core.standalone.counts import counted

LITTLE = 0.05
"""Share of the target's variance between what rows belong to that hardly flatters a score."""
CLEARLY = 3.0
"""Standard errors of the strength of a model that knows nothing, by which rows must be known again."""


def rows_left_apart(subject: Subject, fewest: int) -> list[Finding]:
    """The columns left out whose rows may stand on both sides of the split, by their name, codes or values.

    A problem where a small model, which does not read the column, tells the target clearly less well once
    such rows are kept together.
    """
    named = subject.entities_aside(fewest)
    evidence = evidence_of(subject) if named or subject.aside() else None
    if not named:
        return [] if evidence is None or subject.entities(fewest) else _hidden(evidence)
    return [_named(subject, evidence, column) for column in named]


def _named(subject: Subject, evidence: Evidence | None, column: Column) -> Finding:
    loss = 0.0
    if evidence is not None:
        codes = pd.factorize(evidence.rows[column.name])[0]
        loss = loss_together(evidence, Key((column,), codes), is_named=True)
        loss = loss if loss >= CLEARLY * _chance(evidence) else 0.0
    calm = "" if loss else no_effect(subject, evidence, column)
    severity: Severity = "error" if loss else "info" if calm else "warn"
    rows = len(subject.frame) - column.missing
    return _finding((column,), column.unique, rows, severity, calm or _less(evidence, loss))


def no_effect(subject: Subject, evidence: Evidence | None, column: Column) -> str:
    """Why keeping the rows of a column together would change next to nothing; empty where it may.

    Rows of one value are hardly more alike in the target than others, and a small model tells it as well.
    """
    if evidence is None:
        return ""
    codes = pd.factorize(evidence.rows[column.name])[0]
    between = most_between(codes, evidence.rows[subject.target])
    if between > LITTLE or loss_together(evidence, Key((column,), codes), is_named=True):
        return ""
    return (
        f"but at most {max(between, 0.01):.0%} of what {subject.target} varies lies between them, and a "
        f"small model tells {subject.target} as well where rows of one are kept together: nothing shows "
        "that a split at random flatters the score."
    )


def _hidden(evidence: Evidence) -> list[Finding]:
    """One to three columns, some of them left out, that name what rows belong to without being called so."""
    subject = evidence.subject
    aside = subject.aside()
    best, loss = None, 0.0
    for key in likeliest_keys(evidence, (*aside, *subject.features()), aside):
        lost = loss_together(evidence, key)
        if lost > max(loss, CLEARLY * _chance(evidence)):
            best, loss = key, lost
    if best is None:
        return []
    count = len(np.unique(best.codes[best.codes >= 0]))
    return [_finding(best.columns, count, len(evidence.rows), "warn", _less(evidence, loss))]


def _chance(evidence: Evidence) -> float:
    """Standard error of the strength of guesses that know nothing of the target."""
    rows = len(evidence.rows)
    if evidence.numbers:
        return float(1 / np.sqrt(rows))
    share = evidence.targets.mean(axis=0)
    return float(1 / np.sqrt(3 * rows * max(share * (1 - share))))


def _less(evidence: Evidence | None, loss: float) -> str:
    if evidence is None or not loss:
        return "which flatters the score."
    return (
        f"and a small model tells {evidence.subject.target} less well by {loss:.2f} ({evidence.measure}) "
        "where such rows are kept together: the score is flattered."
    )


def _finding(columns: tuple[Column, ...], count: int, rows: int, severity: Severity, more: str) -> Finding:
    names = [column.name for column in columns]
    what = ", ".join(names[:-1]) + " and " * (len(names) > 1) + names[-1]
    aside = ", ".join(column.name for column in columns if column.role == "ignore")
    values = f"{counted(count, 'different value')} of {what} stand for {counted(rows, 'row')}"
    reason = (
        f"{aside} is left out, but leaving it out does not part its rows: {values}, rows of one may be in "
        f"training and in the test, {more}"
    )
    fix = keep_together(names[0]) if len(names) == 1 else None
    if fix is None:
        reason += f" Add a column to the file that joins {what}, and give it the role Group."
    return Finding(code="GROUPED", severity=severity, column=aside.split(", ")[0], reason=reason, fix=fix)
