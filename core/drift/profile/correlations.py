"""How numbers go together, two by two, without a row: rank correlations of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from core.drift.tests.lots import Codes, Numbers, blocks

MOST_COLUMNS = 100
DIGITS = 4
CLEAR = 5e-5
"""About the p from which one of many pairs counts as changed, one-sided."""


@dataclass(frozen=True, eq=False)
class Correlations:
    """The rank correlations of columns of numbers.

    Attributes:
        names: of k columns.
        values: (k, k) correlations; NaN where fewer than three rows have both, or one does not vary.
        rows: (k, k) rows that have both; where rows come in lots, how many independent ones they are worth.
        designs: (k, k) how many rows count as one independent row, from 1 on; None where no lots were seen.
    """

    names: tuple[str, ...]
    values: Numbers
    rows: NDArray[np.int64]
    designs: Numbers | None = None

    def only(self, places: Sequence[int]) -> Correlations:
        """Those of the columns at these places."""
        part = np.ix_(places, places)
        designs = None if self.designs is None else self.designs[part]
        return Correlations(
            tuple(self.names[place] for place in places), self.values[part], self.rows[part], designs
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: the pairs above the diagonal, row by row; None where there is no correlation."""
        above = np.triu_indices(len(self.names), 1)
        values = [None if np.isnan(value) else round(float(value), DIGITS) for value in self.values[above]]
        designs = None if self.designs is None else self.designs[above].round(2).tolist()
        names, rows = list(self.names), self.rows[above].tolist()
        return {"names": names, "values": values, "rows": rows, "designs": designs}

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Correlations:
        """The correlations that ``to_dict`` was made from, and that were checked."""
        names = tuple(facts["names"])
        above = np.triu_indices(len(names), 1)
        values, rows = np.eye(len(names)), np.zeros((len(names), len(names)), dtype=np.int64)
        values[above] = [np.nan if value is None else value for value in facts["values"]]
        rows[above] = facts["rows"]
        if facts.get("designs") is None:  # bundles of before tell none
            return cls(names, values, rows)
        designs = np.ones((len(names), len(names)))
        designs[above] = facts["designs"]
        return cls(names, values, rows, designs)


def correlations(columns: Mapping[str, pd.Series], groups: Codes | None = None) -> Correlations:
    """The rank correlations of typed columns of numbers, each pair over the rows that have both.

    Where rows belong to groups, or neighbouring rows are alike, they count for fewer, as correlations vary
    between groups, or blocks of the file. Ranks are those within the rows that have the column.

    Args:
        groups: (n,) what the rows belong to, where that is known; else blocks of the file are looked for.
    """
    names = tuple(columns)[:MOST_COLUMNS]
    ranks = [_standard_ranks(columns[name].to_numpy(np.float64)) for name in names]
    z = np.column_stack(ranks) if ranks else np.empty((0, 0))
    present = ~np.isnan(z)
    filled = np.where(present, z, 0.0)
    rows = present.T.astype(np.float64) @ present.astype(np.float64)
    squares = (filled**2).T @ present.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = (filled.T @ filled) / np.sqrt(squares * squares.T)
    values[rows < 3] = np.nan
    lots = groups if groups is not None or not names else blocks(z)
    designs = None if lots is None else _design_effects(filled, present, np.nan_to_num(values), lots)
    rows = rows if designs is None else rows / designs
    return Correlations(names, np.clip(values, -1, 1), rows.astype(np.int64), designs)


def _design_effects(z: Numbers, present: NDArray[np.bool_], values: Numbers, lots: Codes) -> Numbers:
    """(k, k) how many times as much correlations vary as they would with independent rows.

    By how much each row moves a correlation, summed over lots. The variance between few lots is uncertain, so
    it is taken larger, as Student's t is wider.
    """
    order = np.argsort(lots, kind="stable")
    z, present = z[order], present[order]
    starts = np.flatnonzero(np.diff(lots[order], prepend=lots.min(initial=0) - 1))
    ratios = np.ones_like(values)
    for place, (own, there) in enumerate(zip(z.T, present.T, strict=True)):
        halves = (own[:, None] ** 2 + z**2) / 2
        moves = np.where(there[:, None] & present, own[:, None] * z - values[place] * halves, 0.0)
        between = (np.add.reduceat(moves, starts, axis=0) ** 2).sum(axis=0)
        within = (moves**2).sum(axis=0)
        ratios[place] = between / np.where(within > 0, within, np.inf)
    wider = (stats.t.isf(CLEAR, max(1, len(starts) - 1)) / stats.norm.isf(CLEAR)) ** 2
    return np.asarray(np.maximum(1.0, wider * ratios))


def chosen(names: Sequence[str], importance: Mapping[str, float] | None) -> list[str]:
    """The columns that are kept, the most important ones where there are too many."""
    if len(names) <= MOST_COLUMNS:
        return list(names)
    weights = importance or {}
    kept = set(sorted(names, key=lambda name: -weights.get(name, 0.0))[:MOST_COLUMNS])
    return [name for name in names if name in kept]


def _standard_ranks(values: Numbers) -> Numbers:
    """Ranks with mean 0 and variance 1, ties in the middle; NaN where there is no value."""
    ranks = np.full(len(values), np.nan)
    present = ~np.isnan(values)
    if present.any():
        plain = stats.rankdata(values[present])
        spread = plain.std()
        ranks[present] = (plain - plain.mean()) / spread if spread else 0.0
    return ranks
