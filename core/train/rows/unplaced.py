"""Texts that have no order in time, and rows without a time or a group: refused, or told."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import FoldlineError
from core.standalone.counts import counted
from core.standalone.plan import HoldOut
from core.standalone.split import groups_in, times_of

YEAR_FIRST = r"\d{4}(?:[-/.: T]?\d{2})*"
"""Texts whose order by letters is that in time, when all are as long as each other."""


def check_order(times: pd.Series) -> None:
    """Refuse texts whose order by letters is not that in time, such as ``Week 10`` before ``Week 9``.

    Raises:
        FoldlineError: ``SPLIT``.
    """
    if not pd.api.types.is_string_dtype(times.dtype):
        return
    texts = times.dropna().astype("str").str.strip()
    odd = texts[~texts.str.fullmatch(YEAR_FIRST)]
    if not len(odd) and texts.str.len().nunique() <= 1:
        return
    example = str((odd if len(odd) else texts).iloc[0])[:40]
    raise FoldlineError(
        "SPLIT",
        f"{str(times.name)!r} is text with cells such as {example!r}, which have no order in time.",
        "Choose a column of dates or numbers as time, or correct these cells in the file; cells that mean "
        "no value can be named in its missing words.",
        str(times.name),
    )


def unplaced_words(frame: pd.DataFrame, how: HoldOut, rows: NDArray[np.int64]) -> str:
    """How many of the rows have no time or no group, and what is done with them; empty where none."""
    times, groups = times_of(frame, how), groups_in(frame, how)
    words = []
    if times is not None and (without := int(times.iloc[rows].isna().sum())):
        words.append(f"{counted(without, 'row')} without {how.time} count as the earliest.")
    if groups is not None and (alone := int((groups[rows] == "").sum())):
        words.append(f"{counted(alone, 'row')} without {how.group} count as one group.")
    return " ".join(words)
