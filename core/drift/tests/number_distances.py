"""Distances between two distributions of numbers, each given as sorted values with weights."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import stats

from core.drift.profile.document import ColumnProfile, Numbers

EXACT_PAIRS = 10_000
RANKS = (np.arange(1000) + 0.5) / 1000
TRIM = 5


def cumulative(profile: ColumnProfile) -> Numbers:
    """Share of the weight up to and including each value, with a leading 0."""
    sums = np.concatenate([[0.0], np.cumsum(profile.weights)])
    return np.asarray(sums / sums[-1])


def share_at(profile: ColumnProfile, points: Numbers, inclusive: bool = True) -> Numbers:
    """Share of the weight at or below (or, exclusive, below) each point."""
    side: Literal["left", "right"] = "right" if inclusive else "left"
    return np.asarray(cumulative(profile)[np.searchsorted(profile.values, points, side=side)])


def quantiles(profile: ColumnProfile, ranks: Numbers) -> Numbers:
    """The smallest value whose cumulative share reaches each rank."""
    positions = np.searchsorted(cumulative(profile)[1:], ranks - 1e-12, side="left")
    return np.asarray(profile.values[np.minimum(positions, len(profile.values) - 1)])


def ks_distance(reference: ColumnProfile, current: ColumnProfile) -> float:
    """The largest gap D between the two cumulative distributions (Kolmogorov-Smirnov).

    One side is a step function with few steps, so it is enough to look at and just below its steps.
    """
    few, many = sorted((reference, current), key=lambda p: len(p.values))
    steps = np.unique(few.values)
    at = np.abs(share_at(few, steps) - share_at(many, steps))
    below = np.abs(share_at(few, steps, inclusive=False) - share_at(many, steps, inclusive=False))
    return float(max(at.max(), below.max()))


def ks_p(reference: ColumnProfile, current: ColumnProfile, distance: float) -> float:
    """The two-sided p of D: exact for few rows without ties, else by Smirnov's limit at n*m/(n+m).

    The rows are those that count as independent.

    Source: Smirnov 1948; Simard and L'Ecuyer 2011 for the finite-sample distribution.
    """
    n, m = reference.effective, current.effective
    if n * m <= EXACT_PAIRS:
        a, b = _rows(reference), _rows(current)
        if len(a) == n and len(np.unique(np.concatenate([a, b]))) == n + m:
            return float(stats.ks_2samp(a, b, method="exact").pvalue)
    effective = max(1.0, np.round(n * m / (n + m)))
    return float(np.clip(stats.kstwo.sf(distance, effective), 0, 1))


def _rows(profile: ColumnProfile) -> Numbers:
    return np.repeat(profile.values, profile.weights.astype(np.int64))


def spread(profile: ColumnProfile) -> float:
    """A standard deviation that outliers do not move: IQR / 1.349, else the standard deviation, else 1."""
    low, high = quantiles(profile, np.array([0.25, 0.75]))
    if high > low:
        return float((high - low) / 1.349)
    mean = np.average(profile.values, weights=profile.weights)
    variance = np.average((profile.values - mean) ** 2, weights=profile.weights)
    return float(np.sqrt(variance)) if variance > 0 else 1.0


def transport(reference: ColumnProfile, current: ColumnProfile) -> float:
    """The Wasserstein-1 distance in robust standard deviations of the reference.

    Taken over the ranks 0.5 % to 99.5 %: a single wild value shall not decide.
    """
    ranks = RANKS[TRIM:-TRIM]
    gaps = np.abs(quantiles(reference, ranks) - quantiles(current, ranks))
    return float(gaps.mean() / spread(reference))


def smoothed(counts: Numbers) -> Numbers:
    """Shares with half a row added to each cell, so that none is 0."""
    return np.asarray((counts + 0.5) / (counts.sum() + 0.5 * len(counts)))


def psi(a: Numbers, b: Numbers) -> float:
    """The population stability index of two tables of counts."""
    p, q = smoothed(a), smoothed(b)
    return float(((p - q) * np.log(p / q)).sum())


def jensen_shannon(a: Numbers, b: Numbers) -> float:
    """The Jensen-Shannon distance (base 2, 0 to 1) of two tables of counts."""
    p, q = smoothed(a), smoothed(b)
    middle = (p + q) / 2
    divergence = (p * np.log2(p / middle)).sum() / 2 + (q * np.log2(q / middle)).sum() / 2
    return float(np.sqrt(max(0.0, divergence)))


def binned(profile: ColumnProfile, edges: Numbers) -> Numbers:
    """Rows in each bin; the first and last bin are open to the outside."""
    inner = share_at(profile, edges[1:-1], inclusive=False)
    return np.asarray(np.diff(np.concatenate([[0.0], inner, [1.0]])) * profile.present)
