"""Distances between two distributions over levels, given as counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import stats

from core.drift.profile.document import ColumnProfile, Numbers

FEW_EXPECTED = 5
TABLES = 999
MORE_TABLES = 19_999
RARER = "(rarer values)"


def comparable(old: ColumnProfile, new: ColumnProfile) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """The levels of both sides; those that the reference does not tell are one level in both."""
    if not old.rest or not old.levels:
        return old.levels, new.levels
    common = {level: size for level, size in new.levels.items() if level in old.levels}
    others = new.rest + sum(new.levels.values()) - sum(common.values())
    return {**old.levels, RARER: old.rest}, {**common, RARER: others}


def aligned(a: Mapping[str, int], b: Mapping[str, int]) -> tuple[list[str], Numbers]:
    """All levels, the most frequent first, and a 2 x k table of their counts."""
    labels = sorted({*a, *b}, key=lambda level: (-(a.get(level, 0) + b.get(level, 0)), level))
    table = [[side.get(level, 0) for level in labels] for side in (a, b)]
    return labels, np.asarray(table, dtype=np.float64)


def thinned(table: Numbers, old: float | None, new: float | None) -> Numbers:
    """The counts as those of independent rows, by the design effect of each side."""
    return table / np.array([[old or 1.0], [new or 1.0]])


def pooled(table: Numbers) -> Numbers:
    """The table with the levels that expect under 5 rows on the smaller side put together."""
    sizes = table.sum(axis=1)
    rare = table.sum(axis=0) * sizes.min() / sizes.sum() < FEW_EXPECTED
    if rare.sum() < 2:
        return table
    return np.column_stack([table[:, ~rare], table[:, rare].sum(axis=1)])


def homogeneity(table: Numbers, seed: int = 0) -> tuple[float, float]:
    """Chi-squared and its p that both rows of a 2 x k table come from one distribution.

    Without continuity correction. When a cell expects under 5, in whole rows: Fisher's exact test for two
    levels, else random tables with the same margins (999, and 19,999 when that looks small).
    """
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2 or (table.sum(axis=1) == 0).any():
        return 0.0, 1.0
    result = stats.chi2_contingency(table, correction=False)
    statistic = float(result.statistic)
    if (result.expected_freq >= FEW_EXPECTED).all():
        return statistic, float(result.pvalue)
    whole = np.rint(table)
    if (whole != table).any():
        return homogeneity(whole, seed)
    if table.shape[1] == 2:
        return statistic, float(stats.fisher_exact(table.astype(np.int64)).pvalue)
    p = _simulated(table, result.expected_freq, statistic, TABLES, seed)
    return statistic, _simulated(
        table, result.expected_freq, statistic, MORE_TABLES, seed
    ) if p <= 0.05 else p


def _simulated(table: Numbers, expected: Numbers, statistic: float, tables: int, seed: int) -> float:
    rows, columns = table.sum(axis=1).astype(np.int64), table.sum(axis=0).astype(np.int64)
    drawn = stats.random_table(rows, columns).rvs(tables, random_state=np.random.default_rng(seed))
    simulated = ((drawn - expected) ** 2 / expected).sum(axis=(1, 2))
    return float((1 + (simulated >= statistic - 1e-9).sum()) / (tables + 1))


def variation(table: Numbers) -> float:
    """The total variation distance of the two rows: the share of rows that changed level."""
    shares = table / table.sum(axis=1, keepdims=True)
    return float(np.abs(shares[0] - shares[1]).sum() / 2)


def expected_variation(table: Numbers) -> float:
    """The total variation that two samples of one distribution show by chance alone.

    Half the sum of mean absolute deviations of normal differences; without it many levels look like drift.
    """
    sizes = table.sum(axis=1)
    share = table.sum(axis=0) / sizes.sum()
    deviation = np.sqrt(2 / np.pi * share * (1 - share) * (1 / sizes).sum())
    return float(deviation.sum() / 2)


def least_detectable(table: Numbers) -> float:
    """The largest variation above chance that the chi-squared test at 5 % may overlook.

    By Cauchy-Schwarz the variation is at most half the root of chi-squared * (1/n + 1/m).
    """
    used = table[:, table.sum(axis=0) > 0]
    critical = stats.chi2.ppf(0.95, max(1, used.shape[1] - 1))
    bound = np.sqrt(critical * (1 / table.sum(axis=1)).sum()) / 2
    return float(max(0.0, bound - expected_variation(table)))
