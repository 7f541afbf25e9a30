"""The two-sample tests of one aspect of a column: its values, its missing rate, its unseen values.

Each takes both sides, and from where a change counts (``delta``, or a ``share`` of the rows). It gives a p
(is the change real?) and an effect with its threshold (does it matter?). The catalog of drift tests lists
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import stats

from core.drift.profile.document import ColumnProfile, Numbers
from core.drift.profile.sharing import LEAST
from core.drift.tests import level_distances as levels
from core.drift.tests import number_distances as numbers
from core.drift.tests.text_classifier import text_auc

AspectName = Literal["value", "spread", "tails", "rare", "missing", "unseen"]
NO_LUCK = 0.0005


@dataclass(frozen=True)
class Side:
    """One of the two samples: the distribution of a column and, where at hand, some of its rows."""

    profile: ColumnProfile
    sample: pd.Series | None = None


@dataclass(frozen=True)
class Aspect:
    """The outcome of one test.

    Attributes:
        effect: size of the change; material from ``threshold`` on.
        mde: the least effect that this many rows can show; 0 when any can.
        facts: numbers for the sentence that explains it.
    """

    aspect: AspectName
    statistic: float
    p: float
    effect: float
    threshold: float
    mde: float
    facts: Mapping[str, Any] = field(default_factory=dict)


def _per_row(reference: float, current: float) -> float:
    return float(np.sqrt(1 / reference + 1 / current))


def independent(profile: ColumnProfile, rows: int) -> int:
    """For how many independent rows so many rows of a column count, rounded down."""
    return int(rows / (profile.design or 1.0))


def design_of_difference(a: ColumnProfile, b: ColumnProfile) -> float:
    """How much larger the variance of a difference of means is than with independent rows."""
    return (1 / a.effective + 1 / b.effective) / (1 / a.present + 1 / b.present)


def ks(reference: Side, current: Side, delta: float = 0.1, seed: int = 0) -> Aspect:
    """Kolmogorov-Smirnov on numbers; the effect is D, or half the shift in standard deviations if larger.

    Both sides need a value.
    """
    a, b = reference.profile, current.profile
    distance, moved = numbers.ks_distance(a, b), numbers.transport(a, b)
    effect = max(distance, min(1.0, moved / 2))
    mde = 1.36 * _per_row(a.effective, b.effective)
    facts = {"d": distance, "shift_sd": moved}
    return Aspect("value", distance, numbers.ks_p(a, b, distance), effect, delta, mde, facts)


def chi2(reference: Side, current: Side, delta: float = 0.1, seed: int = 0) -> Aspect:
    """Chi-squared homogeneity on levels; the effect is the variation above what chance alone gives.

    Both sides need a value.
    """
    a, b = reference.profile, current.profile
    labels, table = levels.aligned(*levels.comparable(a, b))
    statistic, p, effect, mde = _mix(table, a, b, seed)
    shares = table / table.sum(axis=1, keepdims=True)
    most = int(np.abs(shares[0] - shares[1]).argmax())
    facts = {"level": labels[most], "was": float(shares[0, most]), "is": float(shares[1, most])}
    return Aspect("value", statistic, p, effect, delta, mde, facts)


def _mix(table: Numbers, a: ColumnProfile, b: ColumnProfile, seed: int) -> tuple[float, float, float, float]:
    """Statistic, p, effect and least detectable effect of a 2 x k table, in independent rows."""
    table = levels.thinned(table, a.design, b.design)
    small = levels.pooled(table)
    statistic, p = levels.homogeneity(small, seed)
    effect = max(0.0, levels.variation(table) - levels.expected_variation(table))
    return statistic, p, effect, levels.least_detectable(small)


def calendar(reference: Side, current: Side, delta: float = 0.1, seed: int = 0) -> Aspect:
    """Chi-squared on weekday and, where times are given, hour; the clearer one counts, p corrected for two.

    A later range alone is no drift. Both sides need a value.
    """
    a, b = reference.profile, current.profile
    parts = []
    for part in sorted({*a.parts, *b.parts}):
        _, table = levels.aligned(a.parts.get(part, {"0": a.present}), b.parts.get(part, {"0": b.present}))
        statistic, p, effect, mde = _mix(table, a, b, seed)
        parts.append((p, -effect, part, statistic, mde))
    p, negative, part, statistic, mde = min(parts)
    return Aspect("value", statistic, min(1.0, p * len(parts)), -negative, delta, mde, {"part": part})


def text_length(reference: Side, current: Side, delta: float = 0.1, seed: int = 0) -> Aspect:
    """Kolmogorov-Smirnov on the length of texts, for when no reference texts are at hand."""
    result = ks(reference, current, delta, seed)
    return Aspect(
        "value", result.statistic, result.p, result.effect, delta, result.mde, {**result.facts, "length": 1}
    )


def text_classifier(reference: Side, current: Side, delta: float = 0.1, seed: int = 0) -> Aspect:
    """A classifier on words and length that tries to tell old texts from new; the effect is AUC - 0.5.

    Source: Lopez-Paz and Oquab 2017, Revisiting Classifier Two-Sample Tests. Both sides need a sample.
    """
    if reference.sample is None or current.sample is None:
        return text_length(reference, current, delta, seed)
    auc, p, mde = text_auc(reference.sample, current.sample, seed)
    larger = design_of_difference(reference.profile, current.profile)
    p, mde = float(stats.norm.sf(stats.norm.isf(p) / np.sqrt(larger))), mde * float(np.sqrt(larger))
    return Aspect("value", auc, p, max(0.0, auc - 0.5), delta, mde, {"auc": auc})


def missing_rate(reference: Side, current: Side, delta: float = 0.05, seed: int = 0) -> Aspect:
    """Chi-squared (Fisher where few are expected) on the missing rate."""
    a, b = reference.profile, current.profile
    counts = np.array([[a.missing, a.present], [b.missing, b.present]], dtype=np.float64)
    table = levels.thinned(counts, a.design_missing, b.design_missing)
    statistic, p = levels.homogeneity(table, seed)
    share = (a.missing + b.missing + 1) / (a.n + b.n + 2)
    mde = 1.96 * np.sqrt(share * (1 - share)) * _per_row(*table.sum(axis=1))
    facts = {"was": a.missing_rate, "is": b.missing_rate}
    return Aspect("missing", statistic, p, abs(b.missing_rate - a.missing_rate), delta, float(mde), facts)


def outside_range(reference: Side, current: Side, share: float = 0.01, seed: int = 0) -> Aspect:
    """The exact test of how many new numbers fall outside the range of n old ones.

    Of n old and k + 1 of the new rows in random order, the k + 1 that come first hold at most one old row:
    the tail of the beta-binomial (m; 2, n - 1), in two terms. Both sides need a value.
    """
    a, b = reference.profile, current.profile
    low, high = float(a.low or 0.0), float(a.high or 0.0)
    ends = np.array([low, high])
    below = float(numbers.share_at(b, ends, inclusive=False)[0])
    above = 1 - float(numbers.share_at(b, ends)[1])
    count = round((below + above) * b.present)
    old, new, out = independent(a, a.present), independent(b, b.present), independent(b, count)
    p = float(stats.hypergeom.cdf(1, old + new, old, out + 1)) if out else 1.0
    facts = {"count": count, "low": low, "high": high}
    return Aspect("unseen", count, p, count / b.present, share, 0.0, facts)


def unseen_levels(reference: Side, current: Side, share: float = 0.01, seed: int = 0) -> Aspect:
    """A binomial test of how many new rows hold a level never seen before.

    The chance of a new level is taken as twice Good-Turing's estimate, 2 (singletons + 1) / n, and not below
    its Poisson bound, which few rows do not exceed by luck; of rows in lots, the levels that one lot may hold
    alone are counted. A bundle does not tell its rare levels: there the rows with none of the
    common ones are compared. So they are in a table, that it finds what a bundle does; the clearer counts.
    Both sides need a value.
    """
    a, b = reference.profile, current.profile
    if a.rest:
        return _uncommon_levels(a, b, share)
    unseen = _never_seen(a, b, share)
    if not unseen.facts["count"] or min(a.levels.values(), default=LEAST) >= LEAST:  # a bundle tells them all
        return unseen
    return replace(unseen, p=min(unseen.p, _uncommon_levels(a, b, share).p))


def _never_seen(a: ColumnProfile, b: ColumnProfile, share: float) -> Aspect:
    """The test of rows with levels that a reference which tells all of its levels does not have."""
    new = {level: size for level, size in b.levels.items() if level not in a.levels}
    count = sum(new.values())
    once = sum(size <= (a.design or 1.0) for size in a.levels.values()) if a.design else a.singletons
    bound = float(stats.chi2.isf(NO_LUCK, 2 * (once + 1))) / 2
    mass = min(1.0, max(2 * (once + 1), bound) / a.effective)
    rows = independent(b, count)
    p = float(stats.binom.sf(rows - 1, independent(b, b.present), mass)) if rows else 1.0
    if new and (a.design or b.design):
        p = min(p, _one_new_level(a, b, max(new.values()), len(a.levels) + len(new)))
    facts = {"count": count, "levels": len(new), "top": list(new)[:5]}
    return Aspect("unseen", count, p, count / b.present, share, 0.0, facts)


def _one_new_level(a: ColumnProfile, b: ColumnProfile, size: int, levels: int) -> float:
    """The chance that all lots of one of so many levels, this large, are among the new rows (Bonferroni).

    In lots the bound on the mass of new levels is so wide that it hardly ever errs, and misses much.
    """
    rows, before = independent(b, size), int(a.effective)
    now = independent(b, b.present)
    return min(1.0, levels * float(stats.hypergeom.sf(rows - 1, before + now, rows, now)))


def _uncommon_levels(a: ColumnProfile, b: ColumnProfile, share: float) -> Aspect:
    """Fisher's one-sided test that more rows hold none of the common levels.

    Levels that are rare by chance are commoner than they look: by Good and Turing those of r rows hold the
    share of the rows with levels of r + 1, so levels that just count as common are taken as rare
    here.
    """
    common = {level: size for level, size in a.levels.items() if size >= LEAST}
    count = sum(size for level, size in b.levels.items() if level not in common)
    rest = a.rest + sum(a.levels.values()) - sum(common.values())
    rare = rest + sum(size for size in common.values() if size <= LEAST + 1)
    table = [
        [independent(side, rows) for rows in (part, side.present - part)]
        for side, part in ((b, count), (a, rare))
    ]
    p = float(stats.fisher_exact(table, alternative="greater").pvalue)
    was, now = rest / a.present, count / b.present
    facts = {"count": count, "levels": 0, "top": [], "was": was, "is": now}
    return Aspect("unseen", count, p, max(0.0, now - was), share, 0.0, facts)
