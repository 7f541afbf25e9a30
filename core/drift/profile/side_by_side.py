"""Design effects of a difference where both sides are parts of one order: blocks at one place are alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from core.drift.profile.design import CLEAR, Lots, scores_of
from core.drift.profile.document import ColumnProfile, Numbers
from core.drift.tests.lots import DEGREE

BLOCKS_BESIDE = (40, 20)
ROWS_A_BLOCK = 10
ALONG = 3.4
"""Standard errors of a correlation of blocks of both sides from which they go along; by chance in 0.1 %."""
MOST_NEIGHBOURLY = 0.3
"""Correlation of differences of neighbouring blocks up to which they are independent of each other."""
Pair = tuple[ColumnProfile, ColumnProfile]


def side_by_side(pair: Pair, old: pd.Series | None, new: pd.Series, is_text: bool, lots: Lots | None) -> Pair:
    """Both sides with the design effects that the differences of their blocks show, where these are less.

    What blocks at the same place of both files share cancels in their difference: where rows were dealt to
    both at random, however alike neighbours are, it varies as independent rows do. Where the blocks of both
    do not go along, or the differences of neighbouring blocks do, the design effects stay as they are.

    Args:
        old: (n,) typed values of the reference in the order of its file, or None; all of its rows.
        new: (m,) those of the new rows.
        lots: of the new rows.
    """
    known = old is not None and lots is not None and lots.are_blocks and pair[0].design is not None
    if not known or old is None or len(old) != pair[0].n or new.dtype.kind == "M":
        return pair
    if min(len(old), len(new)) < ROWS_A_BLOCK * BLOCKS_BESIDE[0]:
        return pair
    both = pd.concat([old.reset_index(drop=True), new.reset_index(drop=True)], ignore_index=True)
    present = both.notna().to_numpy()
    effects = [_effect(scores, len(old)) for scores in scores_of(both, present, is_text)]
    missing = _effect([present - present.mean()], len(old))
    of_values = max(1.0, *effects)
    of_missing = max(1.0, missing)

    def lower(side: ColumnProfile) -> ColumnProfile:
        design, gaps = side.design, side.design_missing
        return replace(
            side,
            design=design if design is None else min(design, of_values),
            design_missing=gaps if gaps is None else min(gaps, of_missing),
        )

    return lower(pair[0]), lower(pair[1])


def _effect(scores: Sequence[Numbers], first: int) -> float:
    """The variance of a difference of means, in that of independent rows; of some scores together.

    Few blocks tell little, so it is taken larger, as Student's t is wider than the normal distribution.
    """
    alone = sum(float((one[:first] ** 2).sum()) / first**2 for one in scores)
    alone += sum(float((one[first:] ** 2).sum()) / (len(one) - first) ** 2 for one in scores)
    if alone <= 0:
        return 1.0
    for count in BLOCKS_BESIDE:
        a = np.array([_blocks(one[:first], count) for one in scores])
        b = np.array([_blocks(one[first:], count) for one in scores])
        apart = a - b
        along = _product(a, b) / max(np.sqrt(_product(a, a) * _product(b, b)), 1e-300)
        neighbours = _product(apart[:, :-1], apart[:, 1:])
        independent = neighbours <= MOST_NEIGHBOURLY * _product(apart, apart)
        if independent and along * np.sqrt(count - 1) >= ALONG * np.sqrt(max(0.0, 1 - along**2)):
            return _wider(count) * _product(apart, apart) / alone
    separate = sum(_product(side, side) * _reach(side) for side in (a, b))
    return float(_wider(BLOCKS_BESIDE[-1]) * separate / alone)


def _wider(blocks: int) -> float:
    degrees = blocks - 1 - DEGREE
    return float((stats.t.isf(CLEAR, degrees) / stats.norm.isf(CLEAR)) ** 2 * blocks / degrees)


def _reach(side: Numbers) -> float:
    """By how much sums over longer blocks vary more."""
    alike = float(np.clip(_product(side[:, :-1], side[:, 1:]) / max(_product(side, side), 1e-300), 0.0, 0.8))
    return (1 + alike) / (1 - alike)


def _product(one: Numbers, two: Numbers) -> float:
    return float((one * two).sum())


def _blocks(scores: Numbers, count: int) -> Numbers:
    """(count,) what each block adds to the mean, less a cubic of the place in the file."""
    rows = len(scores)
    trend = np.linalg.qr(np.polynomial.legendre.legvander(np.linspace(-1, 1, rows), DEGREE))[0]
    rest = scores - trend @ (trend.T @ scores)
    return np.bincount(np.arange(rows) * count // rows, rest, count) / rows
