"""Sentences of the verdict on what is small or odd, and on how many rows are wanted."""

from __future__ import annotations

from collections.abc import Sequence

from core.catalog.drift_tests import DELTAS
from core.drift.tests.rows_needed import MORE, POWER, rows_needed
from core.standalone.counts import counted, counted_of, first_of
from core.watch.judge.columns import COLUMN_ALARMS, ColumnDrift
from core.watch.judge.examine import UNTOLD
from core.watch.judge.far_outside import BEYOND_TIMES
from core.watch.judge.joint import JointDrift
from core.watch.judge.schema_gate import DataIssue
from core.watch.words.grouped_issues import grouped
from core.watch.words.wording import BY_LENGTH

SHOWN = 3


def collect(columns: Sequence[ColumnDrift], untold: Sequence[ColumnDrift]) -> str:
    """How many new rows are wanted: a figure that holds, or that the reference or the lots are too few."""
    if any(column.details.independent_current is not None for column in untold):
        return (
            "Collect rows of more lots, such as more days, batches or customers, and compare again: more "
            "rows of the same lots hardly help. If a column names the lots, give it the role Group. Only "
            "where single rows of one file were dealt to both at random, shuffle the rows of both, then "
            "compare again: where whole lots went to one side, that would hide them."
        )
    family = sum(len(column.details.aspects) for column in columns)
    reference = min(column.n_reference for column in untold)
    delta = min(_counts_from(column) for column in untold)
    rows = rows_needed(reference, family, delta, COLUMN_ALARMS)
    if rows is None:
        return "Collect more rows, and compare them with more rows of the reference: it has too few as well."
    return (
        f"Collect more rows and compare again: {rows:,} with a value find a change of {MORE * delta:.3g} in "
        f"a column of numbers at least {POWER:.0%} of the time, from {delta:.3g} on it counts."
    )


def too_few(asked: Sequence[ColumnDrift], untold: Sequence[ColumnDrift]) -> str:
    """The sentence that so few rows leave columns open, and which of these may only look changed."""
    least = min(column.n_current for column in untold)
    open_ones = f"{counted_of(len(untold), len(asked), 'column', 'stays')} open"
    alike = [column for column in untold if column.details.independent_current is not None]
    if not alike:
        return f"{counted(least, 'new row', 'is')} too few to tell: {open_ones}."
    rows = min(column.details.independent_current or 0.0 for column in alike)
    text = (
        f"Too few independent rows to tell: rows come in lots that are alike, so that "
        f"{counted(least, 'new row')} count as about {rows:,.0f}; {open_ones}."
    )
    return text + seeming(untold)


def seeming(untold: Sequence[ColumnDrift]) -> str:
    """The sentence that names the columns that only look changed, and why; empty where there are none."""
    changed = seemingly_changed(untold)
    if not changed:
        return ""
    named = first_of([repr(column.name) for column in changed], SHOWN)
    return f" Other lots alone may make the difference that is seen in {named}."


def seemingly_changed(untold: Sequence[ColumnDrift]) -> list[ColumnDrift]:
    """The columns of which values or missing cells changed enough to count, were rows less alike in lots."""
    alike = [column for column in untold if column.details.independent_current is not None]
    return [
        column
        for column in alike
        if any(row.effect >= row.threshold for row in column.details.aspects if row.state == "too_few_rows")
    ]


def _counts_from(column: ColumnDrift) -> float:
    """From where a change of the values of a column counts."""
    values = [row.threshold for row in column.details.aspects if row.aspect == "value"]
    return min(values, default=DELTAS["normal"])


def noticed(asked: Sequence[ColumnDrift], odd: Sequence[DataIssue]) -> str:
    """What is small or odd, in sentences; empty when there is nothing."""
    text = ""
    small = [column.name for column in asked if column.state == "minor"]
    if small:
        named = first_of(list(map(repr, small)), SHOWN)
        text += f" Real but small changes: {len(small)} ({named})."
    groups = grouped(odd)
    if groups:
        more = f" {counted(len(groups) - SHOWN, 'more thing', 'was')} noticed." if len(groups) > SHOWN else ""
        text += "".join(f" {group.text}" for group in groups[:SHOWN]) + more
    return text


def stuck_number(columns: Sequence[ColumnDrift], odd: Sequence[DataIssue]) -> DataIssue | None:
    """That a column of many numbers has one value only now, which rows that come in lots do not explain."""
    numbers = {
        column.name
        for column in columns
        if column.state == "too_few_rows" and any(row.aspect == "spread" for row in column.details.aspects)
    }
    return next((one for one in odd if one.code == "CONSTANT" and one.column in numbers), None)


def untold_values(columns: Sequence[ColumnDrift]) -> str:
    """Which columns could not be compared, so that new values are not noticed; empty for none."""
    left = [column for column in columns if column.state == "not_computed"]
    names = [column.name for column in left if column.reason.startswith(UNTOLD)]
    if not names:
        return _words_untold(columns)
    more = f" and {counted(len(names) - 1, 'other column')}" if len(names) > 1 else ""
    verb = "were" if more else "was"
    told = f" {names[0]!r}{more} {verb} not compared: the reference does not tell the values."
    return told + _words_untold(columns)


def _words_untold(columns: Sequence[ColumnDrift]) -> str:
    """The columns of texts that were compared by their lengths, as a reference that keeps no words allows."""
    names = [repr(one.name) for one in columns if one.kind == "text" and BY_LENGTH in one.reason]
    if not names:
        return ""
    return f" Of {first_of(names, 2, 'column')} the lengths were compared and not the words."


def untested_together(joint: JointDrift) -> str:
    """That the rows as wholes could not be tested, why, and what of them was tested without rows."""
    but = "" if joint.relations.state == "not_computed" else ", but for numbers two by two"
    return f" Whether the columns changed together was not tested{but}: {joint.reason}"


def other_cause(columns: Sequence[ColumnDrift], issues: Sequence[DataIssue]) -> str:
    """What to look at where no column drifted; empty where nothing tells."""
    return _beyond_times(issues) or _adding_up(columns)


def _beyond_times(issues: Sequence[DataIssue]) -> str:
    """What to look at where times of new rows lie beyond those of training; empty where none do."""
    names = [issue.column for issue in issues if issue.code == BEYOND_TIMES]
    return f"look whether the other times of {names[0]!r} make the difference" if names else ""


def _adding_up(columns: Sequence[ColumnDrift]) -> str:
    """What to look at where columns changed too little to count each; empty where none did."""
    small = [repr(column.name) for column in columns if column.state == "minor"]
    return f"find out what the small changes of {first_of(small, SHOWN)} add up to" if small else ""
