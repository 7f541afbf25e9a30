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
from core.drift.tests.lots import Codes

LEAST = 10
"""Rows, or groups, that share what may be told."""
SEVERAL = 5
"""Distinct numbers in a bin where no groups are known, as many rows may be one person's."""
DENSE = 0.5


@dataclass(frozen=True, eq=False)
class Sharing:
    """What the rows of a table belong to.

    Attributes:
        groups: number of the group of each row, with the index of the table: one for each kind of thing that
            rows belong to, such as patients and devices; empty where none are known.
    """

    groups: tuple[pd.Series, ...] = ()

    @classmethod
    def of(cls, codes: Codes | None) -> Sharing:
        """Of (rows,) numbers of groups, or (rows, k) of k kinds of things; of rows of their own for None."""
        if codes is None:
            return cls()
        return cls(tuple(pd.Series(column) for column in codes.reshape(len(codes), -1).T))

    def common(self, labels: pd.Series) -> set[Hashable]:
        """The labels that at least ``LEAST`` rows share, and enough groups.

        Args:
            labels: one a row, with the index of the table; any of the rows.
        """
        rows = labels.value_counts()
        shared = set(rows.index[rows >= LEAST])
        for groups in self.groups:
            owners = _pairs(labels.dropna(), groups)["label"].value_counts()
            shared &= set(owners.index[owners >= least_of(groups)])
        return shared

    def told(self, numbers: pd.Series) -> set[float]:
        """The numbers that may be told as they are.

        Without groups these are numbers among few, or beside others on a dense grid, such as ages: an amount
        that many rows share may be one person's.

        Args:
            numbers: one a row, with the index of the table, none missing.
        """
        common: set[Any] = self.common(numbers)
        if self.groups:
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
        if not self.groups:
            values = np.unique(numbers.to_numpy(np.float64))
            alone = stand_alone(values)
            return _together(
                np.searchsorted(edges, values), np.arange(len(values)), alone, SEVERAL, len(edges)
            )
        stay = list(range(len(edges)))
        for groups in self.groups:
            edges_left = np.asarray(stay, dtype=np.int64)
            inside = np.searchsorted(edges_left, places.to_numpy())
            pairs = _pairs(pd.Series(inside, index=places.index), groups)
            bins, owners = pairs["label"].to_numpy(), pairs["group"].to_numpy()
            alone = np.zeros(len(pairs), dtype=bool)
            stay = [stay[place] for place in _together(bins, owners, alone, least_of(groups), len(stay))]
        return stay


def least_of(groups: pd.Series) -> int:
    """Groups that must share what is told: ten, or all where there are fewer."""
    return min(LEAST, max(2, int(groups.nunique())))


def _pairs(labels: pd.Series, groups: pd.Series) -> pd.DataFrame:
    """Each label once with each group that has it."""
    owners = groups.loc[labels.index].to_numpy()
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
