"""The target: how its column is read, and which rows have one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .cells import as_number, as_text, with_joined, without
from .plan import TargetColumn
from .rows.near_copies import near_repeats


def read_target(values: pd.Series, target: TargetColumn) -> pd.Series:
    """The values of a target column as float64 or text, missing where its words for "no value" stand."""
    present = without(values, target.missing, target.missing, target.decimal, target.format)
    if target.number:
        return as_number(present, target.decimal, target.marks)
    return with_joined(as_text(present), dict(target.joined))


def target_values(column: pd.Series, target: TargetColumn) -> np.ndarray:
    """The values to learn, of a column as ``read_target`` gives it."""
    return column.to_numpy(dtype="float64" if target.number else object)


def target_gaps(values: pd.Series, column: pd.Series) -> dict[str, int]:
    """The texts of the cells that are no value of the target, commonest first, with their numbers.

    Args:
        values: the cells.
        column: the same, as ``read_target`` gives them.

    Returns:
        Text -> cells; those that were empty before are under ``""``.
    """
    texts = as_text(values[column.isna()]).fillna("")
    return {str(text): int(cells) for text, cells in texts.value_counts().items()}


NOT_FINITE = "empty or infinite"
"""Stands for the cells of ``target_gaps`` without a text, where infinite numbers are among them."""


def gap_words(gaps: Mapping[str, int], most: int = 5) -> str:
    """The texts of ``target_gaps`` in words, the commonest named."""
    plain = {"": "empty", NOT_FINITE: NOT_FINITE}
    named = [f"{n:,} {plain.get(text, repr(text[:40]))}" for text, n in list(gaps.items())[:most]]
    rest = sum(list(gaps.values())[most:])
    return ", ".join([*named, f"{rest:,} others"] if rest else named)


def target_rows(
    frame: pd.DataFrame, column: pd.Series, target: TargetColumn, order: np.ndarray | None = None
) -> np.ndarray:
    """Positions of the rows that are used: those with a target, and of equal or near rows the first.

    Args:
        order: positions of all rows in the order in which they are taken; None for that of the file.
    """
    places = np.arange(len(frame)) if order is None else order
    used = column.notna().to_numpy()[places]
    if target.distinct is not None:
        names = [name for name in target.distinct if name in frame.columns]
        used = used & ~frame[names].iloc[places].duplicated().to_numpy()
    rows = places[used]
    if target.near:
        labelled = frame.iloc[rows].assign(**{target.name: column.iloc[rows]})
        rows = rows[~near_repeats(labelled, target.near, target.within)]
    return rows
