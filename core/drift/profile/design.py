"""Design effects: how many rows of a column count as one independent row, where rows come in lots.

Source: Kish 1965, Survey Sampling; Rao and Scott 1981 for counts of levels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from core.drift.profile.document import ColumnProfile, Numbers
from core.drift.tests.lots import BLOCKS, DEGREE, Codes, blocks, blocks_of_sample
from core.drift.tests.matrix import coded
from core.spec import WITH_LEVELS

LOOKED_AT = 20_000
LEVELS, FLAGGED = 20, 5
FEW_VALUES = 10
FEWEST_OF_LEVEL = 40
CLEAR = 5e-4
"""About the p at which one of many tests counts, one-sided."""
MOST_ALIKE = 0.8
Designs = tuple[float | None, float | None]
UNKNOWN: Designs = (None, None)


@dataclass(frozen=True, eq=False)
class Lots:
    """What the rows of a table belong to.

    Attributes:
        codes: (n,) the lot of each row.
        are_blocks: whether they are blocks of the file, neighbours of each other, and not groups.
    """

    codes: Codes
    are_blocks: bool

    @property
    def are_few(self) -> bool:
        """Whether they are blocks so few that neighbouring ones may be of one lot."""
        return self.are_blocks and int(self.codes.max(initial=0)) < BLOCKS[-1]

    def of(self, chosen: NDArray[np.bool_]) -> Lots:
        """Those of some of the rows."""
        return replace(self, codes=_numbered(self.codes[chosen]))


def _numbered(codes: Codes) -> Codes:
    return np.asarray(np.unique(codes, return_inverse=True)[1], dtype=np.int64)


def lots_of(
    values: Mapping[str, pd.Series], columns: Sequence[ColumnProfile], groups: Codes | None
) -> Lots | None:
    """The groups of the rows, else blocks of the file where neighbouring rows are alike, else None.

    Args:
        values: typed columns by name.
        groups: (n,) what the rows belong to, where that is known; else dates do not tell, as hours and days
            of any file in time are alike.
    """
    if groups is not None:
        return Lots(_numbered(groups), False)
    columns = [one for one in columns if one.name in values and one.kind not in ("datetime", "id")]
    columns = [one for one in columns if not stands_in_runs(values[one.name])]
    matrix = coded(values, values, columns)[1]
    rows = len(matrix)
    if not rows:
        return None
    more = _flags(values, columns)
    codes = blocks_of_sample(matrix, LOOKED_AT, 0, more)
    if codes is None and rows > LOOKED_AT and blocks(matrix[:LOOKED_AT], more[:LOOKED_AT]) is not None:
        codes = np.arange(rows) * BLOCKS[0] // rows
    return None if codes is None else Lots(codes, True)


def stands_in_runs(values: pd.Series) -> bool:
    """Whether all rows of a value stand together: it names the lots, or the file is sorted by it."""
    codes, levels = pd.factorize(values, use_na_sentinel=False)
    runs = 1 + int(np.count_nonzero(np.diff(codes)))
    return 1 < runs == len(levels) <= len(codes) / 2


def _flags(values: Mapping[str, pd.Series], columns: Sequence[ColumnProfile]) -> Numbers:
    """(n, m) whether each row holds one of the commonest levels of a column, and whether it holds none."""
    flags = []
    for column in columns:
        series = values[column.name]
        flags.append(series.isna().to_numpy())
        if column.kind in WITH_LEVELS:
            codes = pd.factorize(series)[0]
            sizes = np.bincount(codes[codes >= 0])
            flags += [codes == level for level in np.argsort(-sizes, kind="stable")[:FLAGGED]]
    return np.column_stack(flags).astype(np.float64)


def designs(values: pd.Series, is_text: bool, lots: Lots | None) -> Designs:
    """The design effects of the values and of whether a value is missing, from 1 on.

    None without lots, and of a column that names them.

    The largest of those of ranks, distances from the middle, and levels: of all and of each that is not too
    rare. Few lots tell little, so it is taken larger, as Student's t is wider than the normal distribution.

    Args:
        values: (n,) typed.
        is_text: whether lengths are compared in place of levels.
    """
    if lots is None or stands_in_runs(values):
        return UNKNOWN
    present = values.notna().to_numpy()
    degrees = int(lots.codes.max(initial=0)) - (DEGREE if lots.are_blocks else 0)
    if degrees < 1:
        return float(max(1, present.sum())), float(max(1, len(values)))
    ratio = _Ratio(lots, degrees)
    wider = (stats.t.isf(CLEAR, degrees) / stats.norm.isf(CLEAR)) ** 2
    largest = max((ratio.of(scores) for scores in scores_of(values, present, is_text)), default=1.0)
    of_values = float(np.clip(wider * largest, 1.0, max(1, present.sum())))
    of_missing = float(np.clip(wider * ratio.of([present - present.mean()]), 1.0, max(1, len(values))))
    return of_values, of_missing


def with_designs(profile: ColumnProfile, values: pd.Series, lots: Lots | None) -> ColumnProfile:
    """The profile of a column with its design effects.

    Args:
        values: (n,) typed.
    """
    of_values, of_missing = designs(values, profile.kind == "text", lots)
    return replace(profile, design=of_values, design_missing=of_missing)


def alike_as(profile: ColumnProfile, columns: Sequence[ColumnProfile]) -> ColumnProfile:
    """The profile of what a model says, taken as alike within lots as the most alike of the inputs."""
    largest = max((column.design for column in columns if column.design), default=None)
    return profile if largest is None else replace(profile, design=min(largest, max(1.0, profile.present)))


def shared_designs(
    old: ColumnProfile, new: ColumnProfile, lots: Lots | None
) -> tuple[ColumnProfile, ColumnProfile]:
    """Both sides of a column; where one shows no lots and the other does, it is taken to have them too.

    New rows in few blocks are taken to be at least as alike as the old ones.

    Args:
        lots: of the new rows.
    """

    def shared(own: float | None, other: float | None, rows: int, is_rough: bool) -> float | None:
        most = max(own or 1.0, other or 1.0) if is_rough else own or other
        return most and min(most, max(1.0, float(rows)))

    def of(side: ColumnProfile, other: ColumnProfile, is_rough: bool) -> ColumnProfile:
        design = shared(side.design, other.design, side.present, is_rough)
        missing = shared(side.design_missing, other.design_missing, side.n, is_rough)
        return replace(side, design=design, design_missing=missing)

    return of(old, new, False), of(new, old, lots is not None and lots.are_few)


class _Ratio:
    """The variance between lots as a multiple of what independent rows would show."""

    def __init__(self, lots: Lots, degrees: int) -> None:
        self.lots, self.degrees = lots, degrees
        rows = len(lots.codes)
        trend = np.polynomial.legendre.legvander(np.linspace(-1, 1, rows), DEGREE)
        self.trend = np.linalg.qr(trend)[0] if lots.are_blocks else np.empty((rows, 0))

    def of(self, scores: Sequence[Numbers]) -> float:
        """Of some scores together, each (n,) with mean 0 and 0 where there is none."""
        between, within = zip(*map(self._parts, scores), strict=True) if scores else ((0.0,), (0.0,))
        return float(sum(between) / sum(within)) if sum(within) > 0 else 1.0

    def _parts(self, scores: Numbers) -> tuple[float, float]:
        rest = scores - self.trend @ (self.trend.T @ scores)
        sums = np.bincount(self.lots.codes, rest)
        squares = float((sums**2).sum())
        if squares <= 0:
            return 0.0, float((rest**2).sum())
        alike = float(np.clip((sums[:-1] * sums[1:]).sum() / squares, 0, MOST_ALIKE))
        longer = (1 + alike) / (1 - alike) if self.lots.are_blocks else 1.0
        return squares * longer * len(sums) / self.degrees, float((rest**2).sum())


def scores_of(values: pd.Series, present: NDArray[np.bool_], is_text: bool) -> Iterator[list[Numbers]]:
    """Sets of scores, each with a design effect of its own."""
    if not present.any():
        return
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        yield from _of_levels(values.dt.day_of_week, present)
        yield from _of_levels(values.dt.hour, present)
        return
    if is_text or pd.api.types.is_numeric_dtype(values.dtype):
        plain = values.str.len() if is_text else values
        yield from _of_ranks(plain.to_numpy(np.float64, na_value=np.nan), present)
    if not is_text and (values.dtype != np.float64 or values.nunique() <= FEW_VALUES):
        yield from _of_levels(values, present)


def _of_ranks(values: Numbers, present: NDArray[np.bool_]) -> Iterator[list[Numbers]]:
    ranks = np.zeros(len(values))
    ranks[present] = stats.rankdata(values[present]) / present.sum()
    centred = np.where(present, ranks - ranks[present].mean(), 0.0)
    distance = np.where(present, np.abs(centred) - np.abs(centred[present]).mean(), 0.0)
    yield [centred]
    yield [distance]


def _of_levels(values: pd.Series, present: NDArray[np.bool_]) -> Iterator[list[Numbers]]:
    codes, _ = pd.factorize(values)
    sizes = np.bincount(codes[present])
    common = np.argsort(-sizes, kind="stable")[:LEVELS]
    flags = [np.where(present, (codes == level) - sizes[level] / present.sum(), 0.0) for level in common]
    yield flags
    yield from ([flag] for flag, level in zip(flags, common, strict=True) if sizes[level] >= FEWEST_OF_LEVEL)
