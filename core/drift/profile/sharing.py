"""Who shares a value: the rows, or where rows belong to groups, such as patients, the groups."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.drift.profile.document import Numbers
from core.drift.profile.summary import FEW_VALUES

LEAST = 10
"""Rows, or groups, that share what may be told."""
SEVERAL = 5
"""Distinct numbers in a bin where no groups are known, as many rows may be one person's."""
DENSE = 0.5


@dataclass(frozen=True, eq=False)
class Sharing:
    """What the rows of a table belong to.

    Attributes:
        groups: number of the group of each row, with the index of the table; None where none are known.
    """

    groups: pd.Series | None = None

    @property
    def least(self) -> int:
        """Groups that must share what is told: ten, or all where there are fewer."""
        return LEAST if self.groups is None else min(LEAST, max(2, int(self.groups.nunique())))

    def common(self, labels: pd.Series) -> set[Hashable]:
        """The labels that at least ``LEAST`` rows share, and enough groups.

        Args:
            labels: one a row, with the index of the table; any of the rows.
        """
        rows = labels.value_counts()
        shared = set(rows.index[rows >= LEAST])
        return shared if self.groups is None else shared & self._of_groups(labels)

    def _of_groups(self, labels: pd.Series) -> set[Hashable]:
        owners = _pairs(labels.dropna(), self.groups)["label"].value_counts()
        return set(owners.index[owners >= self.least])

    def told(self, numbers: pd.Series) -> set[float]:
        """The numbers that may be told as they are.

        Without groups these are numbers among few, or beside others on a dense grid, such as ages: an amount
        that many rows share may be one person's.

        Args:
            numbers: one a row, with the index of the table, none missing.
        """
        common: set[Any] = self.common(numbers)
        if self.groups is not None:
            return common
        values = np.unique(numbers.to_numpy(np.float64))
        return common & set(values[stand_alone(values)].tolist())

    def bins(self, numbers: pd.Series, edges: Numbers) -> list[int]:
        """The places of the edges that may stay, so that every bin is shared by enough.

        Args:
            numbers: as in ``told``.
            edges: sorted, between bins that hold enough rows.
        """
        places = pd.Series(np.searchsorted(edges, numbers.to_numpy(np.float64)), index=numbers.index)
        if self.groups is None:
            values = np.unique(numbers.to_numpy(np.float64))
            alone = stand_alone(values)
            return _together(
                np.searchsorted(edges, values), np.arange(len(values)), alone, SEVERAL, len(edges)
            )
        pairs = _pairs(places, self.groups)
        owners = pairs["group"].to_numpy()
        return _together(
            pairs["label"].to_numpy(), owners, np.zeros(len(pairs), bool), self.least, len(edges)
        )


def _pairs(labels: pd.Series, groups: pd.Series | None) -> pd.DataFrame:
    """Each label once with each group that has it."""
    owners = None if groups is None else groups.loc[labels.index].to_numpy()
    return pd.DataFrame({"label": labels.to_numpy(), "group": owners}).drop_duplicates()


def stand_alone(values: Numbers) -> NDArray[np.bool_]:
    """Which numbers say little of one row: all of few, and neighbours on a grid that is mostly taken.

    Args:
        values: sorted and distinct.
    """
    if len(values) <= FEW_VALUES:
        return np.ones(len(values), dtype=bool)
    gaps = np.diff(values)
    is_step = np.isclose(gaps, gaps.min(), rtol=1e-6)
    beside = np.append(is_step, False) | np.insert(is_step, 0, False)
    return beside & bool(is_step.mean() >= DENSE)


def _together(
    places: NDArray[np.int64],
    owners: NDArray[np.int64],
    alone: NDArray[np.bool_],
    least: int,
    edges: int,
) -> list[int]:
    """The edges between bins put together from below until each has enough owners, or one that suffices."""
    order = np.argsort(places, kind="stable")
    starts = np.searchsorted(places[order], np.arange(edges + 2))
    stay: list[int] = []
    inside: set[int] = set()
    is_enough = False
    for place in range(edges + 1):
        here = order[starts[place] : starts[place + 1]]
        if is_enough:
            stay.append(place - 1)
            inside = set()
        inside |= set(owners[here].tolist())
        is_enough = len(inside) >= least or bool(len(here) and alone[here].all())
    return stay if is_enough else stay[:-1]
