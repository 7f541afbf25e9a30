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
    """

    names: tuple[str, ...]
    values: Numbers
    rows: NDArray[np.int64]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: the pairs above the diagonal, row by row; None where there is no correlation."""
        above = np.triu_indices(len(self.names), 1)
        values = [None if np.isnan(value) else round(float(value), DIGITS) for value in self.values[above]]
        return {"names": list(self.names), "values": values, "rows": self.rows[above].tolist()}

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Correlations:
        """The correlations that ``to_dict`` was made from, and that were checked."""
        names = tuple(facts["names"])
        above = np.triu_indices(len(names), 1)
        values, rows = np.eye(len(names)), np.zeros((len(names), len(names)), dtype=np.int64)
        values[above] = [np.nan if value is None else value for value in facts["values"]]
        rows[above] = facts["rows"]
        return cls(names, values, rows)


def correlations(columns: Mapping[str, pd.Series]) -> Correlations:
    """The rank correlations of typed columns of numbers, each pair over the rows that have both.

    Where neighbouring rows are alike, the rows count for as many as the products of their ranks vary between
    blocks of the file.

    Ranks are those within the rows that have the column.
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
    lots = blocks(z) if len(names) else None
    if lots is not None:
        rows = rows / _design_effect(filled, np.nan_to_num(values), lots)
    return Correlations(names, np.clip(values, -1, 1), rows.astype(np.int64))


def _design_effect(z: Numbers, values: Numbers, lots: Codes) -> Numbers:
    """(k, k) how many times as much the mean products of ranks vary as they would with independent rows.

    The variance between few blocks is uncertain, so it is taken larger, as Student's t is wider.
    """
    starts = np.searchsorted(lots, np.unique(lots))
    parts = np.split(z, starts[1:])
    between = np.sum([(part.T @ part - values * len(part)) ** 2 for part in parts], axis=0)
    within = (z**2).T @ z**2 - values**2 * len(z)
    wider = (stats.t.isf(CLEAR, len(parts) - 1) / stats.norm.isf(CLEAR)) ** 2
    return np.asarray(np.maximum(1.0, wider * between / np.where(within > 0, within, np.inf)))


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
