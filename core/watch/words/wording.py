"""The verdict on a column in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.drift.profile.document import ColumnProfile
from core.drift.profile.new_by_nature import ADVICE, is_replaced
from core.drift.tests import number_distances as numbers
from core.drift.tests.aspects import Aspect
from core.standalone.counts import counted

LONGEST = 40
ALIKE = 1.5
BY_LENGTH = "the median length"
"""How many rows must count as one to be called alike within lots."""


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
        return f"Only {counted(least, 'value')} on one side: too few to compare."
    can = f"can only show a change of {aspect.mde:.2g} or more; {aspect.threshold:.2g} counts."
    if not in_lots(old, new):
        return f"{counted(new.present, 'new value')} {can} Too few rows to tell."
    words = _change(aspect, old, new)
    return (
        f"{words[0].upper()}{words[1:]}, but rows come in lots that are alike: "
        f"{counted(new.present, 'new value')} count as about "
        f"{counted(round(new.effective), 'independent one')}, {old.present:,} old ones as "
        f"{old.effective:,.0f}, and {can} Too few independent rows to tell."
    )


def in_lots(old: ColumnProfile, new: ColumnProfile) -> bool:
    """Whether the rows of one side count for clearly fewer than they are."""
    return max(side.design or 1.0 for side in (old, new)) > ALIKE


def _size(aspect: Aspect) -> str:
    effect, threshold = aspect.effect, aspect.threshold
    if aspect.aspect == "unseen":
        return f"{effect:.1%} of the rows, and {100 * threshold:.3g}% counts"
    if aspect.aspect in ("missing", "tails"):
        return f"{100 * effect:.1f} points, and {100 * threshold:.3g} count"
    if aspect.aspect == "spread":
        return f"a change by {effect:.0%}, and {threshold:.0%} counts"
    if aspect.aspect == "rare":
        return f"the odds changed by the factor {np.exp(effect):.2g}, and {np.exp(threshold):.2g} counts"
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
    if "level" in facts or "rare" in facts:
        return "Find out why the mix has changed."
    if "cut" in facts:
        return "Check unit, sensor and entry."
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
    if aspect.aspect != "value":
        return _shape(facts)
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
    what = BY_LENGTH if "length" in facts else "the median"
    moved = f"went from {middle[0]} to {middle[1]}" if middle[0] != middle[1] else f"stayed at {middle[0]}"
    if facts["shift_sd"] / 2 > facts["d"]:
        return f"{what} {moved}, values moved by {facts['shift_sd']:.2g} standard deviations on average"
    return f"{what} {moved}"


def _shape(facts: Mapping[str, Any]) -> str:
    """What became of the spread, of one end, or of a rare level."""
    if "spread_was" in facts:
        was, now = facts["spread_was"], facts["spread_is"]
        return f"the mean distance from the median went from {was:.3g} to {now:.3g}"
    if "cut" in facts:
        side = "above" if facts["upper"] else "below"
        shares = f"from {facts['was']:.1%} to {facts['is']:.1%} of the rows"
        return f"values {side} {facts['cut']:.4g} went {shares}"
    if not facts["rare"]:
        return "no level is rare"
    return f"the rare {shown(facts['rare'])} went from {facts['was']:.2%} to {facts['is']:.2%} of the rows"


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
        return f"{counted(facts['count'], 'value', 'lies')} outside {facts['low']:.4g} to {facts['high']:.4g}"
    if not facts["count"]:
        return "no value is new"
    if "was" in facts:
        return f"rows with none of the common values went from {facts['was']:.1%} to {facts['is']:.1%}"
    named = ", ".join(map(shown, facts["top"][:3]))
    rows, values = counted(facts["count"], "row", "holds"), counted(facts["levels"], "value")
    return f"{rows} {values} never seen before ({named})"
