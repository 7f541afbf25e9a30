"""The schema gate: what is wrong with the shape of new data, as issues; it never raises."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from core.drift.profile.conversion import TypedColumn
from core.drift.profile.document import ColumnProfile, ReferenceProfile
from core.drift.profile.new_by_nature import ADVICE, is_new_by_nature
from core.drift.profile.summary import SHAPE
from core.standalone.counts import counted
from core.watch.words.wording import shown

Severity = Literal["error", "warn", "info"]
ALIKE = 0.8
READABLE = 0.5
NO_CHANCE = 0.0001
MORE_UNREAD = 0.01
KNOWN_SHAPES = 0.95
"""Share of the old ids whose way of writing is remembered; with less, another way says nothing."""
LEAST_SHAPES = 0.02
"""Share of the new ids written in another way that is told."""


@dataclass(frozen=True)
class DataIssue:
    """Something about the new data that a person should know.

    Attributes:
        severity: ``error`` makes predictions unsafe, ``warn`` needs a look, ``info`` is worth knowing.
        code: stable upper-case id.
        column: the column it is about, or empty.
        reason: one plain sentence.
    """

    severity: Severity
    code: str
    column: str
    reason: str


def named(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[DataIssue]]:
    """The frame with text names, one column a name; of several the first is kept and an issue says so."""
    names = pd.Index([str(name) for name in frame.columns])
    again = names.duplicated()
    issues = [
        DataIssue(
            "warn", "DUPLICATE_NAME", name, f"Several columns are called {name!r}; the first one is compared."
        )
        for name in dict.fromkeys(names[again])
    ]
    kept = frame.iloc[:, np.flatnonzero(~again)]
    return kept.set_axis(names[~again], axis=1).reset_index(drop=True), issues


def shape_issues(reference: ReferenceProfile, frame: pd.DataFrame, needed: frozenset[str]) -> list[DataIssue]:
    """Issues with rows and names: empty, few, missing, extra and renamed-looking columns."""
    watched = [column.name for column in reference.columns]
    inputs = {column.name for column in reference.inputs}
    absent = [name for name in watched if name not in frame.columns]
    expected = {*watched, *reference.others, *([reference.target.name] if reference.target else [])}
    extra = [name for name in frame.columns if name not in expected]
    issues: list[DataIssue] = []
    if frame.empty:
        issues.append(
            DataIssue(
                "error",
                "EMPTY",
                "",
                f"The new data has {_size(frame)}.",
            )
        )
    if inputs and inputs <= {*absent}:
        issues.append(
            DataIssue("error", "NO_COMMON_COLUMNS", "", "No column of the reference is in the new data.")
        )
    for name in absent:
        severity: Severity = "error" if name in needed else "warn" if name in inputs else "info"
        issues.append(_absent(name, extra, severity))
    return issues + [
        DataIssue("info", "EXTRA_COLUMN", name, f"{name!r} is not a column of the reference; it is left out.")
        for name in extra
    ]


def _size(frame: pd.DataFrame) -> str:
    """Rows and columns; of a file that gave neither, nobody knows its columns."""
    if not frame.size and not frame.shape[1]:
        return "no rows"
    return f"{counted(len(frame), 'row')} and {counted(frame.shape[1], 'column')}"


def _absent(name: str, extra: Sequence[str], severity: Severity) -> DataIssue:
    alike = sorted(extra, key=lambda other: (-_similarity(name, other), other))
    if alike and _similarity(name, alike[0]) >= ALIKE:
        return DataIssue(
            severity,
            "RENAMED_COLUMN",
            name,
            f"{name!r} is missing; {alike[0]!r} looks like it under a new name.",
        )
    return DataIssue(severity, "MISSING_COLUMN", name, f"{name!r} is missing from the new data.")


def _similarity(a: str, b: str) -> float:
    a, b = (re.sub(r"[\W_]+", "", name.casefold()) for name in (a, b))
    return SequenceMatcher(None, a, b).ratio() if a and b else 0.0


def column_issues(
    old: ColumnProfile, new: ColumnProfile, given: TypedColumn, needed: frozenset[str]
) -> list[DataIssue]:
    """Issues with one column that both sides have: its type, missing, constant, infinite, unseen, range."""
    if not new.n:
        return []
    severe: Severity = "error" if old.name in needed else "warn"
    issues = type_issues(old, given, severe)
    if new.missing == new.n and old.present and not given.unread:
        issues.append(DataIssue(severe, "ALL_MISSING", old.name, f"Every value of {old.name!r} is missing."))
    elif new.distinct == 1 and old.distinct > 1 and p_one_value(old, new) <= NO_CHANCE:
        issues.append(
            DataIssue("warn", "CONSTANT", old.name, f"{old.name!r} has one value only in the new data.")
        )
    if given.infinite:
        text = f"{counted(given.infinite, 'value')} of {old.name!r} are infinite; they count as missing."
        issues.append(DataIssue("warn", "INFINITE", old.name, text))
    if given.zoned:
        text = f"The times of {old.name!r} carry a zone; they are compared in UTC."
        issues.append(DataIssue("info", "TIME_ZONE", old.name, text))
    return issues + _value_issues(old, new)


def p_one_value(old: ColumnProfile, new: ColumnProfile) -> float:
    """How likely the new rows all hold their one value by chance, if nothing has changed.

    Of all rows in random order those with another value would then all be among the old ones. Of texts only
    the lengths are kept, and of times only days and hours.
    """
    if old.levels:
        same = old.levels.get(next(iter(new.levels), ""), 0)
    elif len(new.values):
        same = int(old.weights[np.isin(old.values, new.values)].sum())
    else:
        parts = [(old.parts[part], levels) for part, levels in new.parts.items() if part in old.parts]
        same = min((then.get(next(iter(now)), 0) for then, now in parts), default=0)
    others = max(0, old.present - same)
    return float(stats.hypergeom.pmf(0, old.present + new.present, others, new.present))


def p_unread(old: ColumnProfile, given: TypedColumn) -> float:
    """How likely so many of the new cells cannot be read by chance, if as many could not be before."""
    cells = given.given - given.infinite
    before = old.present + old.unread
    return float(stats.hypergeom.sf(given.unread - 1, before + cells, old.unread + given.unread, cells))


def type_issues(old: ColumnProfile, given: TypedColumn, severe: Severity) -> list[DataIssue]:
    """Issues with the type of a column: cells that cannot be read as what it was, or that were cast."""
    rate, name = given.parse_rate, old.name
    if given.unread:
        if old.unread and p_unread(old, given) > MORE_UNREAD:
            return []
        what = "number" if old.physical == "number" else "date"
        before = f" ({old.present / (old.present + old.unread):.1%} in the reference)" if old.unread else ""
        text = f"{name!r} held {what}s; only {rate:.1%} of its new values can be read as a {what}{before}."
        return [DataIssue(severe if rate < READABLE else "warn", "TYPE_CHANGED", name, text)]
    if given.was != old.physical and given.given:
        text = f"{name!r} came as {given.was} where {old.physical} was expected; every value could be read."
        return [DataIssue("info", "TYPE_CAST", name, text)]
    return []


def ends(old: ColumnProfile) -> str:
    """The range of the reference; "about" where its ends are rounded, as those of a bundle are."""
    about = "about " if len(old.edges) else ""
    return f"{about}{old.low:.4g} to {about}{old.high:.4g}"


def _value_issues(old: ColumnProfile, new: ColumnProfile) -> list[DataIssue]:
    name = old.name
    if is_new_by_nature(old, new):
        text = (
            f"Nearly every value of {name!r} is new, as it was within the reference: what a model learns "
            f"from it does not last. If it is an identifier, {ADVICE}."
        )
        return [DataIssue("warn", "NEW_BY_NATURE", name, text)]
    if old.kind == "id":
        repeated = old.distinct == old.present and new.distinct < new.present
        text = f"{name!r} was unique; {new.present - new.distinct:,} of its new values repeat an earlier one."
        issues = [DataIssue("warn", "DUPLICATE_IDS", name, text)] if repeated else []
        return issues + _other_shapes(old, new)
    if old.levels and not old.rest:
        return _unseen(old, new)
    if old.kind != "numeric" or old.low is None or new.low is None or old.high is None or new.high is None:
        return []
    if new.low >= old.low and new.high <= old.high:
        return []
    text = f"{name!r} runs from {new.low:.4g} to {new.high:.4g}; it ran from {ends(old)}."
    return [DataIssue("info", "OUT_OF_RANGE", name, text)]


def _other_shapes(old: ColumnProfile, new: ColumnProfile) -> list[DataIssue]:
    """Ids that are written as hardly any was: another system may give them, or another table be joined."""
    before, now = old.parts.get(SHAPE, {}), new.parts.get(SHAPE, {})
    if sum(before.values()) < KNOWN_SHAPES * old.present:
        return []
    other = {shape: rows for shape, rows in now.items() if shape not in before}
    rows, usual = sum(other.values()), next(iter(before), "")
    if rows < max(1, LEAST_SHAPES * new.present):
        return []
    text = (
        f"{rows:,} of {counted(new.present, 'value')} of {old.name!r} are written in another way: like "
        f"{next(iter(other))!r}, where the reference has {usual!r} (A for letters, 9 for digits). Are they "
        "ids of the same kind?"
    )
    return [DataIssue("warn", "ID_FORMAT", old.name, text)]


def _unseen(old: ColumnProfile, new: ColumnProfile) -> list[DataIssue]:
    unseen: Mapping[str, int] = {level: n for level, n in new.levels.items() if level not in old.levels}
    if not unseen:
        return []
    named = ", ".join(map(shown, list(unseen)[:3]))
    amount, values = counted(sum(unseen.values()), "row"), counted(len(unseen), "value")
    text = f"{amount} of {old.name!r} with {values} never seen before: {named}."
    return [DataIssue("info", "UNSEEN_LEVELS", old.name, text)]
