"""What a single cell of text looks like; shared by the guesses about delimiter and header."""

from __future__ import annotations

import re

NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)*|[.,]\d+)(?:[eE][+-]?\d+)?")
MONEY = re.compile(r"[+-]?\s?[$€£¥]\s?[+-]?\d[\d.,]*|[+-]?\d[\d.,]*\s?[$€£¥%]|\(\s?[$€£¥]?\d[\d.,]*\)")
DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d{1,2}:\d{2}.{0,16})?|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}"
    r"|\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[aApP][mM])?"
)
ADDRESS = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+\.\w+")
WORDS = re.compile(r"[^\W_][\w .'’()&+#/:!?*@=<>%-]*")


def kind_of(cell: str) -> str:
    """``empty``, ``number``, ``date`` (or time) or ``text``."""
    cell = cell.strip()
    if not cell:
        return "empty"
    if NUMBER.fullmatch(cell) or MONEY.fullmatch(cell):
        return "number"
    return "date" if DATE.fullmatch(cell) else "text"


def is_regular(cell: str) -> bool:
    """Whether a cell is something that people put in one cell, rather than several cells in one."""
    cell = cell.strip()
    return kind_of(cell) != "text" or bool(ADDRESS.fullmatch(cell) or WORDS.fullmatch(cell))
