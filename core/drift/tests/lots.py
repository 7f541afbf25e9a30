"""Rows that come in lots, alike within one: which rows belong together, and the AUC of such rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]
FEWEST_ROWS = 200
SHOWS_LOTS = 600
"""From so many rows on a side that comes in lots shows them."""
LENGTHS = (2, 5, 10, 20, 50, 100)
BLOCKS = (40, 20, 10)
NO_CHANCE = 1e-4
ALIKE = 0.25
DEGREE = 3
MOST_RUNS = 20
NOTHING_LEFT = 1e-6


def blocks(matrix: Numbers, more: Numbers | None = None) -> Codes | None:
    """(n,) the block of each row where neighbours in the order of the file are alike, else None.

    A slow trend is taken off, and a table that is sorted by few levels has an order that tells nothing. The
    blocks are as many as can be without neighbouring ones being alike.

    Args:
        matrix: (n, k) columns.
        more: (n, m) scores made of them, in which neighbours may be alike as well.
    """
    n = len(matrix)
    if n < FEWEST_ROWS or any(_is_sorted(values) for values in matrix.T):
        return None
    ranks = _without_trend(matrix if more is None else np.column_stack([matrix, more]))
    alike = ranks[:, [_varies_by_block(values) for values in ranks.T]]
    if not alike.shape[1]:
        return None
    for count in BLOCKS[:-1]:
        codes = np.arange(n) * count // n
        if _neighbours(alike, codes) < ALIKE:
            return codes
    return np.arange(n) * BLOCKS[-1] // n


def blocks_of_sample(matrix: Numbers, rows: int, seed: int, more: Numbers | None = None) -> Codes | None:
    """As ``blocks``, told by at most that many of the rows: every row has the block of a neighbour."""
    n = len(matrix)
    if n <= rows:
        return blocks(matrix, more)
    places = np.sort(np.random.default_rng(seed).permutation(n)[:rows])
    codes = blocks(matrix[places], None if more is None else more[places])
    return None if codes is None else codes[np.searchsorted(places, np.arange(n)).clip(max=rows - 1)]


def lots_of_sides(
    sides: Sequence[Numbers], groups: Sequence[Codes | None], rows: int, seed: int
) -> list[Codes | None]:
    """The lots of the rows of both sides: their groups, else blocks of the file, None where none are seen.

    A side too small to show lots, or how long they are, has blocks at least as long as those of the other.

    Args:
        sides: (n, k) columns of each.
        groups: what the rows of each belong to, where that is known.
        rows: as in ``blocks_of_sample``.
    """
    both = zip(sides, groups, strict=True)
    lots = [blocks_of_sample(side, rows, seed) if of is None else of for side, of in both]
    if any(of is not None for of in groups):
        return lots
    first, second = lots
    return [_hidden(len(sides[0]), first, second), _hidden(len(sides[1]), second, first)]


def _hidden(rows: int, own: Codes | None, other: Codes | None) -> Codes | None:
    if other is None or rows >= SHOWS_LOTS:
        return own
    long = max(len(of) // len(np.unique(of)) for of in (own, other) if of is not None)
    return np.arange(rows, dtype=np.int64) // max(1, long)


def _is_sorted(values: Numbers) -> bool:
    """Whether the column has few levels, each of them in one run."""
    filled = np.where(np.isnan(values), np.inf, values)
    runs = 1 + int(np.count_nonzero(filled[1:] != filled[:-1]))
    return 1 < runs <= MOST_RUNS and runs == len(np.unique(filled))


def _without_trend(matrix: Numbers) -> Numbers:
    """(n, k) ranks of each column, missing ones in the middle, less a cubic of the place in the file."""
    ranks = np.column_stack([stats.rankdata(values, nan_policy="omit") for values in matrix.T])
    present = ~np.isnan(ranks)
    middle = np.where(present, ranks, 0.0).sum(axis=0) / np.maximum(1, present.sum(axis=0))
    centred = np.where(present, ranks - middle, 0.0)
    trend = np.polynomial.legendre.legvander(np.linspace(-1, 1, len(matrix)), DEGREE)
    return np.asarray(centred - trend @ np.linalg.lstsq(trend, centred, rcond=None)[0])


def is_alike(values: Numbers) -> bool:
    """Whether neighbours among numbers, in the order of the file, are alike; by ranks, no trend taken off."""
    ranks = stats.rankdata(values)
    return _varies_by_block(ranks - ranks.mean())


def _varies_by_block(values: Numbers) -> bool:
    """Whether sums over blocks of some length vary more than those of independent rows would."""
    variance, n = float((values**2).mean()), len(values)
    if variance <= NOTHING_LEFT * n**2:
        return False
    ps = []
    for length in LENGTHS:
        count = n // length
        if count >= BLOCKS[1]:
            sums = values[: count * length].reshape(count, length).sum(axis=1)
            ps.append(float(stats.chi2.sf((sums**2).sum() / (length * variance), count)))
    return min(ps, default=1.0) * len(ps) <= NO_CHANCE


def _neighbours(values: Numbers, codes: Codes) -> float:
    """The mean correlation of the sums of neighbouring blocks."""
    sums = np.add.reduceat(values, np.searchsorted(codes, np.arange(codes[-1] + 1)), axis=0)
    squares = (sums**2).sum(axis=0)
    return float(((sums[:-1] * sums[1:]).sum(axis=0) / np.where(squares > 0, squares, 1.0)).mean())


def halves(codes: Codes, rng: np.random.Generator) -> tuple[Codes, Codes]:
    """The places of the rows of one half of the lots, drawn at random, and of the other half."""
    lots = np.unique(codes)
    first = np.isin(codes, rng.permutation(lots)[: len(lots) // 2])
    return np.flatnonzero(first), np.flatnonzero(~first)


def auc_of_lots(old: Numbers, new: Numbers, old_lots: Codes, new_lots: Codes) -> tuple[float, float, float]:
    """The AUC of scores that should be higher on the new side, its one-sided p and its standard error.

    The variance is that of sums over lots (Obuchowski 1997), the p of Student's t with the fewer lots, and
    not below what exchanging the lots could give.
    """
    ranks = stats.rankdata(np.concatenate([old, new]))
    above = (ranks[len(old) :] - stats.rankdata(new)) / len(old)
    below = 1 - (ranks[: len(old)] - stats.rankdata(old)) / len(new)
    auc = float(above.mean())
    error = float(np.sqrt(_variance(above - auc, new_lots) + _variance(below - auc, old_lots)))
    counts = [len(np.unique(lots)) for lots in (old_lots, new_lots)]
    least = 1 / float(np.exp(min(700.0, _log_choose(sum(counts), counts[0]))))
    p = float(stats.t.sf((auc - 0.5) / error, min(counts) - 1)) if error > 0 else float(auc <= 0.5)
    return auc, max(p, least), error


def _variance(values: Numbers, lots: Codes) -> float:
    _, codes = np.unique(lots, return_inverse=True)
    sums = np.bincount(codes, values)
    return float(len(sums) / max(1, len(sums) - 1) * (sums**2).sum() / len(values) ** 2)


def _log_choose(n: int, k: int) -> float:
    places = np.arange(1, k + 1)
    return float(np.log((n - k + places) / places).sum())
