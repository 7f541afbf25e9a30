"""Columns of codes, such as ``K07``, that name what rows belong to: the rows of one code are alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from core.standalone.cells import as_text

CODE = r"[^\W\d_]{1,12}[-_ ./#]?\d{1,9}[^\W\d_]?"
CODES = 0.9
"""Share of the levels that are codes: a number behind a word that all of them have."""
LEAST_ROWS_EACH = 5.0
LEAST_LEVELS = 3
ALIKE = 0.3
"""Share of the variance of a number, or of a class of the target, between the codes, beyond chance."""
CHANCE = 1e-6
"""Level of the F test over all columns that are looked at."""
MOST_ROWS, MOST_COLUMNS, MOST_CLASSES = 5_000, 40, 10


def own_rows(
    frame: pd.DataFrame, names: Sequence[str], measured: Sequence[str], target: str
) -> frozenset[str]:
    """The columns of codes with many rows each that are alike in a number or in the target.

    Args:
        names: columns of texts.
        measured: columns of numbers.
    """
    coded = [name for name in names if name != target and _holds_codes(frame[name])]
    if not coded:
        return frozenset()
    rows = frame.iloc[:: max(1, len(frame) // MOST_ROWS)]
    values = np.column_stack(
        [_target_numbers(rows[target]), *(rows[name].to_numpy("float64") for name in measured[:MOST_COLUMNS])]
    )
    return frozenset(name for name in coded if _alike(pd.factorize(rows[name])[0], values))


def most_between(codes: np.ndarray, values: pd.Series) -> float:
    """The most of the target's variance that may lie between groups, 0 to 1, of its class where that is most.

    The upper end of the one-sided 95 % interval of the intraclass correlation of a one-way analysis of
    variance (Searle); 1 where there are too few groups or rows to tell.

    Args:
        codes: (rows,) the group of each row, -1 for none.
        values: (rows,) the target.
    """
    ends = [_upper_end(codes, column) for column in _target_numbers(values).astype("float64").T]
    return max(ends, default=1.0)


def _upper_end(codes: np.ndarray, column: np.ndarray) -> float:
    present = np.isfinite(column) & (codes >= 0)
    place, number = pd.factorize(codes[present])[0], column[present]
    counts = np.bincount(place)
    groups, rows = len(counts), len(number)
    if groups < LEAST_LEVELS or rows <= groups or not np.var(number):
        return 1.0
    means = np.bincount(place, weights=number) / counts
    between = float((counts * (means - number.mean()) ** 2).sum()) / (groups - 1)
    within = float(((number - means[place]) ** 2).sum()) / (rows - groups)
    if not within:
        return 1.0
    each = (rows - float((counts**2).sum()) / rows) / (groups - 1)
    ratio = between / within / float(stats.f.ppf(0.05, groups - 1, rows - groups))
    return float(np.clip((ratio - 1) / (ratio + each - 1), 0.0, 1.0))


def _holds_codes(texts: pd.Series) -> bool:
    levels = pd.Series(texts.dropna().unique(), dtype="str")
    if len(levels) < LEAST_LEVELS or len(levels) * LEAST_ROWS_EACH > texts.notna().sum():
        return False
    words = levels[levels.str.fullmatch(CODE)].str.replace(r"\d.*", "", regex=True)
    return bool(len(words) and words.value_counts().iloc[0] >= CODES * len(levels))


def _target_numbers(values: pd.Series) -> np.ndarray:
    """(rows, k) the target as a number, or its commonest classes as 0 and 1."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy("float64")[:, None]
    texts = as_text(values)
    return np.column_stack(
        [texts == name for name in texts.value_counts().index[:MOST_CLASSES]] or [texts.isna()]
    )


def _alike(codes: np.ndarray, values: np.ndarray) -> bool:
    """Whether one of the columns (rows, k) varies between the codes much more than within them."""
    for column in values.astype("float64").T:
        present = np.isfinite(column) & (codes >= 0)
        place, number = codes[present], column[present]
        counts = np.bincount(place)
        levels, total = int((counts > 0).sum()), float(np.var(number)) * len(number) if len(number) else 0.0
        if levels < LEAST_LEVELS or len(number) <= levels or total <= 0:
            continue
        means = np.bincount(place, weights=number - number.mean())[counts > 0] / counts[counts > 0]
        between = float((counts[counts > 0] * means**2).sum()) / total
        free = len(number) - levels
        ratio = between / (levels - 1) / max((1 - between) / free, 1e-12)
        is_chance = stats.f.sf(ratio, levels - 1, free) * values.shape[1] > CHANCE
        if not is_chance and 1 - (1 - between) * (len(number) - 1) / free >= ALIKE:
            return True
    return False
