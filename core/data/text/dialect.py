"""The delimiter and the quote character of a text table.

Every combination is tried on a sample and scored by how regular the rows are and how many cells look like
cells, after van den Burg, Nazabal and Sutton, "Wrangling messy CSV files by detecting row and type patterns"
(2019), sections 4.2 and 4.3.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from core.standalone.files.cell_kinds import kind_of
from core.standalone.files.records import DELIMITERS, QUOTES, is_blank

SAMPLE_CHARS = 200_000
SAMPLE_RECORDS = 400
SAMPLE_CELLS = 4_000
ONE_FIELD = 1e-3
CLEARLY = 1.1
ADDRESS = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+\.\w+")
WORDS = re.compile(r"[^\W_][\w .'’()&+#/:!?*@=<>%-]*")


@dataclass(frozen=True)
class Dialect:
    """How fields are told apart; ``quote`` and ``escape`` may be empty."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""

    def keywords(self, strict: bool = False) -> dict[str, Any]:
        """For Python's csv.reader; the same choices as for pandas in core.standalone.files.cells_of_file."""
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote or None,
            "quoting": csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            "escapechar": self.escape or None,
            "doublequote": True,
            "skipinitialspace": self.delimiter != " ",
            "strict": strict,
        }


def find_dialect(text: str) -> Dialect:
    """The most plausible delimiter and quote of a text; a comma when nothing divides it.

    Args:
        text: the beginning of a table, cut at a line end.
    """
    scores: dict[Dialect, float] = {}
    for quote in (quote for quote in QUOTES if quote == '"' or quote in text):
        for delimiter in (mark for mark in DELIMITERS if mark in text):
            dialect = Dialect(delimiter, quote)
            weight = 1.0 if quote == '"' else 1 / CLEARLY
            scores[dialect] = weight * _score(records(text, dialect), delimiter)
    best = max(scores, key=lambda dialect: scores[dialect], default=Dialect())
    return best if scores.get(best, 0.0) > ONE_FIELD else Dialect()


def entries(text: str, dialect: Dialect, most: int = SAMPLE_RECORDS) -> list[list[str]]:
    """The first records of a text, blank lines included; what cannot be read ends the list."""
    rows: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), **dialect.keywords()):
            rows.append(record)
            if len(rows) == most:
                break
    except csv.Error:
        return rows
    return rows


def records(text: str, dialect: Dialect, most: int = SAMPLE_RECORDS) -> list[list[str]]:
    """The first records of a text without the blank lines."""
    return [record for record in entries(text, dialect, most) if not is_blank(record)]


def _score(rows: list[list[str]], delimiter: str) -> float:
    """Regularity of the rows times the share of regular cells, 0 to 1."""
    if not rows or (delimiter == " " and not _space_divides(rows)):
        return 0.0
    patterns = Counter(len(row) for row in rows)
    pattern = sum(n * max(ONE_FIELD, fields - 1) / fields for fields, n in patterns.items())
    cells = [cell for row in rows for cell in row][:SAMPLE_CELLS]
    return pattern / len(patterns) / len(rows) * sum(map(_is_regular, cells)) / len(cells)


def _is_regular(cell: str) -> bool:
    """Whether a cell is something that people put in one cell, rather than several cells in one."""
    cell = cell.strip()
    return kind_of(cell) != "text" or bool(ADDRESS.fullmatch(cell) or WORDS.fullmatch(cell))


def _space_divides(rows: list[list[str]]) -> bool:
    """Words are divided by spaces as well, so a space needs equal rows and a column of numbers or dates."""
    width = len(rows[0])
    if width < 2 or len(rows) < 2 or any(len(row) != width for row in rows):
        return False
    columns = zip(*rows[1:], strict=True)
    return any(all(kind_of(cell) in ("number", "date") for cell in column) for column in columns)


def quotes_are_text(text: str, dialect: Dialect) -> bool:
    """Whether quotes stand in cells as ordinary text: several cells begin but do not end with one."""
    plain = records(text, Dialect(dialect.delimiter, ""))
    opened = [c.strip() for row in plain for c in row if c.strip().startswith('"')]
    closed = sum(len(c) > 1 and c.endswith('"') for c in opened)
    return len(opened) > 1 and 2 * closed < len(opened)
