"""Two-sample tests of what a comparison of whole distributions is slow to see: spread, tails, rare levels."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from core.drift.profile.document import GRID, ColumnProfile, Numbers
from core.drift.tests import level_distances as levels
from core.drift.tests import number_distances as numbers
from core.drift.tests.aspects import Aspect, Side, design_of_difference, independent

FEWEST_SPREAD = 50
MOST_SPREAD = 10.0
TAILS = {0.01: 1.0, 0.025: 1.0, 0.05: 1.75}
"""Outer share of the old numbers -> how much more of it counts, as a multiple of ``delta``."""
RARE = 0.10
FEWEST_RARE = 10
TRIED = 20
SMALL_SHARE = 0.005


def spread(reference: Side, current: Side, delta: float = 0.15, seed: int = 0) -> Aspect:
    """Mood's test on distances from the common median; the effect is the change of the spread, 0.15 for 15 %.

    The p holds for any distribution, ties and heavy tails included. The spread is the mean distance from a
    side's own median over the ranks 0.5 % to 99.5 %, so a shift alone changes nothing. Both need a value.
    """
    a, b = reference.profile, current.profile
    was, now = (_mean_distance(side) for side in (a, b))
    larger, smaller = max(was, now), min(was, now)
    effect = min(MOST_SPREAD, larger / smaller - 1) if smaller > 0 else MOST_SPREAD * (larger > 0)
    enough = min(a.effective, b.effective) >= FEWEST_SPREAD
    z = _mood(a, b) / float(np.sqrt(design_of_difference(a, b))) if enough else 0.0
    facts = {"spread_was": was, "spread_is": now}
    return Aspect("spread", z, float(2 * stats.norm.sf(abs(z))), float(effect), delta, 0.0, facts)


def _mean_distance(profile: ColumnProfile) -> float:
    values = numbers.quantiles(profile, numbers.RANKS[numbers.TRIM : -numbers.TRIM])
    return float(np.abs(values - numbers.quantiles(profile, np.array([0.5]))[0]).mean())


def _counted(profile: ColumnProfile) -> tuple[Numbers, Numbers]:
    """At most about GRID values and the rows that each stands for."""
    values, weights = profile.values, profile.weights
    if len(values) > 2 * GRID and (weights == 1).all():
        values = values[((np.arange(GRID) + 0.5) / GRID * len(values)).astype(np.int64)]
        weights = np.ones(GRID)
    return values, weights * (profile.present / weights.sum())


def _mood(a: ColumnProfile, b: ColumnProfile) -> float:
    """The standardised sum of squared ranks of the new rows' distances from the common median."""
    (old, old_rows), (new, new_rows) = _counted(a), _counted(b)
    values, rows = np.concatenate([old, new]), np.concatenate([old_rows, new_rows])
    news = np.concatenate([np.zeros(len(old)), new_rows])
    order = np.argsort(values, kind="stable")
    middle = values[order][np.searchsorted(np.cumsum(rows[order]), rows.sum() / 2)]
    _, group = np.unique(np.abs(values - middle), return_inverse=True)
    counts, of_new = np.bincount(group, rows), np.bincount(group, news)
    total, m = counts.sum(), of_new.sum()
    scores = ((np.cumsum(counts) - counts / 2) / total) ** 2
    mean = (counts * scores).sum() / total
    variance = (counts * (scores - mean) ** 2).sum() / (total - 1) / m * (1 - m / total)
    return float(((of_new * scores).sum() / m - mean) / np.sqrt(variance)) if variance > 0 else 0.0


def tails(reference: Side, current: Side, delta: float = 0.02, seed: int = 0) -> Aspect:
    """The exact test of how many new numbers lie beyond the outer 1, 2.5 or 5 % of the old, on either end.

    By ranks, so that it does not matter how far out the values of the column usually lie. The effect is by
    how much the share of the rows out there has grown; beyond 5 % more is asked. That c of the new lie beyond
    what only k of the old do means that the outermost k + c of all hold at most k old ones: a hypergeometric
    tail, which ties can only make smaller; p is corrected for all ends tried. Both sides need a value.
    """
    a, b = reference.profile, current.profile
    ends = [_end(a, b, share, upper) for share in TAILS for upper in (False, True)]
    corrected = [(min(1.0, len(ends) * p), facts) for p, facts in ends]
    p, facts = min(corrected, key=lambda end: (end[0], end[1]["share"], -end[1]["is"]))
    effect = max(0.0, facts["is"] - facts["was"])
    threshold = delta * TAILS[facts["share"]]
    return Aspect("tails", facts["count"], p, effect, threshold, 0.0, facts)


def _end(a: ColumnProfile, b: ColumnProfile, share: float, upper: bool) -> tuple[float, dict[str, Any]]:
    """p of one end, and what lies beyond its cut on both sides."""
    cut = numbers.quantiles(a, np.array([1 - share if upper else share]))
    if upper:
        was, now = (1 - float(numbers.share_at(side, cut)[0]) for side in (a, b))
    else:
        was, now = (float(numbers.share_at(side, cut, inclusive=False)[0]) for side in (a, b))
    old, count = round(was * a.present), round(now * b.present)
    rows = [independent(side, side.present) for side in (a, b)]
    before, out = int(np.ceil(old / (a.design or 1.0))), independent(b, count)
    p = float(stats.hypergeom.cdf(before, sum(rows), rows[0], before + out)) if out else 1.0
    return p, {"count": count, "was": was, "is": now, "cut": float(cut[0]), "upper": upper, "share": share}


def rare_levels(reference: Side, current: Side, delta: float = 0.4, seed: int = 0) -> Aspect:
    """Whether a level of under 10 % became commoner or rarer; p corrected for the number of such levels.

    The effect is the change of the log odds (0.4: by half), less where that is under 0.5 % of the rows.
    Which levels are rare depends on both sides together, so it tells of no change. Both need a value.
    """
    labels, table = levels.aligned(*levels.comparable(reference.profile, current.profile))
    together = table.sum(axis=0)
    rare = (together >= FEWEST_RARE) & (together < RARE * together.sum())
    told = np.array(
        [label != levels.RARER for label in labels], dtype=bool
    )  # the test of unseen levels has the others
    places = np.flatnonzero(rare & (table[0] > 0) & told)
    if not len(places):
        return Aspect("rare", 0.0, 1.0, 0.0, delta, 0.0, {"rare": ""})
    sizes = table.sum(axis=1)
    shares = table[:, places] / sizes[:, None]
    common = together[places] / sizes.sum()
    z = np.abs(shares[1] - shares[0]) / np.sqrt(common * (1 - common) * (1 / sizes).sum())
    thin = levels.thinned(table, reference.profile.design, current.profile.design)
    ps = {i: _p_of_level(thin[:, places[i]], thin.sum(axis=1)) for i in np.argsort(-z, kind="stable")[:TRIED]}
    most = min(ps, key=lambda i: (ps[i], -z[i]))
    counts = table[:, places[most]]
    odds = (counts + 0.5) / (sizes - counts + 0.5)
    was, now = shares[:, most].tolist()
    effect = abs(float(np.log(odds[1] / odds[0]))) * min(1.0, abs(now - was) / SMALL_SHARE)
    facts = {"rare": labels[places[most]], "was": was, "is": now}
    return Aspect("rare", float(z[most]), min(1.0, ps[most] * int(rare.sum())), effect, delta, 0.0, facts)


def _p_of_level(counts: Numbers, sizes: Numbers) -> float:
    return levels.homogeneity(np.array([counts, sizes - counts]).T)[1]
