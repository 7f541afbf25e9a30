"""Checks of the target and of the rows."""

from __future__ import annotations

import pandas as pd

from core.checks.chance_repeats import are_chance
from core.checks.finding import Finding, Fix, Severity, Subject, keep_together
from core.checks.placing import odd_groups
from core.checks.set_aside import no_effect, rows_left_apart
from core.checks.strength import evidence_of
from core.data.profile import label, repeated_rows
from core.spec import CLASSIFICATION
from core.standalone.counts import counted, counted_of, first_of
from core.standalone.target import gap_words


def target_missing(subject: Subject) -> list[Finding]:
    """Rows without a target, which no model can learn from."""
    missing, rows = subject.goal.missing, len(subject.frame)
    if not missing:
        return []
    severity = "error" if missing == rows else "warn"
    named = f": {gap_words(subject.gaps)}" if any(subject.gaps) else ""
    reason = f"{counted_of(missing, rows, 'row', 'has')} no {subject.target} and are set aside{named}."
    return [Finding(code="TARGET_MISSING", severity=severity, column=subject.target, reason=reason)]


def target_constant(subject: Subject) -> list[Finding]:
    """A target that never varies."""
    if subject.goal.unique != 1:
        return []
    reason = f"{subject.target} has one value only: there is nothing to tell apart."
    return [Finding(code="TARGET_CONSTANT", severity="error", column=subject.target, reason=reason)]


def target_id(subject: Subject, classes: int, many: int) -> list[Finding]:
    """A target with so many classes that there is nothing to learn."""
    goal = subject.goal
    present = len(subject.frame) - goal.missing
    if subject.task not in CLASSIFICATION:
        if goal.kind != "id":
            return []
        reason = f"{goal.name} looks like a row number or a key, not like a quantity."
        return [Finding(code="TARGET_ID", severity="error", column=goal.name, reason=reason)]
    if goal.unique > classes or (goal.unique > 20 and goal.unique > 0.5 * present):
        reason = (
            f"{goal.name} has {counted(goal.unique, 'class')} in {counted(present, 'row')}: it looks like a "
            "key, not a class."
        )
        return [Finding(code="TARGET_ID", severity="error", column=goal.name, reason=reason)]
    if goal.unique > many:
        reason = (
            f"{goal.name} has {counted(goal.unique, 'class')}; training is slow and rare classes are guesses."
        )
        return [Finding(code="TARGET_ID", severity="warn", column=goal.name, reason=reason)]
    return []


def imbalance(subject: Subject, share: float) -> list[Finding]:
    """A majority so large that plain accuracy says little."""
    if subject.task not in CLASSIFICATION or subject.goal.unique < 2:
        return []
    counts = _classes(subject)
    largest = float(counts.iloc[0] / counts.sum())
    if largest < share:
        return []
    reason = (
        f"{largest:.1%} of the rows are {label(counts.index[0])}: always guessing it is right that often."
    )
    if subject.minds_rare:
        return [Finding(code="IMBALANCE", severity="info", column=subject.target, reason=reason)]
    fix = Fix(
        edit="set_metric",
        args={"metric": subject.rare_metric},
        label="Use a metric that minds the rare class",
    )
    return [Finding(code="IMBALANCE", severity="warn", column=subject.target, reason=reason, fix=fix)]


def tiny_class(subject: Subject, rows: int) -> list[Finding]:
    """Classes with too few rows to be split and judged."""
    if subject.task not in CLASSIFICATION:
        return []
    counts = _classes(subject)
    tiny = counts[counts < rows]
    if not len(tiny) or len(counts) > 500:
        return []
    named = first_of([f"{label(level)} ({n})" for level, n in tiny.items()], 5)
    reason = f"Classes with fewer than {counted(rows, 'row')}: {named}. Their scores are guesses."
    severity = "error" if tiny.min() < 2 else "warn"
    return [Finding(code="TINY_CLASS", severity=severity, column=subject.target, reason=reason)]


def duplicates(subject: Subject) -> list[Finding]:
    """Duplicates: rows that repeat an earlier row, which may stand on both sides of a split."""
    if subject.unrepeated:
        return []
    compared = [c for c in subject.columns if c.kind != "id"]
    again = repeated_rows(subject.frame, compared)
    if not again:
        return []
    share = again / len(subject.frame)
    how_many = f"Duplicates: {again:,} ({share:.1%})."
    if are_chance(subject.frame[[c.name for c in compared]], subject.seed):
        reason = (
            f"{how_many} Each repeats an earlier row, about as often as separate cases with so few "
            "different values do by chance: no sign of copies, and nothing that flatters the score. Keep "
            "them all."
        )
        return [Finding(code="DUPLICATES", severity="info", column="", reason=reason)]
    reason = (
        f"{how_many} Each repeats an earlier row, more often than separate cases do by chance, and copies "
        "across a split flatter the score."
    )
    fix = Fix(edit="drop_duplicates", args={"on": True}, label="Keep one of each")
    severity = "warn" if share >= 0.01 else "info"
    return [Finding(code="DUPLICATES", severity=severity, column="", reason=reason, fix=fix)]


def grouped(subject: Subject, rows: int) -> list[Finding]:
    """A column that names what rows belong to, while rows of one belonging may be split apart."""
    findings = odd_groups(subject) + rows_left_apart(subject, rows)
    named = subject.entities(rows)
    evidence = evidence_of(subject) if named else None
    for column in named:
        calm = no_effect(subject, evidence, column)
        there = counted(len(subject.frame) - column.missing, "row")
        reason = (
            f"{counted(column.unique, 'different value')} of {column.name} stand for {there}: rows of one "
            f"may be in training and in the test, {calm or 'which flatters the score.'}"
        )
        severity: Severity = "info" if calm else "warn"
        fix = keep_together(column.name)
        found = Finding(code="GROUPED", severity=severity, column=column.name, reason=reason, fix=fix)
        findings.append(found)
    return findings


def time_shuffled(subject: Subject) -> list[Finding]:
    """A date that could order the rows, while rows are split at random."""
    if any(c.role == "time" for c in subject.columns):
        return []
    dates = [c for c in subject.features("datetime") if c.missing <= 0.05 * len(subject.frame)]
    if not dates:
        return []
    ordered = [c for c in dates if subject.frame[c.name].dropna().is_monotonic_increasing]
    column = (ordered or dates)[0].name
    beginning = "The rows are in the order of" if ordered else "The rows carry the date"
    reason = (
        f"{beginning} {column}, yet they are split at random: scores say little about predicting the future. "
        "Testing on the latest rows would order them by this column, which would then be no input; what it "
        "says of a row, such as its month, could be added on the Features page."
    )
    fix = Fix(edit="use_time", args={"column": column}, label="Test on the latest rows")
    return [Finding(code="TIME_SHUFFLED", severity="warn", column=column, reason=reason, fix=fix)]


def _classes(subject: Subject) -> pd.Series:
    return subject.frame[subject.target].value_counts()
