"""One sentence on everything, the worst first, and one on what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.drift.profile.summary import CLASS, SCORE
from core.standalone.counts import counted, counted_of, first_of
from core.watch.judge import remarks
from core.watch.judge.columns import ColumnDrift
from core.watch.judge.far_outside import FAR_OUTSIDE, LONG_TAIL
from core.watch.judge.joint import JointDrift
from core.watch.judge.late_labels import RELATION_UNTESTED
from core.watch.judge.schema_gate import DataIssue
from core.watch.performance import Performance
from core.watch.words.grouped_issues import grouped

VerdictState = Literal["broken", "worse", "drift", "too_few_rows", "look", "stable"]
HARDLY_USED = 0.01
SHOWN = 3
ABSENT = ("MISSING_COLUMN", "RENAMED_COLUMN")
ELSEWHERE = frozenset((*ABSENT, "NEW_BY_NATURE", "FOREIGN_LABELS"))
"""Warnings that have words of their own, or that hold for every comparison of the table."""
NOT_ALL_TESTED = (
    "Nothing to do for what was tested; compare with the training file to test how columns go together."
)
SEEMS_WORSE = (
    "The model may have got worse: look at the score first, and at the rows with the largest errors. Chance "
    "cannot be ruled out before there are more labelled rows, or more test rows."
)


@dataclass(frozen=True)
class Verdict:
    """The answer for the whole table: a state, a sentence, and a sentence that says what to do.

    The state is the worst that was found: ``broken`` makes predictions unsafe, ``worse`` is the score on new
    labels, then come ``drift``, ``too_few_rows`` to tell, ``look`` for what is small or odd, and ``stable``.
    """

    state: VerdictState
    text: str
    action: str


def verdict(
    columns: Sequence[ColumnDrift],
    joint: JointDrift,
    outputs: Sequence[ColumnDrift],
    issues: Sequence[DataIssue],
    score: Performance | None = None,
) -> Verdict:
    """The verdict; ``columns`` sorted by impact, ``outputs`` are predictions and target.

    Args:
        score: of the model on new labels; its words stand in the verdict, first of all when it got worse.
    """
    data = _with_absent(_of_data(columns, joint, outputs, issues), issues)
    if score is None:
        return data
    if score.state == "worse":
        return _worse(data, score, columns, joint)
    if score.seems_worse and data.state != "broken":
        action = f"{SEEMS_WORSE} {data.action}" if data.state == "drift" else SEEMS_WORSE
        state: VerdictState = "drift" if data.state == "drift" else "look"
        return Verdict(state, f"{score.text} {data.text}", action)
    # Why there is no score may be what the findings have said already.
    return data if score.text in data.text else replace(data, text=f"{data.text} {score.text}")


def _with_absent(data: Verdict, issues: Sequence[DataIssue]) -> Verdict:
    """The verdict with the columns that are gone and that no model needs, if any are."""
    absent = [one.column for one in issues if one.code in ABSENT and one.severity == "warn"]
    if not absent or data.state == "broken":
        return data
    named = first_of(list(map(repr, absent)), SHOWN)
    text = f"{data.text} {counted(len(absent), 'column', 'is')} missing from the new data: {named}."
    if data.state not in ("stable", "look"):
        return replace(data, text=text)
    action = (
        f"Check whether {absent[0]!r} should be there; a label may still be to come, then nothing is wrong."
    )
    return Verdict("look", text, action)


def _worse(data: Verdict, score: Performance, columns: Sequence[ColumnDrift], joint: JointDrift) -> Verdict:
    text = f"{score.text} {data.text}"
    if data.state == "broken":
        return Verdict("broken", text, f"The model got worse on unsafe data. {data.action}")
    cause = _cause([column for column in columns if column.state == "drift"], joint)
    if cause:
        action = f"The model got worse: {cause}, then retrain on newer rows or stop using it."
    else:
        action = (
            "The model got worse, and no column tells why: check that the labels mean what they meant, then "
            "retrain on newer rows or stop using it."
        )
    return Verdict("worse", text, action)


def _of_data(
    columns: Sequence[ColumnDrift],
    joint: JointDrift,
    outputs: Sequence[ColumnDrift],
    issues: Sequence[DataIssue],
) -> Verdict:
    """The verdict on the rows alone, whatever the score."""
    errors = [issue for issue in issues if issue.severity == "error"]
    if errors:
        return _broken(errors)
    odd = [one for one in issues if one.severity == "warn" and one.code not in ELSEWHERE]
    drifted = [column for column in columns if column.state == "drift"]
    moved = [output for output in outputs if output.state == "drift"]
    if drifted or moved or joint.drifted:
        return _drift(columns, drifted, outputs, joint, remarks.other_cause(columns, issues))
    stuck = remarks.stuck_number(columns, odd)
    if stuck is not None:
        action = f"Find out why {stuck.column!r} no longer varies, then score the model on new labelled rows."
        others = [one for one in odd if one is not stuck]
        return Verdict("drift", f"{stuck.reason}{remarks.noticed([], others)}", action)
    untold = [column for column in columns if column.state == "too_few_rows"]
    asked = [column for column in columns if column.state != "not_computed"]
    if 2 * len(untold) > len(asked) or remarks.seemingly_changed(untold):
        text = remarks.too_few(asked, untold) + remarks.noticed(asked, odd)
        return Verdict("too_few_rows", text, remarks.collect(columns, untold))
    if not asked:
        return Verdict(
            "too_few_rows",
            "Nothing was compared: no column that could drift is left.",
            "Compare more rows, or data with more columns than ids and constants.",
        )
    told = (FAR_OUTSIDE, LONG_TAIL, RELATION_UNTESTED)
    also = [one for one in issues if one.severity == "info" and one.code in told]
    return _stable(asked, joint, odd, also, remarks.untold_values(columns))


def _broken(errors: Sequence[DataIssue]) -> Verdict:
    if "NO_COMMON_COLUMNS" in {error.code for error in errors}:
        return Verdict(
            "broken",
            "Nothing can be compared: no column of the reference is in the new data.",
            "Check that this is the right file.",
        )
    more = f", and {counted(len(errors) - 1, 'more such problem')}" if len(errors) > 1 else ""
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
    beyond: str,
) -> Verdict:
    moved = [output for output in outputs if output.state == "drift"]
    parts = []
    if drifted:
        asked = sum(column.state != "not_computed" for column in columns)
        of_asked = counted_of(len(drifted), asked, "column")
        parts.append(f"{of_asked} drifted, {drifted[0].name!r} matters most")
    parts += [f"the {_called(output.name)} drifted" for output in moved]
    if not drifted and joint.drifted:
        parts.append(f"no column drifted alone, but {_together(joint)}")
    text = "; ".join(parts)
    if drifted and not moved and _is_idle(drifted):
        text += "; the model hardly uses what drifted"
        return Verdict("drift", _capital(text), "Note it; nothing needs to be done for the model now.")
    looks = remarks.seeming([column for column in columns if column.state == "too_few_rows"])
    return Verdict("drift", _capital(text) + looks, _next(drifted, joint, outputs, beyond))


def _called(output: str) -> str:
    """A prediction as it is called, the target by its own name."""
    return output if output in (SCORE, CLASS) else f"target {output!r}"


def _together(joint: JointDrift) -> str:
    """What the rows as wholes have shown."""
    if joint.relations.state == "drift":
        return "the relations between columns changed"
    return "the rows as wholes did: a model can tell new ones from old ones"


def _is_idle(drifted: Sequence[ColumnDrift]) -> bool:
    shares = [column.importance for column in drifted if column.importance is not None]
    return len(shares) == len(drifted) and max(shares) < HARDLY_USED


def _next(
    drifted: Sequence[ColumnDrift], joint: JointDrift, outputs: Sequence[ColumnDrift], beyond: str
) -> str:
    """What to do: find the cause, look at the score, then decide."""
    moved = {output.name for output in outputs if output.state == "drift"}
    what = "predictions" if moved <= {SCORE, CLASS} else "target"
    cause = _cause(drifted, joint) or beyond or f"find out why the {what} changed although no column did"
    are_outputs = {output.name in (SCORE, CLASS) for output in outputs}
    scored = are_outputs == {True, False}  # the new rows have both predictions and the target
    score = "look at the score on the new labels" if scored else "score the model on new labelled rows"
    return f"{cause[0].upper()}{cause[1:]}, {score}, then decide on retraining."


def _cause(drifted: Sequence[ColumnDrift], joint: JointDrift) -> str:
    """What to look at first; empty when nothing about the columns changed."""
    if drifted:
        return f"find out why {drifted[0].name!r} changed"
    if not joint.drifted:
        return ""
    drivers = (*joint.drivers, *joint.relations.drivers)
    return f"find out what changed about {drivers[0].column!r}" if drivers else "find out what changed"


def _stable(
    asked: Sequence[ColumnDrift],
    joint: JointDrift,
    odd: Sequence[DataIssue],
    also: Sequence[DataIssue],
    unseen: str,
) -> Verdict:
    untold = sum(column.state == "too_few_rows" for column in asked)
    small = [column for column in asked if column.state == "minor"]
    text = f"No drift in {len(asked) - untold} of {counted(len(asked), 'column')} compared."
    if untold:
        text += f" {untold} have too few values to tell."
    text += remarks.noticed(asked, [*odd, *also]) + unseen
    action = "Nothing to do; compare again with the next batch."
    if unseen:
        action = "Nothing to do for what was tested; compare with the training file to test all."
    far = next((one.column for one in also if one.code == FAR_OUTSIDE), None)
    if far is not None:
        action = f"Nothing drifted; look at what lies far outside {far!r} when you can."
    elif any(one.code == RELATION_UNTESTED for one in also):
        action = "Nothing to do for what was tested; a model's score on the new labels tells the rest."
    if len(asked) > 1 and joint.state == "not_computed":
        text += remarks.untested_together(joint)
        action = action if far is not None else NOT_ALL_TESTED
    if odd:
        return Verdict("look", text, f"Look at what is odd first: {grouped(odd)[0].text}")
    if small:
        return Verdict("look", text, f"Look at {small[0].name!r}: {small[0].reason}")
    return Verdict("stable", text, action)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:] + "."
