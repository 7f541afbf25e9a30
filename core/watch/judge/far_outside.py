"""Numbers and times beyond the range of the reference; a warning where they lie far outside."""

from __future__ import annotations

from collections.abc import Sequence

from core.drift.profile.document import ColumnProfile
from core.drift.tests.far_values import FAR, FarValues, far_values
from core.standalone.counts import counted
from core.watch.judge.schema_gate import DataIssue, ends
from core.watch.words.pictures import is_rounded, moment

FAR_OUTSIDE, LONG_TAIL, BEYOND_TIMES = "FAR_OUTSIDE", "LONG_TAIL", "BEYOND_TIMES"
NEAR = 0.01
"""Share of the time of the reference by which other rows of that time may be beyond its ends."""
ALARMS = 0.03
"""How often values that always were as rare may give a warning, over all columns of numbers."""


def far_issues(sides: Sequence[tuple[ColumnProfile, ColumnProfile]]) -> list[DataIssue]:
    """An issue for each column with numbers far outside; of so few that it may be chance one to know of.

    Args:
        sides: the old and the new profile of each column.
    """
    numbers = [pair for pair in sides if pair[0].kind == "numeric"]
    found = [(old, far_values(old, new)) for old, new in numbers]
    ends = 2 * len(numbers)
    return [
        _issue(old, far, max(far.luck * len(numbers), far.by_tail * ends) > ALARMS)
        for old, far in found
        if far.farthest
    ]


def _issue(old: ColumnProfile, far: FarValues, is_chance: bool) -> DataIssue:
    if not far.count:
        text = (
            f"{old.name!r} goes to {far.farthest:.6g}, more than {FAR:.0f} times as far out as before; "
            f"it ran from {ends(old)}, and its tail may reach there."
        )
        return DataIssue("info", LONG_TAIL, old.name, text)
    lie = counted(far.count, "value", "lies")
    text = (
        f"{lie} far outside the range of {old.name!r}, such as {far.farthest:.6g}; it ran from {ends(old)}."
    )
    if is_chance:
        text += " So few may always have been there, and the reference just holds none."
        return DataIssue("info", FAR_OUTSIDE, old.name, text)
    return DataIssue("warn", FAR_OUTSIDE, old.name, f"{text} Check unit, sensor and entry.")


def time_issues(sides: Sequence[tuple[ColumnProfile, ColumnProfile]]) -> list[DataIssue]:
    """An issue for each column with times before or after those of the reference.

    Later times are nothing odd: a warning only where they lie farther off than the reference is long.

    Args:
        sides: the old and the new profile of each column.
    """
    return [issue for old, new in sides if old.kind == "datetime" for issue in _beyond(old, new)]


def _beyond(old: ColumnProfile, new: ColumnProfile) -> list[DataIssue]:
    if old.low is None or new.low is None or old.high is None or new.high is None:
        return []
    beyond, width = max(new.high - old.high, old.low - new.low), old.high - old.low
    is_apart = new.low > old.high or new.high < old.low
    if beyond <= NEAR * width and not is_apart:
        return []
    about = "about " if is_rounded(old) else ""
    first, last, begin, end = map(_day, (new.low, new.high, old.low, old.high))
    text = f"The times of {old.name!r} run from {first} to {last}"
    if new.low > old.high:
        text += f", all after the last of the reference, {about}{end}."
    elif new.high < old.low:
        text += f", all before the first of the reference, {about}{begin}."
    else:
        text += f"; those of the reference ran from {about}{begin} to {about}{end}."
    if beyond > width:
        text += " Check the dates and how they are written."
        return [DataIssue("warn", BEYOND_TIMES, old.name, text)]
    return [DataIssue("info", BEYOND_TIMES, old.name, text)]


def _day(seconds: float) -> str:
    return moment(seconds).removesuffix(" 00:00:00")
