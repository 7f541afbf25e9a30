"""Tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.checks.finding import Finding

WIDEST = 60


def lines(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Rows in columns of equal width; long cells are cut, control characters shown as spaces."""
    cells = [[_cell(value) for value in row] for row in [head, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def finding_words(listed: Sequence[Finding]) -> list[str]:
    """One line a finding, such as ``warn DUPLICATES: ...``."""
    heads = [" ".join(filter(None, (one.severity, one.code, one.column))) for one in listed]
    return [f"{head}: {one.reason}" for head, one in zip(heads, listed, strict=True)]


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    text = f"{value:.4f}" if isinstance(value, float) else str(value)
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
