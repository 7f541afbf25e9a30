"""Whether numbers still go together as they did, by what a reference without rows remembers of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from core.drift.profile.correlations import Correlations, correlations
from core.drift.tests.lots import Codes, Numbers
from core.standalone.counts import counted
from core.watch.judge.joint import Driver, Separation

ALARM_P = 0.003
FEWEST_ROWS = 100
OF_DELTA = 2.0
SHOWN = 5
ONLY_PAIRS = "Only numbers two by two: a bundle holds no rows, so levels, dates and more at once were not."


def pairs_drift(
    old: Correlations, new: Mapping[str, pd.Series], delta: float, groups: Codes | None = None
) -> Separation:
    """Whether a rank correlation changed beyond chance over all pairs, by twice ``delta`` or more.

    By Fisher's z with the variance of Bonett and Wright (2000), over all pairs by Bonferroni.

    Args:
        new: typed columns of the new rows.
        groups: (m,) what the new rows belong to, where that is known.
    """
    names = [name for name in old.names if name in new]
    now = correlations({name: new[name] for name in names}, groups)
    places = [old.names.index(name) for name in now.names]
    above = np.triu_indices(len(places), 1)
    before = old.only(places)
    was, is_ = before.values[above], now.values[above]
    rows = [side[above] for side in _independent(before, now, groups is not None)]
    asked = np.isfinite(was) & np.isfinite(is_) & (np.minimum(*rows) >= FEWEST_ROWS)
    if not asked.any():
        independent = "" if old.designs is None and now.designs is None else "independent "
        reason = f"No two numbers with {FEWEST_ROWS} {independent}rows or more on both sides. {ONLY_PAIRS}"
        return Separation(state="not_computed", reason=reason)
    error = np.sqrt(sum((1 + r**2 / 2) / (n - 3) for r, n in zip((was, is_), rows, strict=True)))
    z = np.abs(np.arctanh(np.clip(was, -0.9999, 0.9999)) - np.arctanh(np.clip(is_, -0.9999, 0.9999))) / error
    p = np.where(asked, np.minimum(1.0, 2 * stats.norm.sf(z) * asked.sum()), 1.0)
    change = np.where(asked, np.abs(was - is_), 0.0)
    order = np.argsort(-np.where((p <= ALARM_P) & (change >= OF_DELTA * delta), change, -1.0), kind="stable")
    changed = [i for i in order if p[i] <= ALARM_P and change[i] >= OF_DELTA * delta]
    if not changed:
        reason = (
            f"No two of {counted(len(places), 'number')} go together otherwise than before; a change of "
            f"their rank correlation by {OF_DELTA * delta:.2g} counts. {ONLY_PAIRS}"
        )
        return Separation(state="stable", p=float(p.min()), reason=reason)
    labels = [f"{now.names[i]} with {now.names[j]}" for i, j in zip(*above, strict=True)]
    first = changed[0]
    reason = (
        f"The rank correlation of {labels[first]} went from {was[first]:.2f} to {is_[first]:.2f}"
        + (f", and those of {counted(len(changed) - 1, 'more pair')} changed" if len(changed) > 1 else "")
        + f". {ONLY_PAIRS}"
    )
    drivers = tuple(Driver(column=labels[i], drop=float(change[i])) for i in changed[:SHOWN])
    return Separation(state="drift", p=float(p[first]), drivers=drivers, reason=reason)


def _independent(old: Correlations, new: Correlations, in_groups: bool) -> tuple[Numbers, Numbers]:
    """(k, k) the rows of both sides, in independent ones.

    A side that shows no lots is taken to have those of the other; new rows in blocks of the file, which may
    be too few to show how long lots are, are taken to be at least as alike as the old ones.
    """
    first = old.rows / (1.0 if new.designs is None or old.designs is not None else new.designs)
    if old.designs is None:
        return first, new.rows.astype(np.float64)
    if new.designs is None:
        return first, new.rows / old.designs
    more = 1.0 if in_groups else np.maximum(1.0, old.designs / new.designs)
    return first, new.rows / more
