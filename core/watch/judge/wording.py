"""The verdict on a column in words, and the numbers behind it for a picture."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np

from core.drift.profile.document import ColumnProfile, Numbers
from core.drift.profile.new_by_nature import ADVICE, is_replaced
from core.drift.tests import level_distances as levels
from core.drift.tests import number_distances as numbers
from core.drift.tests.aspects import Aspect
from core.watch.judge.column_facts import AspectRow, ColumnFacts, Histogram, Quantile, TimeRange

Picture = dict[str, Any]
"""Fields of ``ColumnFacts`` that both sides together give."""

BINS = 20
SHOWN_LEVELS = 12
LONGEST = 40
DECILES = np.arange(1, 10) / 10


def sentence(aspect: Aspect, state: str, old: ColumnProfile, new: ColumnProfile, why_not: str) -> str:
    """Why the column is in this state, in plain words; of a drift first what to do about it."""
    if state == "not_computed":
        return f"{why_not} Its missing rate did not change."
    if state == "too_few_rows":
        return _too_few(aspect, old, new)
    change = _change(aspect, old, new)
    if state == "stable":
        return f"No change beyond chance: {change}."
    words = change[0].upper() + change[1:]
    if "d" in aspect.facts and "stayed" in words:
        words += ", the values around it are spread differently"
    if state == "minor":
        return f"{words}. Real, but small: {_size(aspect)}."
    return f"{_advice(aspect, old, new)} {words}: {_size(aspect)}."


def _too_few(aspect: Aspect, old: ColumnProfile, new: ColumnProfile) -> str:
    least = min(old.present, new.present)
    if aspect.mde <= aspect.threshold:
        return f"Only {least:,} values on one side: too few to compare."
    return (
        f"{new.present:,} new values can only show a change of {aspect.mde:.2g} or more; "
        f"{aspect.threshold:.2g} counts. Too few rows to tell."
    )


def _size(aspect: Aspect) -> str:
    effect, threshold = aspect.effect, aspect.threshold
    if aspect.aspect == "unseen":
        return f"{effect:.1%} of the rows, and {100 * threshold:.3g}% counts"
    if aspect.aspect == "missing":
        return f"{100 * effect:.1f} points, and {100 * threshold:.3g} count"
    return f"a change of {effect:.2f}, and {threshold:.2f} counts"


def _advice(aspect: Aspect, old: ColumnProfile, new: ColumnProfile) -> str:
    facts = aspect.facts
    if aspect.aspect == "missing":
        return f"Find out why {'more' if facts['is'] > facts['was'] else 'fewer'} of its values are missing."
    if is_replaced(old, new):
        unknown = "" if old.renewed is not None else "; nothing tells which rows of the reference came later"
        return (
            f"If it is an identifier, {ADVICE}; if not, its values are written in another way now{unknown}."
        )
    if aspect.aspect == "unseen":
        return "Check the new values." if "levels" in facts else "Check unit, sensor and entry."
    if "level" in facts:
        return "Find out why the mix has changed."
    if "part" in facts:
        return "Find out why other days or hours are in it."
    return "Read some of the new texts." if {"auc", "length"} & set(facts) else "Find out what has moved it."


def _change(aspect: Aspect, old: ColumnProfile, new: ColumnProfile) -> str:
    facts = aspect.facts
    if aspect.aspect == "missing":
        return f"missing values went from {facts['was']:.1%} to {facts['is']:.1%} of the rows"
    if aspect.aspect == "unseen":
        return _unseen(facts)
    if "level" in facts:
        return f"{shown(facts['level'])} went from {facts['was']:.1%} to {facts['is']:.1%} of the rows"
    if "part" in facts:
        return (
            f"the {facts['part']}s are spread differently" if aspect.p <= 0.05 else "weekdays and hours agree"
        )
    if "auc" in facts:
        able = "can" if aspect.p <= 0.05 else "cannot"
        return f"a small model {able} tell new texts from old ones{told_apart(facts['auc'])}"
    if "d" not in facts:
        return "its values are distributed differently" if aspect.p <= 0.05 else "its values agree"
    middle = [f"{float(numbers.quantiles(side, np.array([0.5]))[0]):.4g}" for side in (old, new)]
    what = "the median length" if "length" in facts else "the median"
    moved = f"went from {middle[0]} to {middle[1]}" if middle[0] != middle[1] else f"stayed at {middle[0]}"
    if facts["shift_sd"] / 2 > facts["d"]:
        return f"{what} {moved}, values moved by {facts['shift_sd']:.2g} standard deviations on average"
    return f"{what} {moved}"


def told_apart(auc: float) -> str:
    """An AUC in brackets with what it means; empty where it says no more than a guess."""
    return f" (AUC {auc:.2f}, where 0.5 is guessing)" if auc > 0.5 else ""


def chance(q: float | None) -> str:
    """How much of what looks as clear is expected to be chance, as people read it."""
    if q is None:
        return "–"
    return "under 0.1%" if q < 0.001 else f"{q:.1%}"


def shown(level: str) -> str:
    """A level in quotes; long ones are cut, and numbers lose digits that nobody reads."""
    try:
        return f"{float(level):.6g}"
    except ValueError:
        return repr(level if len(level) <= LONGEST else level[: LONGEST - 1] + "…")


def _unseen(facts: Mapping[str, Any]) -> str:
    if "levels" not in facts:
        return f"{facts['count']:,} values lie outside {facts['low']:.4g} to {facts['high']:.4g}"
    if not facts["count"]:
        return "no value is new"
    if "was" in facts:
        return f"rows with none of the common values went from {facts['was']:.1%} to {facts['is']:.1%}"
    named = ", ".join(map(shown, facts["top"][:3]))
    rows = "1 row holds" if facts["count"] == 1 else f"{facts['count']:,} rows hold"
    values = "1 value" if facts["levels"] == 1 else f"{facts['levels']:,} values"
    return f"{rows} {values} never seen before ({named})"


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
    ends = [(_moment(side.low), _moment(side.high)) for side in (old, new)]
    part: Literal["hour", "weekday"] = "hour" if "hour" in old.parts and "hour" in new.parts else "weekday"
    labels = sorted({*old.parts[part], *new.parts[part]}, key=int)
    table = np.array([[float(side.parts[part].get(x, 0)) for x in labels] for side in (old, new)])
    return {
        **_indices(table),
        "range": TimeRange(reference=ends[0], current=ends[1]),
        "histogram": Histogram(**_shares(table), levels=tuple(labels), part=part),
    }


def _moment(seconds: float | None) -> str:
    if seconds is None:
        return ""
    try:
        return (
            datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
        )
    except (OverflowError, ValueError):
        return f"{seconds:.0f} s since 1970"
