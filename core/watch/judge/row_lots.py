"""What is to be known of rows that come in lots: they count for fewer than they are."""

from __future__ import annotations

from collections.abc import Sequence

from core.drift.profile.document import ColumnProfile
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
    columns = "a column" if len(alike) == 1 else f"{len(alike)} columns"
    text = (
        f"Rows come in lots that are alike in {columns}: {least.present:,} new values of {least.name!r} "
        f"count as about {least.effective:,.0f} independent ones. The tests allow for it."
    )
    return [DataIssue("info", "LOTS", "", text)]
