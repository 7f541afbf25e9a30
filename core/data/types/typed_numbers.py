"""Columns whose cells are numbers already, as float64 where that holds them."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from core.data.types.typed_columns import EXACT, Typed
from core.standalone.cells import as_number, as_text, is_infinite, says_truth


def typed_numbers(values: pd.Series, name: str, typed: Typed) -> pd.Series:
    """A column of numbers as float64, or as text when float64 would change its integers."""
    numbers = pd.to_numeric(values, errors="coerce") if values.dtype == object else values
    if _is_beyond(values if values.dtype == object else numbers):
        typed.note_big_integers(name)
        return as_text(values)
    result = as_number(numbers)
    typed.note_infinite(name, int(numbers.notna().sum() - result.notna().sum()))
    return result


def _is_beyond(numbers: pd.Series) -> bool:
    """Whether all numbers are whole, of a type that says so, and float64 would change one."""
    present = numbers.dropna()
    if numbers.dtype == object:
        is_whole = all(isinstance(v, Decimal | int | np.integer) and v % 1 == 0 for v in present)
    else:
        is_whole = pd.api.types.is_integer_dtype(numbers.dtype)
    return is_whole and bool(len(present)) and max(abs(int(present.max())), abs(int(present.min()))) > EXACT


def numbers_from_texts(text: pd.Series, decimal: str, typed: Typed) -> pd.Series:
    """Texts as numbers, infinite ones as missing, or as they are where one is none."""
    numbers = as_number(text, decimal)
    infinite = is_infinite(text, decimal)
    if (numbers.isna() & text.notna() & ~infinite).any() or says_truth(text).any():
        return text
    typed.note_infinite(str(text.name), int(infinite.sum()))
    return numbers
