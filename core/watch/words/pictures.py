"""The numbers behind the verdict on a column, for tables and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np

from core.drift.profile.document import ColumnProfile, Numbers
from core.drift.profile.rounded import days_step, rounded_days
from core.drift.tests import level_distances as levels
from core.drift.tests import number_distances as numbers
from core.drift.tests.aspects import Aspect
from core.watch.judge.column_facts import AspectRow, ColumnFacts, Histogram, Quantile, TimeRange
from core.watch.words.wording import in_lots

Picture = dict[str, Any]
"""Fields of ``ColumnFacts`` that both sides together give."""

BINS = 20
SHOWN_LEVELS = 12
DECILES = np.arange(1, 10) / 10


def details(
    old: ColumnProfile,
    new: ColumnProfile,
    aspects: Mapping[str, Aspect],
    q: Mapping[str, float],
    states: Mapping[str, str],
) -> ColumnFacts:
    """The numbers that are shown but do not decide."""
    unseen = next((a for a in aspects.values() if a.aspect == "unseen"), None)
    both: Picture = {}
    if old.present and new.present:
        both = _range(old, new) if old.kind == "datetime" else _distribution(old, new)
    return ColumnFacts(
        missing_reference=old.missing_rate,
        missing_current=new.missing_rate,
        distinct_reference=old.distinct,
        distinct_current=new.distinct,
        aspects=tuple(_row(test, aspect, q[test], states[test]) for test, aspect in aspects.items()),
        independent_reference=old.effective if in_lots(old, new) else None,
        independent_current=new.effective if in_lots(old, new) else None,
        unseen_share=float(unseen.effect) if unseen else None,
        unseen_levels=tuple(map(str, unseen.facts.get("top", []))) if unseen else (),
        **both,
    )


def _row(test: str, aspect: Aspect, q: float, state: str) -> AspectRow:
    names = ("statistic", "p", "effect", "threshold", "mde")
    numbers = {name: float(getattr(aspect, name)) for name in names}
    return AspectRow(test=test, aspect=aspect.aspect, state=state, q=q, **numbers)


def _distribution(old: ColumnProfile, new: ColumnProfile) -> Picture:
    if old.levels:
        return _levels(old, new)
    return _numbers(old, new) if len(old.values) and len(new.values) else {}


def _levels(old: ColumnProfile, new: ColumnProfile) -> Picture:
    labels, table = levels.aligned(*levels.comparable(old, new))
    shown = table[:, :SHOWN_LEVELS]
    if len(labels) > SHOWN_LEVELS:
        shown = np.column_stack([shown, table[:, SHOWN_LEVELS:].sum(axis=1)])
        labels = [*labels[:SHOWN_LEVELS], "(all other)"]
    named = tuple(map(str, labels[: shown.shape[1]]))
    return {**_indices(levels.pooled(table)), "histogram": Histogram(**_shares(shown), levels=named)}


def _numbers(old: ColumnProfile, new: ColumnProfile) -> Picture:
    ends = [numbers.quantiles(side, np.array([0.005, 0.995])) for side in (old, new)]
    low, high = float(min(e[0] for e in ends)), float(max(e[1] for e in ends))
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    table = np.vstack([numbers.binned(side, edges) for side in (old, new)])
    before, after = numbers.quantiles(old, DECILES), numbers.quantiles(new, DECILES)
    cuts = np.concatenate([[-np.inf], np.unique(before), [np.inf]])
    by_decile = np.vstack([numbers.binned(side, cuts) for side in (old, new)])
    rows = zip(DECILES, before, after, strict=True)
    return {
        **_indices(by_decile),
        "quantiles": tuple(Quantile(rank=r, reference=b, current=a) for r, b, a in rows),
        "histogram": Histogram(**_shares(table), edges=tuple(edges.tolist())),
    }


def _indices(table: Numbers) -> dict[str, float]:
    return {"psi": numbers.psi(table[0], table[1]), "js": numbers.jensen_shannon(table[0], table[1])}


def _shares(table: Numbers) -> dict[str, tuple[float, ...]]:
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    return {"reference": tuple(shares[0].tolist()), "current": tuple(shares[1].tolist())}


def _range(old: ColumnProfile, new: ColumnProfile) -> Picture:
    ends = [(moment(side.low), moment(side.high)) for side in (old, new)]
    part: Literal["hour", "weekday"] = "hour" if "hour" in old.parts and "hour" in new.parts else "weekday"
    labels = sorted({*old.parts[part], *new.parts[part]}, key=int)
    table = np.array([[float(side.parts[part].get(x, 0)) for x in labels] for side in (old, new)])
    return {
        **_indices(table),
        "range": TimeRange(reference=ends[0], current=ends[1], rounded=is_rounded(old)),
        "histogram": Histogram(**_shares(table), levels=tuple(labels), part=part),
    }


def is_rounded(old: ColumnProfile) -> bool:
    """Whether a long range of times ends where a bundle rounds it to."""
    if old.low is None or old.high is None or days_step(old.low, old.high) == 1:
        return False
    return rounded_days(old.low, old.high) == (old.low, old.high)


def moment(seconds: float | None) -> str:
    """A time in seconds since 1970, UTC, as people write it; empty without one."""
    if seconds is None:
        return ""
    try:
        return (
            datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
        )
    except (OverflowError, ValueError):
        return f"{seconds:.0f} s since 1970"
