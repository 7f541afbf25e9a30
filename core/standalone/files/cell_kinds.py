"""What a single cell of text looks like."""

from __future__ import annotations

import re

NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)*|[.,]\d+)(?:[eE][+-]?\d+)?")
MONEY = re.compile(r"[+-]?\s?[$€£¥]\s?[+-]?\d[\d.,]*|[+-]?\d[\d.,]*\s?[$€£¥%]|\(\s?[$€£¥]?\d[\d.,]*\)")
DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d{1,2}:\d{2}.{0,16})?|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}"
    r"|\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[aApP][mM])?"
)


def kind_of(cell: str) -> str:
    """``empty``, ``number``, ``date`` (or time) or ``text``."""
    cell = cell.strip()
    if not cell:
        return "empty"
    if NUMBER.fullmatch(cell) or MONEY.fullmatch(cell):
        return "number"
    return "date" if DATE.fullmatch(cell) else "text"
