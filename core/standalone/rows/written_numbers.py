"""The numbers of a new column that are written as text: marks of thousands, and marks that are in doubt."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..cells import in_plain_digits
from ..counts import counted
from .thousands import thousands_notes
from .trained_column import RowNote, TrainedColumn

SURE_SIGNS = " \u00a0\u202f'\u2019"
"""Signs between groups of three digits that are never decimal marks."""
FINE = 0.5
"""Share of numbers with more than two decimals from which such are nothing odd."""


def fine_share(numbers: pd.Series) -> float | None:
    """Share of numbers with more than two decimals, to two digits; None where there are none.

    Args:
        numbers: float64 of any length, without missing ones.
    """
    hundreds = numbers.to_numpy(dtype="float64") * 100
    odd = np.abs(hundreds - np.round(hundreds)) > 1e-6 * np.maximum(1, np.abs(hundreds))
    return round(float(odd.mean()), 2) if len(hundreds) else None


def numbers_as_trained(
    values: pd.Series, column: TrainedColumn, decimal: str
) -> tuple[pd.Series, tuple[RowNote, ...]]:
    """A new column of numbers with the marks of thousands gone that are some for sure, and what is in doubt.

    Args:
        values: raw or typed cells, any length.
        decimal: the decimal mark of training.
    """
    texts = written_cells(values)
    if not len(texts):
        return values, ()
    sure = _sure_groups(texts, decimal)
    is_coarse = column.fine is not None and column.fine < FINE
    are_beside = bool((values.notna() & ~_is_text(values)).any())
    notes = thousands_notes(texts.drop(sure.index), column.name, decimal, is_coarse or are_beside)
    if not len(sure):
        return values, tuple(notes)
    other = "." if decimal == "," else ","
    plain = sure.str.replace(rf"[{SURE_SIGNS}{other}]", "", regex=True)
    example = str(sure.iloc[0])[:40]
    text = (
        f"{column.name!r}: {counted(len(sure), 'cell', 'has')} marks of thousands, such as {example!r}, "
        f"read as {plain.iloc[0]}."
    )
    changed = values.astype(object)
    changed.loc[plain.index] = plain.to_numpy(dtype=object)
    return changed, (RowNote("THOUSANDS", column.name, text, "info", len(sure)), *notes)


def written_cells(values: pd.Series) -> pd.Series:
    """The cells that are text, trimmed and in plain digits; those of a sheet may be numbers."""
    texts = in_plain_digits(values[_is_text(values)].astype("str").str.strip())
    return texts[texts != ""]


def _is_text(values: pd.Series) -> pd.Series:
    if values.dtype == object:
        return pd.Series([isinstance(cell, str) for cell in values], index=values.index, dtype=bool)
    return values.notna() & pd.api.types.is_string_dtype(values.dtype)


def _sure_groups(texts: pd.Series, decimal: str) -> pd.Series:
    """The texts with marks of thousands that can be no decimal marks.

    A comma in a file of decimal points (or the other way round) is one where both stand in a number, or two
    of them; the others of the column are such marks then too.
    """
    other = "." if decimal == "," else ","
    texts = texts[texts.str.contains(rf"[{SURE_SIGNS}{other}]", regex=True)]
    begin, end = r"[+-]?\d{1,3}", rf"(?:\{decimal}\d*)?"
    signed = "|".join(rf"(?:{sign}\d{{3}})+" for sign in ("[ \u00a0\u202f]", "['\u2019]"))
    sure = texts.str.fullmatch(rf"{begin}(?:{signed}){end}")
    if other == ".":  # a point is read as a decimal mark beside decimal commas
        lone = texts.str.fullmatch(r"[+-]?\d*\.\d+") & ~texts.str.fullmatch(rf"{begin}\.\d{{3}}")
        if lone.any():
            return texts[sure]
    proof = rf"{begin}(?:\{other}\d{{3}})+\{decimal}\d*|{begin}(?:\{other}\d{{3}}){{2,}}"
    if not texts.str.fullmatch(proof).any():
        return texts[sure]
    return texts[sure | texts.str.fullmatch(rf"[+-]?[1-9]\d{{0,2}}(?:\{other}\d{{3}})+{end}")]
