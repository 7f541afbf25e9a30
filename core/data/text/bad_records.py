"""What to do about records with a wrong number of fields or a misplaced quote: never guess."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from core.data.table import Note
from core.data.text.field_counts import Scan
from core.errors import FoldlineError

SHOWN = 5
TABLE_ROWS = 3
MOST_BAD = 0.5
SKIP_HINT = "Correct them, or read the file without them (skip bad lines)."


@dataclass
class Verdict:
    """Rows to leave out, notes to give, and the field from which on short rows lack fields."""

    drop: tuple[int, ...] = ()
    notes: list[Note] = field(default_factory=list)
    short_from: int | None = None


def judge(found: Scan, skip_bad: bool) -> Verdict:
    """Accept, drop or refuse the irregular records.

    Raises:
        FoldlineError: ``QUOTES``, ``MULTI`` or ``RAGGED``, with the lines.
    """
    verdict = Verdict(notes=_side_notes(found))
    if found.quote_line and (found.first_long or (found.positions and not skip_bad)):
        raise misplaced(found)
    if found.quote_line:
        text = f"Text stands outside the quotes of a field, first at line {found.quote_line:,}; it was kept."
        verdict.notes.append(Note(code="QUOTES", text=text))
    if not found.positions:
        return verdict
    if skip_bad and len(found.positions) <= MOST_BAD * found.rows:
        verdict.drop = tuple(found.positions)
        text = (
            f"{len(found.positions):,} lines with a wrong number of fields were left out ({_lines(found)})."
        )
        verdict.notes.append(Note(code="SKIPPED_LINES", text=text))
        return verdict
    if max(found.counts) < found.width and not any(found.ends_empty):
        verdict.short_from = min(found.counts)
        text = f"{len(found.positions):,} rows end early ({_lines(found)}); the fields they lack are empty."
        verdict.notes.append(Note(code="SHORT_ROWS", text=text))
        return verdict
    raise _refusal(found)


def misplaced(found: Scan) -> FoldlineError:
    """The error that names the first record with a quote in the wrong place."""
    return FoldlineError(
        "QUOTES",
        f"A quote is in the wrong place in the record that begins at line {found.quote_line:,}.",
        "Correct that line, or read quotes as ordinary text (quote: none).",
        f"line {found.quote_line:,}",
    )


def good_rows(frame: pd.DataFrame, found: Scan, short_from: int) -> None:
    """Check that the fields which short rows lack are empty in every other row too.

    Raises:
        FoldlineError: ``RAGGED`` when they are not.
    """
    if not bool((frame.iloc[:, short_from:] == "").all(axis=None)):
        raise _refusal(found)


def _side_notes(found: Scan) -> list[Note]:
    notes = []
    if found.repeats:
        text = f"Line {found.repeats:,} repeats the header: the file may hold two tables."
        notes.append(Note(code="MULTI", text=text))
    if found.swallowed:
        text = f"A field that begins at line {found.swallowed:,} looks like several rows; check its quotes."
        notes.append(Note(code="QUOTES", text=text))
    if found.bare_quote:
        text = (
            f"A quote stands inside a field without quotes, first at line {found.bare_quote:,}; it was kept."
        )
        notes.append(Note(code="QUOTES", text=text))
    if found.blank and found.width == 1:
        notes.append(Note(code="BLANK_LINES", text=f"{found.blank:,} blank lines were left out."))
    return notes


def _refusal(found: Scan) -> FoldlineError:
    positions, counts = found.positions, set(found.counts)
    tail = len(positions) >= TABLE_ROWS and len(counts) == 1 and max(counts) > 1
    if (
        tail
        and positions[0] > 0
        and positions[-1] == found.rows - 1
        and positions[-1] - positions[0] == len(positions) - 1
    ):
        fields = f"{counts.pop()} fields instead of {found.width}"
        problem = f"From line {found.lines[0]:,} on, rows have {fields}: a second table."
        return FoldlineError(
            "MULTI", problem, "Put each table in a file of its own.", f"line {found.lines[0]:,}"
        )
    problem = f"{len(positions):,} of {found.rows:,} rows do not have {found.width} fields: {_lines(found)}."
    return FoldlineError("RAGGED", problem, SKIP_HINT, f"line {found.lines[0]:,}")


def _lines(found: Scan) -> str:
    shown = [f"line {line:,} has {count}" for line, count in zip(found.lines, found.counts, strict=True)][
        :SHOWN
    ]
    return ", ".join(shown) + (" ..." if len(found.lines) > SHOWN else "")
