"""One sentence on everything, and one on what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.drift.profile.summary import CLASS, SCORE
from core.watch.judge.columns import ColumnDrift
from core.watch.judge.joint import JointDrift
from core.watch.judge.schema_gate import DataIssue

VerdictState = Literal["drift", "stable", "too_few_rows", "broken"]
HARDLY_USED = 0.01


@dataclass(frozen=True)
class Verdict:
    """The answer for the whole table: a state, a sentence, and a sentence that says what to do."""

    state: VerdictState
    text: str
    action: str


def verdict(
    columns: Sequence[ColumnDrift],
    joint: JointDrift,
    outputs: Sequence[ColumnDrift],
    issues: Sequence[DataIssue],
) -> Verdict:
    """The verdict; ``columns`` sorted by impact, ``outputs`` are predictions and target."""
    errors = [issue for issue in issues if issue.severity == "error"]
    if errors:
        return _broken(errors)
    drifted = [column for column in columns if column.state == "drift"]
    moved = [output for output in outputs if output.state == "drift"]
    if drifted or moved or joint.drifted:
        return _drift(columns, drifted, outputs, joint)
    untold = [column for column in columns if column.state == "too_few_rows"]
    asked = [column for column in columns if column.state != "not_computed"]
    if untold and 2 * len(untold) > len(asked):
        least = min(column.n_current for column in untold)
        return Verdict(
            "too_few_rows",
            f"{least:,} new rows are too few to tell: {len(untold)} of {len(asked)} columns stay open.",
            "Collect more rows (about 200 find a change of 0.10) and compare again.",
        )
    if not asked:
        return Verdict(
            "too_few_rows",
            "Nothing was compared: no column that could drift is left.",
            "Compare more rows, or data with more columns than ids and constants.",
        )
    return _stable(len(asked), len(untold))


def _broken(errors: Sequence[DataIssue]) -> Verdict:
    if "NO_COMMON_COLUMNS" in {error.code for error in errors}:
        return Verdict(
            "broken",
            "Nothing can be compared: no column of the reference is in the new data.",
            "Check that this is the right file.",
        )
    more = f", and {len(errors) - 1} more such problems" if len(errors) > 1 else ""
    return Verdict(
        "broken",
        f"Predictions on this data are unsafe: {errors[0].reason.rstrip('.')}{more}.",
        "Repair the data where it comes from; do not retrain on it.",
    )


def _drift(
    columns: Sequence[ColumnDrift],
    drifted: Sequence[ColumnDrift],
    outputs: Sequence[ColumnDrift],
    joint: JointDrift,
) -> Verdict:
    moved = [output for output in outputs if output.state == "drift"]
    parts = []
    if drifted:
        asked = sum(column.state != "not_computed" for column in columns)
        are = "column" if asked == 1 else "columns"
        parts.append(f"{len(drifted)} of {asked} {are} drifted, {drifted[0].name!r} matters most")
    parts += [f"the {output.name} drifted" for output in moved]
    if not drifted and joint.drifted:
        parts.append("no column drifted alone, but the relations between columns changed")
    text = "; ".join(parts)
    if drifted and not moved and _is_idle(drifted):
        text += "; the model hardly uses what drifted"
        return Verdict("drift", _capital(text), "Note it; nothing needs to be done for the model now.")
    return Verdict("drift", _capital(text), _next(drifted, joint, outputs))


def _is_idle(drifted: Sequence[ColumnDrift]) -> bool:
    shares = [column.importance for column in drifted if column.importance is not None]
    return len(shares) == len(drifted) and max(shares) < HARDLY_USED


def _next(drifted: Sequence[ColumnDrift], joint: JointDrift, outputs: Sequence[ColumnDrift]) -> str:
    """What to do: find the cause, look at the score, then decide."""
    if drifted:
        cause = f"Find out why {drifted[0].name!r} changed"
    elif joint.drifted:
        drivers = (*joint.drivers, *joint.relations.drivers)
        cause = f"Find out what changed about {drivers[0].column!r}" if drivers else "Find out what changed"
    else:
        cause = "Find out why the outcome changed although no column did"
    are_outputs = {output.name in (SCORE, CLASS) for output in outputs}
    scored = are_outputs == {True, False}  # the new rows have both predictions and the target
    score = "look at the score on the new labels" if scored else "score the model on new labelled rows"
    return f"{cause}, {score}, then decide on retraining."


def _stable(asked: int, untold: int) -> Verdict:
    text = f"No drift in {asked - untold} of {asked} columns compared."
    if untold:
        text += f" {untold} have too few values to tell."
    return Verdict("stable", text, "Nothing to do; compare again with the next batch.")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:] + "."
