"""What gives the target away: a column alone, its text, levels or gaps, or what was made from the target."""

from __future__ import annotations

import numpy as np

from core.checks.ahead import made_of_later_targets
from core.checks.bands import bands_of_target
from core.checks.combined import combined_columns
from core.checks.entities import hidden_entities
from core.checks.exact import exact_parts
from core.checks.finding import FEWEST_ENTITIES, Finding, Fix, Severity, Subject, leave_out
from core.checks.gaps import telling_gaps
from core.checks.made_from_target import means_of_target
from core.checks.rest import as_the_rest
from core.checks.sorted_by_target import sorted_by_target
from core.checks.strength import Evidence, evidence_of, measured_values, straight_strength
from core.checks.thin_levels import pure_levels
from core.checks.words_in_text import telling_texts
from core.data.table import Column

AS_WELL = 0.005
"""Strength by which a straight line may tell less than a curve, to be what is said."""
BELONGS = " If it names what rows belong to, such as a patient or a device, keep its rows together."


def leakage(subject: Subject, error: float, warn: float) -> list[Finding]:
    """Columns that nearly tell the target, one finding a column, the worst.

    The strength of a column is out of fold, on at most 20,000 rows: 2 AUC - 1 for classes (mean of one
    against the rest, weighted by class), R2 for numbers. The bands follow DataRobot's target leakage check
    (normalised Gini .85 and .975).
    """
    evidence = evidence_of(subject)
    if evidence is None:
        return []
    findings = as_the_rest(_alone(evidence, error, warn), evidence, error)
    for more in (telling_texts, pure_levels, telling_gaps, combined_columns):
        findings += more(evidence, error, warn)
    findings += bands_of_target(evidence)
    findings += means_of_target(evidence)
    findings += sorted_by_target(evidence)
    findings += made_of_later_targets(evidence)
    findings += hidden_entities(evidence)
    worst: dict[str, Finding] = {}
    for one in findings:
        if one.column not in worst or (one.severity == "error" != worst[one.column].severity):
            worst[one.column] = one
    return list(worst.values())


def _alone(evidence: Evidence, error: float, warn: float) -> list[Finding]:
    """Columns whose values alone tell the target, or together by an exact sum."""
    subject = evidence.subject
    findings = []
    exact = exact_parts(evidence.rows, subject) if evidence.numbers else ()
    entities = subject.entities(FEWEST_ENTITIES)
    for column in subject.features():
        strength = evidence.alone[column.name]
        if column.name in exact:
            findings.append(_finding(column, "error", _exact_reason(column, exact, subject.target)))
        elif strength >= min(warn, error):
            severity: Severity = "error" if strength >= error else "warn"
            measure = f"{evidence.measure} {strength:.3f}"
            fix, other = subject.cures(column) if _has_levels(column, entities) else (None, None)
            if column in entities:
                reason = _entity_reason(column, subject.target, measure)
            else:
                along = _along_a_line(evidence, column, strength, severity)
                reason = along or _reason(column, subject.target, measure, severity)
                reason += BELONGS.format(column.name) if other else ""
            findings.append(_finding(column, severity, reason, fix, other))
    return findings


def _has_levels(column: Column, entities: tuple[Column, ...]) -> bool:
    return column in entities or (column.kind == "categorical" and column.physical == "text")


def _finding(
    column: Column, severity: Severity, reason: str, fix: Fix | None = None, other: Fix | None = None
) -> Finding:
    return Finding(
        code="LEAKAGE",
        severity=severity,
        column=column.name,
        reason=reason,
        fix=fix or leave_out(column.name),
        other_fix=other,
    )


def _reason(column: Column, target: str, measure: str, severity: Severity) -> str:
    if severity == "error":
        return f"{column.name} alone gives {target} away ({measure}): it may be known only after the fact."
    return (
        f"{column.name} alone tells {target} unusually well ({measure}): make sure that it is known before."
    )


def _along_a_line(evidence: Evidence, column: Column, strength: float, severity: Severity) -> str:
    """What is said of a number that lies along a straight line with a numeric target; empty for others."""
    if not evidence.numbers or column.physical != "number":
        return ""
    measured = measured_values(evidence.rows[column.name], column)
    straight = straight_strength(measured, evidence)
    if straight < strength - AS_WELL:
        return ""
    used = np.isfinite(measured)
    target = evidence.targets[used, 0]
    slope = float(np.cov(measured[used], target)[0, 1] / target.var(ddof=1))
    line = f"{column.name} lies along a straight line with {evidence.subject.target}"
    told = (
        "it may be made from it, and" if severity == "error" else "make sure that it is not made from it, or"
    )
    return f"{line} (slope {slope:.3g}, R² {straight:.3f}): {told} known only after the fact."


def _entity_reason(column: Column, target: str, measure: str) -> str:
    return (
        f"{column.name} alone tells {target} ({measure}): rows of one {column.name} are alike. "
        "Keep them on one side of every split; the column would then be no input."
    )


def _exact_reason(column: Column, exact: tuple[str, ...], target: str) -> str:
    if len(exact) == 1:
        return f"{target} is {column.name} on another scale."
    return f"{target} is a weighted sum of {', '.join(exact)}, exactly."
