"""Tables that are safe to open in a spreadsheet: no text of a CSV is run as a formula."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

FORMULA = re.compile(r"[=+\-@\t\r]")
SIGNED_NUMBER = re.compile(r"[+-]?(\d[\d.,'\u00a0\u202f ]*|[.,]\d+)([eE][+-]?\d+)?\s?%?|[+-]")


def is_formula(cell: Any) -> bool:
    """Whether a cell is a text that a spreadsheet would run: it starts with = + - @, a tab or a return.

    A number with a sign is none, however it is written, nor is a sign alone.
    """
    return isinstance(cell, str) and bool(FORMULA.match(cell)) and not SIGNED_NUMBER.fullmatch(cell)


def guarded(frame: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The table with an apostrophe before every text and header that is a formula, and how many got one."""
    out, count = frame.copy(), 0
    for place in range(out.shape[1]):
        column = out.iloc[:, place]
        if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
            continue
        risky = column.map(is_formula).astype(bool)
        if risky.any():
            count += int(risky.sum())
            out.isetitem(place, column.astype(object).where(~risky, "'" + column.astype("str")))
    count += sum(is_formula(name) for name in out.columns)
    out.columns = pd.Index([f"'{name}" if is_formula(name) else name for name in out.columns])
    return out, count
