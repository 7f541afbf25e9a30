"""Numbers far outside the range of the reference: a warning where it can hardly have missed them."""

from __future__ import annotations

from collections.abc import Sequence

from core.drift.profile.document import ColumnProfile
from core.drift.tests.far_values import FarValues, far_values
from core.watch.judge.schema_gate import DataIssue, ends

FAR_OUTSIDE = "FAR_OUTSIDE"
ALARMS = 0.03
"""How often values that always were as rare may give a warning, over all columns of numbers."""


def far_issues(sides: Sequence[tuple[ColumnProfile, ColumnProfile]]) -> list[DataIssue]:
    """An issue for each column with numbers far outside; of so few that it may be chance one to know of.

    Args:
        sides: the old and the new profile of each column.
    """
    numbers = [pair for pair in sides if pair[0].kind == "numeric"]
    found = ((old, far_values(old, new)) for old, new in numbers)
    return [_issue(old, far, far.luck * len(numbers) > ALARMS) for old, far in found if far.count]


def _issue(old: ColumnProfile, far: FarValues, is_chance: bool) -> DataIssue:
    lie = "1 value lies" if far.count == 1 else f"{far.count:,} values lie"
    text = (
        f"{lie} far outside the range of {old.name!r}, such as {far.farthest:.6g}; it ran from {ends(old)}."
    )
    if is_chance:
        text += " So few may always have been there, and the reference just holds none."
        return DataIssue("info", FAR_OUTSIDE, old.name, text)
    return DataIssue("warn", FAR_OUTSIDE, old.name, f"{text} Check unit, sensor and entry.")
