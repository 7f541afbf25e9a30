"""What is to be known of rows that come in lots: they count for fewer than they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from core.drift.profile.document import ColumnProfile, ReferenceProfile
from core.drift.profile.order import is_order_of_its_own
from core.standalone.counts import counted
from core.watch.judge.schema_gate import DataIssue
from core.watch.words.wording import in_lots


def lots_issues(sides: Sequence[tuple[ColumnProfile, ColumnProfile]]) -> list[DataIssue]:
    """That rows were not tested as if each stood alone, and for how many they count.

    Args:
        sides: the old and the new profile of each column.
    """
    alike = [new for old, new in sides if in_lots(old, new) and new.present]
    if not alike:
        return []
    least = min(alike, key=lambda one: one.effective)
    columns = "a column" if len(alike) == 1 else counted(len(alike), "column")
    text = (
        f"Rows come in lots that are alike in {columns}: {counted(least.present, 'new value')} of "
        f"{least.name!r} count as about {counted(round(least.effective), 'independent one')}. The tests "
        "allow for it."
    )
    return [DataIssue("info", "LOTS", "", text)]


def sorted_after(
    reference: ReferenceProfile, new: Mapping[str, pd.Series], labels: pd.Series | None
) -> str | None:
    """The column by which the rows of the reference were sorted after they were collected, or None.

    Args:
        new: typed columns of new rows that show no lots of their own.
        labels: the target of the new rows, typed, or None when they have none; then nothing speaks against
            a reference that was sorted by it.
    """
    target = reference.target
    columns = [*reference.columns, *([] if target is None else [target])]
    for old in (column for column in columns if column.name in reference.sorted_by):
        values = labels if target is not None and old.name == target.name else new.get(old.name)
        if values is None and old is target:
            return old.name
        if values is not None and is_order_of_its_own(old, values):
            return old.name
    return None


def without_lots(reference: ReferenceProfile) -> ReferenceProfile:
    """The reference with each row counted for one."""

    def plain(columns: Sequence[ColumnProfile]) -> tuple[ColumnProfile, ...]:
        return tuple(replace(column, design=None, design_missing=None) for column in columns)

    target = next(iter(plain([] if reference.target is None else [reference.target])), None)
    columns, said = plain(reference.columns), plain(reference.predictions)
    return replace(reference, columns=columns, predictions=said, target=target)


def sorted_issues(name: str | None) -> list[DataIssue]:
    """That the rows of the reference were sorted by this column, and what follows."""
    if name is None:
        return []
    text = (
        f"The rows of the reference are sorted by {name!r}, the new ones are not: that neighbours are alike "
        "comes from the sorting, so each row counts as one."
    )
    return [DataIssue("info", "SORTED", name, text)]
