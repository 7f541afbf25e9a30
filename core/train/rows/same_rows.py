"""Which rows of a table stand in another one, by the cells of the columns that both have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.standalone.rows.row_order import row_hashes

Rows = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Mask = NDArray[np.bool_]
MOST_COLUMNS, MOST_OTHERS, TRIED_ROWS, DRAWS = 32, 20_000, 2_000, 60
TOO_ALIKE = 0.5
"""Share of rows that equal another one in every shared column, from which equal rows tell nothing."""
SURE, SURER = 3.0, 5.0
"""Standard errors above chance: where all columns count, and where the columns were chosen."""
ALWAYS = 0.99
"""Share of pairs of rows that agree in a column which is the same in both tables."""


@dataclass(frozen=True, eq=False)
class TableRows:
    """Rows of a table.

    Attributes:
        columns: shared name -> its name in this table.
        rows: (n,) positions.
        others: positions of some more rows of the same kind, which show how often rows are alike by chance.
        read: gives columns of the table at positions.
    """

    columns: Mapping[str, str]
    rows: Rows
    others: Rows
    read: Callable[[Sequence[str], Rows], pd.DataFrame]

    def hashes(self, names: Sequence[str], rows: Rows) -> Hashes:
        """(rows, names) of the cells."""
        frame = self.read([self.columns[name] for name in names], rows).set_axis(list(names), axis=1)
        return np.column_stack([row_hashes(frame[[name]]) for name in names])


@dataclass(frozen=True, eq=False)
class _Cells:
    """Hashes of cells, a column each: of the rows asked for, of those seen, and of others beside them."""

    asked: Hashes
    seen: Hashes
    others: Hashes

    def surplus(self, columns: Sequence[int], is_chosen: bool) -> float:
        """How many more of the rows asked for stand among those seen than may do so by chance."""
        asked, seen, others = (part[:, columns].sum(axis=1) for part in (self.asked, self.seen, self.others))
        hits, n = _paired(asked, seen).sum(), len(asked)
        chance = _by_chance(seen, others) if not is_chosen else _by_chance(seen, others, spare=1)
        return float(hits - chance * n - (SURER if is_chosen else SURE) * np.sqrt(n * chance * (1 - chance)))


def rows_again(asked: TableRows, seen: TableRows, needed: str, seed: int) -> Mask | None:
    """Which of some rows are among those seen in another table.

    Rows are the same where the columns agree that agree in most pairs of rows: a column that was written anew
    (another unit, other row numbers) says nothing, and is found as random sample consensus finds outliers. Of
    equal rows as many count as were seen. As many as rows of one table are alike by chance do not count.

    Args:
        asked, seen: rows of two tables, ``columns`` with the same keys, the most telling first.
        needed: name of a column in which the same rows agree, or empty.

    Returns:
        (rows asked for,), or None where too many rows are alike in all shared columns.
    """
    names = list(asked.columns)[:MOST_COLUMNS]
    if not len(asked.rows) or not len(seen.rows) or not names:
        return None if not names else np.zeros(len(asked.rows), dtype=bool)
    rng = np.random.default_rng(seed)
    mine, theirs = asked.hashes(names, asked.rows), seen.hashes(names, seen.rows)
    some = rng.permutation(len(mine))[:TRIED_ROWS]
    cells = _Cells(mine[some], theirs, seen.hashes(names, seen.others))
    everything = list(range(len(names)))
    best, most = everything, cells.surplus(everything, is_chosen=False)
    fixed = [names.index(needed)] if needed else []
    for columns in _draws(cells, fixed, rng):
        surplus = cells.surplus(columns, is_chosen=True)
        if surplus > most:
            best, most = columns, surplus
    if most > 0:
        best = _agreeing(cells, best, most)
        return _paired(mine[:, best].sum(axis=1), theirs[:, best].sum(axis=1))
    is_alike = _by_chance(theirs.sum(axis=1), cells.others.sum(axis=1)) >= TOO_ALIKE
    return None if is_alike else np.zeros(len(mine), dtype=bool)


def _draws(cells: _Cells, fixed: Sequence[int], rng: np.random.Generator) -> Iterator[list[int]]:
    """Columns to go by: those that have the most cells in common, then some drawn at random."""
    count = cells.seen.shape[1]
    common = [float(np.isin(cells.asked[:, i], cells.seen[:, i]).mean()) for i in range(count)]
    ordered = sorted(range(count), key=lambda i: -common[i])
    for size in range(1, count):
        yield sorted({*ordered[:size], *fixed})
    for _ in range(DRAWS if count > 2 else 0):
        size = int(rng.integers(count // 3 + 1, count))
        yield sorted({*rng.permutation(count)[:size].tolist(), *fixed})


def _agreeing(cells: _Cells, columns: list[int], surplus: float) -> list[int]:
    """All columns that agree in the rows that these ones pair, where they pair no fewer."""
    asked, seen = cells.asked[:, columns].sum(axis=1), cells.seen[:, columns].sum(axis=1)
    values, place, times = np.unique(seen, return_index=True, return_counts=True)
    at = np.minimum(np.searchsorted(values, asked), len(values) - 1)
    paired = (values[at] == asked) & (times[at] == 1)
    if not paired.any():
        return columns
    agree = (cells.asked[paired] == cells.seen[place[at[paired]]]).mean(axis=0) >= ALWAYS
    wider = sorted({*np.flatnonzero(agree).tolist(), *columns})
    return wider if cells.surplus(wider, is_chosen=True) >= surplus else columns


def _by_chance(seen: Hashes, others: Hashes, spare: int = 0) -> float:
    """Share of rows that equal a row seen though they are another: of the rows seen, and of others."""
    _, place, times = np.unique(seen, return_inverse=True, return_counts=True)
    twins = (int((times[place] > 1).sum()) + spare) / (len(seen) + spare)
    return min(1.0, max(twins, (int(np.isin(others, seen).sum()) + spare) / max(len(others) + spare, 1)))


def _paired(asked: Hashes, seen: Hashes) -> Mask:
    """(n,) which rows equal a row seen; of equal ones no more than were seen."""
    values, times = np.unique(seen, return_counts=True)
    at = np.minimum(np.searchsorted(values, asked), len(values) - 1)
    limit = np.where(values[at] == asked, times[at], 0)
    order = np.argsort(asked, kind="stable")
    ranked = asked[order]
    rank = np.empty(len(asked), dtype=np.int64)
    rank[order] = np.arange(len(asked)) - np.searchsorted(ranked, ranked)
    mask: Mask = rank < limit
    return mask
