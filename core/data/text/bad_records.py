"""What to do about records with a wrong number of fields or a misplaced quote: never guess."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from core.data.table import Note
from core.data.text.field_counts import FieldCounts
from core.errors import FoldlineError
from core.standalone.counts import agreeing, counted, counted_of

SHOWN = 5
TABLE_ROWS = 3
MOST_BAD = 0.5
SKIP_HINT = "Correct them, or read the file without them (skip bad lines)."


@dataclass
class BadRecords:
    """Rows to leave out, notes to give, and the field from which on short rows lack fields."""

    drop: tuple[int, ...] = ()
    notes: list[Note] = field(default_factory=list)
    short_from: int | None = None


def judge(counts: FieldCounts, skip_bad: bool) -> BadRecords:
    """Accept, drop or refuse the irregular records.

    Raises:
        FoldlineError: ``QUOTES``, ``MULTI`` or ``RAGGED``, with the lines.
    """
    outcome = BadRecords(notes=_side_notes(counts))
    if counts.quote_line and (counts.first_long or (counts.positions and not skip_bad)):
        raise misplaced(counts)
    if counts.quote_line:
        text = f"Text stands outside the quotes of a field, first at line {counts.quote_line:,}; it was kept."
        outcome.notes.append(Note(code="QUOTES", text=text))
    if not counts.positions:
        return outcome
    if skip_bad and len(counts.positions) <= MOST_BAD * counts.rows:
        outcome.drop = tuple(counts.positions)
        text = (
            f"{counted(len(counts.positions), 'line')} with a wrong number of fields "
            f"{agreeing('was', len(counts.positions))} left out ({_lines(counts)})."
        )
        outcome.notes.append(Note(code="SKIPPED_LINES", text=text))
        return outcome
    if max(counts.counts) < counts.width and not any(counts.ends_empty):
        outcome.short_from = min(counts.counts)
        text = (
            f"{counted(len(counts.positions), 'row', 'ends')} early ({_lines(counts)}); the fields they "
            "lack are empty."
        )
        outcome.notes.append(Note(code="SHORT_ROWS", text=text))
        return outcome
    raise _refusal(counts)


def misplaced(counts: FieldCounts) -> FoldlineError:
    """The error that names the first record with a quote in the wrong place."""
    return FoldlineError(
        "QUOTES",
        f"A quote is in the wrong place in the record that begins at line {counts.quote_line:,}.",
        "Correct that line, or read quotes as ordinary text (quote: none).",
        f"line {counts.quote_line:,}",
    )


def good_rows(frame: pd.DataFrame, counts: FieldCounts, short_from: int) -> None:
    """Check that the fields which short rows lack are empty in every other row too.

    Raises:
        FoldlineError: ``RAGGED`` when they are not.
    """
    if not bool((frame.iloc[:, short_from:] == "").all(axis=None)):
        raise _refusal(counts)


def _side_notes(counts: FieldCounts) -> list[Note]:
    notes = []
    if counts.repeats:
        text = f"Line {counts.repeats:,} repeats the header: the file may hold two tables."
        notes.append(Note(code="MULTI", text=text))
    if counts.swallowed:
        text = f"A field that begins at line {counts.swallowed:,} looks like several rows; check its quotes."
        notes.append(Note(code="QUOTES", text=text))
    if counts.bare_quote:
        text = (
            f"A quote stands inside a field without quotes, first at line {counts.bare_quote:,}; it was kept."
        )
        notes.append(Note(code="QUOTES", text=text))
    if counts.blank and counts.width == 1:
        notes.append(Note(code="BLANK_LINES", text=f"{counted(counts.blank, 'blank line', 'was')} left out."))
    return notes


def _refusal(scanned: FieldCounts) -> FoldlineError:
    positions, counts = scanned.positions, set(scanned.counts)
    tail = len(positions) >= TABLE_ROWS and len(counts) == 1 and max(counts) > 1
    if (
        tail
        and positions[0] > 0
        and positions[-1] == scanned.rows - 1
        and positions[-1] - positions[0] == len(positions) - 1
    ):
        fields = f"{counted(counts.pop(), 'field')} instead of {scanned.width}"
        problem = f"From line {scanned.lines[0]:,} on, rows have {fields}: a second table."
        return FoldlineError(
            "MULTI", problem, "Put each table in a file of its own.", f"line {scanned.lines[0]:,}"
        )
    problem = (
        f"{counted_of(len(positions), scanned.rows, 'row', 'does')} not have "
        f"{counted(scanned.width, 'field')}: {_lines(scanned)}."
    )
    return FoldlineError("RAGGED", problem, SKIP_HINT, f"line {scanned.lines[0]:,}")


def _lines(counts: FieldCounts) -> str:
    shown = [f"line {line:,} has {count}" for line, count in zip(counts.lines, counts.counts, strict=True)][
        :SHOWN
    ]
    return ", ".join(shown) + (" ..." if len(counts.lines) > SHOWN else "")
