"""Columns that were left out and name what rows belong to: leaving one out does not part its rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.checks.entities import (
    LEAST_ENTITIES,
    TRIED,
    Key,
    dominated,
    likeliest_keys,
    loss_together,
    strengths,
)
from core.checks.finding import MANY_ROWS, Finding, Severity, Subject, keep_together
from core.checks.owners import most_between
from core.checks.strength import Evidence, evidence_of, level_means
from core.data.table import Column
from core.standalone.counts import counted

LITTLE = 0.05
"""Share of the target's variance between what rows belong to that hardly flatters a score."""
HALF = 0.5
"""Strength of a text whose levels may be what rows belong to, and part of a loss that is of knowing again."""
RANGES = 20
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
        is_divided = bool(subject.placing("group", "time"))
        return [] if evidence is None or is_divided or subject.entities(fewest) else _hidden(evidence)
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
    keys = [*_telling_texts(evidence, aside), *likeliest_keys(evidence, (*aside, *subject.features()), aside)]
    for key in keys[:TRIED]:
        lost = loss_together(evidence, key)
        if lost > max(loss, CLEARLY * _chance(evidence)) and _known_again(evidence, key, lost):
            best, loss = key, lost
    if best is None:
        return []
    count = len(np.unique(best.codes[best.codes >= 0]))
    return [_finding(best.columns, count, len(evidence.rows), "warn", _less(evidence, loss))]


def _telling_texts(evidence: Evidence, aside: tuple[Column, ...]) -> list[Key]:
    """The columns of texts, left out, with many rows a level that tell the target: what tells most first."""
    found = []
    for column in aside:
        codes, levels = pd.factorize(evidence.rows[column.name])
        many = len(levels) >= LEAST_ENTITIES and (codes >= 0).sum() >= MANY_ROWS * len(levels)
        if column.physical != "text" or not many or dominated(codes):
            continue
        told = evidence.strength(level_means(codes, len(levels), evidence.targets, evidence.folds))
        if told >= HALF:
            found.append((told, Key((column,), codes)))
    return [key for _, key in sorted(found, key=lambda one: -one[0])]


def _known_again(evidence: Evidence, key: Key, loss: float) -> bool:
    """Whether rows are known again by what else they share, and not merely alike in the target.

    Keeping together levels that were made from the target costs a model as much as keeping together the same
    levels dealt anew among rows of one class, or of one range of a number.
    """
    random = np.random.default_rng(evidence.subject.seed)
    target = evidence.targets
    kind = (
        np.floor(RANGES * pd.Series(target[:, 0]).rank(pct=True).to_numpy() - 1e-9)
        if evidence.numbers
        else target @ 2.0 ** np.arange(target.shape[1])
    )
    dealt = key.codes.copy()
    for one in np.unique(kind):
        rows = np.flatnonzero(kind == one)
        dealt[rows] = dealt[random.permutation(rows)]
    whole, anew = (strengths(evidence, Key(key.columns, codes))[0] for codes in (key.codes, dealt))
    return anew - whole >= HALF * loss


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
