"""Steps forward in time, and what groups that come again leave to learn from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import FoldlineError
from core.standalone.counts import counted, counted_of
from core.standalone.time_split import without_groups_of

Rows = NDArray[np.int64]
FEWEST_STEPS = 2
LEAST_LEFT = 1 / 3
"""Of the rows before a cut, the share that must be left to learn from."""


def check_left(left: int, before: int, group: str) -> None:
    """Refuse a split whose groups come again so much that few rows are left to learn from.

    Args:
        left, before: rows to learn from, and rows before the test set.

    Raises:
        FoldlineError: ``SPLIT``.
    """
    if left < LEAST_LEFT * before:
        raise FoldlineError(
            "SPLIT",
            f"Of {counted(before, 'row')} before the test set, {before - left:,} are of groups in "
            f"{group!r} that come again in it; without them too few are left to learn from.",
            f"{group!r} need not have the role of group if later rows of known groups are to be predicted.",
            group,
        )


def forward_steps(
    places: NDArray[Any], count: int, name: str, groups: NDArray[Any] | None = None
) -> list[tuple[Rows, Rows]]:
    """Steps forward over rows in the order of their places in time; rows of one place stay together.

    Each step is cut at the change of place that is nearest to where ``TimeSeriesSplit`` cuts the rows. Rows
    of groups that come again in the rows judged are not learned from; a step without enough others is left
    out.

    Args:
        places: (n,) in ascending order.
        count: number of steps asked for.
        name: of the time column.
        groups: (n,) the group of each row, or None.

    Raises:
        FoldlineError: ``SPLIT`` when fewer than two steps can be made.
    """
    edges = np.flatnonzero(np.diff(places)) + 1
    size = len(places) // (count + 1)
    wanted = len(places) - size * np.arange(count, 0, -1)
    cuts = np.unique([edges[np.argmin(np.abs(edges - cut))] for cut in wanted]) if len(edges) else edges
    if len(cuts) < FEWEST_STEPS:
        raise FoldlineError(
            "SPLIT",
            f"The training rows have {counted(len(edges) + 1, 'different time')} in {name!r}, too few or "
            "too uneven for steps forward.",
            "A finer time column would help.",
            name,
        )
    rows, ends = np.arange(len(places)), [*cuts[1:], len(places)]
    steps = [(rows[:cut], rows[cut:end]) for cut, end in zip(cuts, ends, strict=True)]
    return steps if groups is None else _purged(steps, groups, name)


def _purged(steps: list[tuple[Rows, Rows]], groups: NDArray[Any], name: str) -> list[tuple[Rows, Rows]]:
    cleared = [(without_groups_of(fit, valid, groups), valid, len(fit)) for fit, valid in steps]
    usable = [(fit, valid) for fit, valid, before in cleared if len(fit) >= LEAST_LEFT * before]
    if len(usable) < FEWEST_STEPS:
        raise FoldlineError(
            "SPLIT",
            f"Groups come again so often in {name!r} that too few steps forward have enough rows of other "
            f"groups to learn from: {counted_of(len(usable), len(steps), 'step')}.",
            where=name,
        )
    return usable
